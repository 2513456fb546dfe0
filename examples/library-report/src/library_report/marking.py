"""Marks what is left to do, so that it can be found on the server's own page."""

from __future__ import annotations

from stash_typed import StashClient
from stash_typed.criteria import is_null
from stash_typed.inputs import SceneFilterType

TAG = "to rate"


async def mark_unrated(stash: StashClient) -> int:
    """Tag every scene that has no rating; gives their number."""
    tag = (await stash.tags.resolve([TAG], create=True))[TAG]
    unrated = SceneFilterType(rating100=is_null())
    ids = [scene.id async for scene in stash.scenes.iterate(unrated)]
    return await stash.scenes.add_tags(ids, [tag]) if ids else 0
