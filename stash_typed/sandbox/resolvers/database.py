"""The database: its copies, as they are or anonymised, and SQL on it."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path

from ..copies.anonymise import anonymise
from ..errors import AnswerError
from ..graphql.context import Info, Input, context_of
from ..graphql.registry import mutation
from ..state import DATABASE_SCHEMA


def _copying(
    word: str, change: Callable[[sqlite3.Connection], None] | None
) -> Callable[..., str | None]:
    def resolve(_parent: None, info: Info, *, input: Input) -> str | None:
        """Copy the database; null for a copy beside it, else the copy's link."""
        context = context_of(info)
        state = context.state
        moment = datetime.now(timezone.utc).strftime("%Y%m%d_%H%M%S")
        name = f"{state.database_path.name}{word}.{DATABASE_SCHEMA}.{moment}"
        chosen = str(state.config.general["backupDirectoryPath"])
        folder = Path(chosen) if chosen else state.database_path.parent
        if input.get("download"):
            folder = state.downloads.new_folder(state.generated_path)
        path = state.folders.place_for(folder / name)
        context.store.backup_to(path, change=change)
        if not input.get("download"):
            state.log.add("Info", f"Successfully backed up database to {path}")
            return None
        link = state.downloads.add(path, "application/octet-stream")
        return f"{context.request_base_url}{link}"

    return resolve


mutation("backupDatabase")(_copying("", None))
mutation("anonymiseDatabase")(_copying(".anonymous", anonymise))


@mutation("querySQL")
def query_sql(
    _parent: None, info: Info, *, sql: str, args: list[object] | None = None
) -> dict[str, object]:
    cursor, rows = _execute(info, sql, args or [], query=True)
    columns = [each[0] for each in cursor.description or ()]
    return {"columns": columns, "rows": [[_plain(value) for value in row] for row in rows]}


@mutation("execSQL")
def exec_sql(
    _parent: None, info: Info, *, sql: str, args: list[object] | None = None
) -> dict[str, object]:
    cursor, _ = _execute(info, sql, args or [], query=False)
    return {"rows_affected": max(cursor.rowcount, 0), "last_insert_id": cursor.lastrowid or 0}


def _execute(
    info: Info, sql: str, arguments: list[object], *, query: bool
) -> tuple[sqlite3.Cursor, list[Sequence[object]]]:
    store = context_of(info).store
    connection = store.connection
    try:
        with store.transaction():
            cursor = connection.execute(sql, arguments)
            rows = cursor.fetchall()
            if not connection.in_transaction:
                # As on the server: that a client ended the transaction itself is no error.
                connection.execute("begin")
            return cursor, rows
    except sqlite3.Error as error:
        if query and _compiles(connection, sql, arguments):
            raise AnswerError(str(error)) from None  # the server quotes only what it cannot compile
        shown = " ".join(str(each) for each in arguments)
        denied = "not authorized" in str(error) or "authorization denied" in str(error)
        why = "; the sandbox opens no database but its own" if denied else ""
        raise AnswerError(f"error executing `{sql}` [[{shown}]]: {error}{why}") from None


def _compiles(connection: sqlite3.Connection, sql: str, arguments: list[object]) -> bool:
    try:
        connection.execute(f"explain {sql}", arguments).close()
    except sqlite3.Error:
        return False
    return True


def _plain(value: object) -> object:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
