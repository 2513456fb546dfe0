"""The task queue: one job at a time in a worker thread, with the life cycle of a server's jobs."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from queue import SimpleQueue
from typing import Literal

from .clock import now_nanoseconds
from .events import Events
from .logbook import Logbook

JobStatus = Literal["READY", "RUNNING", "STOPPING", "FINISHED", "CANCELLED", "FAILED"]
EventType = Literal["ADD", "UPDATE", "REMOVE"]

_REMEMBERED = 10
_UPDATE_SECONDS = 0.1


class JobCancelled(Exception):
    """Raised inside a task at its next step after it was asked to stop."""


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
    type: EventType
    job: Job


Task = Callable[["JobHandle"], None]
"""The work of a job: a function that takes its handle, run in the worker thread."""


class Jobs(Events[JobEvent]):
    """The queue and the jobs that ended lately. Every method may be called from any thread.

    Each step of a task lasts at least `pace` seconds and calls `in_step`.
    """

    def __init__(
        self,
        *,
        pace: float = 0.0,
        in_step: Callable[[], None],
        log: Logbook,
    ) -> None:
        super().__init__()
        self.pace = pace
        self.update_seconds = _UPDATE_SECONDS  # at least between two updates of one job
        self.in_step = in_step
        self.closing: threading.Event = threading.Event()
        self._log = log
        self._lock = threading.RLock()
        self._ids = count(1)
        self._queue: dict[str, Job] = {}
        self._ended: deque[Job] = deque(maxlen=_REMEMBERED)
        self._waiting: SimpleQueue[tuple[str, Task] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def add(self, description: str, task: Task) -> str:
        """Queue a task under a title such as `Scanning...`; return the job's id."""
        with self._lock:
            job = Job(id=str(next(self._ids)), description=description, addTime=now_nanoseconds())
            self._put("ADD", job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="sandbox-jobs", daemon=True)
                self._thread.start()
        self._waiting.put((job.id, task))
        return job.id

    def find(self, job_id: str) -> Job | None:
        """Return a job that is queued, running or recently ended; None for any other id."""
        with self._lock:
            known = [*self._queue.values(), *self._ended]
            return next((job for job in known if job.id == job_id), None)

    def queue(self) -> list[Job]:
        with self._lock:
            return list(self._queue.values())

    def stop(self, job_id: str) -> None:
        """Ask a job to stop; an unknown id is ignored, as on the server."""
        with self._lock:
            job = self._queue.get(job_id)
            if job is not None and job.status == "READY":
                self._end(job, "CANCELLED")
            elif job is not None and job.status == "RUNNING":
                self._queue[job_id] = replace(job, status="STOPPING")

    def stop_all(self) -> None:
        for job in self.queue():
            self.stop(job.id)

    def close(self) -> None:
        self.closing.set()
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()

    def change(self, job_id: str, *, progress: float | None, subtasks: tuple[str, ...]) -> None:
        with self._lock:
            job = self._queue[job_id]
            self._put("UPDATE", replace(job, progress=progress, subTasks=subtasks or None))

    def is_stopping(self, job_id: str) -> bool:
        """Whether a running job was asked to stop, or the server is stopping."""
        with self._lock:
            return self.closing.is_set() or self._queue[job_id].status == "STOPPING"

    def _work(self) -> None:
        for job_id, task in iter(self._waiting.get, None):
            if self.closing.is_set():
                return
            with self._lock:
                job = self._queue.get(job_id)
                if job is None:  # stopped while it waited
                    continue
                self._put("UPDATE", replace(job, status="RUNNING", startTime=now_nanoseconds()))
            error = self._run(job_id, task)
            with self._lock:
                job = self._queue[job_id]
                stopped: JobStatus = "CANCELLED" if job.status == "STOPPING" else "FINISHED"
                self._end(replace(job, error=error), "FAILED" if error else stopped)

    def _run(self, job_id: str, task: Task) -> str | None:
        try:
            task(JobHandle(self, job_id))
        except JobCancelled:
            return None
        except Exception as error:  # noqa: BLE001 - whatever a task raises is its job's error
            text = str(error) or type(error).__name__
            self._log.add("Error", f"task failed due to error: {text}")
            return text
        return None

    def _put(self, kind: EventType, job: Job) -> None:
        self._queue[job.id] = job
        self.tell(JobEvent(kind, job))

    def _end(self, job: Job, status: JobStatus) -> None:
        ended = now_nanoseconds() if job.startTime else None
        job = replace(job, status=status, subTasks=None, endTime=ended)
        del self._queue[job.id]
        self._ended.append(job)
        self.tell(JobEvent("REMOVE", job))


class JobHandle:
    """A task's handle on its job: progress, subtasks, and the request to stop."""

    def __init__(self, jobs: Jobs, job_id: str) -> None:
        self._jobs = jobs
        self._id = job_id
        self._total: int | None = None
        self._done = 0
        self._subtasks: list[str] = []

    def set_total(self, total: int | None) -> None:
        """Set the number of steps; until then progress is unknown."""
        self._total = total
        self._publish()

    def indefinite(self) -> None:
        self.set_total(None)

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
        """Show a subtask while the block runs and count it as one step of the total."""
        self.check()
        with self.doing(subtask):
            yield
            self._jobs.closing.wait(self._jobs.pace)
            self.advance()

    def advance(self) -> None:
        self._done += 1
        self._publish()

    def check(self) -> None:
        if self._jobs.is_stopping(self._id):
            raise JobCancelled

    def _publish(self) -> None:
        progress: float | None = None
        if self._total is not None:
            progress = min(1.0, self._done / self._total) if self._total else 1.0
        self._jobs.change(self._id, progress=progress, subtasks=tuple(self._subtasks))
