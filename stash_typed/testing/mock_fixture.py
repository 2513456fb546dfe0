"""The course of the fixture `stash_mock`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from stash_typed._runtime.errors import StashConnectionError
from stash_typed._runtime.http.sync_transport import SyncTransport
from stash_typed._runtime.http.transport import AsyncTransport
from stash_typed._runtime.retry import RetryPolicy

from .mock import StashMock
from .sandbox_fixtures import point_environment

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Mapping

    from pytest_httpx import HTTPXMock

    from stash_typed._runtime.errors import StashError
    from stash_typed._runtime.operation import Operation

__all__ = ["running_mock"]


@contextmanager
def running_mock(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    httpx_mock: HTTPXMock,
    options: Mapping[str, Any],
) -> Generator[StashMock, None, None]:
    """Let a mock answer during a test, and look at the end whether all was used.

    Args:
        request: the test's request.
        monkeypatch: undoes the changes after the test.
        httpx_mock: intercepts what goes through httpx.
        options: the `schema` among them is what stubs are checked against.
    """
    if "stash_sandbox" in request.fixturenames:
        pytest.fail(
            "stash_mock and stash_sandbox exclude each other: the mock answers every request, so"
            " that none would reach the sandbox",
            pytrace=False,
        )
    point_environment(monkeypatch, StashMock.url, None)
    _leave_out_waits(monkeypatch)
    _refuse_subscriptions(monkeypatch)
    mock = StashMock(httpx_mock, options.get("schema"))
    failed_before = request.session.testsfailed
    yield mock
    if request.session.testsfailed == failed_before:
        mock.verify()


def _leave_out_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client try as often as ever, without waiting in between."""
    decide = RetryPolicy.wait_before

    def wait_before(
        self: RetryPolicy, operation: Operation, error: StashError, *, attempt: int
    ) -> float | None:
        wait = decide(self, operation, error, attempt=attempt)
        return None if wait is None else 0.0

    monkeypatch.setattr(RetryPolicy, "wait_before", wait_before)


def _refuse_subscriptions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no WebSocket be opened: it would not go through httpx, and so out to the network."""

    def refusal(operation: Operation, url: str) -> StashConnectionError:
        return StashConnectionError(
            "stash_mock answers over HTTP alone, and this subscription runs over a WebSocket",
            operation=operation.name,
            url=url,
            hint="Use the fixture stash_sandbox, a server that serves subscriptions.",
            transient=False,
        )

    async def subscribe(
        self: AsyncTransport, operation: Operation, result: type[Any], variables: object
    ) -> AsyncGenerator[Any, None]:
        raise refusal(operation, self.endpoint.websocket_url)
        yield

    def subscribe_sync(
        self: SyncTransport, operation: Operation, result: type[Any], variables: object
    ) -> Generator[Any, None, None]:
        raise refusal(operation, self.endpoint.websocket_url)
        yield

    monkeypatch.setattr(AsyncTransport, "subscribe", subscribe)
    monkeypatch.setattr(SyncTransport, "subscribe", subscribe_sync)
