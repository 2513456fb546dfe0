"""One state of a job as `on_update` and `updates()` give it."""

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
    """A job as the server told it last, and whether the server can be heard just now."""

    _interruption: StashError | None = PrivateAttr(default=None)

    @property
    def interruption(self) -> StashError | None:
        """Why the server cannot be heard; the rest is then what it said before. None as a rule.

        It is told once when an interruption begins. The next update, without one, ends it.
        """
        return self._interruption

    @classmethod
    def of(cls, job: models.Job, interruption: StashError | None = None) -> Self:
        """Make an update of what the server told.

        Args:
            job: the job as it was seen last.
            interruption: why the server cannot be heard now; None when it can.
        """
        update = cls.model_construct(job.model_fields_set, **dict(job))
        update._interruption = interruption
        return update

    def __eq__(self, other: object) -> bool:
        """Compare as the job that it shows, so that it equals what `wait` returns."""
        if isinstance(other, JobUpdate) and self._interruption is not other._interruption:
            return False
        return isinstance(other, models.Job) and dict(self) == dict(other)

    def __repr_args__(self) -> Iterator[tuple[str | None, object]]:
        yield from super().__repr_args__()
        if self._interruption is not None:
            yield "interruption", self._interruption
