"""The changes of a write: columns, lists of ids, lists of texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from stash_typed.sandbox.clock import now_seconds
from stash_typed.sandbox.errors import AnswerError

from .database import Database, SqlValue
from .kind import IdList, Kind, TextList

Mode = Literal["SET", "ADD", "REMOVE"]
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class ListChange(Generic[_Value]):
    """Values that replace a list, are added to it or taken out of it."""

    values: Sequence[_Value]
    mode: Mode = "SET"

    def applied(self, existing: Sequence[_Value]) -> list[_Value]:
        if self.mode == "SET":
            return list(self.values)
        if self.mode == "REMOVE":
            return [each for each in existing if each not in self.values]
        return list(dict.fromkeys([*existing, *self.values]))


@dataclass
class Changes:
    """A set of changes to one object; absent fields are left unchanged."""

    columns: dict[str, SqlValue] = field(default_factory=dict[str, SqlValue])
    ids: dict[str, ListChange[int]] = field(default_factory=dict[str, ListChange[int]])
    texts: dict[str, ListChange[str]] = field(default_factory=dict[str, ListChange[str]])
    stash_ids: list[tuple[str, str, str]] | None = None  # (endpoint, stash id, when) of each
    groups: ListChange[tuple[int, int | None]] | None = None  # (id, the scene's number in it)
    described: dict[str, ListChange[tuple[int, str]]] = field(
        default_factory=dict[str, "ListChange[tuple[int, str]]"]
    )
    custom_fields: Mapping[str, Any] | None = None  # the schema's CustomFieldsInput
    primary_file_id: int | None = None
    blobs: dict[str, bytes | None] = field(default_factory=dict[str, "bytes | None"])


def write_new(database: Database, kind: Kind, changes: Changes) -> int:
    """Add an object; call it inside a transaction."""
    now = now_seconds()
    stamps = {"created_at": now, "updated_at": now}
    key = database.insert(kind.table, {**stamps, **changes.columns})
    _write_lists(database, kind, key, changes)
    return key


def write_changes(database: Database, kind: Kind, key: int, changes: Changes) -> None:
    """Change an object; call it inside a transaction."""
    database.update(kind.table, key, {"updated_at": now_seconds(), **changes.columns})
    _write_lists(database, kind, key, changes)
    if database.row(f"select 1 from {kind.table} where id = ?", (key,)) is None:
        raise AnswerError("sql: no rows in result set")


def _write_lists(database: Database, kind: Kind, key: int, changes: Changes) -> None:
    for texts in kind.text_lists:
        if texts.name in changes.texts:
            _write_texts(database, texts, key, changes.texts[texts.name])
    for ids in kind.id_lists:
        if ids.name in changes.ids:
            write_ids(database, ids, key, changes.ids[ids.name])
    if changes.stash_ids is not None and kind.stash_ids:
        database.execute(f"delete from {kind.stash_ids} where {kind.owner} = ?", (key,))
        database.execute_many(
            f"insert into {kind.stash_ids} ({kind.owner}, endpoint, stash_id, updated_at)"
            " values (?, ?, ?, ?)",
            [(key, *each) for each in changes.stash_ids],
        )


def write_ids(database: Database, link: IdList, key: int, change: ListChange[int]) -> None:
    if change.mode == "SET":
        database.execute(f"delete from {link.table} where {link.owner} = ?", (key,))
    if change.mode == "REMOVE":
        database.execute_many(
            f"delete from {link.table} where {link.owner} = ? and {link.member} = ?",
            [(key, member) for member in change.values],
        )
    else:
        add_links(database, link, key, change.values)


def add_links(database: Database, link: IdList, key: int, members: Iterable[int]) -> None:
    """Join an object with others; those that are joined already stay so."""
    database.execute_many(
        f"insert into {link.table} ({link.owner}, {link.member}) values (?, ?)"
        f" on conflict ({link.owner}, {link.member}) do nothing",
        [(key, member) for member in dict.fromkeys(members)],
    )


def _write_texts(database: Database, link: TextList, key: int, change: ListChange[str]) -> None:
    existing = database.column(
        f"select {link.column} from {link.table} where {link.owner} = ? order by {link.sorting}",
        (key,),
    )
    added = [text for text in change.values if text not in existing]
    if change.mode == "ADD":
        start, values = len(existing), added
    else:
        start, values = 0, change.applied(existing)
        if values == existing:
            return
        database.execute(f"delete from {link.table} where {link.owner} = ?", (key,))
    if link.ordered:
        database.execute_many(
            f"insert into {link.table} ({link.owner}, position, {link.column}) values (?, ?, ?)",
            [(key, start + number, text) for number, text in enumerate(values)],
        )
    else:
        database.execute_many(
            f"insert into {link.table} ({link.owner}, {link.column}) values (?, ?)",
            [(key, text) for text in values],
        )
