"""Jobs for `SyncStashClient`."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from .._runtime.deadline import within
from .._runtime.errors import StashError
from ..jobs.watch import GOES_ON, STOP_TIME, STOPS, JobRecord, JobWatch, has_ended, not_stopped
from .job_ledger import JobLedger, SyncJobClient

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from datetime import datetime

    from .. import models
    from ..jobs.update import JobUpdate

__all__ = ["SyncJob"]

_MANY = 0.1
"""Seconds between look-ups, at most, while many jobs are under way."""


class SyncJob:
    """A handle on a job running on the server; `job.wait()` waits for its end.

    It polls the server, at first often, then every two seconds: listening to events as `Job` does
    would need a thread. If more than ten jobs end between two polls, the server forgets some before
    they are seen, for which `wait` raises `JobUnknownError`.

    Attributes:
        id: the id of the job.
    """

    def __init__(
        self,
        client: SyncJobClient,
        job_id: str,
        *,
        record: JobRecord | None = None,
        ledger: JobLedger | None = None,
    ) -> None:
        """Create a handle; nothing is sent.

        Args:
            client: the client whose server runs the job.
            job_id: the id that a task returned or that `job_queue` lists.
            record: what is already known about the job.
            ledger: the jobs that the client started.
        """
        self.id = job_id
        self._client = client
        self._ledger = ledger or JobLedger(client)
        self._record = record or JobRecord(job_id)

    @property
    def add_time(self) -> datetime | None:
        """The time the server added the job, or None until the job has been seen."""
        return self._record.add_time

    def __repr__(self) -> str:
        return f"<SyncJob {self.id}>"

    def look_up(self) -> models.Job | None:
        """Return the current state of the job, with a single request. See `Job.look_up`."""
        job = self._ledger.look_up(self._record)
        if job is not None and not self._record.is_of(job):
            job = None
        if job is None or has_ended(job):
            self._ledger.settle(self._record)
        return job

    def wait(
        self,
        timeout: float | None = None,
        on_update: Callable[[JobUpdate], object] | None = None,
        *,
        cancel_on_timeout: bool = False,
    ) -> models.Job:
        """Wait until the job ends, and return it. See `Job.wait`."""
        watch = JobWatch(self._record, limited=timeout is not None)
        end = None if timeout is None else time.monotonic() + timeout
        with closing(self._watch(watch, end)) as updates:
            for update in updates:
                if on_update is not None:
                    on_update(update)
        if not watch.ended:
            after = self._cancel_in_time() if cancel_on_timeout else GOES_ON
            raise watch.too_late(timeout or 0, after)
        return watch.outcome()

    def updates(self) -> Generator[JobUpdate, None, None]:
        """Yield each observed state of the job, ending with the final one. See `Job.updates`."""
        yield from self._watch(JobWatch(self._record), None)

    def cancel(self) -> None:
        """Tell the server to stop the job. See `Job.cancel`."""
        if self._record.add_time is not None and self.look_up() is None:
            return
        self._client.stop_job(self.id)

    def _cancel_in_time(self) -> str:
        try:
            with within(STOP_TIME):
                self.cancel()
        except StashError as error:
            return not_stopped(error)
        return STOPS

    def _watch(self, watch: JobWatch, end: float | None) -> Generator[JobUpdate, None, None]:
        def left() -> float | None:
            return None if end is None else max(0.0, end - time.monotonic())

        while True:
            many = False
            try:
                with within(left()):
                    found = self._record.end or self._ledger.look_up(self._record)
                    many = self._ledger.look_around()
            except StashError as error:
                if left() == 0:
                    return
                news = watch.interrupted(error)
            else:
                news = watch.looked_up(found)
            if news:
                yield watch.update()
            if watch.ended:
                self._ledger.settle(self._record)
                return
            pause = watch.pause(live=False)
            if many:
                pause = min(pause, _MANY)
            seconds = left()
            if seconds == 0:
                return
            time.sleep(pause if seconds is None else min(pause, seconds))
