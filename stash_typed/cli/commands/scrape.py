"""`stash-typed scrape`: performers on Freeones, through the server's built-in scraper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from ..command import Json, Server, argument, connected, option
from ..errors import UsageError
from ..terminal.output import print_json, print_lines, print_pairs, say

if TYPE_CHECKING:
    from stash_typed import models

app: typer.Typer = typer.Typer(
    help="Look up performers on Freeones, through the server.", no_args_is_help=True
)


@app.command()
@connected
async def search(
    server: Server,
    *,
    query: Annotated[str, argument("A name, or part of one.", "QUERY")],
    json: Json = False,
) -> None:
    """List the performers whose name matches."""
    async with server.client() as stash:
        names = await stash.freeones.search(query)
    if json:
        print_json(names)
        return
    print_lines(names)
    if not names:
        say(f"Freeones lists nobody like {query!r}.")


@app.command()
@connected
async def performer(
    server: Server,
    *,
    name: Annotated[str, argument("The performer's name.", "NAME")],
    interval: Annotated[
        float, option("Seconds between two requests to the site.", metavar="SECONDS")
    ] = 1.0,
    json: Json = False,
) -> None:
    """Show a performer's attributes."""
    if interval < 0:
        raise UsageError("--interval is a number of seconds, 0 or more.")
    async with server.client() as stash:
        stash.freeones.min_interval = interval
        found = await stash.freeones.performer(name)
    if json:
        print_json(found)
    else:
        print_pairs(attributes(found))


def attributes(found: models.ScrapedPerformer) -> Iterator[tuple[str, object]]:
    for name in type(found).model_fields:
        value: object = getattr(found, name)
        if name == "tags":
            yield name, [tag.name for tag in found.tags or ()] or None
        elif name == "images":
            # The values are whole pictures as text, so only their number is shown.
            yield name, len(found.images) if found.images else None
        else:
            yield name, value
