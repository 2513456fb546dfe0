"""Jobs on the server: waiting for them, watching them and cancelling them."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from .._runtime.errors import StashError
from .watch import GOES_ON, STOP_TIME, STOPS, JobRecord, JobWatch, has_ended, not_stopped

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator
    from datetime import datetime

    from .. import models
    from .feed import JobClient, JobFeed
    from .update import JobUpdate

__all__ = ["Job"]

_ANOTHER = 1.0
"""Seconds until a look-up when events report another job with the same id."""


class Job:
    """A handle on a job running on the server. `await job` waits for its end.

    The server numbers jobs from 1 each time it starts. Once the job has been seen, the handle knows
    when it was added, and does not confuse it with a later job that has the same id.

    Attributes:
        id: the id of the job.
    """

    def __init__(
        self,
        client: JobClient,
        job_id: str,
        *,
        record: JobRecord | None = None,
        feed: JobFeed | None = None,
    ) -> None:
        """Create a handle; nothing is sent.

        Args:
            client: the client whose server runs the job.
            job_id: the id that a task returned or that `job_queue` lists.
            record: what is already known about the job.
            feed: the client's job subscription; by default the handle opens its own.
        """
        from .feed import JobFeed

        self.id = job_id
        self._client = client
        self._feed = feed or JobFeed(client)
        self._record = record or JobRecord(job_id)

    @property
    def add_time(self) -> datetime | None:
        """The time the server added the job, or None until the job has been seen."""
        return self._record.add_time

    def __repr__(self) -> str:
        return f"<Job {self.id}>"

    def __await__(self) -> Generator[object, None, models.Job]:
        return self.wait().__await__()

    async def look_up(self) -> models.Job | None:
        """Return the current state of the job, with a single request (`findJob`).

        Returns:
            The job, or None if the server does not know it, has forgotten it, or was restarted and
            has given its id to another job.
        """
        job = await self._feed.look_up(self._record)
        if job is not None and not self._record.is_of(job):
            job = None
        if job is None or has_ended(job):
            self._feed.settle(self._record)
        return job

    async def wait(
        self,
        timeout: float | None = None,
        on_update: Callable[[JobUpdate], object] | None = None,
        *,
        cancel_on_timeout: bool = False,
    ) -> models.Job:
        """Wait until the job ends, and return it.

        Network failures and server restarts are waited out until the timeout: no connection or
        response, HTTP 5xx, 408, 425 and 429, and a locked database. Any other error is raised
        immediately, such as wrong credentials, an untrusted certificate or a document that the
        server rejects.

        Args:
            timeout: the maximum seconds to wait in all; None waits indefinitely, except for a
                server that does not respond to the first request about a job known only by its id.
            on_update: called with each observed state of the job, including the final one. When
                the server becomes unreachable it is called once with the last known state and the
                reason as `interruption`, and once more when the server is reachable again.
            cancel_on_timeout: whether to stop the job on timeout; the server has five more seconds
                to acknowledge.

        Returns:
            The finished job.

        Raises:
            JobFailedError: the job failed; has the server's error.
            JobCancelledError: the job was stopped.
            JobTimeoutError: the job did not end in time.
            JobUnknownError: the server does not know the job (any more), or was restarted and has
                given its id to another job.
            StashError: a request failed, with an error that is not temporary.
        """
        from .._runtime.ending import NotInTimeError, in_all

        watch = JobWatch(self._record, limited=timeout is not None)

        async def to_the_end() -> None:
            async with aclosing(self._watch(watch)) as updates:
                async for update in updates:
                    if on_update is not None:
                        on_update(update)

        try:
            await in_all(timeout, to_the_end())
        except NotInTimeError:
            after = await self._cancel_in_time() if cancel_on_timeout else GOES_ON
            raise watch.too_late(timeout or 0, after) from None
        return watch.outcome()

    async def updates(self) -> AsyncGenerator[JobUpdate, None]:
        """Yield each state of the job as it arrives, ending with the final one, even if the job fails.

        Events come from `jobsSubscribe`, over one WebSocket that all waiters share; while none
        arrive, `findJob` is polled instead. Interruptions are waited out and reported as by
        `wait`.

        Raises:
            JobUnknownError: the server does not know the job (any more), or was restarted and has
                given its id to another job.
            StashError: a request failed, with an error that is not temporary.
        """
        async with aclosing(self._watch(JobWatch(self._record))) as updates:
            async for update in updates:
                yield update

    async def cancel(self) -> None:
        """Tell the server to stop the job (`stopJob`), which takes it a few seconds.

        Do nothing if the job has ended or the server does not know it, or if the server was
        restarted and has given its id to another job.
        """
        if self._record.add_time is not None and await self.look_up() is None:
            return
        await self._client.stop_job(self.id)

    async def _cancel_in_time(self) -> str:
        from .._runtime.ending import NotInTimeError, in_all

        try:
            await in_all(STOP_TIME, self.cancel())
        except (StashError, NotInTimeError) as error:
            return not_stopped(error)
        return STOPS

    async def _watch(self, watch: JobWatch) -> AsyncGenerator[JobUpdate, None]:
        import asyncio

        from .feed import Lost

        feed, record = self._feed, self._record
        if record.add_time is not None and (over := feed.end_of(record)) is not None:
            if watch.received(over):
                yield watch.update()
            return
        clock = asyncio.get_running_loop().time
        # Listen before looking: an end in between would be missed.
        async with feed.listening(record) as ear:
            while True:
                # An id alone does not say yet which job is meant.
                end = None if record.add_time is None else feed.end_of(record)
                try:
                    found = end or await feed.look_up(record) or feed.end_of(record)
                except StashError as error:
                    news = watch.interrupted(error)
                else:
                    news = watch.looked_up(found, live=feed.live)
                if news:
                    yield watch.update()
                deadline = clock() + watch.pause(live=feed.live)
                while not watch.ended and (left := deadline - clock()) > 0:
                    try:
                        job = await ear.next(left)
                    except Lost:
                        break
                    if job is None:
                        break
                    if not record.is_of(job):
                        deadline = min(deadline, clock() + _ANOTHER)
                    elif watch.received(job):
                        yield watch.update()
                if watch.ended:
                    return
