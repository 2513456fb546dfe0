"""Criteria on values: texts, numbers, dates, booleans, paths, resolutions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, cast

from stash_typed.sandbox.errors import PanicError, refuse
from stash_typed.sandbox.store.database import SqlValue
from stash_typed.sandbox.store.patterns import compile_pattern

from .builder import Builder, Clause, Join

Handler = Callable[[Builder, Any], None]
"""Adds one criterion: gets the level and the field's value, which is not None."""

_COMPARISONS = {
    "EQUALS": "= ?",
    "NOT_EQUALS": "!= ?",
    "LESS_THAN": "< ?",
    "GREATER_THAN": "> ?",
    "BETWEEN": "between ? and ?",
    "NOT_BETWEEN": "not between ? and ?",
    "IS_NULL": "is null",
    "NOT_NULL": "is not null",
}
RESOLUTIONS = {
    "VERY_LOW": (144, 239),
    "LOW": (240, 359),
    "R360P": (360, 479),
    "STANDARD": (480, 539),
    "WEB_HD": (540, 719),
    "STANDARD_HD": (720, 1079),
    "FULL_HD": (1080, 1439),
    "QUAD_HD": (1440, 1919),
    "VR_HD": (1920, 2159),
    "FOUR_K": (1920, 2559),
    "FIVE_K": (2560, 2999),
    "SIX_K": (3000, 3583),
    "SEVEN_K": (3584, 3839),
    "EIGHT_K": (3840, 6143),
    "HUGE": (6144, 9999),
}
"""The shortest and the longest shorter side of each resolution, in pixels."""

_ORIENTATIONS = {"LANDSCAPE": ">", "PORTRAIT": "<", "SQUARE": "="}
_Number = int | float


def _adding(
    make: Callable[[Any], Clause | None], joins: tuple[Join, ...], *, group: bool = False
) -> Handler:
    """Make a criterion that is one condition, on rows or on all rows of an object together."""

    def handle(builder: Builder, criterion: Any) -> None:
        builder.join(*joins)
        clause = make(criterion)
        if clause is not None:
            (builder.having if group else builder.where).append(clause)

    return handle


def compare(
    column: str, modifier: str, value: SqlValue, value2: SqlValue, panic: str = "numeric"
) -> Clause:
    """Compare a column with one or two values; where the modifier does not fit, a server panics."""
    if modifier not in _COMPARISONS:
        kind = {"numeric": f"numeric modifier type {modifier}", "date": "date modifier type"}
        raise PanicError(f"unsupported {kind[panic]}")
    sql = _COMPARISONS[modifier]
    return Clause(f"{column} {sql}", (value, value2)[: sql.count("?")])


def _compared(column: str) -> Callable[[Mapping[str, Any]], Clause]:
    def make(criterion: Mapping[str, Any]) -> Clause:
        upper: _Number = criterion.get("value2") or 0
        return compare(column, criterion["modifier"], criterion["value"], upper)

    return make


def number(column: str, *joins: Join) -> Handler:
    return _adding(_compared(column), joins)


def group_count(expression: str, *joins: Join) -> Handler:
    return _adding(_compared(expression), joins, group=True)


def year(column: str) -> Handler:
    return number(f"cast(strftime('%Y', {column}) as int)")


def count(table: str, owner: str, of: str) -> Handler:
    """Make a criterion on how many rows of a table belong to the object."""
    return number(f"(select count(*) from {table} counted where counted.{owner} = {of}.id)")


def flag(column: str, *joins: Join) -> Handler:
    return _adding(lambda value: Clause(f"{column} = ?", (int(value),)), joins)


def _between(column: str, criterion: Mapping[str, Any]) -> Clause:
    upper = criterion.get("value2")
    if upper is None:
        upper = (datetime.now(timezone.utc) + timedelta(days=1)).isoformat(timespec="seconds")
    return compare(column, criterion["modifier"], criterion["value"], upper, "date")


def moment(column: str, *joins: Join) -> Handler:
    return _adding(lambda criterion: _between(column, criterion), joins)


def day(column: str, *joins: Join) -> Handler:
    def make(criterion: Mapping[str, Any]) -> Clause:
        if criterion["modifier"] == "IS_NULL":
            return Clause(f"{column} is null or {column} = ''")
        if criterion["modifier"] == "NOT_NULL":
            return Clause(f"{column} is not null and {column} != ''")
        return _between(column, criterion)

    return _adding(make, joins)


def _words(query: str) -> list[str]:
    """Split a text of an INCLUDES: words, or one phrase in quotation marks."""
    trimmed = query.strip()
    phrase = trimmed.strip('"')
    return [phrase] if phrase != trimmed else re.split(r"\s+", trimmed)


def text_clause(column: str, modifier: str, value: str) -> Clause:
    """Compare a column with a text; case is ignored, `%` and `_` are wildcards."""
    if modifier in ("INCLUDES", "EXCLUDES"):
        parts = _words(value)
        sign, glue = ("like", " or ") if modifier == "INCLUDES" else ("not like", " and ")
        return Clause(
            glue.join([f"{column} {sign} ?"] * len(parts)), tuple(f"%{part}%" for part in parts)
        )
    if modifier in ("EQUALS", "NOT_EQUALS"):
        return Clause(f"{column} {'not ' if modifier == 'NOT_EQUALS' else ''}like ?", (value,))
    if modifier == "MATCHES_REGEX":
        compile_pattern(value)
        return Clause(f"{column} is not null and {column} regexp ?", (value,))
    if modifier == "NOT_MATCHES_REGEX":
        compile_pattern(value)
        return Clause(f"{column} is null or {column} not regexp ?", (value,))
    if modifier == "IS_NULL":
        return Clause(f"{column} is null or trim({column}) = ''")
    if modifier == "NOT_NULL":
        return Clause(f"{column} is not null and trim({column}) != ''")
    raise PanicError("unsupported string filter modifier")


def text(column: str, *joins: Join) -> Handler:
    return _adding(
        lambda criterion: text_clause(column, criterion["modifier"], criterion["value"]), joins
    )


def enum(column: str) -> Handler:
    """Make a criterion on an enum: one value, or any of a list."""

    def make(criterion: Mapping[str, Any]) -> Clause | None:
        modifier, value = criterion["modifier"], criterion.get("value")
        if modifier in ("IS_NULL", "NOT_NULL"):
            return text_clause(column, modifier, "")
        if modifier not in ("INCLUDES", "EQUALS", "EXCLUDES", "NOT_EQUALS"):
            raise PanicError("unsupported string filter modifier")
        values: list[str] = criterion.get("value_list") or []
        if isinstance(value, list):
            values = cast("list[str]", value)
        elif value is not None and not values:
            values = [value]
        negation = "" if modifier in ("INCLUDES", "EQUALS") else "not "
        sql = f"{column} {negation}in ({', '.join('?' * len(values))})"
        return Clause(sql, tuple(values)) if values else None

    return _adding(make, ())


def any_of(*clauses: Clause) -> Clause:
    return Clause(
        " or ".join(f"({each.sql})" for each in clauses),
        tuple(argument for each in clauses for argument in each.arguments),
    )


def ignored(_builder: Builder, _criterion: object) -> None:
    """Accept a criterion and ignore it, as the server does."""


def path_clause(folder: str, name: str, modifier: str, value: str) -> Clause:
    """Compare the path of a file, kept as its folder's path and its name."""
    if modifier in ("IS_NULL", "NOT_NULL"):
        glue = " or " if modifier == "IS_NULL" else " and "
        parts = (text_clause(column, modifier, "").sql for column in (folder, name))
        return Clause(glue.join(f"({part})" for part in parts))
    return text_clause(f"{folder} || '/' || {name}", modifier, value)


def path(folder: str, name: str, *joins: Join) -> Handler:
    return _adding(
        lambda criterion: path_clause(folder, name, criterion["modifier"], criterion["value"]),
        joins,
    )


def resolution(shorter_side: str, *joins: Join, group: bool = False) -> Handler:
    def make(criterion: Mapping[str, Any]) -> Clause | None:
        if criterion["value"] not in RESOLUTIONS:
            raise refuse(f"the resolution {criterion['value']}")
        low, high = RESOLUTIONS[criterion["value"]]
        return {
            "EQUALS": Clause(f"{shorter_side} between ? and ?", (low, high)),
            "NOT_EQUALS": Clause(f"{shorter_side} not between ? and ?", (low, high)),
            "LESS_THAN": Clause(f"{shorter_side} < ?", (low,)),
            "GREATER_THAN": Clause(f"{shorter_side} > ?", (high,)),
        }.get(criterion["modifier"])  # other modifiers ask for nothing

    return _adding(make, joins, group=group)


def orientation(table: str, *joins: Join) -> Handler:
    def make(criterion: Mapping[str, Any]) -> Clause | None:
        signs = [_ORIENTATIONS[value] for value in criterion["value"]]
        clauses = (Clause(f"{table}.width {sign} {table}.height") for sign in signs)
        return any_of(*clauses) if signs else None

    return _adding(make, joins)
