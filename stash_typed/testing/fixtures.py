"""The implementation of the fixtures in `stash_typed.pytest_plugin`, its only importer."""

from __future__ import annotations

import inspect
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from stash_typed._runtime.mocked import mocked
from stash_typed._runtime.nearest import nearest
from stash_typed.client import StashClient
from stash_typed.sandbox import Sandbox
from stash_typed.sync.client import SyncStashClient

from .mock.stash_mock import StashMock

if TYPE_CHECKING:
    from pytest_httpx import HTTPXMock

_VARIABLES = (
    "STASH_URL",
    "STASH_API_KEY",
    "STASH_USERNAME",
    "STASH_PASSWORD",
    "STASH_VERIFY",
    "STASH_TIMEOUT",
)
_LIMITS = httpx.Limits(max_keepalive_connections=0)


def start_sandbox(options: Mapping[str, Any]) -> Sandbox:
    """Start a sandbox; a misspelt option fails the test."""
    known = inspect.signature(Sandbox).parameters
    for name in options:
        if name not in known:
            near = nearest(name, known)
            hint = f"Did you mean {near}?" if near else f"There are {', '.join(known)}."
            pytest.fail(f"stash_sandbox: there is no option {name!r}. {hint}", pytrace=False)
    sandbox = Sandbox(**options)
    sandbox.start()
    return sandbox


def marked_options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Collect the options of a test's markers; the closest marker takes precedence."""
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
    """Point the environment variables that a client reads to this server only."""
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STASH_URL", url)
    if api_key is not None:
        monkeypatch.setenv("STASH_API_KEY", api_key)


def server_of(request: pytest.FixtureRequest) -> tuple[str, str | None]:
    if "stash_mock" in request.fixturenames:
        return str(request.getfixturevalue("stash_mock").url), None
    sandbox: Sandbox = request.getfixturevalue("stash_sandbox")
    return sandbox.url, sandbox.api_key


def client_of(url: str, api_key: str | None) -> StashClient:
    """Create a client for any event loop, or for several in succession.

    Each request closes its connection, so that nothing is left to be closed when the loop is gone.
    """
    http = httpx.AsyncClient(limits=_LIMITS, trust_env=False, verify=False, timeout=30.0)
    return StashClient(url, api_key=api_key, http_client=http)


@contextmanager
def sync_client_of(url: str, api_key: str | None) -> Generator[SyncStashClient, None, None]:
    with (
        httpx.Client(trust_env=False, verify=False, timeout=30.0) as http,
        SyncStashClient(url, api_key=api_key, http_client=http) as client,
    ):
        yield client


@contextmanager
def running_mock(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    httpx_mock: HTTPXMock,
    options: Mapping[str, Any],
) -> Generator[StashMock, None, None]:
    if "stash_sandbox" in request.fixturenames:
        pytest.fail(
            "stash_mock and stash_sandbox exclude each other: the mock answers every request, so"
            " that none would reach the sandbox",
            pytrace=False,
        )
    point_environment(monkeypatch, StashMock.url, None)
    mock = StashMock(httpx_mock, options.get("schema"))
    failed_before = request.session.testsfailed
    with mocked(
        "stash_mock answers over HTTP alone, and this subscription runs over a WebSocket",
        hint="Use the fixture stash_sandbox, a server that serves subscriptions.",
    ):
        yield mock
    if request.session.testsfailed == failed_before:
        mock.verify()
