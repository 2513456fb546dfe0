"""Events of other threads, throttled for subscriptions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TypeVar

from ..events import Events
from ..jobs import JobEvent, Jobs
from ..logbook import LogEntry

_GATHER_SECONDS = 0.1

_Event = TypeVar("_Event")


class Feed(AsyncIterator[_Event]):
    """One subscriber: receives events in any thread and yields them in the event loop's."""

    def __init__(self, events: Events[_Event]) -> None:
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Queue[_Event] = asyncio.Queue()
        self._end = events.listen(self._hear)

    async def __anext__(self) -> _Event:
        return await self._ready.get()

    async def aclose(self) -> None:
        self._end()

    def _hear(self, event: _Event) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._take, event)

    def _take(self, event: _Event) -> None:
        self._ready.put_nowait(event)


class JobFeed(Feed[JobEvent]):
    """Job updates; of those that come too fast only the last is sent."""

    def __init__(self, jobs: Jobs) -> None:
        self._interval = jobs.update_seconds
        self._held: dict[str, JobEvent] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._sent: dict[str, float] = {}
        super().__init__(jobs)

    async def aclose(self) -> None:
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


class LogFeed(Feed[list[LogEntry]]):
    """New log entries, collected for a short while and sent together."""

    async def __anext__(self) -> list[LogEntry]:
        entries = await super().__anext__()
        await asyncio.sleep(_GATHER_SECONDS)
        while not self._ready.empty():
            entries = [*entries, *self._ready.get_nowait()]
        return entries
