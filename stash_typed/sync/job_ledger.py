"""The jobs that a synchronous client started, and the results of those not awaited yet.

The server forgets all but the last ten that ended, and no events come to a client without a thread
for them. So while many are under way, those are looked at in between: at each start, and while one
of them is waited for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, TypeVar
from weakref import WeakKeyDictionary

from .._runtime.errors import StashError
from .._runtime.sync_base_client import SyncBaseClient
from ..jobs.watch import JobRecord, has_ended, named_job

if TYPE_CHECKING:
    from .. import models
    from ..inputs import FindJobInput

__all__ = ["JobLedger", "SyncJobClient"]

_FEW = 5
"""The number of unawaited jobs that is safe: the server remembers ten."""
_OLDEST = 30
"""The number of jobs looked up in one request: they end in the order in which they started."""


_Client = TypeVar("_Client", bound=SyncBaseClient[object])


class SyncJobClient(Protocol):
    """The client methods that jobs need."""

    def bind(self, client: type[_Client]) -> _Client: ...
    def find_job(self, input: FindJobInput) -> models.Job | None: ...
    def stop_job(self, job_id: str) -> bool: ...


class _ManyJobs(SyncBaseClient[str]):
    def find(self, ids: Sequence[str]) -> dict[str, models.Job | None]:
        from ..library import documents

        ask = documents.jobs(ids)
        found: documents.ById[models.Job] = self._execute(ask.operation, ask.result, ask.variables)
        return {id_: found.root.get(f"item{n}") for n, id_ in enumerate(ids)}


class JobLedger:
    """The jobs that one client started. Shared by any number of threads."""

    def __init__(self, client: SyncJobClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        # In the order in which they were started, which no set keeps.
        self._unknown: WeakKeyDictionary[JobRecord, None] = WeakKeyDictionary()

    def close(self) -> None:
        """Do nothing: no subscription is open."""

    def start(self, send: Callable[[], str]) -> JobRecord:
        """Start a task, after looking up the jobs started before."""
        self.look_around()
        record = JobRecord(named_job(send()), since=0)
        with self._lock:
            self._unknown[record] = None
        return record

    def look_up(self, record: JobRecord) -> models.Job | None:
        """Look up the job that currently has an id on the server."""
        from ..inputs import FindJobInput

        return self._client.find_job(FindJobInput(id=record.job_id))

    def settle(self, record: JobRecord) -> None:
        """Mark a job as finished."""
        with self._lock:
            self._unknown.pop(record, None)

    def look_around(self) -> bool:
        """Record which jobs have ended, and return whether many are still under way."""
        with self._lock:
            unknown = list(self._unknown)
        if len(unknown) <= _FEW:
            return False
        with suppress(StashError):  # whoever waits for one will ask again
            oldest = unknown[:_OLDEST]
            found = self._client.bind(_ManyJobs).find([record.job_id for record in oldest])
            for record in oldest:
                job = found[record.job_id]
                if job is None or not record.is_of(job) or has_ended(job):
                    self.settle(record)
        return True
