"""The time limit of a synchronous request, over all that it waits for.

httpx counts each read anew, so that a server which sends one byte at a time is never too late. Each
wait of a connection is therefore cut to what is left of its request's time.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol, cast

import httpx

from ..deadline import latest
from .pools import pools_of

if TYPE_CHECKING:
    import ssl

    from .course import Wanted
    from .messages import Outgoing
    from .shared_clients import SharedClient

__all__ = ["TimeLimit", "keep_time", "timed"]

_PIECE = 64 * 1024


class TimeLimit:
    """What is left of a request's time, and of its caller's if that is less."""

    def __init__(
        self, shared: SharedClient[httpx.Client], outgoing: Outgoing, seconds: float | None
    ) -> None:
        self._seconds = None if shared.given else seconds
        self._uploads = outgoing.uploads
        self._end: float | None = None
        self._latest = latest()
        if not self._uploads:
            self._start()

    def step(self, wanted: Wanted) -> None:
        """Hear what the request waits for next."""
        if self._uploads and wanted != "answer":
            self._end = None
        elif self._uploads and self._end is None:
            self._start()

    def of(self, timeout: float | None, late: type[httpx.TimeoutException]) -> float | None:
        """Return how long a single wait may take."""
        ends = [end for end in (self._end, self._latest) if end is not None]
        if not ends:
            return timeout
        left = min(ends) - time.monotonic()
        if left <= 0:
            raise late("the time limit of the request is over")
        return left if timeout is None else min(left, timeout)

    def _start(self) -> None:
        self._end = None if self._seconds is None else time.monotonic() + self._seconds


_running: ContextVar[TimeLimit | None] = ContextVar("stash_typed_time_limit", default=None)


@contextmanager
def timed(limit: TimeLimit) -> Generator[None, None, None]:
    """Perform a request of this thread within a limit."""
    before = _running.set(limit)
    try:
        yield
    finally:
        _running.reset(before)


def keep_time(client: httpx.Client) -> None:
    """Let the connections that a client will open keep to the limits of their requests."""
    for pool in pools_of(client):
        backend: object = getattr(pool, "_network_backend", None)
        if backend is not None:
            setattr(pool, "_network_backend", _Backend(cast("_Network", backend)))  # noqa: B010  (private)


class _Network(Protocol):
    def connect_tcp(self, host: str, port: int, timeout: float | None, **more: Any) -> _Socket: ...
    def connect_unix_socket(self, path: str, timeout: float | None, **more: Any) -> _Socket: ...
    def sleep(self, seconds: float) -> None: ...


class _Socket(Protocol):
    def read(self, max_bytes: int, timeout: float | None) -> bytes: ...
    def write(self, buffer: bytes, timeout: float | None) -> None: ...
    def close(self) -> None: ...
    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None, timeout: float | None
    ) -> _Socket: ...
    def get_extra_info(self, info: str) -> Any: ...


def _left(timeout: float | None, late: type[httpx.TimeoutException]) -> float | None:
    limit = _running.get()
    return timeout if limit is None else limit.of(timeout, late)


class _Backend:
    """httpcore's network, by the interface of `httpcore.NetworkBackend`."""

    def __init__(self, inner: _Network) -> None:
        self._inner = inner

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, **more: Any
    ) -> _Stream:
        left = _left(timeout, httpx.ConnectTimeout)
        return _Stream(self._inner.connect_tcp(host, port, timeout=left, **more))

    def connect_unix_socket(self, path: str, timeout: float | None = None, **more: Any) -> _Stream:
        left = _left(timeout, httpx.ConnectTimeout)
        return _Stream(self._inner.connect_unix_socket(path, timeout=left, **more))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Stream:
    """One connection, by the interface of `httpcore.NetworkStream`."""

    def __init__(self, inner: _Socket) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, timeout=_left(timeout, httpx.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            left = _left(timeout, httpx.WriteTimeout)
            self._inner.write(buffer[start : start + _PIECE], timeout=left)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> _Stream:
        left = _left(timeout, httpx.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout=left))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
