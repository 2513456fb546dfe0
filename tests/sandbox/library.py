"""A sandbox's data and resolvers without its HTTP half, to be asked in the same process."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from stash_typed.sandbox.graphql.context import SandboxContext
from stash_typed.sandbox.graphql.documents import InvalidDocumentError
from stash_typed.sandbox.graphql.execution import Executor, Request
from stash_typed.sandbox.options import Options
from stash_typed.sandbox.schema import executable_schema, load_sdl
from stash_typed.sandbox.state import ServerState
from stash_typed.sandbox.store import Store

__all__ = ["REAL", "Library"]

REAL = Path(__file__).parent / "real"
"""Answers of a real server (v0.30.1), and the library that it had when it gave them."""


@cache
def _executor() -> Executor:
    return Executor(executable_schema(load_sdl()))


class Library:
    """One server's data, and questions to it."""

    def __init__(self, **options: Any) -> None:
        """Make the data.

        Args:
            options: those of a sandbox, such as `scenes`.
        """
        self.state = ServerState(Options(**options))
        self._context = SandboxContext(self.state, "http://sandbox")

    @property
    def store(self) -> Store:
        """The data."""
        return self.state.require_store()

    def close(self) -> None:
        """End the server."""
        self.state.close()

    def answer(self, query: str, variables: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Give the whole GraphQL answer."""
        try:
            return _executor().execute(Request(query, None, variables or {}), self._context)
        except InvalidDocumentError as problem:
            return {"errors": [{"message": str(problem)}], "data": None}

    def ask(self, query: str, **variables: object) -> Any:
        """Give the value of the one root field that is asked for."""
        answer = self.answer(query, variables)
        assert "errors" not in answer, answer["errors"]
        (value,) = answer["data"].values()
        return value

    def error(self, query: str, **variables: object) -> str:
        """Give the one error that a question ends in."""
        answer = self.answer(query, variables)
        assert "errors" in answer, answer["data"]
        (one,) = answer["errors"]
        return str(one["message"])

    def ids(self, root: str, **variables: object) -> list[int]:
        """Give the ids of a find query, such as `findScenes(filter: …) { scenes }`."""
        query = root.replace("}", "{ id } }") if "{ id }" not in root else root
        found = self.ask(query, **variables)
        lists: list[list[Any]] = [each for each in found.values() if isinstance(each, list)]
        (items,) = lists
        return [int(each["id"]) for each in items]

    def load(self) -> set[str]:
        """Fill empty data with the library of the real server.

        Returns:
            All texts in it, times among them.
        """
        library = json.loads((REAL / "library.json").read_text(encoding="utf-8"))
        connection = self.store.connection
        texts: set[str] = set()
        connection.execute("pragma foreign_keys = off")
        for table, content in library["tables"].items():
            columns = content["columns"]
            names = ", ".join(f'"{name}"' for name in columns)
            rows = [[_value(each) for each in row] for row in content["rows"]]
            texts.update(each for row in rows for each in row if isinstance(each, str))
            marks = ", ".join("?" * len(columns))
            connection.executemany(f'insert into "{table}" ({names}) values ({marks})', rows)
        connection.execute("delete from sqlite_sequence")
        connection.executemany(
            "insert into sqlite_sequence (name, seq) values (?, ?)", library["last_ids"].items()
        )
        connection.execute("pragma foreign_keys = on")
        self.state.config.general["stashes"] = [
            {"path": "/data/media", "excludeVideo": False, "excludeImage": False}
        ]
        return texts


def _value(value: Any) -> Any:
    return (
        base64.b64decode(cast("dict[str, str]", value)["base64"])
        if isinstance(value, dict)
        else value
    )
