"""Running a find: the query of a filter and of a search text, its page, its count and its sums."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.store.database import Database, SqlValue

from .builder import Builder, Clause, Join
from .finder import Finder, fill


@dataclass(frozen=True)
class Found:
    """The result of a search: the ids of one page in order, the total, and the requested sums."""

    ids: list[int]
    count: int
    sums: Mapping[str, float]


def find(
    database: Database,
    finder: Finder,
    criteria: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    *,
    count: bool = True,
    sums: Sequence[str] = (),
) -> Found:
    criteria, options = criteria or {}, options or {}
    builder = Builder(database, finder.kind.table)
    builder.join(*finder.joins)
    query = options.get("q")
    if query:
        builder.join(*finder.search_joins)
        _add_search(builder, query, finder.search)
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
    builder: Builder, order: str, joins: Sequence[Join], options: Mapping[str, Any]
) -> list[int]:
    query = builder.select(f"distinct {builder.table}.id", joins)
    paging: tuple[SqlValue, ...] = ()
    limit = ""
    per_page = options.get("per_page")
    per_page = 25 if per_page is None else per_page
    if per_page >= 0:
        page = options.get("page") or 1
        limit = " limit ? offset ?"
        paging = (per_page, (max(page, 1) - 1) * per_page)
    return builder.database.column(f"{query.sql}{order}{limit}", query.arguments + paging)


def _totals(
    builder: Builder, finder: Finder, count: bool, sums: Sequence[str]
) -> tuple[int, dict[str, float]]:
    if not count and not sums:
        return 0, {}
    if builder.empty and not sums:
        return builder.database.value(f"select count(*) from {builder.table}"), {}
    columns = [f"{builder.table}.id as id", *(f"{finder.sums[name][0]} as {name}" for name in sums)]
    joins = [join for name in sums for join in finder.sums[name][1]]
    query = builder.select(f"distinct {', '.join(columns)}", joins)
    totals = ", ".join(["count(distinct id)", *(f"sum({name})" for name in sums)])
    row = builder.database.row(f"select {totals} from ({query.sql})", query.arguments)
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


def _add_search(builder: Builder, query: str, columns: Sequence[str]) -> None:
    """Ask for words that all must be there, "phrases", -unwanted and this OR that."""
    words, choices = _take_choices(_join_phrases(query.strip().split(" ")))
    for word in words:
        if len(word) > 1 and word.startswith("-"):
            unwanted = _bare(word[1:])
            if unwanted:
                for column in columns:
                    builder.require(f"coalesce({column}, '') not like ?", f"%{unwanted}%")
        elif _bare(word):
            _require_any(builder, columns, [_bare(word)])
    for choice in choices:
        _require_any(builder, columns, choice)


def _require_any(builder: Builder, columns: Sequence[str], words: Sequence[str]) -> None:
    patterns = [f"%{word}%" for word in words]
    condition = " or ".join(f"{column} like ?" for column in columns for _ in patterns)
    builder.require(condition, *(pattern for _ in columns for pattern in patterns))


def _bare(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] == '"' else word


def _join_phrases(words: Sequence[str]) -> list[str]:
    """Join the words from an opening quotation mark to a closing one."""
    joined: list[str] = []
    start: int | None = None
    for place, word in enumerate(words):
        if start is None:
            text = word.removeprefix("-")
            if text.startswith('"') and (len(text) < 2 or not text.endswith('"')):
                start = place
            else:
                joined.append(word)
        elif word.endswith('"'):
            joined.append(" ".join(words[start : place + 1]))
            start = None
    return joined if start is None else [*joined, *words[start:]]


def _take_choices(words: list[str]) -> tuple[list[str], list[list[str]]]:
    """Remove the chains `a OR b OR c` from the words, and return them."""
    choices: list[list[str]] = []
    place = 1
    while place < len(words) - 1:
        if words[place].upper() != "OR" and words[place] != "|":
            place += 1
            continue
        end = place + 2
        while end < len(words) and words[end].upper() == "OR":
            end += 2
        members = [_bare(word) for word in words[place - 1 : end : 2]]
        choices.append([member for member in members if member])
        words = words[: place - 1] + words[end:]
        place = 1
    return words, choices
