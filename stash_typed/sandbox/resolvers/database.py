"""The database: its copies, as they are or anonymised, and SQL on it."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from ..copies.anonymise import anonymise
from ..errors import AnswerError
from ..graphql.context import Info, Input, SandboxContext, context_of
from ..graphql.registry import mutation
from ..state import DATABASE_SCHEMA


@mutation("backupDatabase")
def backup_database(_parent: None, info: Info, *, input: Input) -> str | None:
    """Copy the database; null for a copy beside it, else the copy's link."""
    context = context_of(info)
    path = _place(context, "", download=bool(input.get("download")))
    context.store.backup_to(path)
    return _answer(context, path, download=bool(input.get("download")))


@mutation("anonymiseDatabase")
def anonymise_database(_parent: None, info: Info, *, input: Input) -> str | None:
    """Copy the database without names, paths, texts and pictures."""
    context = context_of(info)
    path = _place(context, ".anonymous", download=bool(input.get("download")))
    context.store.backup_to(path, change=anonymise)
    return _answer(context, path, download=bool(input.get("download")))


def _place(context: SandboxContext, word: str, *, download: bool) -> Path:
    state = context.state
    moment = datetime.now(timezone.utc).strftime("%Y%m%d_%H%M%S")
    name = f"{state.database_path.name}{word}.{DATABASE_SCHEMA}.{moment}"
    chosen = str(state.config.general["backupDirectoryPath"])
    folder = Path(chosen) if chosen else state.database_path.parent
    if download:
        folder = state.downloads.new_folder(state.generated_path)
    return state.folders.place_for(folder / name)


def _answer(context: SandboxContext, path: Path, *, download: bool) -> str | None:
    if not download:
        context.state.log.add("Info", f"Successfully backed up database to {path}")
        return None
    link = context.state.downloads.add(path, "application/octet-stream")
    return f"{context.request_base_url}{link}"


@mutation("querySQL")
def query_sql(
    _parent: None, info: Info, *, sql: str, args: list[object] | None = None
) -> dict[str, object]:
    cursor, rows = _execute(info, sql, args or [])
    columns = [each[0] for each in cursor.description or ()]
    return {"columns": columns, "rows": [[_plain(value) for value in row] for row in rows]}


@mutation("execSQL")
def exec_sql(
    _parent: None, info: Info, *, sql: str, args: list[object] | None = None
) -> dict[str, object]:
    cursor, _ = _execute(info, sql, args or [])
    return {"rows_affected": max(cursor.rowcount, 0), "last_insert_id": cursor.lastrowid or 0}


def _execute(
    info: Info, sql: str, arguments: list[object]
) -> tuple[sqlite3.Cursor, list[Sequence[object]]]:
    store = context_of(info).store
    try:
        # As on the server: a client's "begin" finds one open, its "commit" leaves none to end.
        with store.transaction():
            cursor = store.connection.execute(sql, arguments)
            return cursor, cursor.fetchall()
    except sqlite3.Error as error:
        shown = " ".join(str(each) for each in arguments)
        denied = "not authorized" in str(error) or "authorization denied" in str(error)
        why = "; the sandbox opens no database but its own" if denied else ""
        raise AnswerError(f"error executing `{sql}` [[{shown}]]: {error}{why}") from None


def _plain(value: object) -> object:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
