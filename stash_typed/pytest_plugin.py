"""Fixtures for projects that use stash-typed: `stash_sandbox`, `stash`, `sync_stash`, `stash_mock`.

pytest loads this module at every start, in projects that do not use it as well: it imports nothing
until a fixture is asked for.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from pytest_httpx import HTTPXMock

    from stash_typed import StashClient, SyncStashClient
    from stash_typed.sandbox import Sandbox
    from stash_typed.testing import StashMock

__all__ = [
    "stash",
    "stash_mock",
    "stash_sandbox",
    "stash_sandbox_options",
    "stash_sandbox_session",
    "sync_stash",
]


@contextmanager
def _extra() -> Generator[None, None, None]:
    """Name the missing extra when a fixture needs it: the plugin comes with every install."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = f"{error.name} is not installed; the fixtures of stash-typed need it"
        pytest.fail(f'{missing}. Fix: pip install "stash-typed[testing]"', pytrace=False)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        "stash_sandbox(scenes=…, api_key=…, …): what the sandbox of the fixtures stash_sandbox and"
        " stash is to be; the arguments of stash_typed.sandbox.Sandbox.",
    )


@pytest.fixture(scope="session")
def stash_sandbox_options() -> dict[str, Any]:
    """The options of every sandbox in a project; override it to return a dictionary.

    The arguments of `stash_typed.sandbox.Sandbox`, such as `{"scenes": 50}`. Its `schema` is also
    what `stash_mock` checks stubs against.
    """
    return {}


@pytest.fixture(scope="session")
def stash_sandbox_session(stash_sandbox_options: dict[str, Any]) -> Iterator[Sandbox]:
    """A running sandbox shared by the whole session; changes carry over from test to test."""
    with _extra():
        from stash_typed.testing.fixtures import start_sandbox

        sandbox = start_sandbox(stash_sandbox_options)
    try:
        yield sandbox
    finally:
        sandbox.stop()


@pytest.fixture
def stash_sandbox(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    stash_sandbox_options: dict[str, Any],
) -> Iterator[Sandbox]:
    """A running sandbox for this test only, with `url` and `api_key`.

    `@pytest.mark.stash_sandbox(scenes=200, api_key="…")` sets its options. STASH_URL and
    STASH_API_KEY point to it during the test; the client's other variables are unset.
    """
    with _extra():
        from stash_typed.testing.fixtures import marked_options, point_environment, start_sandbox

        sandbox = start_sandbox({**stash_sandbox_options, **marked_options(request)})
    try:
        point_environment(monkeypatch, sandbox.url, sandbox.api_key)
        yield sandbox
    finally:
        sandbox.stop()


@pytest.fixture
def stash(request: pytest.FixtureRequest) -> StashClient:
    """An asynchronous client: on `stash_mock` when the test uses it, else on `stash_sandbox`.

    It works under every plugin for asynchronous tests, since it keeps no connection open.
    """
    with _extra():
        from stash_typed.testing.fixtures import client_of, server_of

    return client_of(*server_of(request))


@pytest.fixture
def sync_stash(request: pytest.FixtureRequest) -> Iterator[SyncStashClient]:
    """A synchronous client: on `stash_mock` when the test uses it, else on `stash_sandbox`."""
    with _extra():
        from stash_typed.testing.fixtures import server_of, sync_client_of

    with sync_client_of(*server_of(request)) as client:
        yield client


@pytest.fixture
def stash_mock(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    httpx_mock: HTTPXMock,
    stash_sandbox_options: dict[str, Any],
) -> Iterator[StashMock]:
    """A mock server that responds from stubs checked against the schema.

    Nothing leaves the process. A request that no stub answers fails the test, as does a stub
    that is never used.
    """
    with _extra():
        from stash_typed.testing.fixtures import running_mock

    with running_mock(request, monkeypatch, httpx_mock, stash_sandbox_options) as mock:
        yield mock
