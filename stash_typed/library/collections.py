"""Collections: `stash.scenes`, `stash.tags` … with what people do to many things, a line each."""

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
    """All things of one kind: `M` is their model, `F` the filter, `U` the input that changes one."""

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
        """Read one by its id.

        Args:
            id: its id.
            select: a pydantic model of yours whose fields are asked for; by default the public model.

        Returns:
            It; None when there is none of that id.
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
        """Read many by their ids, one request for 200 of them.

        Args:
            ids: their ids.
            missing: what to do about those that are not there: leave them out, or raise.
            select: as for `get`.

        Returns:
            Them, in the order asked.

        Raises:
            NotFoundError: some are not there, and `missing` is "raise".
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
        """Read one page of what matches, and how many there are. For all of them, `iterate`.

        Args:
            where: the filter; None for everything.
            q: words to look for, as in the search field of the server's page.
            sort: the field to sort by; without one no order is promised.
            direction: ascending unless told otherwise.
            page: which page, from 1.
            per_page: how many on a page.
            select: as for `get`.

        Returns:
            The page.
        """
        selection = selected(self._kind, select)
        search = Search(where, q, sort, direction)
        return await self._do(find_page(self._kind, selection, search, page, per_page))

    async def count(self, where: F | None = None, *, q: str | None = None) -> int:
        """Count what matches.

        Args:
            where, q: as for `find`.

        Returns:
            How many there are.
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
        """Read the first that matches.

        Args:
            where, q, sort, direction, select: as for `find`.

        Returns:
            It; None when nothing matches.
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
        """Go through everything that matches, each thing exactly once, in bounded memory.

        The caller may change, untag or delete what it is given, and others may add: nothing is
        skipped or given twice. Scenes, images and galleries come in the order of their ids, each
        page beginning after the last id; the other kinds, and all of them when `sort` is given, by
        a list of the ids that matched at the beginning. The next page is fetched ahead.

        Args:
            where, q, select: as for `find`.
            saved: the name of a saved filter to begin with; `where` narrows it down.
            sort: the field to sort by.
            direction: ascending unless told otherwise.
            page_size: how many are fetched at once.

        Yields:
            The things.

        Raises:
            NotFoundError: there is no saved filter of that name.
        """
        selection = selected(self._kind, select)
        search = Search(where, q, sort, direction)
        pager = await self._do(begin(self._kind, selection, search, saved, page_size))
        async with aclosing(pages(self._executor, pager)) as found:
            async for items in found:
                while items:  # none is kept: links in a model of the caller's may carry the key
                    yield items.pop(0)

    async def update_many(self, changes: Sequence[U]) -> list[Outcome]:
        """Change many, each in its own way, in few requests.

        Args:
            changes: update inputs; a relation that is given replaces the one that is there.

        Returns:
            An outcome for each change, in order.

        Raises:
            ChangesFailedError: some were refused, or are not known to be made, such as where the
                connection broke; `.outcomes` tells of each.
            TypeError: one of them is no update input of these things.
        """
        return await self._do(update_each(self._kind, changes))


class TagCollection(Collection[M, F, U]):
    """Things that can have tags."""

    async def _relate(
        self,
        ids: Iterable[str],
        field: str,
        related: Iterable[str],
        mode: Mode,
    ) -> int:
        return await self._do(change_relation(self._kind, ids, field, related, mode))

    async def add_tags(self, ids: Iterable[str], tags: Iterable[str]) -> int:
        """Add tags to things, whatever tags they have (`bulk…Update`, mode ADD).

        Releases before v0.30 have no bulk form for studios and markers: there the tags of each are
        read and set, so that somebody else's change in between is lost.

        Args:
            ids: ids of the things, any number.
            tags: ids of the tags; `stash.tags.resolve` gives them for names.

        Returns:
            How many things were asked for.

        Raises:
            NotFoundError: one of them is not there.
            ChangesFailedError: some are not made after others were, or are not known to be.
            TypeError: a text stands in place of a list.
        """
        return await self._relate(ids, "tag_ids", tags, "ADD")

    async def remove_tags(self, ids: Iterable[str], tags: Iterable[str]) -> int:
        """Take tags off things (mode REMOVE).

        Arguments, result and errors are those of `add_tags`.
        """
        return await self._relate(ids, "tag_ids", tags, "REMOVE")

    async def set_tags(self, ids: Iterable[str], tags: Iterable[str]) -> int:
        """Set the tags of things to just these and no others (mode SET).

        Arguments, result and errors are those of `add_tags`.
        """
        return await self._relate(ids, "tag_ids", tags, "SET")


class PerformerCollection(TagCollection[M, F, U]):
    """Things that can have tags and performers."""

    async def add_performers(self, ids: Iterable[str], performers: Iterable[str]) -> int:
        """Add performers to things (`bulk…Update`, mode ADD).

        Args:
            ids: ids of the things, any number.
            performers: ids of the performers.

        Returns:
            How many things were asked for.

        Raises:
            NotFoundError: one of them is not there.
            ChangesFailedError: as for `add_tags`.
            TypeError: a text stands in place of a list.
        """
        return await self._relate(ids, "performer_ids", performers, "ADD")

    async def remove_performers(self, ids: Iterable[str], performers: Iterable[str]) -> int:
        """Take performers off things (mode REMOVE).

        Arguments, result and errors are those of `add_performers`.
        """
        return await self._relate(ids, "performer_ids", performers, "REMOVE")

    async def set_performers(self, ids: Iterable[str], performers: Iterable[str]) -> int:
        """Set the performers of things to just these and no others (mode SET).

        Arguments, result and errors are those of `add_performers`.
        """
        return await self._relate(ids, "performer_ids", performers, "SET")


class NamedCollection(Collection[M, F, U]):
    """Things that have names of their own."""

    async def resolve(self, names: Iterable[str], create: bool = False) -> dict[str, str]:
        """Look names up, aliases counted, upper and lower case alike: one request, any number.

        Args:
            names: the names.
            create: whether to create what is not there, with one more request per 1,000 names.

        Returns:
            Ids by the names as they were given.

        Raises:
            NotFoundError: some are not there, and were not to be created; names them.
            ChangesFailedError: some could not be created, or are not known to be; `.outcomes` tells
                of each that was to be created, with its name.
            TypeError: `names` is one text, or one of them is none.
        """
        return await self._do(resolve_names(self._kind, names, create))


class NamedTagCollection(NamedCollection[M, F, U], TagCollection[M, F, U]):
    """Things that have names of their own and can have tags."""
