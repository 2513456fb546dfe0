"""A query in the making: joins by name, conditions, and the levels of AND, OR and NOT.

All criteria of a find share its joins. So two criteria about a scene's files hold for the same
file, and a criterion in an AND or OR meets the same join as the one above it; a join's name is
given once, and the first to ask for it decides what it is. Real servers answer so too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.store.database import Database, SqlValue


@dataclass(frozen=True)
class Join:
    name: str
    sql: str
    arguments: tuple[SqlValue, ...] = ()


@dataclass(frozen=True)
class Clause:
    sql: str
    arguments: tuple[SqlValue, ...] = ()


def _join(how: str, table: str, on: str, name: str = "", *arguments: SqlValue) -> Join:
    alias = f" as {name}" if name else ""
    return Join(name or table, f"{how} join {table}{alias} on {on}", arguments)


left: partial[Join] = partial(_join, "left")
inner: partial[Join] = partial(_join, "inner")


class Builder:
    """One level of a filter: its own criteria, and below it at most one AND, OR or NOT."""

    def __init__(self, database: Database, table: str) -> None:
        self.database = database
        self.table = table
        self.joins: dict[str, Join] = {}
        self.where: list[Clause] = []
        self.having: list[Clause] = []
        self.tables: dict[str, Clause] = {}
        self.below: tuple[str, Builder] | None = None

    def join(self, *joins: Join) -> None:
        """Join tables that are not joined yet under their names."""
        for each in joins:
            self.joins.setdefault(each.name, each)

    def require(self, sql: str, *arguments: SqlValue) -> None:
        self.where.append(Clause(sql, arguments))

    def require_group(self, sql: str, *arguments: SqlValue) -> None:
        self.having.append(Clause(sql, arguments))

    def define(self, name: str, sql: str, *arguments: SqlValue) -> None:
        self.tables[name] = Clause(f"{name} as ({sql})", arguments)

    @property
    def empty(self) -> bool:
        """Whether this level and those below it have no conditions."""
        return not (self.where or self.having or self.joins or self.below)

    def all_joins(self) -> Mapping[str, Join]:
        """Return the joins of this level and of those below it, each name once."""
        joins = dict(self.joins)
        if self.below:
            for name, each in self.below[1].all_joins().items():
                joins.setdefault(name, each)
        return joins

    def condition(self, group: bool) -> Clause | None:
        own = self.having if group else self.where
        sql = " and ".join(f"({each.sql})" for each in own)
        arguments = tuple(argument for each in own for argument in each.arguments)
        under = self.below[1].condition(group) if self.below else None
        if under is None or self.below is None:
            return Clause(sql, arguments) if sql else None
        operator = self.below[0]
        if not sql:
            text = f"not ({under.sql})" if operator == "and not" else under.sql
            return Clause(text, under.arguments)
        return Clause(f"({sql}) {operator} ({under.sql})", arguments + under.arguments)

    def select(self, columns: str, more: Sequence[Join] = ()) -> Clause:
        """Return the query for columns; joins of its own come after those of the criteria."""
        self._check_below()
        joins = dict(self.all_joins())
        for each in more:
            joins.setdefault(each.name, each)
        opening = closing = ""
        if self.tables:
            opening = f"with recursive {', '.join(each.sql for each in self.tables.values())} "
        parts = [*self.tables.values(), *(Clause(j.sql, j.arguments) for j in joins.values())]
        where = self.condition(group=False)
        having = self.condition(group=True)
        if where is not None:
            closing += f" where {where.sql}"
            parts.append(where)
        if having is not None:
            closing += f" group by {self.table}.id having {having.sql}"
            parts.append(having)
        joined = "".join(f" {each.sql}" for each in joins.values())
        return Clause(
            f"{opening}select {columns} from {self.table}{joined}{closing}",
            tuple(argument for each in parts for argument in each.arguments),
        )

    def _check_below(self) -> None:
        level = self.below
        while level is not None:
            for name in level[1].tables:
                if name not in self.tables:
                    raise AnswerError(f"no such table: {name}")
            level = level[1].below
