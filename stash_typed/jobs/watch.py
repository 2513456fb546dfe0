"""The state of a job from look-ups and events, and when to look it up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._runtime.errors import (
    JobCancelledError,
    JobFailedError,
    JobTimeoutError,
    JobUnknownError,
    StashError,
)
from .._runtime.foreign_text import one_line
from .._runtime.log import logger
from .interruptions import passes

if TYPE_CHECKING:
    from datetime import datetime

    from .. import models
    from .update import JobUpdate

__all__ = [
    "GOES_ON",
    "STOPS",
    "STOP_TIME",
    "JobRecord",
    "JobWatch",
    "has_ended",
    "named_job",
    "not_stopped",
]

_LIVE_LOOK_UP = 10.0
"""Seconds between look-ups while events arrive: only a safety net."""
_FIRST_POLL, _SLOWEST_POLL = 0.2, 2.0
"""Seconds between look-ups without a WebSocket: short jobs end soon, long ones can wait."""
_FIRST_TRY, _SLOWEST_TRY = 0.5, 10.0
"""Seconds between look-ups while the server does not respond; each look-up has its own retries."""

_POLLED = (
    " It was only looked up now and then, without a WebSocket that tells each end: of many short"
    " jobs some are forgotten between two look-ups."
)

STOP_TIME = 5.0
"""Seconds for the server to acknowledge, after a timeout, that a job is to stop."""
GOES_ON, STOPS = "it goes on on the server", "it was told to stop"


def not_stopped(error: Exception) -> str:
    """Return a message about a job that could not be stopped."""
    return (
        f"it could not be told to stop: {error}"
        if str(error)
        else (f"it could not be told to stop: no answer within {STOP_TIME:g} seconds")
    )


def has_ended(job: models.Job) -> bool:
    """Return whether a job has ended, successfully or not."""
    return job.status in {"FINISHED", "CANCELLED", "FAILED"}


def named_job(job_id: str) -> str:
    """Return the id of a job, or raise if it is empty."""
    if job_id:
        return job_id
    raise JobUnknownError(
        "an empty id is no job's; when it is a task's answer, it is not known whether the task began",
        job_id=job_id,
        hint="Look at job_queue().",
    )


class JobRecord:
    """Which job a handle means. Ids alone do not tell: they begin anew when the server starts.

    Attributes:
        job_id: the job's id.
        add_time: when the server added it, which tells it from others of that id; None as long as
            it has not been seen.
        end: how it ended; None until that has been seen.
        since: how many events the client had heard when it was about to start this job; None for a
            job that was there before.
    """

    def __init__(
        self, job_id: str, add_time: datetime | None = None, since: int | None = None
    ) -> None:
        self.job_id = job_id
        self.add_time = add_time
        self.end: models.Job | None = None
        self.since = since

    @property
    def known(self) -> bool:
        """Whether the server is known to have the job, since it was seen or started here."""
        return self.add_time is not None or self.since is not None

    def is_of(self, job: models.Job) -> bool:
        """Return whether a job is this one; the first one seen with the id is."""
        if job.id != self.job_id:
            return False
        if self.add_time is None:
            self.add_time = job.add_time
        if job.add_time != self.add_time:
            return False
        if self.end is None and has_ended(job):
            self.end = job
        return True


class JobWatch:
    """The state of a job that a waiter knows.

    Attributes:
        job: the last known state; None before the first look-up.
        interruption: why the server is unreachable; None while it is reachable.
    """

    def __init__(self, record: JobRecord, *, limited: bool = False) -> None:
        """Begin with nothing seen.

        Waiting that is not `limited` outlives interruptions, but not a server that was never heard:
        its address may be wrong.
        """
        self._record = record
        self._limited = limited
        self.job: models.Job | None = None
        self.interruption: StashError | None = None
        self._poll = _FIRST_POLL
        self._try = _FIRST_TRY

    @property
    def ended(self) -> bool:
        """Whether the job has ended, successfully or not."""
        return self.job is not None and has_ended(self.job)

    def looked_up(self, job: models.Job | None, *, live: bool = False) -> bool:
        """Process the response of `findJob`, and return whether the state is new."""
        if job is None:
            raise self._unknown(
                f"The server does not know job {self._record.job_id}. {self._last_seen()}It"
                " remembers only the last ten finished jobs, and none from before its last start;"
                f" how this one ended cannot be told. Its log may.{'' if live else _POLLED}"
            )
        if not self._record.is_of(job):
            raise self._unknown(
                f"The server was restarted, and job {job.id} is another one there now:"
                f" {one_line(job.description)}, {job.status}, added {job.add_time.isoformat()}."
                f" {self._last_seen()}It was added {_moment(self._record.add_time)}; how it ended"
                " cannot be told. The server's log may."
            )
        back = self._heard()
        return self._take(job) or back

    def received(self, job: models.Job) -> bool:
        """Process an event of `jobsSubscribe` about this job, and return whether the state is new."""
        back = self._heard()
        return self._take(job) or back

    def interrupted(self, error: StashError) -> bool:
        """Process a failed look-up, and return whether to report it; raise errors that are permanent."""
        if not (passes(error) and (self._limited or self._record.known)):
            raise error
        new = self.interruption is None
        self.interruption = error
        if new:
            logger.info("Job %s cannot be seen, and is waited for: %s", self._record.job_id, error)
        return new and self.job is not None

    def update(self) -> JobUpdate:
        """Return an update with the last known state, which must exist."""
        from .update import JobUpdate

        assert self.job is not None
        return JobUpdate.of(self.job, self.interruption)

    def _heard(self) -> bool:
        """Mark the server as reachable, and return whether it was unreachable before."""
        back, self.interruption = self.interruption is not None, None
        self._try = _FIRST_TRY
        if back:
            logger.info("Job %s is seen again.", self._record.job_id)
        return back

    def _take(self, job: models.Job) -> bool:
        # A look-up and an event can overtake each other; an end is never taken back.
        if self.ended or job == self.job:
            return False
        self.job = job
        return True

    def pause(self, *, live: bool) -> float:
        """Return the seconds until the next look-up."""
        if self.interruption is not None:
            pause, self._try = self._try, min(self._try * 1.6, _SLOWEST_TRY)
            return pause
        if live:
            return _LIVE_LOOK_UP
        pause, self._poll = self._poll, min(self._poll * 1.5, _SLOWEST_POLL)
        return pause

    def outcome(self) -> models.Job:
        """Return the finished job, or raise the error that it ended in."""
        job, job_id = self.job, self._record.job_id
        if job is None:
            raise self._unknown(f"Nothing is known of job {job_id} yet.")
        name = f"job {job_id} ({one_line(job.description).rstrip('.')})"
        if job.status == "FAILED":
            reason = one_line(job.error or "") or "the server gave no reason; its log may"
            raise JobFailedError(f"The {name} failed: {reason}", job_id=job_id, job=job)
        if job.status == "CANCELLED":
            raise JobCancelledError(
                f"The {name} was stopped before it was done.", job_id=job_id, job=job
            )
        return job

    def too_late(self, timeout: float, after: str) -> JobTimeoutError:
        """Return the error for a job that did not end in time."""
        state = f"it is {self.job.status}" if self.job else "nothing was heard of it"
        if self.interruption is not None:
            seen = f"it was {self.job.status} when last seen" if self.job else state
            state = f"{seen}, and the server cannot be heard ({self.interruption})"
        return JobTimeoutError(
            f"Job {self._record.job_id} was not over after {timeout:g} seconds: {state}, and"
            f" {after.rstrip('.')}.",
            job_id=self._record.job_id,
            job=self.job,
        )

    def _unknown(self, message: str) -> JobUnknownError:
        return JobUnknownError(message, job_id=self._record.job_id, job=self.job)

    def _last_seen(self) -> str:
        return f"It was {self.job.status} when last seen. " if self.job else ""


def _moment(time: datetime | None) -> str:
    return "at an unknown time" if time is None else time.isoformat()
