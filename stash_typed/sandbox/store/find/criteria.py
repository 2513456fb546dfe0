"""Criteria on values: texts, numbers, dates, booleans, paths, resolutions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from stash_typed.sandbox.errors import PanicError, refuse
from stash_typed.sandbox.store.database import SqlValue
from stash_typed.sandbox.store.patterns import compile_pattern

from .builder import Builder, Clause, Join

__all__ = [
    "RESOLUTIONS",
    "Handler",
    "any_of",
    "compare",
    "count",
    "day",
    "flag",
    "group_count",
    "ignored",
    "moment",
    "number",
    "one_of",
    "orientation",
    "path",
    "path_clause",
    "resolution",
    "text",
    "text_clause",
    "words",
    "year",
]

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


def compare(
    column: str, modifier: str, value: SqlValue, value2: SqlValue, panic: str = "numeric"
) -> Clause:
    """Compare a column with one or two values."""
    if modifier not in _COMPARISONS:
        kind = {"numeric": f"numeric modifier type {modifier}", "date": "date modifier type"}
        raise PanicError(f"unsupported {kind[panic]}")
    sql = _COMPARISONS[modifier]
    return Clause(f"{column} {sql}", (value, value2)[: sql.count("?")])


def number(column: str, *joins: Join) -> Handler:
    """A criterion on a number."""

    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        builder.join(*joins)
        upper: _Number = criterion.get("value2") or 0
        builder.where.append(compare(column, criterion["modifier"], criterion["value"], upper))

    return handle


def year(column: str) -> Handler:
    """A criterion on the year of a date."""
    return number(f"cast(strftime('%Y', {column}) as int)")


def count(table: str, owner: str, of: str) -> Handler:
    """A criterion on how many rows of a table belong to the object."""
    return number(f"(select count(*) from {table} counted where counted.{owner} = {of}.id)")


def group_count(expression: str, *joins: Join) -> Handler:
    """A criterion on a count over joined rows."""

    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        builder.join(*joins)
        upper: int = criterion.get("value2") or 0
        builder.having.append(compare(expression, criterion["modifier"], criterion["value"], upper))

    return handle


def flag(column: str, *joins: Join) -> Handler:
    """A criterion that is a boolean."""

    def handle(builder: Builder, value: bool) -> None:
        builder.join(*joins)
        builder.require(f"{column} = ?", int(value))

    return handle


def _tomorrow() -> str:
    return (datetime.now(timezone.utc) + timedelta(days=1)).isoformat(timespec="seconds")


def day(column: str, *joins: Join) -> Handler:
    """A criterion on a date: compared as text."""

    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        builder.join(*joins)
        modifier = criterion["modifier"]
        if modifier == "IS_NULL":
            builder.require(f"{column} is null or {column} = ''")
        elif modifier == "NOT_NULL":
            builder.require(f"{column} is not null and {column} != ''")
        else:
            builder.where.append(_between(column, criterion))

    return handle


def moment(column: str, *joins: Join) -> Handler:
    """A criterion on a time: compared as text."""

    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        builder.join(*joins)
        builder.where.append(_between(column, criterion))

    return handle


def _between(column: str, criterion: Mapping[str, Any]) -> Clause:
    upper = criterion.get("value2")
    upper = _tomorrow() if upper is None else upper
    return compare(column, criterion["modifier"], criterion["value"], upper, "date")


def words(query: str) -> list[str]:
    """Split a text of an INCLUDES: words, or one phrase in quotation marks."""
    trimmed = query.strip()
    phrase = trimmed.strip('"')
    return [phrase] if phrase != trimmed else re.split(r"\s+", trimmed)


def text_clause(column: str, modifier: str, value: str) -> Clause:
    """Compare a column with a text; case is ignored, `%` and `_` stand for other signs."""
    if modifier in ("INCLUDES", "EXCLUDES"):
        parts = words(value)
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
    """A criterion on a text."""

    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        builder.join(*joins)
        builder.where.append(text_clause(column, criterion["modifier"], criterion["value"]))

    return handle


def one_of(column: str, modifier: str, values: list[str]) -> Clause | None:
    """Compare a column with values of an enum."""
    if modifier in ("IS_NULL", "NOT_NULL"):
        return text_clause(column, modifier, "")
    if modifier not in ("INCLUDES", "EQUALS", "EXCLUDES", "NOT_EQUALS"):
        raise PanicError("unsupported string filter modifier")
    if not values:
        return None
    negation = "" if modifier in ("INCLUDES", "EQUALS") else "not "
    marks = ", ".join("?" * len(values))
    return Clause(f"{column} {negation}in ({marks})", tuple(values))


def any_of(*clauses: Clause) -> Clause:
    """Join conditions with OR."""
    return Clause(
        " or ".join(f"({each.sql})" for each in clauses),
        tuple(argument for each in clauses for argument in each.arguments),
    )


def ignored(_builder: Builder, _criterion: object) -> None:
    """Take a criterion that the server takes too and does not look at."""


def path_clause(folder: str, name: str, modifier: str, value: str) -> Clause:
    """Compare the path of a file, kept as its folder's path and its name."""
    whole = f"{folder} || '/' || {name}"
    if modifier in ("INCLUDES", "EXCLUDES"):
        parts = words(value)
        glue, sign = (" or ", "") if modifier == "INCLUDES" else (" and ", "not ")
        return Clause(
            glue.join([f"{sign}({whole} like ?)"] * len(parts)),
            tuple(f"%{part}%" for part in parts),
        )
    if modifier in ("EQUALS", "NOT_EQUALS"):
        return Clause(f"{'not ' if modifier == 'NOT_EQUALS' else ''}({whole} like ?)", (value,))
    if modifier == "MATCHES_REGEX":
        compile_pattern(value)
        present = f"{folder} is not null and {name} is not null"
        return Clause(f"{present} and {whole} regexp ?", (value,))
    if modifier == "NOT_MATCHES_REGEX":
        compile_pattern(value)
        absent = f"{folder} is null or {name} is null"
        return Clause(f"{absent} or {whole} not regexp ?", (value,))
    parts_clause = [text_clause(column, modifier, "") for column in (folder, name)]
    glue = " or " if modifier == "IS_NULL" else " and "
    return Clause(glue.join(f"({each.sql})" for each in parts_clause))


def path(folder: str, name: str, *joins: Join) -> Handler:
    """A criterion on a file's path."""

    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        builder.join(*joins)
        builder.where.append(path_clause(folder, name, criterion["modifier"], criterion["value"]))

    return handle


def resolution(shorter_side: str, *joins: Join, group: bool = False) -> Handler:
    """A criterion on a picture's size, by the length of its shorter side."""

    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        builder.join(*joins)
        if criterion["value"] not in RESOLUTIONS:
            raise refuse(f"the resolution {criterion['value']}")
        low, high = RESOLUTIONS[criterion["value"]]
        clause = {
            "EQUALS": Clause(f"{shorter_side} between ? and ?", (low, high)),
            "NOT_EQUALS": Clause(f"{shorter_side} not between ? and ?", (low, high)),
            "LESS_THAN": Clause(f"{shorter_side} < ?", (low,)),
            "GREATER_THAN": Clause(f"{shorter_side} > ?", (high,)),
        }.get(criterion["modifier"])
        if clause is not None:  # other modifiers ask for nothing
            (builder.having if group else builder.where).append(clause)

    return handle


def orientation(table: str, *joins: Join) -> Handler:
    """A criterion on whether a picture is wide, high or neither."""

    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        builder.join(*joins)
        signs = [_ORIENTATIONS[value] for value in criterion["value"]]
        if signs:
            builder.where.append(
                any_of(*(Clause(f"{table}.width {sign} {table}.height") for sign in signs))
            )

    return handle
