"""Going through everything that matches, each thing once, while it changes. No I/O.

Two ways, with one face: `IdPager` goes on after the last id that it saw, where the filter knows
ids; `SnapshotPager` fetches the ids of all matches first, and the things in chunks.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from .._runtime.errors import InvalidVariableError, ResponseFormatError
from .reading import after_id, get_items, id_number, page_after
from .snapshot import list_ids

if TYPE_CHECKING:
    from .._runtime.steps import Procedure
    from ..enums import SortDirectionEnum
    from .kinds import Kind
    from .selection import Choice

__all__ = ["IdPager", "Pager", "SnapshotPager", "pager_for"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Pager(Protocol[T_co]):
    """Gives one page after another.

    Attributes:
        done: whether there is no further page.
    """

    @property
    def done(self) -> bool: ...

    def next_page(self) -> Procedure[Sequence[T_co]]:
        """Read the next page; it may be empty without being the last."""
        ...


class IdPager(Generic[T]):
    """Pages in the order of ids. What the caller changes or deletes behind it moves nothing."""

    def __init__(
        self, kind: Kind, choice: Choice[T], where: object, q: str | None, page_size: int
    ) -> None:
        self._kind, self._choice, self._where, self._q = kind, choice, where, q
        self._size = page_size
        self._last: str | None = None
        self.done: bool = False

    def next_page(self) -> Procedure[list[T]]:
        """Read the matches after the last one seen."""
        items, ids = yield from page_after(
            self._kind, self._choice, self._where, q=self._q, last_id=self._last, size=self._size
        )
        self._last = self._risen(ids)
        self.done = len(ids) < self._size
        return items

    def _risen(self, ids: list[str]) -> str | None:
        """Give the last id; each must be beyond the one before, or there would be no end."""
        last, below = self._last, -1 if self._last is None else id_number(self._kind, self._last)
        for id_ in ids:
            number = id_number(self._kind, id_)
            if number <= below:
                raise ResponseFormatError(
                    f"The ids of {self._kind.items} do not rise: {number} came after {below}, where"
                    " those beyond it were asked for in the order of their ids",
                    operation=self._kind.find,
                    hint="Does the server, or something in front of it, ignore the filter?",
                )
            last, below = id_, number
        return last


class SnapshotPager(Generic[T]):
    """Pages over the ids that matched at the beginning, in the order that was asked for.

    Things that are gone when their turn comes are left out.
    """

    def __init__(
        self,
        kind: Kind,
        choice: Choice[T],
        where: object,
        q: str | None,
        page_size: int,
        sort: str | None,
        direction: SortDirectionEnum | None,
    ) -> None:
        self._kind, self._choice, self._where, self._q = kind, choice, where, q
        self._size, self._sort, self._direction = page_size, sort, direction
        self._ids: array[int] | None = None
        self._at = 0

    @property
    def done(self) -> bool:
        """Whether all ids had their turn."""
        return self._ids is not None and self._at >= len(self._ids)

    def next_page(self) -> Procedure[list[T]]:
        """Read the next chunk of ids, and before the first all the ids."""
        if self._ids is None:
            self._ids = yield from list_ids(
                self._kind, self._where, q=self._q, sort=self._sort, direction=self._direction
            )
        chunk = [str(id_) for id_ in self._ids[self._at : self._at + self._size]]
        self._at += self._size
        if not chunk:
            return []
        return (yield from get_items(self._kind, self._choice, chunk, "skip"))


def pager_for(
    kind: Kind,
    choice: Choice[T],
    where: object,
    *,
    q: str | None,
    page_size: int,
    sort: str | None,
    direction: SortDirectionEnum | None,
) -> Pager[T]:
    """Choose the way: ids where the filter knows them and no other order is asked for."""
    if page_size < 1:
        raise ValueError(f"page_size is {page_size}; it must be 1 or more")
    if kind.by_id and sort is None and direction is None and _can_go_on(kind, where):
        return IdPager(kind, choice, where, q, page_size)
    return SnapshotPager(kind, choice, where, q, page_size, sort, direction)


def _can_go_on(kind: Kind, where: object) -> bool:
    """Whether the filter can be narrowed down by an id: the server cannot combine all criteria."""
    try:
        after_id(kind, where, "0")
    except InvalidVariableError:
        return False
    return True
