"""Never run: what collections, files and the synchronous client give, as mypy and pyright see it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from stash_typed_graphql.client import Client
from typing_extensions import assert_type

from stash_typed import StashClient, SyncJob, SyncStashClient
from stash_typed.errors import Outcome
from stash_typed.inputs import (
    SceneFilterType,
    SceneUpdateInput,
    TagFilterType,
    TagUpdateInput,
)
from stash_typed.library.reading import Page
from stash_typed.models import Gallery, Group, Image, Performer, Scene, SceneMarker, Studio, Tag
from stash_typed.models import Job as JobRecord


class Row(BaseModel):
    id: str


async def each_kind_gives_its_model(stash: StashClient) -> None:
    assert_type(await stash.scenes.get("1"), Scene | None)
    assert_type(await stash.images.get("1"), Image | None)
    assert_type(await stash.galleries.get("1"), Gallery | None)
    assert_type(await stash.performers.get("1"), Performer | None)
    assert_type(await stash.studios.get("1"), Studio | None)
    assert_type(await stash.tags.get("1"), Tag | None)
    assert_type(await stash.groups.get("1"), Group | None)
    assert_type(await stash.markers.get("1"), SceneMarker | None)


async def reading(stash: StashClient) -> None:
    where = SceneFilterType(organized=False)
    assert_type(await stash.scenes.get_many(["1"]), list[Scene])
    assert_type(await stash.scenes.find(where), Page[Scene])
    assert_type((await stash.scenes.find(where)).items, list[Scene])
    assert_type(await stash.scenes.count(where), int)
    assert_type(await stash.scenes.first(where), Scene | None)
    assert_type(stash.scenes.iterate(where), AsyncGenerator[Scene, None])
    assert_type(stash.scenes.iterate(saved="Unorganised"), AsyncGenerator[Scene, None])
    async for scene in stash.scenes.iterate():
        assert_type(scene.title, str | None)


async def rows_of_the_callers_own(stash: StashClient) -> None:
    assert_type(await stash.tags.get("1", select=Row), Row | None)
    assert_type(await stash.tags.get_many(["1"], select=Row), list[Row])
    assert_type(await stash.tags.find(select=Row), Page[Row])
    assert_type(await stash.tags.first(select=Row), Row | None)
    assert_type(stash.tags.iterate(select=Row), AsyncGenerator[Row, None])
    assert_type(await stash.graphql("{ version { version } }", as_=Row), Row)


async def changing(stash: StashClient) -> None:
    assert_type(await stash.scenes.update_many([SceneUpdateInput(id="1")]), list[Outcome])
    assert_type(await stash.scenes.add_tags(["1"], ["2"]), int)
    assert_type(await stash.scenes.set_performers(["1"], ["2"]), int)
    assert_type(await stash.tags.resolve(["a"], create=True), dict[str, str])
    async with stash.suspend_hooks() as plugins:
        assert_type(plugins, list[str])


async def files(stash: StashClient, path: Path) -> None:
    assert_type(await stash.anonymise(to=path), Path)
    assert_type(await stash.export_objects(to=path, include_dependencies=True), Path)
    assert_type(await stash.download("/scene/1/screenshot", to="."), Path)
    found = await stash.scan_and_get("/media")
    assert_type(found.scenes, list[Scene])
    assert_type(found.images, list[Image])
    assert_type(found.galleries, list[Gallery])
    assert_type(stash.bind(Client), Client)


def without_an_event_loop(stash: SyncStashClient, path: Path) -> None:
    assert_type(stash.scenes.get("1"), Scene | None)
    assert_type(stash.scenes.find(), Page[Scene])
    assert_type(stash.scenes.iterate(), Generator[Scene, None, None])
    assert_type(stash.tags.iterate(select=Row), Generator[Row, None, None])
    assert_type(stash.scan(paths=["/media"]), SyncJob)
    assert_type(stash.scan().wait(timeout=5), JobRecord)
    assert_type(stash.backup(to=path), Path)
    assert_type(stash.graphql("{ version { version } }"), dict[str, Any])
    assert_type(stash.graphql("{ version { version } }", as_=Row), Row)
    with stash.suspend_hooks() as plugins:
        assert_type(plugins, list[str])


async def misuse(stash: StashClient) -> None:
    await stash.scenes.find(TagFilterType())  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    await stash.scenes.update_many([TagUpdateInput(id="1")])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    await stash.tags.add_tags(["1"], ["2"])  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await stash.studios.add_performers(["1"], ["2"])  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await stash.scenes.resolve(["a"])  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await stash.scenes.get(1)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    stash.scenes.iterate(select=int)  # type: ignore[type-var]  # pyright: ignore[reportCallIssue, reportArgumentType]
