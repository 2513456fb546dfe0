"""Jobs for `SyncStashClient`."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING, Protocol

from ..job_watch import JobWatch

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from .. import models
    from ..inputs import FindJobInput

__all__ = ["SyncJob"]


class _JobClient(Protocol):
    def find_job(self, input: FindJobInput) -> models.Job | None: ...
    def stop_job(self, job_id: str) -> bool: ...


class SyncJob:
    """A handle on one job of the server; `job.wait()` waits for its end.

    It looks the job up again and again, at first often, then every two seconds: listening to events
    as `Job` does would take a thread.

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
        return f"<SyncJob {self.id}>"

    def look_up(self) -> models.Job | None:
        """Ask the server for the job once. As `Job.look_up`."""
        from ..inputs import FindJobInput

        return self._client.find_job(FindJobInput(id=self.id))

    def wait(
        self,
        timeout: float | None = None,
        on_update: Callable[[models.Job], object] | None = None,
        *,
        cancel_on_timeout: bool = False,
    ) -> models.Job:
        """Wait for the job's end. As `Job.wait`."""
        watch = JobWatch(self.id)
        end = None if timeout is None else time.monotonic() + timeout
        with closing(self._watch(watch, end)) as updates:
            for job in updates:
                if on_update is not None:
                    on_update(job)
        if not watch.ended:
            if cancel_on_timeout:
                self.cancel()
            raise watch.too_late(timeout or 0, cancelled=cancel_on_timeout)
        return watch.outcome()

    def updates(self) -> Generator[models.Job, None, None]:
        """Give each state of the job as it is seen, the final one last. As `Job.updates`."""
        yield from self._watch(JobWatch(self.id), None)

    def cancel(self) -> None:
        """Tell the server to stop the job. As `Job.cancel`."""
        self._client.stop_job(self.id)

    def _watch(self, watch: JobWatch, end: float | None) -> Generator[models.Job, None, None]:
        while True:
            if watch.looked_up(self.look_up()) and watch.job is not None:
                yield watch.job
            if watch.ended:
                return
            pause = watch.pause(live=False)
            if end is not None:
                left = end - time.monotonic()
                if left <= 0:
                    return
                pause = min(pause, left)
            time.sleep(pause)
