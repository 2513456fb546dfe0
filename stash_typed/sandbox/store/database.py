"""The SQLite database below the store: one connection, one lock, whole transactions."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, cast

from stash_typed.sandbox.errors import AnswerError

from .functions import add_functions
from .schema import statements

SqlValue = str | int | float | bytes | None


class Database:
    """A database in a file or in memory.

    Reads take the lock for one statement. A write takes it for a whole transaction; what a
    transaction changed is undone together when it raises.
    """

    def __init__(self, path: Path | None = None) -> None:
        if path is not None:
            _check_ours(path)
        self.path = path
        self.lock: AbstractContextManager[bool] = threading.RLock()
        self.on_write: Callable[[], None] | None = None
        self.connection: sqlite3.Connection = sqlite3.connect(
            ":memory:" if path is None else path,
            check_same_thread=False,
            isolation_level=None,
            cached_statements=512,
        )
        self._depth = 0
        add_functions(self.connection)
        self.execute("pragma foreign_keys = on")
        if path is not None:
            self.execute("pragma journal_mode = wal")
            self.execute("pragma synchronous = normal")
        self.execute("pragma temp_store = memory")
        self.connection.set_authorizer(_stay_inside)
        if not self.rows("select 1 from sqlite_master where name = 'sandbox_settings'"):
            with self.transaction():
                for statement in statements():
                    self.execute(statement)

    def close(self) -> None:
        with self.lock:
            self.connection.close()

    def backup_to(
        self, path: Path, *, change: Callable[[sqlite3.Connection], None] | None = None
    ) -> None:
        path.unlink(missing_ok=True)
        target = sqlite3.connect(path)
        try:
            with self.lock:
                self.connection.backup(target)
            if change is not None:
                change(target)
        finally:
            target.close()

    @contextmanager
    def transaction(self) -> Generator[None, None, None]:
        """Keep all that is written inside, or none; a transaction inside another joins it."""
        with self.lock:
            outermost = self._depth == 0
            if outermost and self.on_write is not None:
                self.on_write()
            if outermost:
                self.connection.execute("begin immediate")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if outermost and self.connection.in_transaction:
                    self.connection.execute("rollback")
                raise
            self._depth -= 1
            if outermost:
                self.connection.execute("commit")

    def execute(self, sql: str, arguments: Sequence[SqlValue] = ()) -> sqlite3.Cursor:
        with self.lock:
            try:
                return self.connection.execute(sql, arguments)
            except sqlite3.IntegrityError as problem:
                raise AnswerError(str(problem)) from problem

    def execute_many(self, sql: str, rows: Iterable[Sequence[SqlValue]]) -> None:
        with self.lock:
            try:
                self.connection.executemany(sql, rows)
            except sqlite3.IntegrityError as problem:
                raise AnswerError(str(problem)) from problem

    def rows(self, sql: str, arguments: Sequence[SqlValue] = ()) -> list[tuple[Any, ...]]:
        with self.lock:
            return self.execute(sql, arguments).fetchall()

    def row(self, sql: str, arguments: Sequence[SqlValue] = ()) -> tuple[Any, ...] | None:
        with self.lock:
            return cast("tuple[Any, ...] | None", self.execute(sql, arguments).fetchone())

    def value(self, sql: str, arguments: Sequence[SqlValue] = ()) -> Any:
        found = self.row(sql, arguments)
        return None if found is None else found[0]

    def column(self, sql: str, arguments: Sequence[SqlValue] = ()) -> list[Any]:
        return [row[0] for row in self.rows(sql, arguments)]

    def insert(self, table: str, values: Mapping[str, SqlValue]) -> int:
        columns = ", ".join(f'"{column}"' for column in values)
        marks = ", ".join("?" * len(values))
        cursor = self.execute(
            f"insert into {table} ({columns}) values ({marks})", tuple(values.values())
        )
        return cursor.lastrowid or 0

    def update(self, table: str, row_id: int, values: Mapping[str, SqlValue]) -> None:
        if values:
            changes = ", ".join(f'"{column}" = ?' for column in values)
            self.execute(f"update {table} set {changes} where id = ?", (*values.values(), row_id))

    def get_setting(self, key: str) -> object | None:
        text = self.value("select value from sandbox_settings where key = ?", (key,))
        return None if text is None else cast("object", json.loads(text))

    def set_setting(self, key: str, value: object) -> None:
        with self.transaction():
            self.execute(
                "insert into sandbox_settings values (?, ?)"
                " on conflict (key) do update set value = excluded.value",
                (key, json.dumps(value)),
            )


def _check_ours(path: Path) -> None:
    """See to it that a file that is there was made by a sandbox, without changing it."""
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as found:
            tables = [name for (name,) in found.execute("select name from sqlite_master")]
    except sqlite3.DatabaseError as problem:
        raise AnswerError(f"{path} is no database of a sandbox: {problem}") from None
    if tables and "sandbox_settings" not in tables:
        raise AnswerError(f"{path} is the database of another program: give another folder")


def _stay_inside(action: int, first: str | None, *_more: str | None) -> int:
    """Keep SQL of a client in its own database: it opens no other file, and loads no code.

    `vacuum` works in a nameless file of its own; `vacuum into` is the same with a name.
    """
    if action == sqlite3.SQLITE_ATTACH and first != "":
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and first in (
        "temp_store_directory",
        "data_store_directory",
    ):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
