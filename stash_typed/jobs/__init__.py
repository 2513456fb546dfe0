"""Jobs in the background of the server: starting them, and waiting until they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .job import Job
    from .update import JobUpdate

__all__ = ["Job", "JobUpdate"]


def __getattr__(name: str) -> object:
    if name == "Job":
        from .job import Job

        return Job
    if name == "JobUpdate":
        from .update import JobUpdate

        return JobUpdate
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
