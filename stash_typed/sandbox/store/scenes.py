"""Scenes: their files, groups, history, and how they are merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stash_typed.sandbox.clock import now_seconds
from stash_typed.sandbox.errors import AnswerError, PanicError

from .changes import Changes, ListChange
from .database import Database, SqlValue
from .files import Files
from .kinds import SCENE
from .moments import parse_timestamp
from .visual import Visuals


class History:
    """When scenes were played, or their o-counts: moments in UTC, the latest first."""

    def __init__(self, database: Database, table: str, column: str) -> None:
        self.database = database
        self.table = table
        self.column = column

    def moments(self, scene: int) -> list[str]:
        return self.database.column(
            f"select {self.column} from {self.table} where scene_id = ?"
            f" order by {self.column} desc",
            (scene,),
        )

    def add(self, scene: int, times: Sequence[str]) -> list[str]:
        with self.database.transaction():
            self.database.execute_many(
                f"insert into {self.table} (scene_id, {self.column}) values (?, ?)",
                [(scene, parse_timestamp(each)) for each in times or [now_seconds()]],
            )
            return self.moments(scene)

    def remove(self, scene: int, times: Sequence[str]) -> list[str]:
        """Remove each of the given moments once; the latest if none are given."""
        with self.database.transaction():
            for time in times or [""]:
                condition = f" and {self.column} = ?" if time else ""
                arguments = (parse_timestamp(time),) if time else ()
                self.database.execute(
                    f"delete from {self.table} where rowid = (select rowid from {self.table}"
                    f" where scene_id = ?{condition} order by {self.column} desc limit 1)",
                    (scene, *arguments),
                )
            return self.moments(scene)

    def clear(self, scene: int) -> None:
        with self.database.transaction():
            self.database.execute(f"delete from {self.table} where scene_id = ?", (scene,))


class Scenes(Visuals):
    kind = SCENE

    def __init__(self, database: Database, files: Files) -> None:
        super().__init__(database, files)
        self.plays: History = History(database, "scenes_view_dates", "view_date")
        self.o_counts: History = History(database, "scenes_o_dates", "o_date")

    def create_with_files(self, changes: Changes, file_ids: Sequence[int]) -> int:
        if not changes.columns.get("title") and not file_ids:
            raise AnswerError("title must be set if scene has no files")
        with self.database.transaction():
            key = self.create(changes)
            for file_id in file_ids:
                try:
                    self.assign_file(key, file_id)
                except AnswerError as problem:
                    raise AnswerError(
                        f"assigning file {file_id} to new scene: {problem}"
                    ) from problem
            if file_ids:
                self.set_primary(key, file_ids[0])
        return key

    def check_edit(self, key: int, changes: Changes) -> None:
        """Refuse what one scene's own update refuses, and a change of many does not."""
        self.require(key)
        if "title" in changes.columns and not changes.columns["title"] and not self.file_ids(key):
            raise AnswerError("title must be set if scene has no files")
        self.check_primary(key, changes)

    def write_more(self, key: int, changes: Changes) -> None:
        super().write_more(key, changes)
        if changes.groups is not None:
            self._write_groups(key, changes.groups)

    def _write_groups(self, key: int, change: ListChange[tuple[int, int | None]]) -> None:
        wanted = list(change.values)
        if change.mode == "SET":
            self.database.execute("delete from groups_scenes where scene_id = ?", (key,))
        if change.mode == "REMOVE":
            self.database.execute_many(
                "delete from groups_scenes where scene_id = ? and group_id = ?",
                [(key, group) for group, _ in wanted],
            )
            return
        if change.mode == "ADD":
            there = set(
                self.database.column(
                    "select group_id from groups_scenes where scene_id = ?", (key,)
                )
            )
            wanted = [each for each in wanted if each[0] not in there]
        self.database.execute_many(
            "insert into groups_scenes (scene_id, group_id, scene_index) values (?, ?, ?)",
            [(key, group, index) for group, index in wanted],
        )

    def before_destroy(self, key: int) -> None:
        self.database.execute("delete from scene_markers where scene_id = ?", (key,))

    def assign_file(self, key: int, file_id: int) -> None:
        """Assign to a scene a file that is not the primary file of another object."""
        file = self.files.require(file_id)
        if file["__typename"] != "VideoFile":
            raise AnswerError(f"{file['path']} is not a video file")
        if self.files.is_primary(file_id):
            raise AnswerError("cannot reassign primary file")
        with self.database.transaction():
            self.move_files(key, [file_id])

    def move_files(self, key: int, file_ids: Sequence[int]) -> None:
        """Move files from their scenes to another one."""
        for file_id in file_ids:
            self.database.execute("delete from scenes_files where file_id = ?", (file_id,))
        self.attach(key, file_ids, first_is_primary=not self.file_ids(key))

    def save_activity(self, key: int, resume_time: float | None, duration: float | None) -> None:
        """Keep where a scene was left, and add to how long it was played, in seconds."""
        self.require_row(key)
        values: dict[str, SqlValue] = {}
        if resume_time is not None:
            values["resume_time"] = resume_time
        with self.database.transaction():
            self.database.update("scenes", key, values)
            if duration is not None:
                self.database.execute(
                    "update scenes set play_duration = play_duration + ? where id = ?",
                    (duration, key),
                )

    def reset_activity(self, key: int, *, resume: bool, duration: bool) -> None:
        self.require_row(key)
        values: dict[str, SqlValue] = {"resume_time": 0.0} if resume else {}
        if duration:
            values["play_duration"] = 0.0
        with self.database.transaction():
            self.database.update("scenes", key, values)

    def merge(
        self,
        sources: Iterable[int],
        destination: int,
        changes: Changes,
        *,
        plays: bool,
        o_counts: bool,
    ) -> None:
        """Move files, markers and histories of scenes to another, and destroy them."""
        keys = list(dict.fromkeys(sources))
        if destination in keys:
            raise AnswerError("destination scene cannot be in source list")
        with self.database.transaction():
            try:
                self.require_all(keys)
            except AnswerError as problem:
                raise AnswerError(f"finding source scenes: {problem}") from problem
            if keys and self.get(destination) is None:
                raise PanicError
            had_file = bool(self.file_ids(destination))
            file_ids = [file_id for key in keys for file_id in self.file_ids(key)]
            for key in keys:
                self.database.execute(
                    "update scene_markers set scene_id = ? where scene_id = ?",
                    (destination, key),
                )
            if file_ids:
                self.move_files(destination, file_ids)
                changes.primary_file_id = None if had_file else file_ids[0]
            try:
                self.update(destination, changes)
            except AnswerError as problem:
                raise AnswerError(f"updating scene: {problem}") from problem
            for wanted, history in ((plays, self.plays), (o_counts, self.o_counts)):
                moments = [moment for key in keys for moment in history.moments(key)]
                if wanted and moments:
                    history.add(destination, moments)
            self.destroy(keys)
