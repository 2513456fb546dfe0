"""Finding objects of one kind: its filters, search and sorting as data, compiled to one query."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stash_typed.sandbox.errors import AnswerError, refuse
from stash_typed.sandbox.store.database import Database, SqlValue
from stash_typed.sandbox.store.kinds import Kind

from .builder import Builder, Clause, Join
from .criteria import Handler
from .search import add_search

__all__ = [
    "FINDERS",
    "Finder",
    "Found",
    "Sort",
    "by_text",
    "find",
    "here",
    "nested",
    "register",
    "text_last",
]


@dataclass(frozen=True)
class Sort:
    """One way to sort.

    Attributes:
        sql: what to sort by, with `{direction}` where it belongs; for a natural sort the text.
        natural: sort by a text, in natural order.
        joins: what it needs; a join that a filter has made under the same name is used as it is.
        joined: the name of a join of filters, and the SQL to use instead where it is there.
    """

    sql: str
    joins: tuple[Join, ...] = ()
    joined: tuple[str, str] | None = None
    natural: bool = False


@dataclass(frozen=True)
class Finder:
    """How objects of a kind are found.

    Attributes:
        kind: what is found.
        input: the name of its filter input.
        filters: its fields, in the order in which the server handles them.
        search: the columns of `q`, and the joins they need.
        sorts: name to sort.
        last: the SQL that decides between equals.
        default_sort: the sort where none is asked for; empty for none.
        sums: name to the column to add up over the result, and the joins it needs.
        joins: what every query of this kind joins.
        outside: fields that may not be used where this filter is a part of another.
    """

    kind: Kind
    input: str
    filters: Mapping[str, Handler]
    search: tuple[str, ...]
    search_joins: tuple[Join, ...] = ()
    sorts: Mapping[str, Sort] = field(default_factory=dict[str, Sort])
    last: str = ""
    default_sort: str = ""
    sums: Mapping[str, tuple[str, tuple[Join, ...]]] = field(
        default_factory=dict[str, "tuple[str, tuple[Join, ...]]"]
    )
    joins: tuple[Join, ...] = ()
    outside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What was found: the ids of one page in order, how many there are, and the sums asked for."""

    ids: list[int]
    count: int
    sums: Mapping[str, float]


FINDERS: dict[str, Finder] = {}
"""Each kind's finder, by the kind's name."""

_COMBINATIONS = {"AND": "and", "OR": "or", "NOT": "and not"}


def register(finder: Finder) -> Finder:
    """Make a finder known to nested filters."""
    FINDERS[finder.kind.name] = finder
    return finder


def by_text(sql: str, *joins: Join) -> Sort:
    """Sort by a text in natural order."""
    return Sort(sql, joins, natural=True)


def text_last(table: str, sql: str) -> str:
    """Give the SQL that decides between equals by a text, and by the id where there is none."""
    return f"natural_key(coalesce({sql}, {table}.id)), {table}.id desc"


def fill(
    builder: Builder, finder: Finder, criteria: Mapping[str, Any], related: bool = False
) -> None:
    """Add a filter input to a level.

    Raises:
        AnswerError: two of AND, OR and NOT together, or a criterion that cannot be.
    """
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
    """A criterion that is the filter of another kind.

    Args:
        other: the other kind's name.
        column: the other objects' ids.
        joins: what `column` needs.
    """

    def handle(builder: Builder, criteria: Mapping[str, Any]) -> None:
        finder = FINDERS[other]
        inside = Builder(builder.database, finder.kind.table)
        fill(inside, finder, criteria)
        if inside.empty:
            return
        builder.join(*joins)
        query = inside.ids_query()
        # The server garbles the formats of dates in a query inside another: ages and years are
        # unknown there.
        sql = query.sql.replace("'%", "'%!")
        builder.require(f"{column} in ({sql})", *query.arguments)

    return handle


def here(other: str, *joins: Join) -> Handler:
    """A criterion that is the filter of another kind, asked of this query's own joins."""

    def handle(builder: Builder, criteria: Mapping[str, Any]) -> None:
        finder = FINDERS[other]
        trial = Builder(builder.database, builder.table)
        fill(trial, finder, criteria, related=True)
        if not trial.empty:
            builder.join(*joins)
            fill(builder, finder, criteria, related=True)

    return handle


def find(
    database: Database,
    finder: Finder,
    criteria: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    *,
    count: bool = True,
    sums: Sequence[str] = (),
) -> Found:
    """Find objects.

    Args:
        database: where.
        finder: how.
        criteria: the filter input.
        options: the FindFilterType input.
        count: count all that match?
        sums: which of the finder's sums to make.

    Raises:
        AnswerError: an unknown sort, or a criterion that cannot be; with the server's text.
    """
    criteria, options = criteria or {}, options or {}
    builder = Builder(database, finder.kind.table)
    builder.join(*finder.joins)
    query = options.get("q")
    if query:
        builder.join(*finder.search_joins)
        add_search(builder, query, finder.search)
    searched = builder.where
    builder.where = []
    fill(builder, finder, criteria)
    _combine(builder, searched)
    order, sort_joins = _order(finder, builder, options)
    with database.lock:
        ids = _ids(builder, order, sort_joins, options)
        total, added = _totals(builder, finder, count, sums)
    return Found(ids, total, added)


def _combine(builder: Builder, searched: list[Clause]) -> None:
    """Ask for the search text of all levels: it is not a part of an OR below."""
    if not searched:
        return
    if builder.below is None:
        builder.where = [*searched, *builder.where]
        return
    lower = Builder(builder.database, builder.table)
    lower.where, lower.having, lower.below = builder.where, builder.having, builder.below
    lower.joins = builder.joins
    builder.where, builder.having = searched, []
    builder.below = ("and", lower)


def _ids(
    builder: Builder,
    order: str,
    sort_joins: tuple[Join, ...],
    options: Mapping[str, Any],
) -> list[int]:
    joins = dict(builder.all_joins())
    for join in sort_joins:
        joins.setdefault(join.name, join)
    parts = builder.statement(joins)
    table = builder.table
    paging: tuple[SqlValue, ...] = ()
    limit = ""
    per_page = options.get("per_page")
    per_page = 25 if per_page is None else per_page
    if per_page >= 0:
        page = options.get("page") or 1
        limit = " limit ? offset ?"
        paging = (per_page, (max(page, 1) - 1) * per_page)
    return builder.database.column(
        f"{parts.opening}select distinct {table}.id from {table}{parts.joins}{parts.closing}"
        f"{order}{limit}",
        parts.arguments + paging,
    )


def _totals(
    builder: Builder, finder: Finder, count: bool, sums: Sequence[str]
) -> tuple[int, dict[str, float]]:
    if not count and not sums:
        return 0, {}
    joins = dict(builder.all_joins())
    columns = [f"{builder.table}.id as id"]
    for name in sums:
        column, more = finder.sums[name]
        columns.append(f"{column} as {name}")
        for join in more:
            joins.setdefault(join.name, join)
    parts = builder.statement(joins)
    table = builder.table
    if not joins and not parts.closing:
        return builder.database.value(f"select count(*) from {table}"), {}
    totals = ", ".join(["count(distinct id)", *(f"sum({name})" for name in sums)])
    row = builder.database.row(
        f"{parts.opening}select {totals} from"
        f" (select distinct {', '.join(columns)} from {table}{parts.joins}{parts.closing})",
        parts.arguments,
    )
    values = [each or 0 for each in row or ()]
    return values[0], dict(zip(sums, values[1:], strict=True))


def _order(
    finder: Finder, builder: Builder, options: Mapping[str, Any]
) -> tuple[str, tuple[Join, ...]]:
    table = finder.kind.table
    name = options.get("sort")
    if name is None or (name == "" and not finder.default_sort):
        name = finder.default_sort
        if not name:
            return "", ()
    direction = options.get("direction") or "ASC"
    if name.startswith("random_") or (name == "random" and name in finder.sorts):
        return _shuffled(table, name, direction), ()
    if name not in finder.sorts:
        raise AnswerError(f"invalid sort: {name}")
    sort = finder.sorts[name]
    sql, joins = sort.sql, sort.joins
    if sort.joined is not None and sort.joined[0] in builder.all_joins():
        sql, joins = sort.joined[1], ()
    if name == "id":  # nothing is equal, and an index has the order: late pages stay cheap
        return f" order by {table}.id {direction}", ()
    if sort.natural:
        # The server's comparison of texts calls no two of them equal: of equal ones the later
        # comes first, and nothing else decides between them.
        sign = "-" if direction == "ASC" else ""
        later = f"case when {sql} is null then 0 else {sign}{table}.id end"
        sql = f"natural_key({sql}) {direction}, {later}"
    sql = sql.replace("{direction}", direction)
    return f" order by {sql}{', ' if finder.last else ''}{finder.last}", joins


def _shuffled(table: str, name: str, direction: str) -> str:
    """Sort in an order that looks random and is the same for the same seed."""
    seed = random.getrandbits(32)
    if name != "random":
        text = name.removeprefix("random_")
        if not (text.isascii() and text.isdigit() and int(text) < 1 << 64):
            raise AnswerError(f"invalid random seed: {text}")
        seed = int(text)
    return f" order by shuffled({table}.id, {seed % 100_000_000}) {direction}, {table}.id"
