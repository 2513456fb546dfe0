"""Documents and procedures for reading: a page, a count, one thing, many things by their ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar, cast

from pydantic import AliasChoices, ConfigDict, Field, RootModel
from pydantic import BaseModel as PydanticBaseModel

from .._runtime.errors import NotFoundError, ResponseFormatError, ValidationFailedError
from .._runtime.foreign_text import one_line
from .._runtime.operation import Operation, operation_name
from .._runtime.steps import Ask, Procedure
from .kinds import KINDS, Kind
from .selection import Choice

if TYPE_CHECKING:
    from ..enums import SortDirectionEnum
    from ..inputs import FindFilterType

__all__ = [
    "JustId",
    "Page",
    "after_id",
    "checked_length",
    "chunks",
    "count_matching",
    "find_page",
    "get_items",
    "id_number",
    "page_after",
    "paging_of",
    "reading_operation",
    "variables_of",
    "with_ids",
]

T = TypeVar("T")

_ABSENT = re.compile(r"with id (\d+) not found")
_LONGEST_ID = 18
"""Digits that fit into the eight bytes of a database's id."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of what was found.

    Attributes:
        count: how many there are on all pages.
        items: those of this page, in the server's order.
    """

    count: int
    items: list[T]

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> T:
        return self.items[index]


class JustId(PydanticBaseModel):
    """Something of which nothing but its id is asked for."""

    id: str


class _Connection(PydanticBaseModel, Generic[T]):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="ignore")

    count: int = 0
    cursor: list[JustId] = []
    items: list[T] = Field(default=[], validation_alias=AliasChoices(*(k.items for k in KINDS)))


class _Found(PydanticBaseModel, Generic[T]):
    """The data of `find…`, whatever it is that was looked for."""

    found: _Connection[T] = Field(validation_alias=AliasChoices(*(k.find for k in KINDS)))


class _ById(RootModel[dict[str, T | None]], Generic[T]):
    """The data of one request for several things, each under an alias."""


def id_number(kind: Kind, text: str) -> int:
    """Give an id as the number that it is on every server.

    Args:
        kind: what has the id.
        text: as the server gave it.

    Raises:
        ResponseFormatError: it is no number, or one that no database counts to.
    """
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID:
        return int(text)
    raise ResponseFormatError(
        f"A {kind.noun.lower()} has the id {one_line(text, 40)!r}, which is no number that an id can"
        " be",
        operation=kind.find,
    )


def with_ids(
    kind: Kind, found: _Connection[T], at_most: int | None = None
) -> tuple[list[T], list[str]]:
    """Give what was found, and the ids, which were asked for beside it.

    Args:
        kind: what was asked for.
        found: the answer.
        at_most: how many were asked for; None for all there are.

    Raises:
        ResponseFormatError: there are more or fewer of the ones than of the others, or too many.
    """
    items, ids = found.items, [entry.id for entry in found.cursor]
    if len(items) != len(ids):
        raise ResponseFormatError(
            f"{len(items)} {kind.items} came with {len(ids)} ids", operation=kind.find
        )
    return items, checked_length(kind, ids, at_most)


def checked_length(kind: Kind, ids: list[str], at_most: int | None) -> list[str]:
    """Give ids that are not more than were asked for.

    Raises:
        ResponseFormatError: they are more: the server does not go by pages.
    """
    if at_most is not None and len(ids) > at_most:
        raise ResponseFormatError(
            f"{len(ids)} {kind.items} came where {at_most} were asked for at most",
            operation=kind.find,
        )
    return ids


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut values into lists of a size; the last one may be shorter."""
    chunk: list[T] = []
    for value in values:
        chunk.append(value)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _find(kind: Kind, what: str, selection: str, choice: Choice[Any] | None = None) -> Operation:
    name = f"{operation_name(kind.find)}{what}"
    text = (
        f"query {name}($filter: FindFilterType, ${kind.filter_argument}: {kind.filter_type}) {{\n"
        f"  {kind.find}(filter: $filter, {kind.filter_argument}: ${kind.filter_argument}) {{\n"
        f"    {selection}\n  }}\n}}"
    )
    return reading_operation(name, kind.find, text, choice)


def reading_operation(
    name: str, root_field: str, text: str, choice: Choice[Any] | None = None
) -> Operation:
    # The fragments are the shipped ones, so what another server lacks of them is known.
    return Operation(
        name=name,
        kind="query",
        root_field=root_field,
        document=f"{text}\n\n{choice.fragments}".rstrip() if choice else text,
        package="stash_typed_graphql",
        parts=choice.parts_in(text) if choice else "",
    )


def paging_of(**values: object) -> FindFilterType:
    from ..inputs import FindFilterType

    return FindFilterType.model_validate({k: v for k, v in values.items() if v is not None})


def find_page(
    kind: Kind,
    choice: Choice[T],
    where: object,
    *,
    q: str | None,
    sort: str | None,
    direction: SortDirectionEnum | None,
    page: int,
    per_page: int,
) -> Procedure[Page[T]]:
    """Read one page and the number of all matches (`find…`)."""
    paging = paging_of(q=q, sort=sort, direction=direction, page=page, per_page=per_page)
    selection = f"count\n    {kind.items} {{\n      {choice.selection}\n    }}"
    found: _Found[T] = yield Ask(
        _find(kind, "Page", selection, choice),
        _Found[choice.item],  # type: ignore[name-defined]  # pydantic makes the class at run time
        variables_of(kind, paging, where),
    )
    return Page(found.found.count, found.found.items)


def count_matching(kind: Kind, where: object, q: str | None) -> Procedure[int]:
    """Read the number of matches and nothing else (`find… { count }`)."""
    found: _Found[Any] = yield Ask(
        _find(kind, "Count", "count"),
        _Found[JustId],
        variables_of(kind, paging_of(q=q, per_page=1), where),
    )
    return found.found.count


def after_id(kind: Kind, where: object, last_id: str) -> object:
    """Narrow a filter down to what comes after an id.

    Args:
        kind: what is read; its filter knows ids.
        where: the caller's filter; None for everything.
        last_id: the last id seen.

    Returns:
        A filter of the kind.

    Raises:
        InvalidVariableError: the server could not combine the two.
    """
    beyond = kind.input(
        kind.filter_type, {"id": {"value": id_number(kind, last_id), "modifier": "GREATER_THAN"}}
    )
    return beyond if where is None else cast("Any", beyond) & where


def page_after(
    kind: Kind, choice: Choice[T], where: object, *, q: str | None, last_id: str | None, size: int
) -> Procedure[tuple[list[T], list[str]]]:
    """Read the matches that come after an id, in the order of ids.

    Returns:
        The things, and their ids: a caller's own model need not have one.

    Raises:
        ResponseFormatError: other things came than were asked for.
    """
    beyond = where
    if last_id is not None:
        beyond = after_id(kind, where, last_id)
    selection = (
        f"cursor: {kind.items} {{\n      id\n    }}\n"
        f"    {kind.items} {{\n      {choice.selection}\n    }}"
    )
    found: _Found[T] = yield Ask(
        _find(kind, "After", selection, choice),
        _Found[choice.item],  # type: ignore[name-defined]  # pydantic makes the class at run time
        variables_of(kind, paging_of(q=q, sort="id", direction="ASC", per_page=size), beyond),
    )
    return with_ids(kind, found.found, size)


def get_items(
    kind: Kind, choice: Choice[T], ids: Sequence[str], missing: Literal["skip", "raise"]
) -> Procedure[list[T]]:
    """Read things by their ids in one request, in the order asked.

    The list form of `find…` fails as a whole for one id that is gone, so each thing is asked for
    under an alias.

    Raises:
        NotFoundError: some are not there, and that was to be raised.
    """
    wanted = list(dict.fromkeys(ids))
    found = yield from (
        _get_aliased(kind, choice, wanted) if kind.get else _get_listed(kind, choice, wanted)
    )
    absent = [id_ for id_ in wanted if id_ not in found]
    if absent and missing == "raise":
        raise NotFoundError(
            f"No {kind.noun} with {'id' if len(absent) == 1 else 'ids'} {', '.join(absent[:20])}",
            operation=kind.get or kind.find,
        )
    return [found[id_] for id_ in ids if id_ in found]


def _get_aliased(kind: Kind, choice: Choice[T], ids: list[str]) -> Procedure[dict[str, T]]:
    name = f"{operation_name(kind.find)}ById"
    declared = ", ".join(f"$id{n}: ID!" for n in range(len(ids)))
    fields = "\n".join(
        f"  item{n}: {kind.get}(id: $id{n}) {{\n    {choice.selection}\n  }}"
        for n in range(len(ids))
    )
    text = f"query {name}({declared}) {{\n{fields}\n}}"
    answer: _ById[T] = yield Ask(
        reading_operation(name, kind.get or "", text, choice),
        _ById[choice.item],  # type: ignore[name-defined]  # pydantic makes the class at run time
        {f"id{n}": id_ for n, id_ in enumerate(ids)},
    )
    items = ((id_, answer.root.get(f"item{n}")) for n, id_ in enumerate(ids))
    return {id_: item for id_, item in items if item is not None}


def _get_listed(kind: Kind, choice: Choice[T], ids: list[str]) -> Procedure[dict[str, T]]:
    """For the kind without a root field for one: ask for the list, without those that are gone."""
    left: list[str] = list(ids)
    selection = (
        f"cursor: {kind.items} {{\n      id\n    }}\n"
        f"    {kind.items} {{\n      {choice.selection}\n    }}"
    )
    name = f"{operation_name(kind.find)}ById"
    text = f"query {name}($ids: [ID!]) {{\n  {kind.find}(ids: $ids) {{\n    {selection}\n  }}\n}}"
    operation = reading_operation(name, kind.find, text, choice)
    while left:
        try:
            found: _Found[T] = yield Ask(operation, _Found[choice.item], {"ids": left})  # type: ignore[name-defined]  # pydantic makes the class at run time
        except NotFoundError as error:
            texts = " ".join(entry.message for entry in error.errors)
            gone: set[str] = {match.group(1) for match in _ABSENT.finditer(texts)}
            if not gone & set(left):
                raise
            left = [id_ for id_ in left if id_ not in gone]
        except ValidationFailedError as error:
            if not any(f"{kind.find}(ids)" in name for name in error.fields):
                raise
            return (yield from _get_from_all(kind, choice, selection, set(ids)))
        else:
            items, found_ids = with_ids(kind, found.found, len(left))
            return dict(zip(found_ids, items, strict=True))
    return {}


def _get_from_all(
    kind: Kind, choice: Choice[T], selection: str, ids: set[str]
) -> Procedure[dict[str, T]]:
    """Read everything and keep what is wanted: releases before v0.28 find no markers by id."""
    found: _Found[T] = yield Ask(
        _find(kind, "All", selection, choice),
        _Found[choice.item],  # type: ignore[name-defined]  # pydantic makes the class at run time
        {"filter": paging_of(per_page=-1)},
    )
    items, found_ids = with_ids(kind, found.found)
    return {id_: item for id_, item in zip(found_ids, items, strict=True) if id_ in ids}


def variables_of(kind: Kind, paging: FindFilterType, where: object) -> dict[str, object]:
    variables: dict[str, object] = {"filter": paging}
    if where is not None:
        variables[kind.filter_argument] = where
    return variables
