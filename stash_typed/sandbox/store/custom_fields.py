"""Custom fields, of every kind that has a table of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stash_typed.sandbox.errors import AnswerError

from .database import Database
from .kind import Kind

_LONGEST_NAME = 64
_GO_TYPES: dict[type, str] = {list: "[]interface {}", dict: "map[string]interface {}"}


def _values(change: Mapping[str, Any]) -> Mapping[str, Any]:
    values: Mapping[str, Any] = change.get("partial") or {}
    return values if change.get("full") is None else change["full"]


def check_custom_fields(change: Mapping[str, Any]) -> None:
    """Refuse the names of a change of an object that is there, as the server does."""
    for name in _values(change):
        problem = ""
        if not name.strip():
            problem = "cannot be empty"
        elif name != name.strip():
            problem = "cannot have leading or trailing whitespace"
        elif len(name.encode()) > _LONGEST_NAME:
            problem = f"must be less than {_LONGEST_NAME + 1} characters"
        if problem:
            raise AnswerError(f'custom field name "{name}": custom field name {problem}')
    for name in change.get("remove") or ():
        if name in _values(change):
            raise AnswerError(
                f'custom field name "{name}" cannot be in both values and delete keys'
            )


def write_custom_fields(
    database: Database, kind: Kind, key: int, change: Mapping[str, Any]
) -> None:
    """Replace all custom fields (`full`) or set some (`partial`), and take others away."""
    values = _values(change)
    table, owner = kind.custom_fields, kind.owner
    if change.get("full") is not None:
        database.execute(f"delete from {table} where {owner} = ?", (key,))
    for name, value in values.items():
        if type(value) in _GO_TYPES:
            raise AnswerError(
                f'getting SQL value for field "{name}":'
                f" unsupported custom field value type: {_GO_TYPES[type(value)]}"
            )
    database.execute_many(
        f"insert into {table} ({owner}, field, value) values (?, ?, ?)"
        f" on conflict ({owner}, field) do update set value = excluded.value",
        [(key, name, value) for name, value in values.items() if value is not None],
    )
    database.execute_many(
        f"delete from {table} where {owner} = ? and field = ?",
        [(key, name) for name in change.get("remove") or ()],
    )
