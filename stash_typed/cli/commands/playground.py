"""`stash-typed playground`: the server's page to try out queries."""

from __future__ import annotations

from typing import Annotated

from ..connection import Server, connected
from ..errors import CommandError
from ..options import option
from ..terminal.output import print_text

__all__ = ["playground"]


@connected
async def playground(
    server: Server,
    *,
    open_: Annotated[bool, option("Open it in a browser.", "--open")] = False,
) -> None:
    """Print the URL of the server's GraphQL playground."""
    async with server.client() as stash:
        url = stash.playground_url
    print_text(url)
    if open_:
        import webbrowser

        if not webbrowser.open(url):
            raise CommandError(f"no browser could be opened; open {url} yourself.")
