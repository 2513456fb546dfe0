"""Finding objects of one kind: its filters, search and sorting as data, compiled to one query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stash_typed.sandbox.errors import AnswerError, refuse
from stash_typed.sandbox.store.kind import Kind

from .builder import Builder, Join
from .criteria import Handler


@dataclass(frozen=True)
class Sort:
    """One way to sort: by SQL with a `{direction}`, or by a text in its natural order."""

    sql: str
    joins: tuple[Join, ...] = ()
    joined: tuple[str, str] | None = None  # a join of filters, and what to sort by where it is
    natural: bool = False


@dataclass(frozen=True)
class Finder:
    kind: Kind
    filters: Mapping[str, Handler]  # in the order in which the server handles them
    search: tuple[str, ...]
    search_joins: tuple[Join, ...] = ()
    sorts: Mapping[str, Sort] = field(default_factory=dict[str, Sort])
    last: str = ""  # decides between equals
    default_sort: str = ""
    sums: Mapping[str, tuple[str, tuple[Join, ...]]] = field(
        default_factory=dict[str, "tuple[str, tuple[Join, ...]]"]
    )
    joins: tuple[Join, ...] = ()
    outside: tuple[str, ...] = ()  # fields refused where this filter is a part of another

    @property
    def input(self) -> str:
        return f"{self.kind.type}FilterType"


FINDERS: dict[str, Finder] = {}
"""Each kind's finder, by the kind's name."""

_COMBINATIONS = {"AND": "and", "OR": "or", "NOT": "and not"}


def register(finder: Finder) -> None:
    FINDERS[finder.kind.name] = finder


def by_text(sql: str, *joins: Join) -> Sort:
    return Sort(sql, joins, natural=True)


def text_last(table: str, sql: str) -> str:
    """Return the SQL that breaks ties by a text, or by the id without one."""
    return f"natural_key(coalesce({sql}, {table}.id)), {table}.id desc"


def fill(
    builder: Builder, finder: Finder, criteria: Mapping[str, Any], related: bool = False
) -> None:
    given = [name for name in _COMBINATIONS if criteria.get(name) is not None]
    if len(given) > 1:
        raise AnswerError(f"cannot have {given[0]} and {given[1]} in the same filter")
    if related and any(criteria.get(name) is not None for name in finder.outside):
        raise AnswerError("cannot use related filters inside a related filter")
    for name in criteria:
        if name not in finder.filters and name not in _COMBINATIONS:
            raise refuse(f"{finder.input}.{name}")
    for name in given:
        if builder.below is not None:
            raise AnswerError("sub-filter already set")
        below = Builder(builder.database, builder.table)
        fill(below, finder, criteria[name], related)
        builder.below = (_COMBINATIONS[name], below)
    for name, handle in finder.filters.items():
        if criteria.get(name) is not None:
            handle(builder, criteria[name])


def nested(other: str, column: str, *joins: Join) -> Handler:
    """Make a criterion of the filter of another kind."""

    def handle(builder: Builder, criteria: Mapping[str, Any]) -> None:
        finder = FINDERS[other]
        inside = Builder(builder.database, finder.kind.table)
        fill(inside, finder, criteria)
        if inside.empty:
            return
        builder.join(*joins)
        query = inside.select(f"{inside.table}.id")
        # The server garbles the formats of dates in a query inside another: ages and years are
        # unknown there.
        sql = query.sql.replace("'%", "'%!")
        builder.require(f"{column} in ({sql})", *query.arguments)

    return handle


def here(other: str, *joins: Join) -> Handler:
    """Make a criterion of the filter of another kind, asked of this query's own joins."""

    def handle(builder: Builder, criteria: Mapping[str, Any]) -> None:
        finder = FINDERS[other]
        trial = Builder(builder.database, builder.table)
        fill(trial, finder, criteria, related=True)
        if not trial.empty:
            builder.join(*joins)
            fill(builder, finder, criteria, related=True)

    return handle
