"""Events of other threads as a subscription reads them, not faster than anybody can look.

A feed listens from the moment it is made, and stops when its subscription is closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Generic, TypeVar

from ..jobs import JobEvent, Jobs
from ..logbook import Logbook, LogEntry

__all__ = ["Feed", "JobFeed", "LogFeed", "ScanFeed"]

_GATHER_SECONDS = 0.1

_Event = TypeVar("_Event")
_Answer = TypeVar("_Answer")


class Feed(AsyncIterator[_Answer], Generic[_Event, _Answer]):
    """One subscriber: hears events in any thread, gives answers in the event loop's."""

    def __init__(self, listen: Callable[[Callable[[_Event], None]], Callable[[], None]]) -> None:
        """Listen.

        Args:
            listen: takes a listener and gives the function that ends it.
        """
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Queue[_Event] = asyncio.Queue()
        self._end = listen(self._hear)

    async def aclose(self) -> None:
        """Stop listening."""
        self._end()

    def _hear(self, event: _Event) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._take, event)

    def _take(self, event: _Event) -> None:
        self._ready.put_nowait(event)


class JobFeed(Feed[JobEvent, JobEvent]):
    """What happens to jobs; updates that come too fast are left out but the last."""

    def __init__(self, jobs: Jobs) -> None:
        self._interval = jobs.update_seconds
        self._held: dict[str, JobEvent] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._sent: dict[str, float] = {}
        super().__init__(jobs.listen)

    async def __anext__(self) -> JobEvent:
        return await self._ready.get()

    async def aclose(self) -> None:
        """Stop listening."""
        await super().aclose()
        for timer in self._timers.values():
            timer.cancel()

    def _take(self, event: JobEvent) -> None:
        job_id = event.job.id
        if event.type == "REMOVE":
            self._held.pop(job_id, None)
            self._sent.pop(job_id, None)
            timer = self._timers.pop(job_id, None)
            if timer is not None:
                timer.cancel()
        if event.type != "UPDATE" or event.job.subTasks is None:
            self._ready.put_nowait(event)
            return
        self._held[job_id] = event
        if job_id in self._timers:
            return
        wait = self._sent.get(job_id, 0.0) + self._interval - self._loop.time()
        if wait <= 0:
            self._send(job_id)
        else:
            self._timers[job_id] = self._loop.call_later(wait, self._send, job_id)

    def _send(self, job_id: str) -> None:
        self._timers.pop(job_id, None)
        event = self._held.pop(job_id, None)
        if event is not None:
            self._sent[job_id] = self._loop.time()
            self._ready.put_nowait(event)


class LogFeed(Feed[LogEntry, list[LogEntry]]):
    """New log entries, gathered for a short while and given together."""

    def __init__(self, log: Logbook) -> None:
        super().__init__(log.listen)

    async def __anext__(self) -> list[LogEntry]:
        entries = [await self._ready.get()]
        await asyncio.sleep(_GATHER_SECONDS)
        while not self._ready.empty():
            entries.append(self._ready.get_nowait())
        return entries


class ScanFeed(Feed[bool, bool]):
    """True each time that a scan has ended."""

    def __init__(self, listeners: list[Callable[[], None]]) -> None:
        """Listen.

        Args:
            listeners: what is called when a scan has ended.
        """

        def listen(hear: Callable[[bool], None]) -> Callable[[], None]:
            def tell() -> None:
                hear(True)

            listeners.append(tell)
            return lambda: listeners.remove(tell)

        super().__init__(listen)

    async def __anext__(self) -> bool:
        return await self._ready.get()
