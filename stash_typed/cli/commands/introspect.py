"""`stash-typed introspect`: a server's schema as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..connection import Server, connected
from ..errors import UsageError, extra
from ..terminal.output import print_text, say, write_file

if TYPE_CHECKING:
    from stash_typed.client import StashClient

__all__ = ["introspect", "sdl_from_server"]


@connected
async def introspect(
    server: Server,
    *,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="A JSON file with an introspection result, in place of a server.",
            metavar="FILE.json",
        ),
    ] = None,
    output: Annotated[
        str, typer.Option(help="The file to write; - for standard output.", metavar="FILE")
    ] = "schema.graphql",
    stash_version: Annotated[
        str | None,
        typer.Option(
            help="The release that --from belongs to; else its file name may say it.",
            metavar="vX.Y.Z",
        ),
    ] = None,
) -> None:
    """Write a server's schema as a .graphql file, always in the same order."""
    if source is None and stash_version is not None:
        raise UsageError("--stash-version goes with --from; a server says its version itself.")
    if source is not None:
        sdl = _sdl_from_file(source, stash_version)
    else:
        async with server.client() as stash:
            sdl = await sdl_from_server(stash)
    if output == "-":
        print_text(sdl)
        return
    write_file(Path(output), sdl)
    say(f"{output}: {sdl.partition(chr(10))[0].lstrip('# ')}.")


async def sdl_from_server(stash: StashClient) -> str:
    """Ask a server for its schema and write it as SDL.

    Args:
        stash: the server; it is sent the introspection query and `version`.

    Returns:
        The text of a `.graphql` file.

    Raises:
        CommandError: the extra "codegen" is not installed.
        CodegenError: the answer is no schema.
        StashError: the server did not answer it.
    """
    from stash_typed.errors import ValidationFailedError

    with extra("codegen"):
        from stash_typed.codegen.schema.introspect import (
            introspection_query,
            schema_from_introspection,
            sdl_of,
        )
    try:
        result = await stash.graphql(introspection_query())
    except ValidationFailedError:
        # An older server does not know the question which inputs are deprecated.
        result = await stash.graphql(introspection_query(input_deprecation=False))
    version = await stash.version()
    return sdl_of(schema_from_introspection(result), version.version or None)


def _sdl_from_file(source: Path, stash_version: str | None) -> str:
    with extra("codegen"):
        from stash_typed.codegen.schema.introspect import read_introspection, sdl_of
        from stash_typed.codegen.stash_version import known_version, version_in
    if stash_version is not None and known_version(stash_version) is None:
        raise UsageError("--stash-version has to look like v0.31.0, or v0.31.0-12-gabcdef1.")
    return sdl_of(read_introspection(source), stash_version or version_in(source.name))
