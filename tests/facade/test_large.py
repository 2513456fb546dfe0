"""A library of 20,000 scenes: each match once, while it changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from stash_typed import StashClient
from stash_typed.criteria import includes
from stash_typed.inputs import SceneFilterType, ScenesDestroyInput
from stash_typed.sandbox import Sandbox

pytestmark = pytest.mark.anyio

SCENES = 20_000


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Sandbox(scenes=SCENES) as sandbox:
        yield sandbox.url


class Id(BaseModel):
    id: str


async def test_untagging_everything_touches_each_once(url: str) -> None:
    async with StashClient(url) as stash:
        tag = (await stash.tags.resolve(["to be looked at"], create=True))["to be looked at"]
        everything = [scene.id async for scene in stash.scenes.iterate(select=Id, page_size=1000)]
        await stash.scenes.add_tags(everything, [tag])
        where = SceneFilterType(tags=includes(tag))
        seen: Counter[str] = Counter()
        waiting: list[str] = []

        async for scene in stash.scenes.iterate(where, select=Id, page_size=500):
            seen[scene.id] += 1
            waiting.append(scene.id)
            if len(waiting) == 100:
                await stash.scenes.remove_tags(waiting, [tag])
                waiting.clear()

        assert len(everything) == SCENES
        assert seen == Counter(everything)
        assert await stash.scenes.count(where) == 0


async def test_deleting_everything_touches_each_once(url: str) -> None:
    async with StashClient(url) as stash:
        seen: Counter[str] = Counter()
        waiting: list[str] = []
        async for scene in stash.scenes.iterate(select=Id, page_size=500):
            seen[scene.id] += 1
            waiting.append(scene.id)
            if len(waiting) == 100:
                await stash.scenes_destroy(ScenesDestroyInput(ids=waiting))
                waiting.clear()

        assert (len(seen), set(seen.values())) == (SCENES, {1})
        assert await stash.scenes.count() == 0
