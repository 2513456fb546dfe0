"""Iterating over all matches, each item once, while the library changes.

`IdPager` continues after the last id seen, if the filter supports ids; `SnapshotPager` first reads the
ids of all matches, then the items in chunks.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Generic, TypeVar

from .._runtime.errors import InvalidVariableError, ResponseFormatError
from . import documents
from .reading import Search, after_id, checked_length, get_items, id_number, page_after

if TYPE_CHECKING:
    from .._runtime.steps import Procedure
    from ..select.selection import Selection
    from .documents import Found, JustId, Things
    from .kinds import Kind

__all__ = ["IdPager", "Pager", "SnapshotPager", "begin"]

T = TypeVar("T")

_CHUNK = 5000
"""Ids in one request. On a real server (v0.30.1) the ids of 100,000 tags took 2.6 s and 90 MB of its
memory so, 3.4 s and 160 MB in one request."""
_TRIES = 3


class IdPager(Generic[T]):
    """Pages ordered by id. Items changed or deleted in earlier pages do not shift later ones."""

    def __init__(self, kind: Kind, selection: Selection[T], search: Search, page_size: int) -> None:
        self._kind, self._selection, self._search = kind, selection, search
        self._size = page_size
        self._last: str | None = None
        self.done: bool = False

    def next_page(self) -> Procedure[list[T]]:
        """Return the matches after the last id seen."""
        items, ids = yield from page_after(
            self._kind, self._selection, self._search, self._last, self._size
        )
        below = -1 if self._last is None else id_number(self._kind, self._last)
        for id_ in ids:
            number = id_number(self._kind, id_)
            if number <= below:  # there would be no end
                raise ResponseFormatError(
                    f"The ids of {self._kind.items} do not rise: {number} came after {below}, where"
                    " those beyond it were asked for in the order of their ids",
                    operation=self._kind.find,
                    hint="Does the server, or something in front of it, ignore the filter?",
                )
            self._last, below = id_, number
        self.done = len(ids) < self._size
        return items


class SnapshotPager(Generic[T]):
    """Pages over the ids that matched at the start, in the requested order.

    Items deleted in the meantime are skipped.
    """

    def __init__(self, kind: Kind, selection: Selection[T], search: Search, page_size: int) -> None:
        self._kind, self._selection, self._search = kind, selection, search
        self._size = page_size
        self._ids: array[int] | None = None
        self._at = 0

    @property
    def done(self) -> bool:
        """Whether all ids have been read."""
        return self._ids is not None and self._at >= len(self._ids)

    def next_page(self) -> Procedure[list[T]]:
        """Return the items of the next chunk; the first call reads all ids."""
        if self._ids is None:
            self._ids = yield from _list_ids(self._kind, self._search)
        chunk = [str(id_) for id_ in self._ids[self._at : self._at + self._size]]
        self._at += self._size
        return (yield from get_items(self._kind, self._selection, chunk, "skip", self._size))


Pager = IdPager[T] | SnapshotPager[T]


def begin(
    kind: Kind, selection: Selection[T], search: Search, saved: str | None, page_size: int
) -> Procedure[Pager[T]]:
    """Return the pager for a search: by id if the filter supports it and no order is requested."""
    if page_size < 1:
        raise ValueError(f"page_size is {page_size}; it must be 1 or more")
    if saved is not None:
        from ..saved.presets import load_saved

        preset = yield from load_saved(kind, saved)
        search = Search(
            preset.narrowed_by(search.where),
            search.q or preset.q,
            search.sort or preset.sort,
            search.direction or preset.direction,
        )
    ordered = search.sort is not None or search.direction is not None
    if kind.by_id and not ordered and _can_go_on(kind, search.where):
        return IdPager(kind, selection, search, page_size)
    return SnapshotPager(kind, selection, search, page_size)


def _can_go_on(kind: Kind, where: object) -> bool:
    """Whether the filter can be narrowed by an id: the server cannot combine all criteria."""
    try:
        after_id(kind, where, "0")
    except InvalidVariableError:
        return False
    return True


def _list_ids(kind: Kind, search: Search) -> Procedure[array[int]]:
    """Read the ids of all matches (`find…`), in chunks: a million of them fit where a thousand scenes do.

    Each chunk is requested together with the last id of the one before. If that id or the count has
    changed, items were added or removed, and reading starts again. If that keeps happening, or the
    order is random, all ids are read in one request.
    """
    # The order is undefined unless one is requested.
    search = Search(search.where, search.q, search.sort or "id", search.direction)
    for _ in range(_TRIES):
        ids = yield from _in_chunks(kind, search)
        if ids is not None:
            return ids
    whole: Found[JustId] = yield documents.ids(kind, search.paging(-1), search.where)
    ids = array("q", _numbers(kind, whole.found, None))
    if len(set(ids)) != len(ids):
        raise ResponseFormatError(
            f"{len(ids) - len(set(ids))} of {len(ids)} ids of {kind.items} came more than once",
            operation=kind.find,
        )
    return ids


def _in_chunks(kind: Kind, search: Search) -> Procedure[array[int] | None]:
    """Read page after page; return None if items were added or removed in between."""
    ids: array[int] = array("q")
    seen: set[int] = set()
    count: int | None = None
    while True:
        chunk: Found[JustId] = yield documents.ids(
            kind,
            search.paging(_CHUNK, len(ids) // _CHUNK + 1),
            search.where,
            search.paging(1, len(ids)) if ids else None,
        )
        edge = _numbers(kind, chunk.edge, 1) if chunk.edge else []
        if edge != list(ids[-1:]) or count not in (None, chunk.found.count):
            return None
        count = chunk.found.count
        numbers = _numbers(kind, chunk.found, _CHUNK)
        ids.extend(numbers)
        seen.update(numbers)
        if len(seen) < len(ids) or len(ids) > count:
            return None
        if len(numbers) < _CHUNK:
            return ids if len(ids) == count else None


def _numbers(kind: Kind, found: Things[JustId], at_most: int | None) -> list[int]:
    ids = checked_length(kind, [item.id for item in found.items], at_most)
    return [id_number(kind, id_) for id_ in ids]
