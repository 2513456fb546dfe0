"""Jobs: what the server does in the background, to be waited for, watched and cancelled."""

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
"""Seconds until a look-up, when events tell of another job of the same id."""


class Job:
    """A handle on one job of the server. `await job` waits for its end.

    The server counts jobs from 1 each time that it starts. A handle learns when its job was added as
    soon as the job is seen, and from then on takes no other job of that id for it.

    Attributes:
        id: the job's id.
    """

    def __init__(
        self,
        client: JobClient,
        job_id: str,
        *,
        record: JobRecord | None = None,
        feed: JobFeed | None = None,
    ) -> None:
        """Make a handle; nothing is sent.

        Args:
            client: the client whose server runs the job.
            job_id: as a task answered it, or as `job_queue` lists it.
            record: what is known of the job already.
            feed: the client's subscription to jobs; one of its own when not given.
        """
        from .feed import JobFeed

        self.id = job_id
        self._client = client
        self._feed = feed or JobFeed(client)
        self._record = record or JobRecord(job_id)

    @property
    def add_time(self) -> datetime | None:
        """When the server added the job; None until it has been seen."""
        return self._record.add_time

    def __repr__(self) -> str:
        return f"<Job {self.id}>"

    def __await__(self) -> Generator[object, None, models.Job]:
        return self.wait().__await__()

    async def look_up(self) -> models.Job | None:
        """Ask the server for the job once (`findJob`).

        Returns:
            The job; None when the server does not know it, has forgotten it, or was restarted and
            means another job by that id.
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
        """Wait for the job's end.

        A network that fails and a server that restarts are waited out, for as long as there is
        time: no connection or answer, HTTP 5xx, 408, 425 and 429, a locked database. Wrong
        credentials, a certificate that is not trusted, a document that the server refuses and any
        other error are raised at once.

        Args:
            timeout: seconds to wait at most in all; None waits as long as it takes, except for a
                server that does not answer the first question about a job known by its id alone.
            on_update: called with each state of the job that is seen, the last one included. While
                the server cannot be heard it is called once with the state that was seen last and
                the reason as `interruption`, and once more when the server is heard again.
            cancel_on_timeout: stop the job when the time is over; the server gets five seconds more
                to take note.

        Returns:
            The finished job.

        Raises:
            JobFailedError: it failed; carries the server's error.
            JobCancelledError: it was stopped.
            JobTimeoutError: the time is over and the job is not.
            JobUnknownError: the server does not know the job (any more), or was restarted and means
                another job by that id.
            StashError: the server cannot be asked, and that does not pass by itself.
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
        """Give each state of the job as it comes, the final one last; does not raise for a failure.

        Events come from `jobsSubscribe`, over one WebSocket for all who wait; where those do not
        pass, `findJob` is asked again and again instead, until they do. Interruptions are waited out
        and told as `wait` does.

        Raises:
            JobUnknownError: the server does not know the job (any more), or was restarted and means
                another job by that id.
            StashError: the server cannot be asked, and that does not pass by itself.
        """
        async with aclosing(self._watch(JobWatch(self._record))) as updates:
            async for update in updates:
                yield update

    async def cancel(self) -> None:
        """Tell the server to stop the job (`stopJob`); it does so within seconds.

        A job that is over, or that the server does not know, is left as it is, without an error; so
        is another job that has its id since the server was restarted.
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
                # Of an id alone it is not known yet which job is meant.
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
