"""When scenes were played, and their o-counts: moments in UTC, the latest first."""

from __future__ import annotations

from collections.abc import Sequence

from stash_typed.sandbox.clock import now_seconds

from .database import Database
from .moments import parse_timestamp

__all__ = ["History"]


class History:
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
        """Take moments away, each once; the latest when none is given."""
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
