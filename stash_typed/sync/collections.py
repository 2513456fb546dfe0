"""The collections of `SyncStashClient`: what `Collection` does, without waiting for it.

Nothing is fetched ahead here: that would take a thread.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, cast, overload

from .._runtime.base_model import InputModel
from .._runtime.steps import Procedure, SyncExecutor, perform_sync
from ..library.changing import update_each
from ..library.given import given_id, given_ids
from ..library.paging import pager_for
from ..library.reading import Page, chunks, count_matching, find_page, get_items
from ..library.relating import change_relation
from ..library.resolving import resolve_names
from ..library.selection import Choice, chosen, shipped_choice

if TYPE_CHECKING:
    from pydantic import BaseModel

    from .._runtime.errors import Outcome
    from ..enums import SortDirectionEnum
    from ..library.kinds import Kind

    _Row = TypeVar("_Row", bound=BaseModel)

__all__ = ["SyncCollection", "SyncNamedCollection", "SyncPerformerCollection", "SyncTagCollection"]

T = TypeVar("T")
M = TypeVar("M")
F = TypeVar("F")
U = TypeVar("U", bound=InputModel)

_GET_CHUNK = 200
PAGE_SIZE = 250


class SyncCollection(Generic[M, F, U]):
    """All things of one kind: `M` is their model, `F` the filter, `U` the input that changes one."""

    def __init__(self, asker: SyncExecutor, kind: Kind) -> None:
        self._asker = asker
        self._kind = kind

    def __repr__(self) -> str:
        return f"<SyncCollection {self._kind.items}>"

    def _do(self, procedure: Procedure[T]) -> T:
        return perform_sync(self._asker, procedure)

    def _choice(self, select: type[T] | None) -> Choice[T]:
        if select is None:
            return cast("Choice[T]", shipped_choice(self._kind))
        return chosen(self._kind, select)

    @overload
    def get(self, id: str) -> M | None: ...
    @overload
    def get(self, id: str, *, select: type[_Row]) -> _Row | None: ...
    def get(self, id: str, *, select: type[_Row] | None = None) -> M | _Row | None:
        """Read one by its id. As `Collection.get`."""
        items = self._do(get_items(self._kind, self._choice(select), [given_id(id, "id")], "skip"))
        return items[0] if items else None

    @overload
    def get_many(
        self, ids: Iterable[str], *, missing: Literal["skip", "raise"] = "skip"
    ) -> list[M]: ...
    @overload
    def get_many(
        self,
        ids: Iterable[str],
        *,
        missing: Literal["skip", "raise"] = "skip",
        select: type[_Row],
    ) -> list[_Row]: ...
    def get_many(
        self,
        ids: Iterable[str],
        *,
        missing: Literal["skip", "raise"] = "skip",
        select: type[_Row] | None = None,
    ) -> list[M] | list[_Row]:
        """Read many by their ids, one request for 200 of them. As `Collection.get_many`."""
        found: list[_Row] = []
        choice = self._choice(select)
        for chunk in chunks(given_ids(ids, "ids"), _GET_CHUNK):
            found += self._do(get_items(self._kind, choice, chunk, missing))
        return found

    @overload
    def find(
        self,
        where: F | None = None,
        *,
        q: str | None = None,
        sort: str | None = None,
        direction: SortDirectionEnum | None = None,
        page: int = 1,
        per_page: int = 25,
    ) -> Page[M]: ...
    @overload
    def find(
        self,
        where: F | None = None,
        *,
        q: str | None = None,
        sort: str | None = None,
        direction: SortDirectionEnum | None = None,
        page: int = 1,
        per_page: int = 25,
        select: type[_Row],
    ) -> Page[_Row]: ...
    def find(
        self,
        where: F | None = None,
        *,
        q: str | None = None,
        sort: str | None = None,
        direction: SortDirectionEnum | None = None,
        page: int = 1,
        per_page: int = 25,
        select: type[_Row] | None = None,
    ) -> Page[M] | Page[_Row]:
        """Read one page of what matches, and how many there are. For all of them, `iterate`. As `Collection.find`."""
        return self._do(
            find_page(
                self._kind,
                self._choice(select),
                where,
                q=q,
                sort=sort,
                direction=direction,
                page=page,
                per_page=per_page,
            )
        )

    def count(self, where: F | None = None, *, q: str | None = None) -> int:
        """Count what matches. As `Collection.count`."""
        return self._do(count_matching(self._kind, where, q))

    @overload
    def first(
        self,
        where: F | None = None,
        *,
        q: str | None = None,
        sort: str | None = None,
        direction: SortDirectionEnum | None = None,
    ) -> M | None: ...
    @overload
    def first(
        self,
        where: F | None = None,
        *,
        q: str | None = None,
        sort: str | None = None,
        direction: SortDirectionEnum | None = None,
        select: type[_Row],
    ) -> _Row | None: ...
    def first(
        self,
        where: F | None = None,
        *,
        q: str | None = None,
        sort: str | None = None,
        direction: SortDirectionEnum | None = None,
        select: type[_Row] | None = None,
    ) -> M | _Row | None:
        """Read the first that matches. As `Collection.first`."""
        found = self._do(
            find_page(
                self._kind,
                self._choice(select),
                where,
                q=q,
                sort=sort,
                direction=direction,
                page=1,
                per_page=1,
            )
        )
        return found.items[0] if found.items else None

    @overload
    def iterate(
        self,
        where: F | None = None,
        *,
        q: str | None = None,
        saved: str | None = None,
        sort: str | None = None,
        direction: SortDirectionEnum | None = None,
        page_size: int = PAGE_SIZE,
    ) -> Generator[M, None, None]: ...
    @overload
    def iterate(
        self,
        where: F | None = None,
        *,
        q: str | None = None,
        saved: str | None = None,
        sort: str | None = None,
        direction: SortDirectionEnum | None = None,
        page_size: int = PAGE_SIZE,
        select: type[_Row],
    ) -> Generator[_Row, None, None]: ...
    def iterate(
        self,
        where: F | None = None,
        *,
        q: str | None = None,
        saved: str | None = None,
        sort: str | None = None,
        direction: SortDirectionEnum | None = None,
        page_size: int = PAGE_SIZE,
        select: type[_Row] | None = None,
    ) -> Generator[M | _Row, None, None]:
        """Go through everything that matches, each thing exactly once, in bounded memory. As `Collection.iterate`."""
        if saved is not None:
            from ..saved.presets import load_saved

            preset = self._do(load_saved(self._kind, saved))
            where = cast("F", preset.narrowed_by(where))
            q, sort, direction = q or preset.q, sort or preset.sort, direction or preset.direction
        pager = pager_for(
            self._kind,
            self._choice(select),
            where,
            q=q,
            page_size=page_size,
            sort=sort,
            direction=direction,
        )
        while not pager.done:
            yield from self._do(pager.next_page())

    def update_many(self, changes: Sequence[U]) -> list[Outcome]:
        """Change many, each in its own way, in few requests. As `Collection.update_many`."""
        return self._do(update_each(self._kind, changes))

    def _relate(
        self,
        ids: Iterable[str],
        field: str,
        related: Iterable[str],
        mode: Literal["ADD", "REMOVE", "SET"],
    ) -> int:
        return self._do(change_relation(self._kind, ids, field, related, mode))


class SyncTagCollection(SyncCollection[M, F, U]):
    """Things that can have tags."""

    def add_tags(self, ids: Iterable[str], tags: Iterable[str]) -> int:
        """Add tags to things, whatever tags they have (`bulk…Update`, mode ADD). As `Collection._relate`."""
        return self._relate(ids, "tag_ids", tags, "ADD")

    def remove_tags(self, ids: Iterable[str], tags: Iterable[str]) -> int:
        """Take tags off things (mode REMOVE). As `Collection.remove_tags`."""
        return self._relate(ids, "tag_ids", tags, "REMOVE")

    def set_tags(self, ids: Iterable[str], tags: Iterable[str]) -> int:
        """Give things just these tags and no others (mode SET). As `Collection.set_tags`."""
        return self._relate(ids, "tag_ids", tags, "SET")


class SyncPerformerCollection(SyncTagCollection[M, F, U]):
    """Things that can have tags and performers."""

    def add_performers(self, ids: Iterable[str], performers: Iterable[str]) -> int:
        """Add performers to things (`bulk…Update`, mode ADD). As `Collection.add_performers`."""
        return self._relate(ids, "performer_ids", performers, "ADD")

    def remove_performers(self, ids: Iterable[str], performers: Iterable[str]) -> int:
        """Take performers off things (mode REMOVE). As `Collection.remove_performers`."""
        return self._relate(ids, "performer_ids", performers, "REMOVE")

    def set_performers(self, ids: Iterable[str], performers: Iterable[str]) -> int:
        """Give things just these performers and no others (mode SET). As `Collection.set_performers`."""
        return self._relate(ids, "performer_ids", performers, "SET")


class SyncNamedCollection(SyncCollection[M, F, U]):
    """Things that have names of their own."""

    def resolve(self, names: Iterable[str], create: bool = False) -> dict[str, str]:
        """Look names up, aliases counted, upper and lower case alike: one request, any number. As `Collection.resolve`."""
        return self._do(resolve_names(self._kind, names, create))


class SyncNamedTagCollection(SyncNamedCollection[M, F, U], SyncTagCollection[M, F, U]):
    """Things that have names of their own and can have tags."""
