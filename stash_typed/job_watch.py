"""What a look-up or an event says of a job, and when to look again. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._runtime.errors import JobCancelledError, JobFailedError, JobTimeoutError, JobUnknownError
from ._runtime.foreign_text import one_line

if TYPE_CHECKING:
    from . import models
    from .enums import JobStatusUpdateType

__all__ = ["RECONNECT", "JobWatch"]

_LIVE_LOOK_UP = 10.0
"""Seconds between look-ups while events arrive by themselves: only a net for what slips through."""
_FIRST_POLL, _SLOWEST_POLL = 0.2, 2.0
"""Seconds between look-ups without a WebSocket: short jobs end soon, long ones are not hurried."""
RECONNECT = 15.0
"""Seconds until a WebSocket that did not work is tried again."""


class JobWatch:
    """What is known of one job. Free of I/O.

    Attributes:
        job_id: the job's id.
        job: what was seen last; None before the first look.
    """

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        self.job: models.Job | None = None
        self._poll = _FIRST_POLL

    @property
    def ended(self) -> bool:
        """Whether the job has come to its end, a good one or not."""
        return self.job is not None and self.job.status in {"FINISHED", "CANCELLED", "FAILED"}

    def looked_up(self, job: models.Job | None) -> bool:
        """Take in the answer of `findJob`.

        Args:
            job: what the server said; None when it does not know the job.

        Returns:
            Whether that is news.

        Raises:
            JobUnknownError: the server does not know the job (any more).
        """
        if job is None:
            seen = f"It was {self.job.status} when last seen. " if self.job else ""
            raise JobUnknownError(
                f"The server does not know job {self.job_id}. {seen}It remembers only the last ten"
                " finished jobs, and none from before its last start; how this one ended cannot"
                " be told. Its log may.",
                job_id=self.job_id,
                job=self.job,
            )
        return self._take(job)

    def received(self, update_type: JobStatusUpdateType, job: models.Job) -> bool:
        """Take in an event of `jobsSubscribe`.

        Args:
            update_type: ADD, UPDATE or REMOVE; the last carries the final status.
            job: the job that it is about, which may be another one.

        Returns:
            Whether that is news of this job.
        """
        return job.id == self.job_id and self._take(job)

    def _take(self, job: models.Job) -> bool:
        # A look-up and an event can overtake each other; an end is never taken back.
        if self.ended or job == self.job:
            return False
        self.job = job
        return True

    def pause(self, *, live: bool) -> float:
        """Give the seconds until the next look-up.

        Args:
            live: whether events arrive by themselves.
        """
        if live:
            return _LIVE_LOOK_UP
        pause = self._poll
        self._poll = min(self._poll * 1.5, _SLOWEST_POLL)
        return pause

    def outcome(self) -> models.Job:
        """Give the finished job.

        Raises:
            JobFailedError: it failed; carries the server's error.
            JobCancelledError: it was stopped.
        """
        job = self.job
        if job is None:
            raise JobUnknownError(
                f"Nothing is known of job {self.job_id} yet.", job_id=self.job_id, job=None
            )
        name = f"job {self.job_id} ({one_line(job.description).rstrip('.')})"
        if job.status == "FAILED":
            reason = one_line(job.error or "") or "the server gave no reason; its log may"
            raise JobFailedError(f"The {name} failed: {reason}", job_id=self.job_id, job=job)
        if job.status == "CANCELLED":
            raise JobCancelledError(
                f"The {name} was stopped before it was done.", job_id=self.job_id, job=job
            )
        return job

    def too_late(self, timeout: float, *, cancelled: bool) -> JobTimeoutError:
        """Give the error for a job that is not over in time.

        Args:
            timeout: the seconds that were given.
            cancelled: whether the job was told to stop.
        """
        state = f"it is {self.job.status}" if self.job else "nothing was heard of it"
        after = "it was told to stop" if cancelled else "it goes on on the server"
        return JobTimeoutError(
            f"Job {self.job_id} was not over after {timeout:g} seconds: {state}, and {after}.",
            job_id=self.job_id,
            job=self.job,
        )
