"""`stash-typed introspect`: a server's schema as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from ..connection import Server, connected
from ..errors import UsageError
from ..options import option
from ..project.source import sdl_from_server
from ..terminal.output import print_text, say, write_file

__all__ = ["introspect"]


@connected
async def introspect(
    server: Server,
    *,
    source: Annotated[
        Path | None,
        option(
            "Read a JSON file with an introspection result instead of asking a server.",
            "--from",
            metavar="FILE.json",
        ),
    ] = None,
    output: Annotated[
        str, option("The file to write, or - for standard output.", metavar="FILE")
    ] = "schema.graphql",
    stash_version: Annotated[
        str | None,
        option(
            "The release that --from is of (default: the version in its name).", metavar="vX.Y.Z"
        ),
    ] = None,
) -> None:
    """Write a server's schema to a .graphql file, in a stable order."""
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


def _sdl_from_file(source: Path, stash_version: str | None) -> str:
    from stash_typed.codegen.schema.introspect import read_introspection, sdl_of
    from stash_typed.codegen.stash_version import known_version, version_in

    if stash_version is not None and known_version(stash_version) is None:
        raise UsageError("--stash-version has to look like v0.31.0, or v0.31.0-12-gabcdef1.")
    return sdl_of(read_introspection(source), stash_version or version_in(source.name))
