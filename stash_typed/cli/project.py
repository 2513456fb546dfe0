"""Projects and schemas for the generator commands."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from .command import Server, option, run_to_end
from .errors import CommandError

if TYPE_CHECKING:
    from graphql import GraphQLSchema

    from stash_typed.client import StashClient
    from stash_typed.codegen.project.project import Project

_PACKAGED = "packaged"
"""The argument for the schema that the shipped client was generated from."""

_URL = re.compile(r"https?://", re.IGNORECASE)
_NAME = "pyproject.toml"
_EXAMPLE = f"""\
Add this to {_NAME}, and put your operations into .graphql files in the folder it names:

[tool.stash-typed]
url = "http://localhost:9999"   # or a file: schema = "schema.graphql"
operations = ["operations"]
package = "my_stash"
include_shipped = true          # include the operations of stash-typed"""

ProjectOption = Annotated[
    Path | None,
    option(
        f"The {_NAME} with the table tool.stash-typed, or its folder (default: this folder).",
        "--project",
        metavar="FILE",
    ),
]


def project_of(given: Path | None) -> Project:
    from stash_typed.codegen.project.project import SECTION, read_project

    path = given or Path(_NAME)
    if path.is_dir():
        path /= _NAME
    if not path.exists():
        raise CommandError(f"{path} does not exist. {_EXAMPLE}")
    if not _has_table(path):
        raise CommandError(f"{path} has no [{SECTION}]. {_EXAMPLE}")
    return read_project(path)


def project_here(given: Path | None) -> Project | None:
    """Return the project that `--project` names, else the one in the current folder, else None."""
    here = Path(_NAME)
    absent = given is None and not (here.is_file() and _has_table(here))
    return None if absent else project_of(given)


def _has_table(path: Path) -> bool:
    from stash_typed.codegen.reading import read_toml

    tool: object = read_toml(path).get("tool")
    return isinstance(tool, dict) and "stash-typed" in tool


@dataclass(frozen=True)
class Source:
    """A schema, the file or URL it comes from, and its release, if known."""

    name: str
    schema: GraphQLSchema
    version: str | None

    def __str__(self) -> str:
        return f"{self.name} ({self.version})" if self.version else self.name

    def to_json(self) -> dict[str, object]:
        return {"name": self.name, "stash_version": self.version}


def schema_of(text: str, server: Server) -> Source:
    """Read the schema that an argument names: a file, a server's URL, or `packaged`."""
    if _URL.match(text):
        return _schema_of_server(replace(server, url=text))
    from stash_typed.codegen.provenance import version_in
    from stash_typed.codegen.schema.introspect import load_schema, stash_version_of
    from stash_typed.codegen.shipped import shipped_schema

    path = shipped_schema() if text == _PACKAGED else Path(text)
    if not path.is_file():
        raise CommandError(
            f"there is no file {text!r}. Name a .graphql file, a .json file with an introspection"
            f" result, a server's URL such as http://localhost:9999, or {_PACKAGED!r}."
        )
    schema = load_schema(path)
    version = stash_version_of(path.read_text(encoding="utf-8"))
    return Source(text, schema, version or version_in(path.name))


def schema_for(project: Project | None, target: str | None, server: Server) -> Source:
    """Read the schema of the target, else of `--url`, else of the project's server."""
    if target:
        return schema_of(target, server)
    if server.url is None and project is not None and project.url is not None:
        server = replace(server, url=project.url)
    return _schema_of_server(server)


def _schema_of_server(server: Server) -> Source:
    from stash_typed._runtime.redact import redact_url
    from stash_typed.codegen.schema.introspect import schema_from_sdl, stash_version_of

    async def ask() -> tuple[str, str]:
        async with server.with_password().client() as stash:
            return redact_url(stash.url), await sdl_from_server(stash)

    name, sdl = run_to_end(ask())
    return Source(name, schema_from_sdl(sdl, name), stash_version_of(sdl))


async def sdl_from_server(stash: StashClient) -> str:
    """Introspect a server and return its schema as SDL."""
    from stash_typed.codegen.schema.introspect import (
        introspection_query,
        schema_from_introspection,
        sdl_of,
    )
    from stash_typed.errors import ValidationFailedError

    try:
        result = await stash.graphql(introspection_query())
    except ValidationFailedError:
        # Older servers cannot report which inputs are deprecated.
        result = await stash.graphql(introspection_query(input_deprecation=False))
    version = await stash.version()
    return sdl_of(schema_from_introspection(result), version.version or None)
