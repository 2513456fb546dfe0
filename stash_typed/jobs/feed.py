"""A subscription to the jobs of a server, shared by all waiters.

The server forgets all but the last ten finished jobs; a feed keeps the events it has received. So it
is opened before many tasks are started at once, and stays open until each has been awaited.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple, Protocol
from weakref import WeakSet

from .._runtime.ending import end
from .._runtime.errors import StashConnectionError, StashError
from .._runtime.websocket.protocol import SUBSCRIBED
from .watch import JobRecord, has_ended, named_job

if TYPE_CHECKING:
    from datetime import datetime

    from .. import models
    from ..inputs import FindJobInput

__all__ = ["Ear", "JobClient", "JobFeed", "Lost"]

RECONNECT = 15.0
"""Seconds until a WebSocket that failed repeatedly is tried again."""
_FIRST_RECONNECT = 1.0
_FEW = 5
"""The number of unawaited jobs that is safe: the server remembers ten."""
_OPEN = 5.0
"""Seconds to wait for the subscription before many tasks start: a proxy may accept it silently."""
_HEARD = 1000
"""The number of jobs whose last state is kept."""
_UNREAD = 250
"""The number of latest events kept for a slow reader."""
_NEEDED = 5.0
"""Seconds between checks whether the subscription is still needed."""


class Lost(Exception):
    """No more events arrive for now."""


class Ear:
    """The events of one job, for one waiter.

    A queue that can be waited on for a while: `asyncio.wait_for` on an `asyncio.Queue` would do, but
    before Python 3.12 it can swallow a cancellation that comes with an item.
    """

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        self._items: deque[models.Job | Exception] = deque(maxlen=_UNREAD)
        self._woken = asyncio.Event()

    def put(self, item: models.Job | Exception) -> None:
        """Add an event, or the reason that there are no more."""
        self._items.append(item)
        self._woken.set()

    async def next(self, seconds: float) -> models.Job | None:
        """Return the next state of the job, or None after a timeout in seconds."""
        if not self._items:
            self._woken.clear()
            timer = asyncio.get_running_loop().call_later(seconds, self._woken.set)
            try:
                await self._woken.wait()
            finally:
                timer.cancel()
        item = self._items.popleft() if self._items else None
        if isinstance(item, Exception):
            raise item
        return item


class JobClient(Protocol):
    """The client methods that jobs need."""

    async def find_job(self, input: FindJobInput) -> models.Job | None: ...
    async def stop_job(self, job_id: str) -> bool: ...
    def jobs_subscribe(self) -> AsyncGenerator[models.JobStatusUpdate, None]: ...


class _Heard(NamedTuple):
    """The events of a job: the numbers of the first and the last, and its last state."""

    first: int
    latest: int
    job: models.Job


class JobFeed:
    """The jobs of one server, as reported by its events.

    Attributes:
        live: whether the socket that is open has brought something: only then it is believed, since
            a proxy may take it and pass nothing.
    """

    def __init__(self, client: JobClient) -> None:
        self._client = client
        self._ears: set[Ear] = set()
        self._unwaited: WeakSet[JobRecord] = WeakSet()
        self._starting = 0
        self._held = False
        self._heard: OrderedDict[tuple[str, datetime], _Heard] = OrderedDict()
        self._count = 0
        self._unbroken = 0
        self._task: asyncio.Task[None] | None = None
        self._ready: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._settled = asyncio.Event()
        self._stands = False
        self.live: bool = False

    def last(self, record: JobRecord) -> models.Job | None:
        """Return the last reported state of a job, and set the time it was added in the record."""
        if record.add_time is None:
            # Events tell of the server's present run only as long as they come without a break.
            same = [heard for heard in self._heard.values() if heard.job.id == record.job_id]
            if record.since is None:
                return next((h.job for h in same if h.latest >= self._unbroken), None)
            if record.since < self._unbroken:
                return None
            heard = next((heard for heard in same if heard.first >= record.since), None)
            if heard is None or not record.is_of(heard.job):
                return None
            return heard.job
        known = self._heard.get((record.job_id, record.add_time))
        return known.job if known else None

    def end_of(self, record: JobRecord) -> models.Job | None:
        """Return the final state of a job, if it is known."""
        if record.end is not None:
            return record.end
        job = self.last(record)
        return job if job is not None and has_ended(job) else None

    async def look_up(self, record: JobRecord) -> models.Job | None:
        """Look up the job that currently has an id on the server."""
        from ..inputs import FindJobInput

        return await self._client.find_job(FindJobInput(id=record.job_id))

    async def start(self, send: Callable[[], Awaitable[str]]) -> JobRecord:
        """Start a task, and ensure that its end will be known."""
        self._starting += 1
        try:
            await asyncio.sleep(0)  # for those that are started together with this one
            if self._starting + len(self._not_ended()) > _FEW:
                await self._opened()
            held, since = self._held, self._count
            record = JobRecord(named_job(await send()), since=since)
            self._unwaited.add(record)
        except BaseException:
            if self._starting == 1 and not self._ears and not self._not_ended():
                self._drop()
            raise
        finally:
            self._starting -= 1
        if self._held and not held:
            await self._catch_up()
        return record

    def settle(self, record: JobRecord) -> None:
        """Mark a job as awaited or finished."""
        self._unwaited.discard(record)

    @asynccontextmanager
    async def listening(self, record: JobRecord) -> AsyncGenerator[Ear, None]:
        """Listen to the events of a job inside the block."""
        self.settle(record)
        ear = Ear(record.job_id)
        self._ears.add(ear)
        self._open()
        try:
            yield ear
        finally:
            self._ears.discard(ear)
            if not self._needed():
                await self.aclose()

    async def aclose(self) -> None:
        """End the subscription."""
        self._drop()
        for task in list(self._leaving):
            if task.get_loop() is asyncio.get_running_loop():
                await end(task)

    def _drop(self) -> None:
        """Let the subscription end by itself."""
        for task in (self._ready, self._task):
            # One of an event loop that is over was ended with it.
            if task is not None and task.get_loop() is asyncio.get_running_loop():
                self._leaving.add(task)
                task.add_done_callback(self._leaving.discard)
                task.cancel()
        self._ready = self._task = None
        self._held = False
        self._begin()

    def _not_ended(self) -> list[JobRecord]:
        return [record for record in self._unwaited if self.end_of(record) is None]

    def _needed(self) -> bool:
        if self._ears or self._starting:
            return True
        self._held = self._held and bool(self._not_ended())
        return self._held

    def _open(self) -> None:
        # A client may be used in one event loop after another.
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._settled = asyncio.Event()
            self._ready = None
            self._begin()
            self._task = asyncio.create_task(self._listen(self._settled))
            loop.call_later(_NEEDED, self._look_around, self._task)

    async def _opened(self) -> None:
        """Wait until events arrive, or until it is certain that none will."""
        self._held = True
        self._open()
        if self._ready is None:
            self._ready = asyncio.create_task(self._get_ready())
        await asyncio.wait({self._ready})

    async def _get_ready(self) -> None:
        timer = asyncio.get_running_loop().call_later(_OPEN, self._settled.set)
        try:
            await self._settled.wait()
        finally:
            timer.cancel()
        await self._catch_up()

    async def _catch_up(self) -> None:
        """Look up the jobs that were started before events arrived, if they arrive now."""
        for record in self._not_ended():
            if self._stands and self.last(record) is None:
                with suppress(StashError):  # whoever waits for it will ask again
                    job = await self.look_up(record)
                    if job is None:
                        self.settle(record)
                    elif record.is_of(job):
                        self._hear(job)

    def _hear(self, job: models.Job) -> None:
        self._count += 1
        key = (job.id, job.add_time)
        before = self._heard.pop(key, None)
        if before is None:
            self._heard[key] = _Heard(self._count, self._count, job)
        else:
            # An event and a look-up can overtake each other; an end is never taken back.
            latest = before.job if has_ended(before.job) else job
            self._heard[key] = _Heard(before.first, self._count, latest)
        while len(self._heard) > _HEARD:
            self._heard.popitem(last=False)
        for ear in self._ears:
            if ear.job_id == job.id:
                ear.put(job)

    def _look_around(self, task: asyncio.Task[None]) -> None:
        if task is not self._task or task.done():
            return
        if self._needed():
            task.get_loop().call_later(_NEEDED, self._look_around, task)
        else:
            self._drop()

    async def _listen(self, settled: asyncio.Event) -> None:
        def stands() -> None:
            self._begin()
            self._stands = True
            settled.set()

        # In this task's own context: what is opened in it tells when it stands.
        SUBSCRIBED.set(stands)
        pause = _FIRST_RECONNECT
        try:
            while True:
                lost: StashError = StashConnectionError("The server ended the subscription.")
                try:
                    async with aclosing(self._client.jobs_subscribe()) as updates:
                        async for update in updates:
                            self.live, pause = True, _FIRST_RECONNECT
                            self._hear(update.job)
                except StashError as error:
                    lost = error
                self._begin()
                settled.set()
                self._tell(Lost(str(lost)))
                await asyncio.sleep(min(pause, RECONNECT))
                pause *= 2
        except Exception as error:
            if not self._ears:
                raise
            self._tell(error)
        finally:
            settled.set()

    def _begin(self) -> None:
        """Mark that later events may come from a restarted server."""
        self._not_ended()  # they learn what was heard of them before
        self._count += 1
        self._unbroken = self._count
        self._stands = self.live = False

    def _tell(self, reason: Exception) -> None:
        for ear in self._ears:
            ear.put(reason)
