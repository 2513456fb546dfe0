"""Criteria with rules of their own: missing values, stash ids, hashes, performers' age and more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stash_typed.sandbox.errors import AnswerError, PanicError
from stash_typed.sandbox.store.functions import phash_from_text

from .builder import Builder, Clause, Join, inner, left
from .criteria import Handler, compare, moment, text_clause


def text_list(table: str, owner: str, column: str, of: str) -> Handler:
    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        if criterion["modifier"] == "EXCLUDES":
            builder.require(
                f"{of}.id not in (select {owner} from {table} where {column} like ?)",
                f"%{criterion['value']}%",
            )
            return
        builder.join(left(table, f"{table}.{owner} = {of}.id"))
        builder.where.append(
            text_clause(f"{table}.{column}", criterion["modifier"], criterion["value"])
        )

    return handle


def stash_id(table: str, owner: str, of: str) -> Handler:
    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        on = f"{table}.{owner} = {of}.id"
        endpoint = criterion.get("endpoint")
        if endpoint:
            builder.join(left(table, f"{on} and {table}.endpoint = ?", table, endpoint))
        else:
            builder.join(left(table, on, table))
        value = criterion.get("stash_id") or ""
        builder.where.append(text_clause(f"{table}.stash_id", criterion["modifier"], value))

    return handle


def missing(of: str, columns: str, **special: tuple[str, tuple[Join, ...]]) -> Handler:
    known = columns.split()

    def handle(builder: Builder, name: str) -> None:
        if name in special:
            condition, joins = special[name]
            builder.join(*joins)
            builder.require(condition)
        elif name in known:
            builder.require(f"{of}.{name} is null or trim({of}.{name}) = ''")
        elif name:
            raise AnswerError(f"no such column: {of}.{name}")

    return handle


def present(join: Join, table: str, owner: str) -> Handler:
    def handle(builder: Builder, value: str) -> None:
        builder.join(join)
        if value == "true":
            builder.require_group(f"count({table}.{owner}) > 0")
        else:
            builder.require(f"{table}.id is null")

    return handle


def performer_favorite(of: str, links: str, owner: str) -> Handler:
    def handle(builder: Builder, value: bool) -> None:
        builder.join(left(links, f"{of}.id = {links}.{owner}"))
        if value:
            builder.join(left("performers", f"performers.id = {links}.performer_id"))
            builder.require("performers.favorite = 1")
        else:
            none = (
                f"(select l.{owner} as id from {links} l"
                f" join performers p on p.id = l.performer_id group by l.{owner}"
                " having sum(p.favorite) = 0)"
            )
            builder.join(left(none, f"{of}.id = nofaves.id", "nofaves"))
            builder.require(f"{links}.{owner} is null or nofaves.id is not null")

    return handle


def performer_age(of: str, links: str, owner: str) -> Handler:
    age = f"cast(strftime('%Y.%m%d', {of}.date) - strftime('%Y.%m%d', performers.birthdate) as int)"

    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        builder.join(
            inner(links, f"{of}.id = {links}.{owner}"),
            inner("performers", f"{links}.performer_id = performers.id"),
        )
        builder.require(f"{of}.date != '' and performers.birthdate != ''")
        builder.require(f"{of}.date is not null and performers.birthdate is not null")
        upper: int = criterion.get("value2") or 0
        builder.where.append(compare(age, criterion["modifier"], criterion["value"], upper))

    return handle


def last_played_at(builder: Builder, criterion: Mapping[str, Any]) -> None:
    views = (
        "(select scene_id, max(view_date) as last_played_at from scenes_view_dates"
        " group by scene_id)"
    )
    join = left(views, "scene_last_view.scene_id = scenes.id", "scene_last_view")
    moment("ifnull(last_played_at, datetime(0))", join)(builder, criterion)


def _distance(column: str, value: int, most: int, sign: str) -> list[Clause]:
    return [
        Clause(f"typeof({column}) = 'integer'"),
        Clause(f"phash_distance({column}, ?) {sign} ?", (value, most)),
    ]


def phash_distance(*joins: Join) -> Handler:
    column = "fingerprints_phash.fingerprint"

    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        builder.join(*joins)
        value = phash_from_text(criterion["value"]) or 0
        most: int = criterion.get("distance") or 0
        sign = {"EQUALS": "<", "NOT_EQUALS": ">"}.get(criterion["modifier"])
        if most > 0 and sign:
            builder.where.extend(_distance(column, value, most, sign))
        else:
            builder.where.append(compare(column, criterion["modifier"], value, 0))

    return handle


def duplicated(on: str, *joins: Join) -> Handler:
    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        if criterion.get("duplicated") is None:
            raise PanicError
        builder.join(*joins)
        sign = ">" if criterion["duplicated"] else "="
        same = (
            "(select f.file_id from files_fingerprints f join (select fingerprint from"
            " files_fingerprints where type = 'phash' group by fingerprint"
            f" having count(fingerprint) {sign} 1) d on f.fingerprint = d.fingerprint)"
        )
        builder.join(inner(same, f"{on} = scph.file_id", "scph"))

    return handle


def hashes(builder: Builder, wanted: list[Mapping[str, Any]]) -> None:
    """Add the criteria on a file's fingerprints; their values are read as hexadecimal."""
    for place, criterion in enumerate(wanted):
        name = f"file_fingerprints_{place}"
        on = f"files.id = {name}.file_id and {name}.type = ?"
        builder.join(left("files_fingerprints", on, name, criterion["type"]))
        value = phash_from_text(criterion["value"]) or 0
        most: int = criterion.get("distance") or 0
        if most > 0:
            builder.where.extend(_distance(f"{name}.fingerprint", value, most, "<"))
        else:
            builder.require(f"{name}.fingerprint = ?", value)


def custom_fields(table: str, owner: str, of: str) -> Handler:
    def handle(builder: Builder, wanted: list[Mapping[str, Any]]) -> None:
        for place, criterion in enumerate(wanted):
            name = f"custom_fields_{place}"
            on = f"{of}.id = {name}.{owner} and {name}.field = ?"
            how = left if criterion["modifier"] in _LACKING else inner
            builder.join(how(table, on, name, criterion["field"]))
            builder.where.extend(
                _custom(f"{name}.value", criterion["modifier"], list(criterion.get("value") or ()))
            )

    return handle


_LACKING = ("EXCLUDES", "NOT_MATCHES_REGEX", "IS_NULL")
"""What is also true of objects without the field."""

_GO_TYPES: dict[type, str] = {
    bool: "bool",
    int: "int64",
    float: "float64",
    type(None): "<nil>",
    list: "[]interface {}",
    dict: "map[string]interface {}",
}


def _go_type(value: object) -> str:
    return _GO_TYPES.get(type(value), "unknown")


def _custom(column: str, modifier: str, values: list[Any]) -> list[Clause]:
    for value in values:
        if type(value) in (list, dict):
            raise AnswerError(f"unsupported custom field value type: {_go_type(value)}")
    if modifier in ("EQUALS", "NOT_EQUALS"):
        sign = "in" if modifier == "EQUALS" else "not in"
        return [Clause(f"{column} {sign} ({', '.join('?' * len(values))})", tuple(values))]
    if modifier in ("INCLUDES", "EXCLUDES"):
        sign = "like" if modifier == "INCLUDES" else "not like"
        return [Clause(f"{column} {sign} ?", (f"%{_shown(value)}%",)) for value in values]
    if modifier in ("MATCHES_REGEX", "NOT_MATCHES_REGEX"):
        for value in values:
            if type(value) is not str:
                kind = _go_type(value)
                raise AnswerError(f"unsupported custom field criterion value type: {kind}")
        return [text_clause(column, modifier, value) for value in values]
    if modifier in ("IS_NULL", "NOT_NULL"):
        return [text_clause(column, modifier, "")]
    if modifier in ("BETWEEN", "NOT_BETWEEN"):
        if modifier == "BETWEEN" and len(values) != 2:
            raise AnswerError(
                f"expected 2 values for custom field criterion modifier BETWEEN, got {len(values)}"
            )
        if len(values) < 2:
            count = len(values)
            raise PanicError(f"runtime error: index out of range [{count}] with length {count}")
        return [compare(column, modifier, values[0], values[1])]
    if modifier in ("LESS_THAN", "GREATER_THAN"):
        if len(values) != 1:
            raise AnswerError(
                f"expected 1 value for custom field criterion modifier LESS_THAN, got {len(values)}"
            )
        return [compare(column, modifier, values[0], 0)]
    raise AnswerError(f"unsupported custom field criterion modifier: {modifier}")


def _shown(value: Any) -> str:
    """Write a value as the server puts it into a search."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "<nil>"
    return f"{value:g}" if isinstance(value, float) else str(value)
