"""Jobs: what the server does in the background, to be waited for, watched and cancelled."""

from __future__ import annotations

from collections import deque
from contextlib import aclosing
from typing import TYPE_CHECKING, Protocol

from ._runtime.errors import StashConnectionError, StashError
from .job_watch import RECONNECT, JobWatch

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, Callable, Generator

    from . import models
    from .inputs import FindJobInput

__all__ = ["Job"]


class _JobClient(Protocol):
    async def find_job(self, input: FindJobInput) -> models.Job | None: ...
    async def stop_job(self, job_id: str) -> bool: ...
    def jobs_subscribe(self) -> AsyncGenerator[models.JobStatusUpdate, None]: ...


class Job:
    """A handle on one job of the server. `await job` waits for its end.

    Attributes:
        id: the job's id.
    """

    def __init__(self, client: _JobClient, job_id: str) -> None:
        """Make a handle; nothing is sent.

        Args:
            client: the client whose server runs the job.
            job_id: as a task answered it, or as `job_queue` lists it.
        """
        self.id = job_id
        self._client = client

    def __repr__(self) -> str:
        return f"<Job {self.id}>"

    def __await__(self) -> Generator[object, None, models.Job]:
        return self.wait().__await__()

    async def look_up(self) -> models.Job | None:
        """Ask the server for the job once (`findJob`).

        Returns:
            The job; None when the server does not know it, or has forgotten it.
        """
        from .inputs import FindJobInput

        return await self._client.find_job(FindJobInput(id=self.id))

    async def wait(
        self,
        timeout: float | None = None,
        on_update: Callable[[models.Job], object] | None = None,
        *,
        cancel_on_timeout: bool = False,
    ) -> models.Job:
        """Wait for the job's end.

        Args:
            timeout: seconds to wait at most; None waits as long as it takes.
            on_update: called with each state of the job that is seen, the last one included.
            cancel_on_timeout: stop the job when the time is over.

        Returns:
            The finished job.

        Raises:
            JobFailedError: it failed; carries the server's error.
            JobCancelledError: it was stopped.
            JobTimeoutError: the time is over and the job is not.
            JobUnknownError: the server does not know the job (any more).
        """
        import asyncio

        watch = JobWatch(self.id)

        async def to_the_end() -> None:
            async with aclosing(self._watch(watch)) as updates:
                async for job in updates:
                    if on_update is not None:
                        on_update(job)

        # Not `asyncio.wait_for`: before Python 3.12 it swallows a cancellation that comes with the end.
        watching = asyncio.ensure_future(to_the_end())
        try:
            await asyncio.wait({watching}, timeout=timeout)
        finally:
            await _end(watching)
        if not watching.cancelled():
            watching.result()
            return watch.outcome()
        if cancel_on_timeout:
            await self.cancel()
        raise watch.too_late(timeout or 0, cancelled=cancel_on_timeout)

    async def updates(self) -> AsyncGenerator[models.Job, None]:
        """Give each state of the job as it comes, the final one last; does not raise for a failure.

        Events come from `jobsSubscribe`; where WebSockets do not pass, `findJob` is asked again
        and again instead, until they do.

        Raises:
            JobUnknownError: the server does not know the job (any more).
        """
        async with aclosing(self._watch(JobWatch(self.id))) as updates:
            async for job in updates:
                yield job

    async def cancel(self) -> None:
        """Tell the server to stop the job (`stopJob`); it does so within seconds.

        A job that is over, or that the server does not know, is left as it is, without an error.
        """
        await self._client.stop_job(self.id)

    async def _watch(self, watch: JobWatch) -> AsyncGenerator[models.Job, None]:
        import asyncio

        events = _Events()
        listener: asyncio.Task[None] | None = None
        # A socket is believed when it has brought something: a proxy may take it and pass nothing.
        live, retry_at = False, 0.0
        clock = asyncio.get_running_loop().time
        try:
            while True:
                if listener is None and clock() >= retry_at:
                    # Listen before looking: an end in between would be missed.
                    listener = asyncio.create_task(self._listen(events))
                if watch.looked_up(await self.look_up()) and watch.job is not None:
                    yield watch.job
                deadline = clock() + watch.pause(live=live)
                while not watch.ended and (left := deadline - clock()) > 0:
                    event = await events.next(left)
                    if isinstance(event, Exception):
                        if not isinstance(event, StashError):
                            raise event
                        listener, live, retry_at = None, False, clock() + RECONNECT
                        break
                    if event is None:
                        break
                    live = True
                    if watch.received(event.type, event.job) and watch.job is not None:
                        yield watch.job
                if watch.ended:
                    return
        finally:
            if listener is not None:
                await _end(listener)

    async def _listen(self, events: _Events) -> None:
        """Hand on events, and last of all the reason why there are no more."""
        try:
            async with aclosing(self._client.jobs_subscribe()) as updates:
                async for update in updates:
                    events.put(update)
        except Exception as error:  # noqa: BLE001  # handed over whole to the task that waits
            events.put(error)
        else:
            events.put(StashConnectionError("The server ended the subscription."))


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel a task until it has ended: before Python 3.12 one cancellation may get lost in it."""
    import asyncio

    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=1.0)


class _Events:
    """A queue that can be waited on for a while.

    `asyncio.wait_for` on an `asyncio.Queue` would do, but before Python 3.12 it can swallow a
    cancellation that comes with an item.
    """

    def __init__(self) -> None:
        import asyncio

        self._items: deque[models.JobStatusUpdate | Exception] = deque()
        self._woken = asyncio.Event()

    def put(self, item: models.JobStatusUpdate | Exception) -> None:
        self._items.append(item)
        self._woken.set()

    async def next(self, seconds: float) -> models.JobStatusUpdate | Exception | None:
        """Give the next item; None when none came in so many seconds."""
        import asyncio

        if not self._items:
            self._woken.clear()
            timer = asyncio.get_running_loop().call_later(seconds, self._woken.set)
            try:
                await self._woken.wait()
            finally:
                timer.cancel()
        return self._items.popleft() if self._items else None
