"""The common part of scenes, images and galleries: they belong to files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stash_typed.sandbox.errors import AnswerError

from .changes import Changes, write_new
from .database import Database
from .files import FileFacts, Files
from .objects import Objects


class Visuals(Objects):
    def __init__(self, database: Database, files: Files) -> None:
        super().__init__(database)
        self.files = files

    def file_ids(self, key: int) -> list[int]:
        """Return the ids of an object's files, the primary one first."""
        return self.database.column(
            f"select file_id from {self.kind.files} where {self.kind.owner} = ?"
            ' order by "primary" desc, file_id',
            (key,),
        )

    def with_file(self, file_id: int) -> list[int]:
        return self.database.column(
            f"select {self.kind.owner} from {self.kind.files} where file_id = ?"
            f" order by {self.kind.owner}",
            (file_id,),
        )

    def primary_file(self, key: int) -> dict[str, Any] | None:
        ids = self.file_ids(key)
        item = self.files.get(ids[0]) if ids else None
        if item is None:
            return None
        return {**item, "id": item.key, "fingerprints": self.files.fingerprints(item.key)}

    def attach(self, key: int, file_ids: Iterable[int], first_is_primary: bool) -> None:
        self.database.execute_many(
            f'insert into {self.kind.files} ({self.kind.owner}, "primary", file_id)'
            " values (?, ?, ?)",
            [
                (key, int(first_is_primary and not place), file_id)
                for place, file_id in enumerate(file_ids)
            ],
        )

    def for_file(self, file_id: int, facts: FileFacts) -> int:
        """Find a scanned file's object, or one whose file has the same hash; else make one."""
        own = self.with_file(file_id)
        if own:
            return own[0]
        with self.database.transaction():
            for twin in self.files.with_fingerprints(facts.fingerprints):
                for key in self.with_file(twin):
                    self.attach(key, [file_id], first_is_primary=False)
                    self.update(key, Changes())
                    return key
            key = self.create_scanned()
            self.attach(key, [file_id], first_is_primary=True)
        return key

    def create_scanned(self) -> int:
        return write_new(self.database, self.kind, Changes())

    def check_primary(self, key: int, changes: Changes) -> None:
        """Refuse a primary file that is not the object's."""
        wanted = changes.primary_file_id
        if wanted is not None and wanted not in self.file_ids(key):
            raise AnswerError(f"file with id {wanted} not associated with {self.kind.name}")

    def write_more(self, key: int, changes: Changes) -> None:
        super().write_more(key, changes)
        if changes.primary_file_id is not None:
            self.set_primary(key, changes.primary_file_id)

    def set_primary(self, key: int, file_id: int) -> None:
        table, owner = self.kind.files, self.kind.owner
        self.database.execute(f'update {table} set "primary" = 0 where {owner} = ?', (key,))
        self.database.execute(
            f'update {table} set "primary" = 1 where {owner} = ? and file_id = ?', (key, file_id)
        )

    def check_destroy(self, key: int) -> None:
        self.require(key)

    def shown_title(self, key: int) -> str:
        """Return what the server calls an object in error texts: its title, or its file's name."""
        item = self.require(key)
        if item["title"]:
            return str(item["title"])
        file = self.primary_file(key)
        return str(file["basename"]) if file else ""
