"""Procedures for reading a page, a count, items by their ids, and the items after an id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast

from .._runtime.errors import NotFoundError, ResponseFormatError, ValidationFailedError
from .._runtime.foreign_text import one_line
from . import documents
from .given import given_ids

if TYPE_CHECKING:
    from .._runtime.steps import Procedure
    from ..enums import SortDirectionEnum
    from ..inputs import FindFilterType
    from ..select.selection import Selection
    from .documents import ById, Found, Things, Total
    from .kinds import Kind

__all__ = [
    "Page",
    "Search",
    "after_id",
    "checked_length",
    "chunks",
    "count_matching",
    "find_page",
    "get_items",
    "id_number",
    "page_after",
]

T = TypeVar("T")

_GET_CHUNK = 200
_ABSENT = re.compile(r"with id (\d+) not found")
_LONGEST_ID = 18
"""The digits that fit into a 64-bit database id."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of matches.

    Attributes:
        count: the number of matches on all pages.
        items: the items on this page, in the server's order.
    """

    count: int
    items: list[T]

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> T:
        return self.items[index]


@dataclass(frozen=True)
class Search:
    """A filter, search terms and a sort order."""

    where: object = None
    q: str | None = None
    sort: str | None = None
    direction: SortDirectionEnum | None = None

    def paging(self, per_page: int, page: int | None = None) -> FindFilterType:
        from ..inputs import FindFilterType

        values: dict[str, object] = {"q": self.q, "sort": self.sort, "direction": self.direction}
        values |= {"page": page, "per_page": per_page}
        given = {name: value for name, value in values.items() if value is not None}
        return FindFilterType.model_validate(given)


def id_number(kind: Kind, text: str) -> int:
    """Return an id as an integer, and refuse one that no database can hold."""
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID:
        return int(text)
    raise ResponseFormatError(
        f"A {kind.noun.lower()} has the id {one_line(text, 40)!r}, which is not a number that an id can"
        " be",
        operation=kind.find,
    )


def checked_length(kind: Kind, ids: list[str], at_most: int | None) -> list[str]:
    """Return the ids, or raise if there are more than requested: the server then ignores paging."""
    if at_most is not None and len(ids) > at_most:
        raise ResponseFormatError(
            f"{len(ids)} {kind.items} came where {at_most} were asked for at most",
            operation=kind.find,
        )
    return ids


def chunks(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Split values into chunks of a size; the last one may be shorter."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def find_page(
    kind: Kind, selection: Selection[T], search: Search, page: int, per_page: int
) -> Procedure[Page[T]]:
    """Return one page and the total number of matches (`find…`)."""
    answer: Found[T] = yield documents.page(
        kind, selection, search.paging(per_page, page), search.where
    )
    return Page(answer.found.count, answer.found.items)


def count_matching(kind: Kind, search: Search) -> Procedure[int]:
    """Return the number of matches (`find… { count }`)."""
    answer: Total = yield documents.count(kind, search.paging(1), search.where)
    return answer.found.count


def after_id(kind: Kind, where: object, last_id: str) -> object:
    """Narrow a filter to the items after an id."""
    criterion = {"value": id_number(kind, last_id), "modifier": "GREATER_THAN"}
    beyond = kind.input(kind.filter_type, {"id": criterion})
    return beyond if where is None else cast("Any", beyond) & where


def page_after(
    kind: Kind, selection: Selection[T], search: Search, last_id: str | None, size: int
) -> Procedure[tuple[list[T], list[str]]]:
    """Return the matches after an id, ordered by id, and their ids."""
    from ..enums import SortDirectionEnum

    where = search.where if last_id is None else after_id(kind, search.where, last_id)
    paging = Search(q=search.q, sort="id", direction=SortDirectionEnum.ASC).paging(size)
    answer: Found[T] = yield documents.with_ids(kind, selection, paging, where)
    return _with_ids(kind, answer.found, size)


def _with_ids(
    kind: Kind, found: Things[T], at_most: int | None = None
) -> tuple[list[T], list[str]]:
    items, ids = found.items, [entry.id for entry in found.cursor]
    if len(items) != len(ids):
        raise ResponseFormatError(
            f"{len(items)} {kind.items} came with {len(ids)} ids", operation=kind.find
        )
    return items, checked_length(kind, ids, at_most)


def get_items(
    kind: Kind,
    selection: Selection[T],
    ids: Iterable[str],
    missing: Literal["skip", "raise"],
    size: int = _GET_CHUNK,
) -> Procedure[list[T]]:
    """Return items by their ids, in the order given, a chunk per request.

    The list form of `find…` fails as a whole if one id is gone, so each item is requested under
    an alias.
    """
    read: list[T] = []
    for chunk in chunks(given_ids(ids, "ids"), size):
        wanted = list(dict.fromkeys(chunk))
        way = _get_aliased if kind.has_get else _get_listed
        found = yield from way(kind, selection, wanted)
        absent = [id_ for id_ in wanted if id_ not in found]
        if absent and missing == "raise":
            named = f"{'id' if len(absent) == 1 else 'ids'} {', '.join(absent[:20])}"
            raise NotFoundError(
                f"No {kind.noun} with {named}",
                operation=kind.get if kind.has_get else kind.find,
            )
        read += [found[id_] for id_ in chunk if id_ in found]
    return read


def _get_aliased(kind: Kind, selection: Selection[T], ids: list[str]) -> Procedure[dict[str, T]]:
    answer: ById[T] = yield documents.by_aliases(kind, selection, ids)
    items = ((id_, answer.root.get(f"item{n}")) for n, id_ in enumerate(ids))
    return {id_: item for id_, item in items if item is not None}


def _get_listed(kind: Kind, selection: Selection[T], ids: list[str]) -> Procedure[dict[str, T]]:
    """Read the list, without deleted items, for the kind that has no root field for one item."""
    left = ids
    while left:
        try:
            answer: Found[T] = yield documents.by_ids(kind, selection, left)
        except NotFoundError as error:
            texts = " ".join(entry.message for entry in error.errors)
            gone = {match.group(1) for match in _ABSENT.finditer(texts)}
            if not gone & set(left):
                raise
            left = [id_ for id_ in left if id_ not in gone]
        except ValidationFailedError as error:
            if not any(f"{kind.find}(ids)" in name for name in error.fields):
                raise
            # Releases before v0.28 find no markers by id: read everything, and keep the requested ones.
            answer = yield documents.with_ids(kind, selection, Search().paging(-1))
            found = zip(*_with_ids(kind, answer.found)[::-1], strict=True)
            return {id_: item for id_, item in found if id_ in ids}
        else:
            items, found_ids = _with_ids(kind, answer.found, len(left))
            return dict(zip(found_ids, items, strict=True))
    return {}
