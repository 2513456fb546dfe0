"""Reading from a server that ignores filters, repeats itself, or counts wrongly: it always ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import pytest
from pydantic import BaseModel

from stash_typed import StashClient, SyncStashClient
from stash_typed.errors import ResponseFormatError
from tests.unit.loopback import Asked, Says, loopback

pytestmark = pytest.mark.anyio

Page = Callable[[dict[str, Any]], list[str]]
"""Gives ids for the `filter` and the narrowing of a request."""

BOUND = 60
"""Requests after which a loop counts as endless."""


class Id(BaseModel):
    id: str


def connection(ids: list[str], count: int | None = None) -> dict[str, Any]:
    items = [{"id": id_} for id_ in ids]
    return {"count": len(ids) if count is None else count, "cursor": items, "items": items}


def graphql(data: dict[str, Any]) -> Says:
    body = json.dumps({"data": data}).encode()
    return Says(body=body, headers={"Content-Type": "application/json"})


@contextmanager
def answering(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Generator[str, None, None]:
    """A server that says what is made of each request's body, and says stop when it is asked for ever."""
    asked = 0

    def says(request: Asked) -> Says:
        nonlocal asked
        asked += 1
        if asked > BOUND:
            return Says(404)
        return graphql(answer(json.loads(request.body)))

    with loopback(says) as server:
        yield server.url


async def both(url: str, collection: str, **options: Any) -> tuple[list[str], list[str]]:
    """Iterate with either client; both end alike."""
    async with StashClient(url) as stash:
        things = getattr(stash, collection)
        first = [thing.id async for thing in things.iterate(select=Id, **options)]
    with SyncStashClient(url) as plain:
        things = getattr(plain, collection)
        return first, [thing.id for thing in things.iterate(select=Id, **options)]


async def refused(url: str, collection: str, match: str, **options: Any) -> None:
    async with StashClient(url) as stash:
        with pytest.raises(ResponseFormatError, match=match):
            async for _ in getattr(stash, collection).iterate(select=Id, **options):
                pass
    with SyncStashClient(url) as plain, pytest.raises(ResponseFormatError, match=match):
        for _ in getattr(plain, collection).iterate(select=Id, **options):
            pass


@pytest.mark.parametrize(
    ("pages", "match"),
    [
        pytest.param([["1", "2"]], "do not rise: 1 came after 2", id="filter ignored"),
        pytest.param([["1", "2"], ["2", "3"]], "do not rise: 2 came after 2", id="overlap"),
        pytest.param([["2", "1"]], "do not rise: 1 came after 2", id="order ignored"),
        pytest.param([["1", "1"]], "do not rise: 1 came after 1", id="twice on a page"),
        pytest.param([["1", "2", "3"]], "3 scenes came where 2 were asked for", id="longer"),
        pytest.param([["1", "x"]], "A scene has the id 'x'", id="no number"),
        pytest.param([["1", "-2"]], "A scene has the id '-2'", id="negative"),
        pytest.param([["1", "9" * 5000]], "A scene has the id '999", id="too long for Python"),
        pytest.param([["1", "9" * 19]], "A scene has the id '999", id="too large for a database"),
        pytest.param([["1", "²"]], "A scene has the id '²'", id="a digit that int does not read"),
        pytest.param([["1", ""]], "A scene has the id ''", id="empty"),
    ],
)
async def test_scenes_whose_ids_do_not_rise_end_in_an_error(
    pages: list[list[str]], match: str
) -> None:
    def answer(body: dict[str, Any]) -> dict[str, Any]:
        after = body["variables"].get("scene_filter", {}).get("id", {}).get("value")
        page = pages[0] if after is None else pages[-1]
        return {"found": connection(page)}

    with answering(answer) as url:
        await refused(url, "scenes", match, page_size=2)


async def test_ids_that_rise_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stash_typed.library.paging._CHUNK", 2)

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        variables = body["variables"]
        if "findTags" in body["query"] and "filter" in variables:
            page, size = variables["filter"]["page"], variables["filter"]["per_page"]
            ids = ["5", "3", "9"]
            found = {"found": connection(ids[(page - 1) * size : page * size], 3)}
            if "edge" in variables:
                found["edge"] = connection([ids[variables["edge"]["page"] - 1]])
            return found
        if "findScenes" in body["query"]:
            after = variables.get("scene_filter", {}).get("id", {}).get("value", 0)
            ids = [id_ for id_ in ["1", "7", "10", "11", "300"] if int(id_) > after]
            return {"found": connection(ids[:2])}
        return {f"item{n}": {"id": id_} for n, id_ in enumerate(variables.values())}

    with answering(answer) as url:
        scenes = ["1", "7", "10", "11", "300"]
        assert await both(url, "scenes", page_size=2) == (scenes, scenes)
        assert await both(url, "tags", page_size=2) == (["5", "3", "9"], ["5", "3", "9"])


def repeating(body: dict[str, Any]) -> dict[str, Any]:
    """The same full page for ever, with a count that is never reached, and an edge that fits."""
    found = {"found": connection(["1", "2"], 10**6)}
    if "edge" in body["variables"]:
        found["edge"] = connection(["2"])
    return found


def growing(body: dict[str, Any]) -> dict[str, Any]:
    """New ids for ever, beyond the count that is told."""
    page = body["variables"]["filter"].get("page", 1)
    found = {"found": connection([str(2 * page), str(2 * page + 1)], 4)}
    if "edge" in body["variables"]:
        found["edge"] = connection([str(body["variables"]["edge"]["page"] + 1)])
    return found


async def test_a_snapshot_of_pages_that_repeat_themselves_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("stash_typed.library.paging._CHUNK", 2)

    def twice(body: dict[str, Any]) -> dict[str, Any]:
        if body["variables"]["filter"]["per_page"] == -1:
            return {"found": connection(["1", "2", "1"])}
        return repeating(body)

    with answering(twice) as url:
        await refused(url, "tags", "1 of 3 ids of tags came more than once")


async def test_a_snapshot_that_outgrows_its_count_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stash_typed.library.paging._CHUNK", 2)

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        if "filter" not in body["variables"]:
            return {f"item{n}": {"id": id_} for n, id_ in enumerate(body["variables"].values())}
        return growing(body)

    with answering(answer) as url:
        # All are asked for at once then, and what comes is believed.
        assert await both(url, "tags") == (["2", "3"], ["2", "3"])


@pytest.mark.parametrize(
    ("ids", "match"),
    [
        (["1", "x"], "A tag has the id 'x'"),
        (["1", "9" * 30], "A tag has the id '9{30}'"),
        (["1", "2", "3"], "3 tags came where 2 were asked for at most"),
    ],
)
async def test_a_snapshot_of_ids_that_are_none_is_refused(
    ids: list[str], match: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stash_typed.library.paging._CHUNK", 2)
    with answering(lambda _: {"found": connection(ids)}) as url:
        await refused(url, "tags", match)


async def test_things_without_their_ids_are_refused() -> None:
    def answer(_: dict[str, Any]) -> dict[str, Any]:
        return {"found": {"count": 2, "cursor": [{"id": "1"}], "items": [{"id": "1"}] * 2}}

    with answering(answer) as url:
        await refused(url, "scenes", "2 scenes came with 1 ids", page_size=2)


async def test_markers_that_are_asked_for_by_id_come_with_their_ids() -> None:
    def answer(_: dict[str, Any]) -> dict[str, Any]:
        found = {"cursor": [{"id": "1"}], "items": [{"id": "1"}, {"id": "2"}]}
        return {"found": {"count": 2, **found}}

    with answering(answer) as url:
        async with StashClient(url) as stash:
            with pytest.raises(ResponseFormatError, match="2 scene_markers came with 1 ids"):
                await stash.markers.get_many(["1", "2"], select=Id)
