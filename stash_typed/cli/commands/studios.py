"""`stash-typed studios`: all studios as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..command import Json, Server, connected
from ..terminal.output import print_json, print_table, say

if TYPE_CHECKING:
    from stash_typed import models


@connected
async def studios(server: Server, *, json: Json = False) -> None:
    """List all studios with URL, number of scenes and image."""
    async with server.client() as stash:
        found = await stash.all_studios()
    if json:
        fields = {"id", "name", "url", "scene_count", "image_path"}
        print_json([studio.model_dump(mode="json", include=fields) for studio in found])
    else:
        print_studios(found)


def print_studios(found: list[models.Studio]) -> None:
    print_table(
        ("id", "name", "url", "scenes#", "image"),
        ((s.id, s.name, s.url, s.scene_count, s.image_path) for s in found),
    )
    if not found:
        say("The library has no studios.")
