"""`stash-typed backup`: the database, on the server or into a file here."""

from __future__ import annotations

from typing import Annotated

import typer

from ..connection import Server, connected
from ..terminal.output import print_json, print_text, say, size

__all__ = ["backup"]


@connected
async def backup(
    server: Server,
    *,
    to: Annotated[
        str | None,
        typer.Option(
            help="A file here, or a folder that keeps the server's name for it.", metavar="PATH"
        ),
    ] = None,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite", help="Replace a file in the folder that has the server's name."
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Back the database up, on the server or into a file here."""
    async with server.client() as stash:
        path = await stash.backup(to=to, overwrite=overwrite)
        where = stash.url
    if path is None:
        say(f"The backup is stored on the server ({where}), beside its database.")
        if json:
            print_json({"path": None, "size": None})
        return
    length = path.stat().st_size
    if json:
        print_json({"path": str(path), "size": length})
    else:
        say(f"The backup is here ({size(length)}):")
        print_text(path)
