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
from collections.abc import AsyncIterator, Awaitable, Coroutine, Mapping
from typing import Any, Literal, TypeVar

import httpx

from .course import Course, Wanted

__all__ = ["Guarded", "Interruptible", "OutOfTime", "to_the_end"]

T = TypeVar("T")

_TURNS = 50
"""Turns of the event loop that a request is given to come to the network, where it can be ended."""

_left_behind: set[asyncio.Future[Any]] = set()
"""Requests that nobody waits for, queueing in a pool: each ends itself when it gets a connection."""


class OutOfTime(Exception):
    """The time limit of a request is over."""

    def __init__(self, wants: Wanted, seconds: float | None) -> None:
        super().__init__(wants, seconds)
        self.wants: Wanted = wants
        self.seconds = seconds


class Interruptible:
    """One request that can be ended early."""

    def __init__(
        self,
        seconds: float | None = None,
        counted: Literal["all", "answer", "pool"] = "all",
        *,
        pooled: bool = False,
    ) -> None:
        """Prepare for a request."""
        self.course = Course(self._step)
        self._seconds = seconds
        self._counted = counted
        self.pooled = pooled
        self._unwanted = False
        self._timer: asyncio.TimerHandle | None = None
        self._late: asyncio.Future[None] | None = None

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Hear from httpcore what it is about to do, as the request's `trace` extension."""
        self.course.note(event, info)
        if self.course.waits and self._unwanted:
            raise asyncio.CancelledError

    async def run(self, request: Awaitable[T]) -> T:
        """Perform the request, or the next part of it."""
        task = asyncio.ensure_future(request)
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
                raise OutOfTime(self.course.wants or "free connection", self._seconds)
        return task.result()

    def no_limit(self) -> None:
        """Perform what follows without a limit."""
        self._seconds = None

    async def alive(self, response: httpx.Response) -> httpx.Response:
        """Return a response on, or close it when nobody wants it any more."""
        if self._unwanted:
            await response.aclose()
            raise asyncio.CancelledError
        return response

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
        pooled = self.pooled or self.course.wants is not None
        if pooled and not self.course.waits and not task.done():
            # It queues in a pool that is full. Cancelled there, it may be handed a connection in
            # the same moment; so it stays, and `trace` ends it when its turn comes.
            _leave(task)
            return
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # looked at: what it came to concerns nobody any more


class Guarded(httpx.AsyncByteStream):
    """The body of a response, read and closed so that no connection is lost."""

    def __init__(self, body: httpx.AsyncByteStream, request: Interruptible) -> None:
        self._body = body
        self._pieces: AsyncIterator[bytes] | None = None
        self._request = request
        request.no_limit()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._pieces is None:
            self._pieces = self._body.__aiter__()
        piece = await self._request.run(_next(self._pieces))
        if piece is None:
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        """Close it to the end, also when this task is cancelled meanwhile."""
        await to_the_end(self._body.aclose())


async def _next(pieces: AsyncIterator[bytes]) -> bytes | None:
    return await anext(pieces, None)


async def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Await something to its end, and only then let a cancellation have its way."""
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            cancelled = True
    task.result()
    if cancelled:
        raise asyncio.CancelledError


def _leave(task: asyncio.Future[Any]) -> None:
    def forget(task: asyncio.Future[Any]) -> None:
        _left_behind.discard(task)
        if not task.cancelled():
            task.exception()

    _left_behind.add(task)
    task.add_done_callback(forget)
