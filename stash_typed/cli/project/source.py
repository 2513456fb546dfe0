"""Where a command takes a schema from: a file, a server, or what this package was made from."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..commands.introspect import sdl_from_server
from ..connection import Server
from ..errors import CommandError, extra
from ..terminal.interrupt import run_to_end

if TYPE_CHECKING:
    from graphql import GraphQLSchema

__all__ = ["PACKAGED", "Source", "schema_of", "schema_of_server"]

PACKAGED = "packaged"
"""What stands on the command line for the schema that the shipped client was generated from."""

_URL = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """A schema, and where it is from.

    Attributes:
        name: the file or the server's address; `packaged` for the package's own.
        schema: the schema.
        version: the release that it is of; None when nothing says so.
    """

    name: str
    schema: GraphQLSchema
    version: str | None

    def __str__(self) -> str:
        return f"{self.name} ({self.version})" if self.version else self.name

    def to_json(self) -> dict[str, object]:
        """Give it as plain data, without the schema."""
        return {"name": self.name, "stash_version": self.version}


def schema_of(text: str, server: Server) -> Source:
    """Give the schema that an argument names.

    Args:
        text: a file in SDL, a `.json` file with an introspection result, a server's address with
            http:// or https://, or `packaged`.
        server: says how to sign in when it is an address.

    Returns:
        The schema.

    Raises:
        CommandError: there is no such file, or an extra is not installed.
        CodegenError: the file, or the answer, is no schema.
        StashError: the server did not answer.
    """
    if _URL.match(text):
        return schema_of_server(replace(server, url=text))
    with extra("codegen"):
        from stash_typed.codegen.schema.introspect import load_schema, stash_version_of
        from stash_typed.codegen.shipped import shipped_schema
        from stash_typed.codegen.stash_version import version_in
    path = shipped_schema() if text == PACKAGED else Path(text)
    if not path.is_file():
        raise CommandError(
            f"there is no file {text!r}. Give a .graphql file, a .json file with an introspection"
            f" result, a server's address such as http://localhost:9999, or {PACKAGED!r}."
        )
    schema = load_schema(path)
    version = stash_version_of(path.read_text(encoding="utf-8"))
    return Source(text, schema, version or version_in(path.name))


def schema_of_server(server: Server) -> Source:
    """Ask a server for its schema.

    Args:
        server: as the options say.

    Returns:
        The schema.

    Raises:
        CommandError: an extra is not installed.
        CodegenError: the answer is no schema.
        StashError: the server did not answer.
    """
    with extra("codegen"):
        from stash_typed.codegen.schema.introspect import schema_from_sdl, stash_version_of
    from stash_typed._runtime.redact import redact_url

    told: list[tuple[str, str]] = []

    async def ask() -> None:
        async with server.with_password().client() as stash:
            told.append((stash.url, await sdl_from_server(stash)))

    run_to_end(ask())
    ((url, sdl),) = told
    name = redact_url(url)
    return Source(name, schema_from_sdl(sdl, name), stash_version_of(sdl))
