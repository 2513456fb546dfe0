"""SQL on the sandbox's own database."""

from __future__ import annotations

import base64
import sqlite3

from ..errors import AnswerError
from ..graphql.context import Info, context_of
from ..graphql.registry import mutation


@mutation("querySQL")
def query_sql(
    _parent: None, info: Info, *, sql: str, args: list[object] | None = None
) -> dict[str, object]:
    store = context_of(info).store
    arguments = args or []
    try:
        # As on the server: a client's "begin" finds one open, its "commit" leaves none to end.
        with store.transaction():
            cursor = store.connection.execute(sql, arguments)
            rows = [[_plain(value) for value in row] for row in cursor.fetchall()]
    except sqlite3.Error as error:
        raise AnswerError(_failed(sql, arguments, error)) from None
    return {"columns": [each[0] for each in cursor.description or ()], "rows": rows}


@mutation("execSQL")
def exec_sql(
    _parent: None, info: Info, *, sql: str, args: list[object] | None = None
) -> dict[str, object]:
    store = context_of(info).store
    arguments = args or []
    try:
        with store.transaction():
            cursor = store.connection.execute(sql, arguments)
    except sqlite3.Error as error:
        raise AnswerError(_failed(sql, arguments, error)) from None
    return {"rows_affected": max(cursor.rowcount, 0), "last_insert_id": cursor.lastrowid or 0}


def _plain(value: object) -> object:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _failed(sql: str, arguments: list[object], error: sqlite3.Error) -> str:
    shown = " ".join(str(each) for each in arguments)
    denied = "not authorized" in str(error) or "authorization denied" in str(error)
    why = "; the sandbox opens no database but its own" if denied else ""
    return f"error executing `{sql}` [[{shown}]]: {error}{why}"
