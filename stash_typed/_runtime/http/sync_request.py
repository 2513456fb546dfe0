"""The total timeout of a synchronous request.

httpx counts each read anew, so that a server which sends one byte at a time is never too late. Each
wait of a connection is therefore cut to what is left of its request's time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

import httpx

from ..deadline import latest, no_time_error, time_left
from .client import auth_for, outgoing_headers, shortened
from .course import Course
from .pools import pools_of

if TYPE_CHECKING:
    import ssl

    from httpcore import NetworkBackend, NetworkStream

    from ..messages import Outgoing
    from .course import Wanted
    from .shared_clients import SharedClient

P = ParamSpec("P")
T = TypeVar("T")

_PIECE = 64 * 1024


class SyncRequest:
    """One request, and what is left of its time, or of its caller's if that is less."""

    def __init__(
        self, shared: SharedClient[httpx.Client], outgoing: Outgoing, seconds: float | None
    ) -> None:
        self.shared = shared
        self.outgoing = outgoing
        self.course = Course(self._step)
        self._seconds = None if shared.given else seconds
        self._end: float | None = None
        self._latest = latest()
        if not outgoing.uploads:
            self._start()

    def send(self) -> httpx.Response:
        client, outgoing = self.shared.client, self.outgoing
        if time_left() == 0:
            raise no_time_error(outgoing.operation, outgoing.url)
        built = client.build_request(
            outgoing.method,
            outgoing.url,
            headers=outgoing_headers(outgoing),
            content=outgoing.content,
            extensions={"trace": self.course.note, **shortened(client.timeout)},
        )
        return client.send(
            built, auth=auth_for(outgoing, client.auth), stream=True, follow_redirects=False
        )

    def guard(self, response: httpx.Response) -> None:
        """Let the body be read; httpcore loses no connection of a thread."""

    def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Perform the request in this thread, within its time."""
        before = _running.set(self)
        try:
            return work(*args, **kwargs)
        finally:
            _running.reset(before)

    def _step(self, wanted: Wanted) -> None:
        if self.outgoing.uploads and wanted != "answer":
            self._end = None
        elif self.outgoing.uploads and self._end is None:
            self._start()

    def left(self, timeout: float | None, late: type[httpx.TimeoutException]) -> float | None:
        ends = [end for end in (self._end, self._latest) if end is not None]
        if not ends:
            return timeout
        left = min(ends) - time.monotonic()
        if left <= 0:
            raise late("the time limit of the request is over")
        return left if timeout is None else min(left, timeout)

    def _start(self) -> None:
        self._end = None if self._seconds is None else time.monotonic() + self._seconds


_running: ContextVar[SyncRequest | None] = ContextVar("stash_typed_request", default=None)


def keep_time(client: httpx.Client) -> None:
    """Let the connections that a client will open keep to the limits of their requests."""
    for pool in pools_of(client):
        backend: object = getattr(pool, "_network_backend", None)
        if backend is not None:
            setattr(pool, "_network_backend", _Backend(cast("NetworkBackend", backend)))  # noqa: B010  (private)


def _left(timeout: float | None, late: type[httpx.TimeoutException]) -> float | None:
    limit = _running.get()
    return timeout if limit is None else limit.left(timeout, late)


class _Backend:
    def __init__(self, inner: NetworkBackend) -> None:
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
    def __init__(self, inner: NetworkStream) -> None:
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
