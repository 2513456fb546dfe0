"""Criteria on related objects: ids with INCLUDES, INCLUDES_ALL, EXCLUDES and an excludes list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stash_typed.sandbox.errors import AnswerError

from .builder import Builder, Join
from .criteria import Handler


def none_sql(modifier: str) -> str:
    return "is null" if modifier == "IS_NULL" else "is not null"


def marks(values: Sequence[object]) -> str:
    return f"({', '.join('?' * len(values))})"


def or_none(column: str, *joins: Join) -> Callable[[Handler], Handler]:
    """Apply IS_NULL and NOT_NULL to the relation itself, and other modifiers to the criterion."""

    def wrap(handle: Handler) -> Handler:
        def wrapped(builder: Builder, criterion: Mapping[str, Any]) -> None:
            if criterion["modifier"] in ("IS_NULL", "NOT_NULL"):
                builder.join(*joins)
                builder.require(f"{column} {none_sql(criterion['modifier'])}")
            else:
                handle(builder, criterion)

        return wrapped

    return wrap


def split(criterion: Mapping[str, Any]) -> tuple[str, list[str], list[str]]:
    """Return a criterion's modifier, the ids it wants and those it does not want."""
    modifier: str = criterion["modifier"]
    wanted: list[str] = list(criterion.get("value") or ())
    unwanted: list[str] = list(criterion.get("excludes") or ())
    if modifier == "EXCLUDES":
        return "INCLUDES_ALL", [], unwanted + wanted
    return modifier, wanted, unwanted


def linked(join: Join, column: str, links: tuple[str, str, str], of: str) -> Handler:
    table, owner, member = links

    @or_none(column, join)
    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        modifier, wanted, unwanted = split(criterion)
        if wanted:
            if modifier == "NOT_EQUALS":
                raise AnswerError("not equals modifier is not supported for multi criterion input")
            if modifier in ("INCLUDES", "INCLUDES_ALL", "EQUALS"):
                builder.join(join)
                builder.require(f"{column} in {marks(wanted)}", *wanted)
            if modifier in ("INCLUDES_ALL", "EQUALS"):
                builder.require_group(f"count(distinct {column}) is {len(wanted)}")
            if modifier == "EQUALS":
                builder.require(
                    f"(select count(*) from {table} l where l.{owner} = {of}.id) = ?", len(wanted)
                )
        if unwanted:
            builder.require(
                f"{of}.id not in (select {owner} from {table} where {member} in {marks(unwanted)})",
                *unwanted,
            )

    return handle


def has_one_of(
    column: str,
    excluded: str,
    *joins: Join,
    none: tuple[str, tuple[Join, ...]] | None = None,
    joined_for: Sequence[str] = ("INCLUDES", "INCLUDES_ALL", "EXCLUDES", "EQUALS"),
) -> Handler:
    """Make an older, simpler criterion on ids: no `excludes` list, no EQUALS."""
    null_column, null_joins = none or (column, joins)

    @or_none(null_column, *null_joins)
    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        modifier = criterion["modifier"]
        wanted: list[str] = criterion.get("value") or []
        if not wanted:
            return
        if modifier in joined_for:
            builder.join(*joins)
        if modifier in ("INCLUDES", "INCLUDES_ALL"):
            builder.require(f"{column} in {marks(wanted)}", *wanted)
        if modifier == "INCLUDES_ALL":
            builder.require_group(f"count(distinct {column}) is {len(wanted)}")
        if modifier == "EXCLUDES":
            builder.require(excluded.replace("{ids}", marks(wanted)), *wanted)

    return handle
