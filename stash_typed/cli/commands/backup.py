"""`stash-typed backup`: a backup of the database, on the server or in a file here."""

from __future__ import annotations

from typing import Annotated

from ..connection import Server, connected
from ..options import Json, option
from ..terminal.output import print_json, print_text, say, size

__all__ = ["backup"]


@connected
async def backup(
    server: Server,
    *,
    to: Annotated[
        str | None,
        option(
            "Download it to this file, or to this folder under the server's name for it.",
            metavar="PATH",
        ),
    ] = None,
    overwrite: Annotated[
        bool, option("Replace a file of that name in the folder.", "--overwrite")
    ] = False,
    json: Json = False,
) -> None:
    """Back up the database, on the server or to a file here."""
    async with server.client() as stash:
        path = await stash.backup(to=to, overwrite=overwrite)
        where = stash.url
    if path is None:
        say(f"The backup is stored on the server ({where}), beside its database.")
    elif not json:
        say(f"The backup is here ({size(path.stat().st_size)}):")
        print_text(path)
    if json:
        print_json({"path": path and str(path), "size": path and path.stat().st_size})
