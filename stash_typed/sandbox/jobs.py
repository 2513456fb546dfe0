"""The task queue: one job at a time in a worker thread, with the life cycle of a server's jobs.

READY, RUNNING with progress and subtasks, then FINISHED, CANCELLED (through STOPPING) or FAILED
with an error. Only the last ten that ended are remembered.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal

from .clock import now_nanoseconds

__all__ = ["Job", "JobCancelled", "JobEvent", "JobHandle", "Jobs", "Task"]

JobStatus = Literal["READY", "RUNNING", "STOPPING", "FINISHED", "CANCELLED", "FAILED"]
EventType = Literal["ADD", "UPDATE", "REMOVE"]

_REMEMBERED = 10
_UPDATE_SECONDS = 0.1


class JobCancelled(Exception):
    """Raised inside a task at its next step after somebody asked it to stop."""


@dataclass(frozen=True)
class Job:
    """A job as the schema has it; times are RFC 3339 text, progress is 0..1 or None if unknown."""

    id: str
    description: str
    addTime: str  # noqa: N815 - the schema's own spelling, read by its name
    status: JobStatus = "READY"
    subTasks: tuple[str, ...] | None = None  # noqa: N815
    progress: float | None = 0
    startTime: str | None = None  # noqa: N815
    endTime: str | None = None  # noqa: N815
    error: str | None = None


@dataclass(frozen=True)
class JobEvent:
    """What happened to a job."""

    type: EventType
    job: Job


Task = Callable[["JobHandle"], None]
"""What a job does: a function of its handle, run in the worker thread."""


class Jobs:
    """The queue and the memory of ended jobs. Every method may be called from any thread.

    Attributes:
        pace: seconds that each step of a task lasts at least.
        update_seconds: how much time lies at least between two updates that a subscriber gets of
            one job; what comes faster is left out, but the last.
    """

    def __init__(
        self,
        *,
        pace: float = 0.0,
        in_step: Callable[[], None],
        log: Callable[[str, str], None],
    ) -> None:
        """Make an empty queue; the worker thread starts with the first job.

        Args:
            pace: seconds that each step of a task lasts at least, so that a test can watch and
                stop a running job.
            in_step: called in the middle of each step; may wait.
            log: called with a level and a message, such as a failed task's error.
        """
        self.pace = pace
        self.update_seconds = _UPDATE_SECONDS
        self.in_step = in_step
        self._log = log
        self._changed = threading.Condition()
        self._queue: dict[str, Job] = {}
        self._tasks: dict[str, Task] = {}
        self._ended: deque[Job] = deque(maxlen=_REMEMBERED)
        self._listeners: list[Callable[[JobEvent], None]] = []
        self._last_id = 0
        self._thread: threading.Thread | None = None
        self.closing: threading.Event = threading.Event()

    def add(self, description: str, task: Task) -> str:
        """Queue a task.

        Args:
            description: the job's title, such as `Scanning...`.
            task: what it does.

        Returns:
            The job's id, as text.
        """
        with self._changed:
            self._last_id += 1
            job = Job(id=str(self._last_id), description=description, addTime=now_nanoseconds())
            self._queue[job.id] = job
            self._tasks[job.id] = task
            self._tell("ADD", job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="sandbox-jobs", daemon=True)
                self._thread.start()
            self._changed.notify_all()
            return job.id

    def find(self, job_id: str) -> Job | None:
        """Give a job that waits, runs or ended lately; None for every other id."""
        with self._changed:
            if job_id in self._queue:
                return self._queue[job_id]
            return next((job for job in self._ended if job.id == job_id), None)

    def queue(self) -> list[Job]:
        """Give the jobs that wait or run, oldest first."""
        with self._changed:
            return list(self._queue.values())

    def stop(self, job_id: str) -> None:
        """Ask a job to stop; an unknown id is passed over in silence, as the server does."""
        with self._changed:
            job = self._queue.get(job_id)
            if job is None:
                return
            if job.status == "READY":
                self._end(replace(job, status="CANCELLED"))
            elif job.status == "RUNNING":
                self._queue[job_id] = replace(job, status="STOPPING")

    def stop_all(self) -> None:
        """Ask every waiting and running job to stop."""
        for job in self.queue():
            self.stop(job.id)

    def listen(self, listener: Callable[[JobEvent], None]) -> Callable[[], None]:
        """Be told of every event, in the thread where it happens.

        Returns:
            A function that ends it.
        """
        with self._changed:
            self._listeners.append(listener)

        def end() -> None:
            with self._changed:
                self._listeners.remove(listener)

        return end

    def close(self) -> None:
        """Stop everything and wait for the worker thread to end."""
        self.closing.set()
        with self._changed:
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def change(self, job_id: str, *, progress: float | None, subtasks: tuple[str, ...]) -> None:
        """Set a running job's progress and tell the listeners."""
        with self._changed:
            job = replace(self._queue[job_id], progress=progress, subTasks=subtasks or None)
            self._queue[job_id] = job
            self._tell("UPDATE", job)

    def is_stopping(self, job_id: str) -> bool:
        """Whether a running job was asked to stop."""
        with self._changed:
            return self._queue[job_id].status == "STOPPING"

    def _work(self) -> None:
        while True:
            with self._changed:
                job = self._next()
                while job is None:
                    if self.closing.is_set():
                        return
                    self._changed.wait()
                    job = self._next()
                if self.closing.is_set():
                    return
                job = replace(job, status="RUNNING", startTime=now_nanoseconds())
                self._queue[job.id] = job
                self._tell("UPDATE", job)
                task = self._tasks[job.id]
            error = self._run(job, task)
            with self._changed:
                job = self._queue[job.id]
                if error is not None:
                    self._end(replace(job, status="FAILED", error=error))
                elif job.status == "STOPPING":
                    self._end(replace(job, status="CANCELLED"))
                else:
                    self._end(replace(job, status="FINISHED"))

    def _run(self, job: Job, task: Task) -> str | None:
        try:
            task(JobHandle(self, job.id))
        except JobCancelled:
            return None
        except Exception as error:  # noqa: BLE001 - whatever a task raises is its job's error
            text = str(error) or type(error).__name__
            self._log("Error", f"task failed due to error: {text}")
            return text
        return None

    def _next(self) -> Job | None:
        return next((job for job in self._queue.values() if job.status == "READY"), None)

    def _end(self, job: Job) -> None:
        job = replace(job, subTasks=None, endTime=now_nanoseconds() if job.startTime else None)
        del self._queue[job.id]
        del self._tasks[job.id]
        self._ended.append(job)
        self._tell("REMOVE", job)

    def _tell(self, kind: EventType, job: Job) -> None:
        for listener in list(self._listeners):
            listener(JobEvent(kind, job))


class JobHandle:
    """What a task holds of its job: progress, subtasks, and the wish to stop."""

    def __init__(self, jobs: Jobs, job_id: str) -> None:
        self._jobs = jobs
        self._id = job_id
        self._total: int | None = None
        self._done = 0
        self._subtasks: list[str] = []

    def set_total(self, total: int) -> None:
        """Say how many steps there are; until then progress is unknown."""
        self._total = total
        self._publish()

    def indefinite(self) -> None:
        """Say that the number of steps is not known."""
        self._total = None
        self._publish()

    @contextmanager
    def doing(self, subtask: str) -> Generator[None]:
        """Show a subtask while the block runs, without counting it as a step."""
        self._subtasks.append(subtask)
        self._publish()
        try:
            self._jobs.in_step()
            yield
        finally:
            self._subtasks.remove(subtask)

    @contextmanager
    def step(self, subtask: str) -> Generator[None]:
        """Show a subtask while the block runs and count it as one step of the total.

        Raises:
            JobCancelled: the job was asked to stop, or the server ends.
        """
        self.check()
        with self.doing(subtask):
            yield
            self._jobs.closing.wait(self._jobs.pace)
            self.advance()

    def advance(self, steps: int = 1) -> None:
        """Count steps as done."""
        self._done += steps
        self._publish()

    def check(self) -> None:
        """Raise JobCancelled if the job was asked to stop or the server ends."""
        if self._jobs.closing.is_set() or self._jobs.is_stopping(self._id):
            raise JobCancelled

    def _publish(self) -> None:
        progress: float | None = None
        if self._total is not None:
            progress = min(1.0, self._done / self._total) if self._total else 1.0
        self._jobs.change(self._id, progress=progress, subtasks=tuple(self._subtasks))
