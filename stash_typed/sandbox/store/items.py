"""Objects as they are read: pages of them, whose relations are read for the whole page at once.

A resolver that is asked for the tags of one scene asks the scene's page; the page reads the tags
of all its scenes with one statement and answers the others from memory. So 500 scenes with tags,
performers, studio and files cost a handful of statements.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from .database import Database
from .kind import Column, IdList, Kind, TextList
from .kinds import KINDS
from .moments import format_date

_Value = TypeVar("_Value")


class Item(dict[str, Any]):
    """One object: its fields by their names in the schema."""

    __slots__ = ("key", "page")

    def __init__(self, page: Page, key: int, fields: dict[str, Any]) -> None:
        super().__init__(fields)
        self.key: int = key
        self.page: Page = page


class Page:
    """Objects of one kind that were read together."""

    def __init__(self, database: Database, kind: Kind) -> None:
        self.database = database
        self.kind = kind
        self.items: dict[int, Item] = {}
        self._read: dict[str, Any] = {}

    def once(self, name: str, read: Callable[[], _Value]) -> _Value:
        """Return what `read` gives, calling it for the first object of the page alone."""
        if name not in self._read:
            self._read[name] = read()
        result: _Value = self._read[name]
        return result

    def rows(self, name: str, sql: str) -> dict[int, list[tuple[Any, ...]]]:
        def read() -> dict[int, list[tuple[Any, ...]]]:
            found: dict[int, list[tuple[Any, ...]]] = {}
            statement = sql.replace("{ids}", "(select value from json_each(?))")
            arguments = (id_argument(self.items),) * sql.count("{ids}")
            for row in self.database.rows(statement, arguments):
                found.setdefault(row[0], []).append(row[1:])
            return found

        return self.once(name, read)

    def members(self, name: str, kind: Kind, sql: str) -> dict[int, list[Item]]:
        def read() -> dict[int, list[Item]]:
            pairs = self.rows(name + " ids", sql)
            wanted = {row[0] for rows in pairs.values() for row in rows}
            others = read_page(self.database, kind, wanted).items
            return {
                key: [others[row[0]] for row in rows if row[0] in others]
                for key, rows in pairs.items()
            }

        return self.once(name, read)

    def linked(self, link: IdList) -> dict[int, list[Item]]:
        other = KINDS[link.of]
        return self.members(
            link.name,
            other,
            f"select j.{link.owner}, j.{link.member} from {link.table} j"
            f" join {other.table} m on m.id = j.{link.member}"
            f" where j.{link.owner} in {{ids}} order by {link.sorting}",
        )

    def texts(self, link: TextList) -> dict[int, list[tuple[Any, ...]]]:
        return self.rows(
            link.name,
            f"select {link.owner}, {link.column} from {link.table}"
            f" where {link.owner} in {{ids}} order by {link.sorting}",
        )

    def files(self) -> dict[int, list[Item]]:
        return self.members(
            "files",
            KINDS["file"],
            f"select {self.kind.owner}, file_id from {self.kind.files}"
            f' where {self.kind.owner} in {{ids}} order by "primary" desc, file_id',
        )

    def stash_ids(self) -> dict[int, list[dict[str, Any]]]:
        names = ("endpoint", "stash_id", "updated_at")
        rows = self.rows(
            "stash ids",
            f"select {self.kind.owner}, {', '.join(names)} from {self.kind.stash_ids}"
            f" where {self.kind.owner} in {{ids}}"
            f" order by {'endpoint' if self.kind.name == 'scene' else 'rowid'}",
        )
        return {
            key: [dict(zip(names, row, strict=True)) for row in found]
            for key, found in rows.items()
        }

    def custom_fields(self) -> dict[int, list[tuple[Any, ...]]]:
        return self.rows(
            "custom fields",
            f"select {self.kind.owner}, field, value from {self.kind.custom_fields}"
            f" where {self.kind.owner} in {{ids}} order by field",
        )

    def referred(self, field: str, kind: Kind) -> dict[int, Item]:
        def read() -> dict[int, Item]:
            wanted = {item[field] for item in self.items.values()} - {None}
            return read_page(self.database, kind, wanted).items

        return self.once(field, read)


def id_argument(ids: Iterable[int]) -> str:
    return json.dumps(list(ids))


def read_page(database: Database, kind: Kind, ids: Iterable[int]) -> Page:
    """Read the objects with some ids as one page; ids without an object are left out."""
    page = Page(database, kind)
    wanted = list(ids)
    if not wanted:
        return page
    table = kind.table
    columns = [f"{table}.{name}" for name in ("id", "created_at", "updated_at")]
    for column in kind.columns:
        columns.append(f"{table}.{column.column}")
        if column.type == "date":
            columns.append(f"{table}.{column.column}_precision")
    columns.extend(column.column for column in kind.answers)
    rows = database.rows(
        f"select {', '.join(columns)} from {kind.source or table}"
        f" where {table}.id in (select value from json_each(?))",
        (id_argument(wanted),),
    )
    for row in rows:
        page.items[row[0]] = Item(page, row[0], _fields(kind, row))
    return page


def read_items(database: Database, kind: Kind, ids: Sequence[int]) -> list[Item]:
    items = read_page(database, kind, ids).items
    return [items[each] for each in ids if each in items]


def read_one(database: Database, kind: Kind, key: int) -> Item | None:
    return read_page(database, kind, (key,)).items.get(key)


def _fields(kind: Kind, row: tuple[Any, ...]) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": str(row[0]), "created_at": row[1], "updated_at": row[2]}
    at = 3
    for column in (*kind.columns, *kind.answers):
        if column.type == "date":
            fields[column.name] = format_date(row[at], row[at + 1])
            at += 2
        else:
            fields[column.name] = _field(column, row[at])
            at += 1
    return fields


def _field(column: Column, value: Any) -> Any:
    if column.type == "text":
        return value or ""
    if column.type == "time" and value.startswith("0001-01-01"):
        return None  # a time that was never set
    return bool(value) if column.type == "flag" else value
