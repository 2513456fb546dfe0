"""What the fixtures need to start a sandbox and to lead clients to it."""

from __future__ import annotations

import inspect
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import pytest

from stash_typed.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["marked_options", "point_environment", "server_of", "start_sandbox"]

_VARIABLES = (
    "STASH_URL",
    "STASH_API_KEY",
    "STASH_USERNAME",
    "STASH_PASSWORD",
    "STASH_VERIFY",
    "STASH_TIMEOUT",
)


def start_sandbox(options: Mapping[str, Any]) -> Sandbox:
    """Start a sandbox.

    Args:
        options: its arguments; a misspelt one fails the test.

    Returns:
        It, running; to be stopped.
    """
    known = inspect.signature(Sandbox).parameters
    for name in options:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}."
            pytest.fail(f"stash_sandbox: there is no option {name!r}. {hint}", pytrace=False)
    sandbox = Sandbox(**options)
    sandbox.start()
    return sandbox


def marked_options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Collect the options of a test's markers; the nearest goes before the others.

    Args:
        request: the test's request.
    """
    options: dict[str, Any] = {}
    for marker in request.node.iter_markers("stash_sandbox"):
        if marker.args:
            pytest.fail(
                "stash_sandbox: give options by name, such as @pytest.mark.stash_sandbox(scenes=50)",
                pytrace=False,
            )
        options = {**marker.kwargs, **options}
    return options


def point_environment(monkeypatch: pytest.MonkeyPatch, url: str, api_key: str | None) -> None:
    """Let a client that takes its settings from the environment reach a test's server, and no other.

    Args:
        monkeypatch: undoes it after the test.
        url: the server.
        api_key: its key.
    """
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STASH_URL", url)
    if api_key is not None:
        monkeypatch.setenv("STASH_API_KEY", api_key)


def server_of(request: pytest.FixtureRequest) -> tuple[str, str | None]:
    """Give url and key of the server that a test uses: the mock, else a sandbox.

    Args:
        request: the test's request.
    """
    if "stash_mock" in request.fixturenames:
        return str(request.getfixturevalue("stash_mock").url), None
    sandbox: Sandbox = request.getfixturevalue("stash_sandbox")
    return sandbox.url, sandbox.api_key
