"""A deadline holds for all that is done before it: waits for a turn, requests, retries."""

from __future__ import annotations

import math
import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from stash_typed._runtime.auth.credentials import NoCredentials, Password
from stash_typed._runtime.deadline import in_time, time_left, within
from stash_typed._runtime.endpoint import Endpoint
from stash_typed._runtime.errors import HTTPStatusError, StashTimeoutError
from stash_typed._runtime.http.sync_transport import SyncTransport
from stash_typed._runtime.operation import Operation
from stash_typed._runtime.retry import RetryPolicy
from tests.unit.loopback import Asked, Says, loopback

VERSION = Operation("Version", "query", "version", "query Version { version { version } }")
SOON, LONG = 0.5, 15.0
"""Seconds of the deadline, and of the client's own limit, which a machine's load cannot bridge."""


@contextmanager
def silent_server() -> Generator[str, None, None]:
    """Takes connections and requests, and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def client(url: str, **options: Any) -> SyncTransport:
    return SyncTransport(Endpoint.parse(url), NoCredentials(), timeout=LONG, **options)


def seconds_of(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


def test_a_silent_server_holds_nobody_beyond_the_deadline() -> None:
    def ask() -> None:
        with within(SOON), pytest.raises(StashTimeoutError, match="Version: no answer within"):
            transport.execute_raw(VERSION, {})

    with silent_server() as url, client(url) as transport:
        assert SOON * 0.9 < seconds_of(ask) < LONG / 2


def test_no_retry_goes_beyond_the_deadline() -> None:
    retry = RetryPolicy(delay=LONG, longest=LONG, jitter=lambda: 0.0)

    def ask() -> None:
        with within(SOON), pytest.raises(HTTPStatusError, match="502"):
            transport.execute_raw(VERSION, {})

    with loopback(lambda _: Says(502)) as server, client(server.url, retry=retry) as transport:
        assert seconds_of(ask) < LONG / 2
        assert len(server.asked) == 1


def test_waiting_for_a_turn_ends_with_the_deadline() -> None:
    go = threading.Event()

    def answer(_: object) -> Says:
        go.wait(LONG)
        return Says(
            body=b'{"data": {"version": null}}', headers={"Content-Type": "application/json"}
        )

    with loopback(answer) as server, client(server.url, limit=1) as transport:
        first = threading.Thread(target=transport.execute_raw, args=(VERSION, {}))
        first.start()
        try:
            while not server.asked:
                time.sleep(0.01)
            with within(SOON), pytest.raises(StashTimeoutError, match="no time was left"):
                transport.execute_raw(VERSION, {})
        finally:
            go.set()
            first.join()
        # The turn that never came is nobody's: the next request has it.
        assert transport.execute_raw(VERSION, {}) == {"version": None}


def test_a_deadline_inside_another_ends_no_later() -> None:
    assert time_left() is None
    assert in_time(1e9)
    with within(None):
        assert time_left() is None
        with within(100):
            with within(1000):
                assert 0 < (time_left() or 0) <= 100
            with within(10):
                assert 0 < (time_left() or 0) <= 10
                assert not in_time(10)
        with within(0):
            assert time_left() == 0
    assert time_left() is None


@pytest.mark.parametrize("seconds", [1e7, 1e10, math.inf])
def test_a_deadline_that_no_lock_or_socket_can_wait_for_is_none(seconds: float) -> None:
    def answer(asked: Asked) -> Says:
        session = {"Set-Cookie": "session=abc; Path=/"} if asked.path == "/login" else {}
        return Says(body=b'{"data": {"version": null}}', headers=session)

    with loopback(answer) as server, within(seconds):
        endpoint, password = Endpoint.parse(server.url), Password("ada", "secret")
        with SyncTransport(endpoint, password, timeout=None) as transport:
            assert transport.execute_raw(VERSION, {}) == {"version": None}


@contextmanager
def dripping_server(head: bytes) -> Generator[str, None, None]:
    """Answers one byte at a time, and comes to no end; `head` comes at once."""
    over = threading.Event()

    def serve(listener: socket.socket) -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(head)
                while not over.wait(0.05):
                    connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            thread.join(LONG)


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"],
    ids=["headers", "body"],
)
def test_a_server_that_drips_holds_nobody_beyond_the_deadline(head: bytes) -> None:
    def ask() -> None:
        with within(SOON), pytest.raises(StashTimeoutError, match="Version: no answer within"):
            transport.execute_raw(VERSION, {})

    with dripping_server(head) as url, client(url) as transport:
        assert SOON * 0.9 < seconds_of(ask) < LONG / 2
