"""Ending a request early at a moment from which httpcore recovers.

A task that is cancelled while httpcore hands it a connection, or takes one back, leaves that
connection in the pool for good, neither usable nor closed; once all places are taken by such, every
request ends in a timeout (httpcore 1.0.9, its issues 658, 830 and 1093). A wait for a place in the
pool that runs out of time does the same. Ended while it waits for the network, httpcore closes the
connection as it should. So a request runs in a task of its own, which is ended there: when nobody
wants its answer any more, and when its time is up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar, cast

import httpx

from ..ending import to_the_end
from ..multipart import MultipartBody
from .client import auth_for, outgoing_headers
from .course import Course, Wanted
from .failures import late_error

if TYPE_CHECKING:
    from ..messages import Outgoing
    from .shared_clients import SharedClient

P = ParamSpec("P")
T = TypeVar("T")

_TURNS = 50
"""Turns of the event loop that a request is given to come to the network, where it can be ended."""

_left_behind: set[asyncio.Future[Any]] = set()
"""Requests that nobody waits for, queueing in a pool: each ends itself when it gets a connection."""


class AsyncRequest:
    def __init__(
        self, shared: SharedClient[httpx.AsyncClient], outgoing: Outgoing, seconds: float | None
    ) -> None:
        self.shared = shared
        self.outgoing = outgoing
        self.course = Course(self._step)
        self._pooled = shared.given and shared.pooled
        self._counted: Literal["all", "answer", "pool"] = "answer" if outgoing.uploads else "all"
        self._seconds = seconds
        if shared.given:
            # It has limits for each step; only that of the wait for a connection is kept here.
            self._counted = "pool"
            self._seconds = shared.client.timeout.pool if shared.pooled else None
        self._unwanted = False
        self._timer: asyncio.TimerHandle | None = None
        self._late: asyncio.Future[None] | None = None

    async def send(self) -> httpx.Response:
        client, outgoing = self.shared.client, self.outgoing
        content = outgoing.content
        try:
            built = client.build_request(
                outgoing.method,
                outgoing.url,
                headers=outgoing_headers(outgoing),
                content=content.stream() if isinstance(content, MultipartBody) else content,
                extensions={"trace": self._trace},
            )
            if self._pooled or not self.shared.given:
                # httpcore may lose a connection when it ends the wait for one.
                limits = cast("dict[str, object]", built.extensions.get("timeout", {}))
                built.extensions["timeout"] = {**limits, "pool": None}
            response = await client.send(
                built, auth=auth_for(outgoing, client.auth), stream=True, follow_redirects=False
            )
        finally:
            self.shared.pooled = self.shared.pooled or self.course.wants is not None
        if self._unwanted:
            await response.aclose()
            raise asyncio.CancelledError
        return response

    def guard(self, response: httpx.Response) -> None:
        """Let the body be read, without a limit, and closed so that no connection is lost."""
        self._seconds = None
        if isinstance(response.stream, httpx.AsyncByteStream):
            response.stream = _Guarded(response.stream, self)

    async def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        self.course.note(event, info)
        if self.course.waits and self._unwanted:
            raise asyncio.CancelledError

    async def run(
        self, work: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Perform the request, or the next part of it, within its time."""
        task = asyncio.ensure_future(work(*args, **kwargs))
        seconds = self._seconds
        late = self._late = asyncio.get_running_loop().create_future()
        if self._counted != "answer":
            self._start_clock()
        try:
            await asyncio.wait({task, late}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await to_the_end(self._end(task))
            raise
        finally:
            self._stop_clock()
        if not task.done():
            await to_the_end(self._end(task))
            if not task.done() or task.cancelled():
                wanted = self.course.wants or "free connection"
                raise late_error(wanted, seconds, self.outgoing, self.course, self.shared.lost)
        return task.result()

    def _step(self, wanted: Wanted) -> None:
        if self._counted == "pool" or (self._counted == "answer" and wanted != "answer"):
            self._stop_clock()
        elif self._counted == "answer" and self._timer is None:
            self._start_clock()

    def _start_clock(self) -> None:
        if self._seconds is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._seconds, self._time_is_up)

    def _stop_clock(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _time_is_up(self) -> None:
        if self._late is not None and not self._late.done():
            self._late.set_result(None)

    async def _end(self, task: asyncio.Future[Any]) -> None:
        self._unwanted = True
        for _ in range(_TURNS):
            if self.course.waits or task.done():
                break
            await asyncio.sleep(0)
        pooled = self._pooled or self.course.wants is not None
        if pooled and not self.course.waits and not task.done():
            # It queues in a pool that is full. Cancelled there, it may be handed a connection in
            # the same moment; so it stays, and `trace` ends it when its turn comes.
            _leave(task)
            return
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # looked at: what it came to concerns nobody any more


class _Guarded(httpx.AsyncByteStream):
    def __init__(self, body: httpx.AsyncByteStream, request: AsyncRequest) -> None:
        self._body = body
        self._pieces: AsyncIterator[bytes] | None = None
        self._request = request

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._pieces is None:
            self._pieces = self._body.__aiter__()
        piece = await self._request.run(_next, self._pieces)
        if piece is None:
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        """Close it to the end, also when this task is cancelled meanwhile."""
        await to_the_end(self._body.aclose())


async def _next(pieces: AsyncIterator[bytes]) -> bytes | None:
    return await anext(pieces, None)


def _leave(task: asyncio.Future[Any]) -> None:
    def forget(task: asyncio.Future[Any]) -> None:
        _left_behind.discard(task)
        if not task.cancelled():
            task.exception()

    _left_behind.add(task)
    task.add_done_callback(forget)
