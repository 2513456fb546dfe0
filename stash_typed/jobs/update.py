"""The state of a job that `on_update` and `updates()` report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import PrivateAttr

from .. import models
from .._runtime.errors import StashError

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["JobUpdate"]


class JobUpdate(models.Job):
    """The last known state of a job, and whether the server is currently reachable."""

    _interruption: StashError | None = PrivateAttr(default=None)

    @property
    def interruption(self) -> StashError | None:
        """The reason the server is unreachable, in which case the rest is the last known state; else None.

        It is reported once, when an interruption begins. The next update, without one, ends it.
        """
        return self._interruption

    @classmethod
    def of(cls, job: models.Job, interruption: StashError | None = None) -> Self:
        """Create an update from a job.

        Args:
            job: the last known state of the job.
            interruption: why the server is unreachable; None if it is reachable.
        """
        update = cls.model_construct(job.model_fields_set, **dict(job))
        update._interruption = interruption
        return update

    def __eq__(self, other: object) -> bool:
        """Compare by the job, so that the final update equals what `wait` returns."""
        if isinstance(other, JobUpdate) and self._interruption is not other._interruption:
            return False
        return isinstance(other, models.Job) and dict(self) == dict(other)

    def __repr_args__(self) -> Iterator[tuple[str | None, object]]:
        yield from super().__repr_args__()
        if self._interruption is not None:
            yield "interruption", self._interruption
