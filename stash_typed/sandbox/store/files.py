"""Files and folders, as a scan sees them and as answers show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from stash_typed.sandbox.clock import now_seconds

from .database import Database, SqlValue
from .functions import phash_from_text
from .items import Item
from .kinds import FILE, FOLDER, KINDS
from .objects import Objects

_OWNERS = tuple((kind.table, kind.files, kind.owner) for kind in KINDS.values() if kind.files)

_MISSING = "getting {name} by id {key}: sql: no rows in result set"


@dataclass(frozen=True)
class FileFacts:
    kind: Literal["video", "image", "gallery", "basic"]
    path: str
    size: int
    mod_time: str
    zip_file_id: int | None = None
    fingerprints: Mapping[str, str] = field(default_factory=dict[str, str])
    format: str = ""
    width: int = 0
    height: int = 0
    duration: float = 0.0
    video_codec: str = ""
    audio_codec: str = ""
    frame_rate: float = 0.0
    bit_rate: int = 0


class Folders(Objects):
    """All folders, those inside zip files among them."""

    kind = FOLDER
    missing = _MISSING

    def find_id(self, path: str) -> int | None:
        found: int | None = self.database.value("select id from folders where path = ?", (path,))
        return found

    def at(self, path: str) -> Item | None:
        key = self.find_id(path)
        return None if key is None else self.get(key)

    def put(self, path: str, *, mod_time: str, zip_file_id: int | None = None) -> int:
        """Find a folder, or add it with its missing parents."""
        path = path.rstrip("/") or "/"
        found = self.find_id(path)
        if found is not None:
            return found
        with self.database.transaction():
            parent = self._parent(path, mod_time)
            values = {"path": path, "parent_folder_id": parent, "mod_time": mod_time}
            stamps = dict.fromkeys(("created_at", "updated_at"), now_seconds())
            return self.database.insert("folders", {**values, **stamps, "zip_file_id": zip_file_id})

    def _parent(self, path: str, mod_time: str) -> int | None:
        """Find or add the folder above, if one further up is there."""
        above = path.rpartition("/")[0] or "/"
        if path == "/":
            return None
        ancestors = [above]
        while ancestors[-1] != "/":
            ancestors.append(ancestors[-1].rpartition("/")[0] or "/")
        marks = ", ".join("?" * len(ancestors))
        if self.database.row(f"select 1 from folders where path in ({marks})", ancestors) is None:
            return None
        return self.put(above, mod_time=mod_time)


class Files(Objects):
    kind = FILE
    missing = _MISSING

    def __init__(self, database: Database, folders: Folders) -> None:
        super().__init__(database)
        self.folders = folders

    def find_id(self, path: str) -> int | None:
        folder, _, name = path.rpartition("/")
        found: int | None = self.database.value(
            "select f.id from files f join folders d on d.id = f.parent_folder_id"
            " where f.basename = ? and d.path = ?",
            (name, folder or "/"),
        )
        return found

    def at(self, path: str) -> Mapping[str, Any] | None:
        key = self.find_id(path)
        item = None if key is None else self.get(key)
        if item is None:
            return None
        facts: dict[str, Any] = {name: item[name] for name in ("size", "mod_time", "zip_file_id")}
        return {"id": item.key, "fingerprints": self.fingerprints(item.key), **facts}

    def put(self, facts: FileFacts) -> int:
        """Add a file, or bring the one with the path up to date."""
        folder, _, name = facts.path.rpartition("/")
        now = now_seconds()
        with self.database.transaction():
            parent = self.folders.put(
                folder or "/", mod_time=facts.mod_time, zip_file_id=facts.zip_file_id
            )
            values: dict[str, SqlValue] = {
                "basename": name,
                "zip_file_id": facts.zip_file_id,
                "parent_folder_id": parent,
                "size": facts.size,
                "mod_time": facts.mod_time,
                "updated_at": now,
            }
            key = self.find_id(facts.path)
            if key is None:
                key = self.database.insert("files", {**values, "created_at": now})
            else:
                self.database.update("files", key, values)
            self._write_kind(key, facts)
            for kind, value in facts.fingerprints.items():
                self.set_fingerprint(key, kind, value)
        return key

    def _write_kind(self, key: int, facts: FileFacts) -> None:
        for table in ("video_files", "image_files"):
            if facts.kind != table.removesuffix("_files"):
                self.database.execute(f"delete from {table} where file_id = ?", (key,))
        if facts.kind not in ("video", "image"):
            return
        names = ["format", "width", "height"]
        if facts.kind == "video":
            names += ["duration", "video_codec", "audio_codec", "frame_rate", "bit_rate"]
        values: dict[str, SqlValue] = {
            "file_id": key,
            **{each: getattr(facts, each) for each in names},
        }
        columns = ", ".join(values)
        changes = ", ".join(f"{name} = excluded.{name}" for name in values)
        self.database.execute(
            f"insert into {facts.kind}_files ({columns}) values ({', '.join('?' * len(values))})"
            f" on conflict (file_id) do update set {changes}",
            tuple(values.values()),
        )

    def fingerprints(self, key: int) -> dict[str, Any]:
        """Return a file's fingerprints as they are stored: texts, the phash a number."""
        return dict(
            self.database.rows(
                "select type, fingerprint from files_fingerprints where file_id = ?", (key,)
            )
        )

    def set_fingerprint(self, key: int, kind: str, value: str | None) -> None:
        with self.database.transaction():
            self.database.execute(
                "delete from files_fingerprints where file_id = ? and type = ?", (key, kind)
            )
            if value is not None:
                stored: SqlValue = phash_from_text(value) if kind == "phash" else value
                self.database.execute(
                    "insert into files_fingerprints values (?, ?, ?)", (key, kind, stored)
                )

    def with_fingerprints(self, fingerprints: Mapping[str, str]) -> list[int]:
        """Return the files that share an oshash or md5 with the ones given."""
        wanted = [
            (kind, value) for kind, value in fingerprints.items() if kind in ("oshash", "md5")
        ]
        if not wanted:
            return []
        condition = " or ".join(["(type = ? and fingerprint = ?)"] * len(wanted))
        return self.database.column(
            f"select distinct file_id from files_fingerprints where {condition} order by file_id",
            tuple(part for pair in wanted for part in pair),
        )

    def all_paths(self) -> list[tuple[int, str, int | None]]:
        """Return (id, path, zip file's id) of every file."""
        return self.database.rows(
            "select f.id, rtrim(d.path, '/') || '/' || f.basename, f.zip_file_id from files f"
            " join folders d on d.id = f.parent_folder_id order by f.id"
        )

    def is_primary(self, key: int) -> bool:
        return any(
            self.database.row(f'select 1 from {table} where file_id = ? and "primary" = 1', (key,))
            for _, table, _ in _OWNERS
        )

    def remove(self, keys: Iterable[int]) -> None:
        """Delete the rows of files, of their contents, and of objects without any file left."""
        with self.database.transaction():
            for key in keys:
                inside = self.database.column("select id from files where zip_file_id = ?", (key,))
                if inside:
                    self.remove(inside)
                for objects, table, owner in _OWNERS:
                    self._leave(key, objects, table, owner)
                self.forget(key)

    def forget(self, key: int) -> None:
        """Delete a file's own rows, and the folders inside it."""
        self.database.execute(
            "update folders set parent_folder_id = null where zip_file_id = ?", (key,)
        )
        self.database.execute("delete from folders where zip_file_id = ?", (key,))
        self.database.execute("delete from files where id = ?", (key,))

    def _leave(self, key: int, objects: str, table: str, owner: str) -> None:
        owners = self.database.column(f"select {owner} from {table} where file_id = ?", (key,))
        self.database.execute(f"delete from {table} where file_id = ?", (key,))
        for each in owners:
            rest = self.database.rows(
                f'select file_id, "primary" from {table} where {owner} = ?'
                ' order by "primary" desc, file_id',
                (each,),
            )
            if not rest:
                if objects == "scenes":
                    self.database.execute("delete from scene_markers where scene_id = ?", (each,))
                self.database.execute(f"delete from {objects} where id = ?", (each,))
            elif not rest[0][1]:
                self.database.execute(
                    f'update {table} set "primary" = 1 where {owner} = ? and file_id = ?',
                    (each, rest[0][0]),
                )
