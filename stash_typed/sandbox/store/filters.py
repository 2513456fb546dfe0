"""Saved filters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from stash_typed.sandbox.errors import AnswerError

from .database import Database, SqlValue

_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}
FIND_FIELDS = ("q", "page", "per_page", "sort", "direction")
"""The fields of a find filter, as they are kept."""
PARTS = ("find_filter", "object_filter", "ui_options")


class SavedFilters:
    def __init__(self, database: Database) -> None:
        self.database = database

    def get(self, key: int) -> dict[str, Any] | None:
        found = self._read("where id = ?", (key,))
        return found[0] if found else None

    def of_mode(self, mode: str | None) -> list[dict[str, Any]]:
        if mode is None:
            return self._read("", ())
        modes = ("GROUPS", "MOVIES") if mode in ("GROUPS", "MOVIES") else (mode, mode)
        return self._read("where mode in (?, ?) order by name", modes)

    def save(self, key: int | None, mode: str, name: str, parts: Mapping[str, Any]) -> int:
        if not name:
            raise AnswerError("name must be non-empty")
        kept = {part: _encoded(part, parts.get(part)) for part in PARTS}
        values = {"mode": mode, "name": name, **kept}
        with self.database.transaction():
            if key is None:
                return self.database.insert("saved_filters", values)
            self.database.update("saved_filters", key, values)
            return key

    def destroy(self, key: int) -> None:
        if self.get(key) is None:
            raise AnswerError(f"id {key} does not exist in saved_filters")
        with self.database.transaction():
            self.database.execute("delete from saved_filters where id = ?", (key,))

    def _read(self, condition: str, arguments: Sequence[SqlValue]) -> list[dict[str, Any]]:
        rows = self.database.rows(
            f"select id, mode, name, {', '.join(PARTS)} from saved_filters {condition}", arguments
        )
        return [
            {
                "id": str(key),
                "mode": mode,
                "name": name,
                "filter": "",
                **{part: _decoded(part, text) for part, text in zip(PARTS, texts, strict=True)},
            }
            for key, mode, name, *texts in rows
        ]


def _encoded(part: str, value: dict[str, Any] | None) -> str:
    """Write JSON as the server keeps it: a find filter with all its fields, else sorted names."""
    in_order = part == "find_filter"
    if in_order and value is not None:
        value = {name: value.get(name) for name in FIND_FIELDS}
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=not in_order)
    return text.translate(_ESCAPES)


def _decoded(part: str, text: str | None) -> dict[str, Any] | None:
    stored: dict[str, Any] | None = json.loads(text or "null")
    if part != "find_filter" or stored is None:
        return stored
    return {name: stored.get(name) for name in FIND_FIELDS}
