"""`select`: the caller's own models, for every kind and every way of reading."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from datetime import datetime
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from stash_typed import StashClient, selection
from stash_typed.errors import SelectionError
from stash_typed.inputs import GroupCreateInput, SceneMarkerCreateInput
from stash_typed.library.collections import Collection
from stash_typed.sandbox import Sandbox

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Sandbox(scenes=60) as sandbox:
        yield sandbox.url


@pytest.fixture
async def stash(url: str) -> AsyncGenerator[StashClient, None]:
    async with StashClient(url) as client:
        yield client


class Named(BaseModel):
    id: str
    name: str


class Video(BaseModel):
    kind: Literal["VideoFile"] = Field(alias="__typename")
    duration: float


class Still(BaseModel):
    kind: Literal["ImageFile"] = Field(alias="__typename")
    width: int


class SceneRow(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    id: int
    title: str | None
    made: datetime = Field(alias="created_at")
    by: Named | None = Field(alias="studio")
    performers: list[Named]
    files: list[Video]


class PictureRow(BaseModel):
    id: str
    visual_files: list[Video | Still]


class MarkerRow(BaseModel):
    seconds: float
    primary_tag: Named


async def test_aliases_nesting_lists_and_none(stash: StashClient) -> None:
    whole = [scene async for scene in stash.scenes.iterate()]
    rows = [row async for row in stash.scenes.iterate(select=SceneRow, page_size=25)]

    assert [row.id for row in rows] == [int(scene.id) for scene in whole]
    for row, scene in zip(rows, whole, strict=True):
        assert (row.title, row.made) == (scene.title, scene.created_at)
        assert (row.by and row.by.name) == (scene.studio and scene.studio.name)
        assert [p.id for p in row.performers] == [p.id for p in scene.performers]
        assert [f.duration for f in row.files] == [f.duration for f in scene.files]
    assert any(row.by for row in rows)
    assert any(row.performers for row in rows)


async def test_a_union_over_typename(stash: StashClient) -> None:
    rows = [row async for row in stash.images.iterate(select=PictureRow)]

    files = [file for row in rows for file in row.visual_files]
    assert {type(file) for file in files} <= {Video, Still}


class Id(BaseModel):
    id: str


@pytest.mark.parametrize(
    "kind",
    ["scenes", "images", "galleries", "performers", "studios", "tags", "groups", "markers"],
)
async def test_every_way_of_reading_gives_rows(stash: StashClient, kind: str) -> None:
    collection: Collection[Any, Any, Any] = getattr(stash, kind)
    if not await collection.count():
        if kind == "groups":
            await stash.group_create(GroupCreateInput(name="Row"))
        else:
            assert kind == "markers"
            tag = (await stash.tags.resolve(["row"], create=True))["row"]
            marker = SceneMarkerCreateInput(title="m", seconds=1, scene_id="1", primary_tag_id=tag)
            await stash.scene_marker_create(marker)

    rows = [row async for row in collection.iterate(select=Id, page_size=3)]
    page = await collection.find(select=Id, sort="id", per_page=2)
    first = await collection.first(select=Id, sort="id")
    ids = [row.id for row in rows]

    assert all(type(row) is Id for row in (*rows, *page))
    assert await collection.count() == page.count == len(rows) == len(set(ids)) > 0
    assert first == page[0]
    assert await collection.get(ids[0], select=Id) == rows[0]
    assert await collection.get_many([*ids[::-1], "999999"], select=Id) == rows[::-1]


async def test_a_misfit_is_told_before_anything_is_sent(url: str) -> None:
    class Wrong(BaseModel):
        id: str
        titel: str
        rating100: int

    async with StashClient("http://127.0.0.1:9") as nowhere:
        with pytest.raises(SelectionError) as caught:
            await nowhere.scenes.find(select=Wrong)

    assert "Wrong.titel" in str(caught.value)
    assert "'title'" in str(caught.value)
    assert "Wrong.rating100" in str(caught.value)


class Page(BaseModel):
    count: int
    scenes: list[SceneRow]


class Data(BaseModel):
    one: SceneRow | None
    found: Page


async def test_a_selection_stands_in_a_document_of_the_callers(stash: StashClient) -> None:
    row = selection(SceneRow, on="Scene")
    document = f"""
        query Mine($id: ID!, $filter: FindFilterType) {{
          one: findScene(id: $id) {row}
          found: findScenes(filter: $filter) {selection(Page, on="FindScenesResultType")}
        }}
    """
    data = await stash.graphql(document, {"id": "3", "filter": {"per_page": 2}}, as_=Data)

    assert data.one == await stash.scenes.get("3", select=SceneRow)
    assert (data.found.count, len(data.found.scenes)) == (60, 2)
