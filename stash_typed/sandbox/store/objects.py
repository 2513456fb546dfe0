"""Operations on the objects of any kind: find, read, add, change and destroy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stash_typed.sandbox.errors import AnswerError

from .blobs import drop_unused, write_blob
from .changes import Changes, ListChange, write_changes, write_new
from .custom_fields import check_custom_fields, write_custom_fields
from .database import Database
from .find import FINDERS, Finder, Found, find
from .items import Item, read_items, read_one
from .kind import Kind


class Objects:
    kind: Kind
    missing = "{name} with id {key} not found"

    def __init__(self, database: Database) -> None:
        self.database = database
        self.finder: Finder = FINDERS[self.kind.name]

    def find(
        self,
        criteria: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
        *,
        count: bool = True,
        sums: Sequence[str] = (),
    ) -> Found:
        return find(self.database, self.finder, criteria, options, count=count, sums=sums)

    def read(self, keys: Sequence[int]) -> list[Item]:
        return read_items(self.database, self.kind, keys)

    def get(self, key: int) -> Item | None:
        return read_one(self.database, self.kind, key)

    def require(self, key: int) -> Item:
        item = self.get(key)
        if item is None:
            raise AnswerError(self.missing.format(name=self.kind.name, key=key))
        return item

    def require_row(self, key: int) -> None:
        """Refuse an object that is not there, in the words of the server's database."""
        if self.database.row(f"select 1 from {self.kind.table} where id = ?", (key,)) is None:
            raise AnswerError(f"id {key} does not exist in {self.kind.table}")

    def require_all(self, keys: Sequence[int]) -> list[Item]:
        items = self.read(keys)
        there = {item.key for item in items}
        for key in keys:
            if key not in there:
                raise AnswerError(f"{self.kind.name} with id {key} not found")
            there.remove(key)  # what is asked for twice is not found again
        return items

    def aliases(self, key: int) -> list[str]:
        kind = self.kind
        return self.database.column(
            f"select alias from {kind.name}_aliases where {kind.owner} = ? order by alias", (key,)
        )

    def all_ids(self) -> list[int]:
        return self.database.column(f"select id from {self.kind.table} order by id")

    def create(self, changes: Changes) -> int:
        with self.database.transaction():
            self.check_new(changes)
            key = write_new(self.database, self.kind, changes)
            self.write_more(key, changes)
        return key

    def update(self, key: int, changes: Changes) -> None:
        with self.database.transaction():
            self.check_change(key, changes)
            if changes.custom_fields is not None:
                check_custom_fields(changes.custom_fields)
            write_changes(self.database, self.kind, key, changes)
            self.write_more(key, changes)

    def destroy(self, keys: Iterable[int]) -> None:
        """Destroy objects, all or none."""
        table = self.kind.table
        with self.database.transaction():
            for key in keys:
                self.check_destroy(key)
                self.require_row(key)
                self.before_destroy(key)
                used = self.blob_checksums(key)
                self.database.execute(f"delete from {table} where id = ?", (key,))
                for checksum in used:
                    drop_unused(self.database, checksum)

    def blob_checksums(self, key: int) -> list[str]:
        columns = ", ".join(self.kind.blobs.values())
        row = columns and self.database.row(
            f"select {columns} from {self.kind.table} where id = ?", (key,)
        )
        return [each for each in row or () if each is not None]

    def check_new(self, changes: Changes) -> None:
        """Refuse a new object that may not be."""

    def check_change(self, key: int, changes: Changes) -> None:
        """Refuse a change that may not be."""

    def check_edit(self, key: int, changes: Changes) -> None:
        """Refuse what one object's own update refuses, and a change of many does not."""

    def check_destroy(self, key: int) -> None:
        """Refuse to destroy an object that is not there, where the server has words for it."""

    def write_more(self, key: int, changes: Changes) -> None:
        """Write the fields that are neither columns nor lists."""
        for name, data in changes.blobs.items():
            write_blob(self.database, self.kind, key, name, data)
        if changes.custom_fields is not None:
            write_custom_fields(self.database, self.kind, key, changes.custom_fields)

    def before_destroy(self, key: int) -> None:
        """Delete rows that the database does not delete by itself."""

    def by_fingerprint(self, kind: str, value: str) -> int | None:
        found: int | None = self.database.value(
            f"select l.{self.kind.owner} from {self.kind.files} l join files_fingerprints f"
            " on f.file_id = l.file_id where f.type = ? and f.fingerprint = ?"
            f" order by l.{self.kind.owner}",
            (kind, value),
        )
        return found

    def add_relations(
        self,
        key: int,
        performers: Sequence[int] = (),
        tags: Sequence[int] = (),
        studio: int | None = None,
    ) -> None:
        changes = Changes()
        if performers:
            changes.ids["performer_ids"] = ListChange(performers, "ADD")
        if tags:
            changes.ids["tag_ids"] = ListChange(tags, "ADD")
        if studio is not None and self.require(key)["studio_id"] is None:
            changes.columns["studio_id"] = studio
        self.update(key, changes)
