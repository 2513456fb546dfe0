"""Collections such as `stash.scenes` and `stash.tags`: reading and changing many items at once."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, overload

from .._runtime.base_model import InputModel
from .._runtime.steps import AsyncExecutor, Procedure, perform
from .ahead import pages
from .changing import update_each
from .documents import selected
from .given import given_id
from .paging import begin
from .reading import Page, Search, count_matching, find_page, get_items
from .relating import Mode, change_relation
from .resolving import resolve_names

if TYPE_CHECKING:
    from pydantic import BaseModel

    from .._runtime.errors import Outcome
    from ..enums import SortDirectionEnum
    from .kinds import Kind

    _Row = TypeVar("_Row", bound=BaseModel)

__all__ = [
    "Collection",
    "NamedCollection",
    "NamedTagCollection",
    "PerformerCollection",
    "TagCollection",
]

T = TypeVar("T")
M = TypeVar("M")
F = TypeVar("F")
U = TypeVar("U", bound=InputModel)

PAGE_SIZE = 250


class Collection(Generic[M, F, U]):
    """All items of one kind: `M` is their model, `F` the filter, `U` the update input."""

    def __init__(self, executor: AsyncExecutor, kind: Kind) -> None:
        self._executor = executor
        self._kind = kind

    def __repr__(self) -> str:
        return f"<Collection {self._kind.items}>"

    async def _do(self, procedure: Procedure[T]) -> T:
        return await perform(self._executor, procedure)

    @overload
    async def get(self, id: str) -> M | None: ...
    @overload
    async def get(self, id: str, *, select: type[_Row]) -> _Row | None: ...
    async def get(self, id: str, *, select: type[_Row] | None = None) -> M | _Row | None:
        """Return the item with an id.

        Args:
            id: the id of the item.
            select: your own pydantic model, whose fields are selected; by default the public model.

        Returns:
            The item, or None if there is none with that id.
        """
        selection = selected(self._kind, select)
        items = await self._do(get_items(self._kind, selection, [given_id(id, "id")], "skip"))
        return items[0] if items else None

    @overload
    async def get_many(
        self, ids: Iterable[str], *, missing: Literal["skip", "raise"] = "skip"
    ) -> list[M]: ...
    @overload
    async def get_many(
        self,
        ids: Iterable[str],
        *,
        missing: Literal["skip", "raise"] = "skip",
        select: type[_Row],
    ) -> list[_Row]: ...
    async def get_many(
        self,
        ids: Iterable[str],
        *,
        missing: Literal["skip", "raise"] = "skip",
        select: type[_Row] | None = None,
    ) -> list[M] | list[_Row]:
        """Return items by their ids, with one request for every 200 ids.

        Args:
            ids: the ids of the items.
            missing: whether to skip ids that do not exist, or to raise.
            select: as for `get`.

        Returns:
            The items, in the order of `ids`.

        Raises:
            NotFoundError: some ids do not exist, and `missing` is "raise".
        """
        return await self._do(get_items(self._kind, selected(self._kind, select), ids, missing))

    @overload
    async def find(
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
    async def find(
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
    async def find(
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
        """Return one page of matches and the total count. Use `iterate` for all matches.

        Args:
            where: the filter; None for everything.
            q: search terms, as in the search field of the web interface.
            sort: the field to sort by; without one the order is undefined.
            direction: the sort direction, ascending by default.
            page: the page number, from 1.
            per_page: the number of items on a page.
            select: as for `get`.

        Returns:
            The page.
        """
        selection = selected(self._kind, select)
        search = Search(where, q, sort, direction)
        return await self._do(find_page(self._kind, selection, search, page, per_page))

    async def count(self, where: F | None = None, *, q: str | None = None) -> int:
        """Return the number of matches.

        Args:
            where, q: as for `find`.

        Returns:
            The number of matching items.
        """
        return await self._do(count_matching(self._kind, Search(where, q)))

    @overload
    async def first(
        self,
        where: F | None = None,
        *,
        q: str | None = None,
        sort: str | None = None,
        direction: SortDirectionEnum | None = None,
    ) -> M | None: ...
    @overload
    async def first(
        self,
        where: F | None = None,
        *,
        q: str | None = None,
        sort: str | None = None,
        direction: SortDirectionEnum | None = None,
        select: type[_Row],
    ) -> _Row | None: ...
    async def first(
        self,
        where: F | None = None,
        *,
        q: str | None = None,
        sort: str | None = None,
        direction: SortDirectionEnum | None = None,
        select: type[_Row] | None = None,
    ) -> M | _Row | None:
        """Return the first match.

        Args:
            where, q, sort, direction, select: as for `find`.

        Returns:
            The item, or None if nothing matches.
        """
        selection = selected(self._kind, select)
        search = Search(where, q, sort, direction)
        found = await self._do(find_page(self._kind, selection, search, page=1, per_page=1))
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
    ) -> AsyncGenerator[M, None]: ...
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
    ) -> AsyncGenerator[_Row, None]: ...
    async def iterate(
        self,
        where: F | None = None,
        *,
        q: str | None = None,
        saved: str | None = None,
        sort: str | None = None,
        direction: SortDirectionEnum | None = None,
        page_size: int = PAGE_SIZE,
        select: type[_Row] | None = None,
    ) -> AsyncGenerator[M | _Row, None]:
        """Iterate over all matches, yielding each item exactly once, in bounded memory.

        Items may be changed, untagged, deleted or added during the iteration: none is skipped or
        yielded twice. Scenes, images and galleries are paged by id, each page starting after the
        last id seen. The other kinds, and every kind when `sort` is given, are read from a list of
        the ids that matched at the start. The next page is fetched ahead.

        Args:
            where, q, select: as for `find`.
            saved: the name of a saved filter to start from; `where` narrows it down.
            sort: the field to sort by.
            direction: the sort direction, ascending by default.
            page_size: the number of items in a request.

        Yields:
            The items.

        Raises:
            NotFoundError: there is no saved filter with that name.
        """
        selection = selected(self._kind, select)
        search = Search(where, q, sort, direction)
        pager = await self._do(begin(self._kind, selection, search, saved, page_size))
        async with aclosing(pages(self._executor, pager)) as found:
            async for items in found:
                while items:  # no item is kept: URLs in the caller's model may contain the API key
                    yield items.pop(0)

    async def update_many(self, changes: Sequence[U]) -> list[Outcome]:
        """Update many items, each with its own input, in few requests.

        Args:
            changes: update inputs; a relation that is set replaces the existing one.

        Returns:
            An outcome for each change, in order.

        Raises:
            ChangesFailedError: some changes were refused, or their outcome is unknown, for example
                after a lost connection; `.outcomes` has the outcome of each.
            TypeError: a change is not an update input of this kind.
        """
        return await self._do(update_each(self._kind, changes))


class TagCollection(Collection[M, F, U]):
    """A collection of items that can have tags."""

    async def _relate(
        self,
        ids: Iterable[str],
        field: str,
        related: Iterable[str],
        mode: Mode,
    ) -> int:
        return await self._do(change_relation(self._kind, ids, field, related, mode))

    async def add_tags(self, ids: Iterable[str], tags: Iterable[str]) -> int:
        """Add tags to items, keeping the tags they have (`bulk…Update`, mode ADD).

        Releases before v0.30 have no bulk update for studios and markers: there the tags of each
        item are read and then set, which overwrites a concurrent change.

        Args:
            ids: the ids of the items, any number.
            tags: the ids of the tags; `stash.tags.resolve` returns them for names.

        Returns:
            The number of items requested.

        Raises:
            NotFoundError: one of the ids does not exist.
            ChangesFailedError: only some items were changed, or the outcome of some is unknown.
            TypeError: a string was given instead of a list.
        """
        return await self._relate(ids, "tag_ids", tags, "ADD")

    async def remove_tags(self, ids: Iterable[str], tags: Iterable[str]) -> int:
        """Remove tags from items (`bulk…Update`, mode REMOVE).

        Arguments, return value and errors are those of `add_tags`.
        """
        return await self._relate(ids, "tag_ids", tags, "REMOVE")

    async def set_tags(self, ids: Iterable[str], tags: Iterable[str]) -> int:
        """Replace the tags of items (`bulk…Update`, mode SET).

        Arguments, return value and errors are those of `add_tags`.
        """
        return await self._relate(ids, "tag_ids", tags, "SET")


class PerformerCollection(TagCollection[M, F, U]):
    """A collection of items that can have tags and performers."""

    async def add_performers(self, ids: Iterable[str], performers: Iterable[str]) -> int:
        """Add performers to items (`bulk…Update`, mode ADD).

        Args:
            ids: the ids of the items, any number.
            performers: the ids of the performers.

        Returns:
            The number of items requested.

        Raises:
            NotFoundError: one of the ids does not exist.
            ChangesFailedError: as for `add_tags`.
            TypeError: a string was given instead of a list.
        """
        return await self._relate(ids, "performer_ids", performers, "ADD")

    async def remove_performers(self, ids: Iterable[str], performers: Iterable[str]) -> int:
        """Remove performers from items (`bulk…Update`, mode REMOVE).

        Arguments, return value and errors are those of `add_performers`.
        """
        return await self._relate(ids, "performer_ids", performers, "REMOVE")

    async def set_performers(self, ids: Iterable[str], performers: Iterable[str]) -> int:
        """Replace the performers of items (`bulk…Update`, mode SET).

        Arguments, return value and errors are those of `add_performers`.
        """
        return await self._relate(ids, "performer_ids", performers, "SET")


class NamedCollection(Collection[M, F, U]):
    """A collection of items that can be looked up by name."""

    async def resolve(self, names: Iterable[str], create: bool = False) -> dict[str, str]:
        """Return the ids for names and aliases, ignoring case, with one request for any number.

        Args:
            names: the names to look up.
            create: whether to create missing names, with one more request for every 1,000 names.

        Returns:
            The ids, keyed by the names as given.

        Raises:
            NotFoundError: some names do not exist and `create` is false; lists them.
            ChangesFailedError: some names could not be created, or their outcome is unknown;
                `.outcomes` has the outcome and name of each item to be created.
            TypeError: `names` is a single string, or one of the names is not a string.
        """
        return await self._do(resolve_names(self._kind, names, create))


class NamedTagCollection(NamedCollection[M, F, U], TagCollection[M, F, U]):
    """A collection of items that can be looked up by name and can have tags."""
