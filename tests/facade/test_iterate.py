"""`iterate` in detail: what is asked for when, what others add, saved filters, breaking off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import anyio
import httpx
import pytest
from pydantic import BaseModel

from stash_typed import StashClient, SyncStashClient
from stash_typed.criteria import equals, includes, matches
from stash_typed.enums import FilterMode, SortDirectionEnum
from stash_typed.errors import NotFoundError
from stash_typed.inputs import (
    FindFilterType,
    SaveFilterInput,
    SceneCreateInput,
    SceneFilterType,
    SceneUpdateInput,
    TagUpdateInput,
)
from stash_typed.sandbox import Sandbox

pytestmark = pytest.mark.anyio


class Id(BaseModel):
    id: str


async def _nothing(_: int) -> None:
    """Nobody else is there."""


class Watched:
    """A client on a sandbox of 25 scenes, and what it has asked for so far.

    `meanwhile` is what somebody else does before each request, and is given its number.
    """

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.meanwhile: Callable[[int], Awaitable[None]] = _nothing
        self.more = asyncio.Condition()
        self.http = httpx.AsyncClient(event_hooks={"request": [self._note]})

    async def _note(self, request: httpx.Request) -> None:
        async with self.more:
            self.sent.append(json.loads(await request.aread()))
            self.more.notify_all()
        await self.meanwhile(len(self.sent))

    async def until(self, count: int) -> None:
        """Wait until that many requests were sent."""
        with anyio.fail_after(10):
            async with self.more:
                await self.more.wait_for(lambda: len(self.sent) >= count)


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
async def stash(watched: Watched) -> AsyncGenerator[StashClient, None]:
    with Sandbox(scenes=25) as sandbox:
        async with watched.http, StashClient(sandbox.url, http_client=watched.http) as client:
            yield client


async def test_one_page_is_fetched_ahead_and_no_more(stash: StashClient, watched: Watched) -> None:
    async with aclosing(stash.scenes.iterate(select=Id, page_size=5)) as scenes:
        first = await anext(scenes)
        await watched.until(2)
        # Whoever takes a long time over the first page finds the second one there, not the third.
        await stash.version()
        assert [body["operationName"] for body in watched.sent] == [
            "FindScenesAfter",
            "FindScenesAfter",
            "Version",
        ]
        rest = [scene async for scene in scenes]

    assert [first.id, *(scene.id for scene in rest)] == [str(n) for n in range(1, 26)]
    # Five full pages, and the one that says that there is no more.
    assert len(watched.sent) == 1 + 6


async def test_what_others_add_meanwhile_disturbs_nothing(stash: StashClient) -> None:
    seen: list[str] = []
    async for scene in stash.scenes.iterate(select=Id, page_size=4):
        seen.append(scene.id)
        if len(seen) <= 5:
            await stash.scene_create(SceneCreateInput(title=f"new {len(seen)}"))

    assert sorted(map(int, seen)) == list(range(1, 31))


async def test_what_others_add_to_a_snapshot_waits_for_the_next_time(stash: StashClient) -> None:
    seen: list[str] = []
    async for scene in stash.scenes.iterate(
        select=Id, sort="created_at", direction=SortDirectionEnum.DESC, page_size=4
    ):
        seen.append(scene.id)
        await stash.scene_create(SceneCreateInput(title="new"))

    assert sorted(map(int, seen)) == list(range(1, 26))


async def test_other_kinds_give_each_once_though_their_order_changes(stash: StashClient) -> None:
    names = [f"zz {n:02}" for n in range(12)]
    wanted = await stash.tags.resolve(names, create=True)
    seen: list[str] = []
    async for tag in stash.tags.iterate(q="zz", page_size=3):
        # Renamed, it would be the first of all pages, or on none of them.
        await stash.tags.update_many([TagUpdateInput(id=tag.id, name=f"a {tag.id}")])
        seen.append(tag.id)

    assert sorted(seen) == sorted(wanted.values())


async def tags_by_name(stash: StashClient) -> list[str]:
    return [tag.name async for tag in stash.tags.iterate(q="zz", sort="name", page_size=50)]


async def test_the_ids_of_a_snapshot_come_in_chunks(
    stash: StashClient, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stash_typed.library.paging._CHUNK", 5)
    names = [f"zz {n:02}" for n in range(20)]
    await stash.tags.resolve(names[::-1], create=True)
    watched.sent.clear()

    assert await tags_by_name(stash) == names
    # Four full chunks, the one that says that there is no more, and the tags.
    assert [body["operationName"] for body in watched.sent] == [
        *["FindTagsIds"] * 5,
        "FindTagsById",
    ]


@pytest.mark.parametrize("number", [2, 3, 4, 5])
@pytest.mark.parametrize("exchanged", [False, True], ids=["deleted", "exchanged"])
async def test_what_goes_between_two_chunks_makes_nothing_slip_through(
    stash: StashClient,
    watched: Watched,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    exchanged: bool,
) -> None:
    """The first tag goes, so that the others move up; another one may come, so that the number stays."""
    monkeypatch.setattr("stash_typed.library.paging._CHUNK", 5)
    names = [f"zz {n:02}" for n in range(20)]
    first = (await stash.tags.resolve(names, create=True))[names[0]]
    watched.sent.clear()

    async def go(request: int) -> None:
        if request == number:
            watched.meanwhile = _nothing
            async with StashClient(stash.url) as other:
                await other.tags_destroy([first])
                if exchanged:
                    await other.tags.resolve(["zz 99"], create=True)

    watched.meanwhile = go
    seen = await tags_by_name(stash)

    assert len(seen) == len(set(seen))
    assert set(names[1:]) <= set(seen) <= {*names[1:], "zz 99"}


async def test_where_something_always_comes_all_ids_are_asked_for_at_once(
    stash: StashClient, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stash_typed.library.paging._CHUNK", 5)
    names = [f"zz {n:02}" for n in range(20)]
    await stash.tags.resolve(names, create=True)
    watched.sent.clear()

    async def come(request: int) -> None:
        async with StashClient(stash.url) as other:
            await other.tags.resolve([f"zz  {request}"], create=True)

    watched.meanwhile = come
    seen = await tags_by_name(stash)

    assert set(names) <= set(seen)
    sizes = [body["variables"]["filter"]["per_page"] for body in watched.sent[:-1]]
    assert sizes == [5, 5] * 3 + [-1]


async def test_breaking_off_ends_what_was_fetched_ahead(
    stash: StashClient, watched: Watched
) -> None:
    before = asyncio.all_tasks()
    async with aclosing(stash.scenes.iterate(select=Id, page_size=5)) as scenes:
        async for _ in scenes:
            break

    assert len(watched.sent) <= 2
    assert asyncio.all_tasks() == before
    assert await stash.scenes.count() == 25


async def save_unorganised(stash: StashClient) -> None:
    await stash.scenes.update_many(
        [SceneUpdateInput(id=str(n), organized=n % 2 == 0) for n in range(1, 26)]
    )
    await stash.save_filter(
        SaveFilterInput(
            mode=FilterMode.SCENES,
            name="Unorganised",
            find_filter=FindFilterType(sort="id", direction=SortDirectionEnum.DESC),
            object_filter={"organized": {"modifier": "EQUALS", "value": "false"}},
        )
    )


async def test_a_saved_filter_runs_in_its_order_and_is_narrowed_down(stash: StashClient) -> None:
    await save_unorganised(stash)
    await stash.scene_update(SceneUpdateInput(id="7", title="Harbour"))

    everything = [scene.id async for scene in stash.scenes.iterate(saved="Unorganised", select=Id)]
    harbour = SceneFilterType(title=equals("Harbour"))
    narrowed = [scene.id async for scene in stash.scenes.iterate(harbour, saved="unorganised")]

    assert everything == [str(n) for n in range(25, 0, -2)]
    assert narrowed == ["7"]
    with pytest.raises(NotFoundError, match="Unorganised"):
        await anext(stash.scenes.iterate(saved="Unorganized"))


async def test_each_is_organised_once_through_a_saved_filter(stash: StashClient) -> None:
    """The filter stops matching what was done, the very thing that it is used for."""
    await save_unorganised(stash)
    seen: list[str] = []
    async for scene in stash.scenes.iterate(saved="Unorganised", select=Id, page_size=3):
        await stash.scenes.update_many([SceneUpdateInput(id=scene.id, organized=True)])
        seen.append(scene.id)

    assert seen == [str(n) for n in range(25, 0, -2)]
    assert await stash.scenes.count(SceneFilterType(organized=False)) == 0


async def test_joined_criteria_are_answered_by_the_server(stash: StashClient) -> None:
    tag = (await stash.tags.resolve(["chosen"], create=True))["chosen"]
    await stash.scenes.add_tags(["1", "2", "3"], [tag])
    await stash.scenes.update_many(
        [SceneUpdateInput(id="2", title="Quay"), SceneUpdateInput(id="9", title="Quay")]
    )
    tagged, quay = SceneFilterType(tags=includes(tag)), SceneFilterType(title=matches("^Quay$"))

    async def ids(where: SceneFilterType) -> list[str]:
        return [scene.id async for scene in stash.scenes.iterate(where, select=Id, page_size=2)]

    assert await ids(tagged & quay) == ["2"]
    assert await ids(tagged | quay) == ["1", "2", "3", "9"]
    assert await ids(tagged & ~quay) == ["1", "3"]


def test_the_synchronous_client_iterates_alike() -> None:
    with Sandbox(scenes=25) as sandbox, SyncStashClient(sandbox.url) as stash:
        seen: list[str] = []
        for scene in stash.scenes.iterate(SceneFilterType(organized=False), page_size=4):
            stash.scenes.update_many([SceneUpdateInput(id=scene.id, organized=True)])
            seen.append(scene.id)
        assert seen == sorted(seen, key=int)
        assert stash.scenes.count(SceneFilterType(organized=False)) == 0
