"""Jobs that a synchronous client started, and how those ended that nobody waits for yet.

The server forgets all but the last ten that ended, and no events come to a client without a thread
for them. So while many are under way, those are looked at in between: at each start, and while one
of them is waited for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from .._runtime.errors import StashError
from .._runtime.steps import SyncExecutor, perform_sync
from ..jobs.task_input import named_job
from ..jobs.watch import JobRecord, has_ended

if TYPE_CHECKING:
    from .. import models
    from ..inputs import FindJobInput

__all__ = ["JobLedger", "SyncJobClient"]

_FEW = 5
"""So many jobs that nobody waits for yet cannot be forgotten: the server remembers ten."""
_OLDEST = 30
"""Jobs that are looked at in one request: they end in the order in which they were started."""


class SyncJobClient(Protocol):
    """What a client has for jobs."""

    def find_job(self, input: FindJobInput) -> models.Job | None: ...
    def stop_job(self, job_id: str) -> bool: ...


class JobLedger:
    """The jobs that one client started. Shared by any number of threads."""

    def __init__(self, client: SyncJobClient, asker: SyncExecutor | None = None) -> None:
        """Start with none; nothing is sent.

        Args:
            client: the client whose server runs the jobs.
            asker: its connection, for jobs that are started here.
        """
        self._client = client
        self._asker = asker
        self._lock = threading.Lock()
        # In the order in which they were started, which no set keeps.
        self._unknown: WeakKeyDictionary[JobRecord, None] = WeakKeyDictionary()

    def start(self, send: Callable[[], str]) -> JobRecord:
        """Start a task, after a look at those that were started before.

        Args:
            send: starts it, and answers the job's id.
        """
        self.look_around()
        record = JobRecord(named_job(send()), since=0)
        with self._lock:
            self._unknown[record] = None
        return record

    def look_up(self, record: JobRecord) -> models.Job | None:
        """Ask the server for whatever it means by a job's id."""
        from ..inputs import FindJobInput

        return self._client.find_job(FindJobInput(id=record.job_id))

    def settle(self, record: JobRecord) -> None:
        """Take note that somebody knows a job's end."""
        with self._lock:
            self._unknown.pop(record, None)

    def look_around(self) -> bool:
        """Note the ends of jobs that are not known, when there are many.

        Returns:
            Whether there are.
        """
        with self._lock:
            unknown = list(self._unknown)
        if self._asker is None or len(unknown) <= _FEW:
            return False
        from ..jobs.look_up import find_jobs

        with suppress(StashError):  # whoever waits for one will ask again
            oldest = unknown[:_OLDEST]
            found = perform_sync(self._asker, find_jobs([record.job_id for record in oldest]))
            for record in oldest:
                job = found[record.job_id]
                if job is None or not record.is_of(job) or has_ended(job):
                    self.settle(record)
        return True
