"""The shipped client on servers of older releases: the sandbox with their schemas, and a real one.

The schemas are read from beside the project, where they are; `-m live` takes the server in STASH_URL,
of whatever release.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import sqlite3
import warnings
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import aclosing, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stash_typed import StashClient
from stash_typed.errors import NotFoundError, StashVersionWarning, ValidationFailedError
from stash_typed.inputs import (
    FindJobInput,
    SceneCreateInput,
    SceneHashInput,
    SceneMarkerCreateInput,
    ScenesDestroyInput,
    SceneUpdateInput,
    StudioCreateInput,
)
from stash_typed.library.collections import Collection, TagCollection
from stash_typed.sandbox import Sandbox
from tests.codegen.editing import NO_RELEASES, RELEASES, ROOT
from tools.releases import version_key

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore::stash_typed.errors.StashVersionWarning"),
]

# v0.24.3 is older than what is promised; it stands for v0.25, whose schema is not there.
OLDER = ("v0.24.3", "v0.26.2", "v0.27.2", "v0.28.1", "v0.29.3")
SHIPPED = "v0.30.1"
KINDS = ("scenes", "images", "galleries", "performers", "studios", "tags", "groups", "markers")
SINCE = {
    "find_group": "v0.27.0",
    "find_groups": "v0.27.0",
    "find_file": "v0.29.0",
    "find_files": "v0.29.0",
    "find_folder": "v0.29.0",
    "find_folders": "v0.29.0",
}
"""Root fields that older releases have nothing for: no client can make up for that."""


@dataclass(frozen=True)
class Release:
    """A server, and what release it is of."""

    url: str
    api_key: str | None
    version: str

    def has(self, since: str) -> bool:
        """Whether it is of that release or a later one."""
        return version_key(self.version)[:2] >= version_key(since)[:2]


@pytest.fixture(
    scope="module", params=[*OLDER, SHIPPED, pytest.param("live", marks=pytest.mark.live)]
)
def release(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Release, None, None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        if request.param == "live":
            url, key = os.environ.get("STASH_URL"), os.environ.get("STASH_API_KEY")
            if not url:
                pytest.skip(
                    "set STASH_URL (and STASH_API_KEY) to a server that may be tried out on"
                )
            yield Release(url, key, version_of(url, key))
            return
        schema = RELEASES / f"{request.param}.graphql"
        if request.param == SHIPPED:
            schema = ROOT / "schema.graphql"
        if not schema.is_file():
            pytest.skip(NO_RELEASES)
        with Sandbox(scenes=30, schema=schema) as sandbox:
            yield Release(sandbox.url, None, request.param)


def version_of(url: str, key: str | None) -> str:
    from stash_typed import SyncStashClient

    with SyncStashClient(url, api_key=key) as stash:
        return stash.version().version or "v0.30.1"


@pytest.fixture
async def stash(release: Release) -> AsyncGenerator[StashClient, None]:
    async with StashClient(release.url, api_key=release.api_key) as client:
        yield client


async def test_status_configuration_plugins_and_jobs(stash: StashClient) -> None:
    assert (await stash.wait_until_ready(timeout=10)).status == "OK"
    configuration = await stash.configuration()
    assert configuration.general.database_path
    assert isinstance(await stash.plugins() or [], list)
    assert isinstance(await stash.job_queue() or [], list)


async def test_scan_generate_and_backup(stash: StashClient, tmp_path: Path) -> None:
    assert (await (await stash.scan())).status == "FINISHED"
    assert (await (await stash.generate(covers=True))).status == "FINISHED"
    path = await stash.backup(to=tmp_path)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("pragma quick_check").fetchone() == ("ok",)


async def test_jobs_are_heard_of(stash: StashClient) -> None:
    async with aclosing(stash.jobs_subscribe()) as updates:
        first = asyncio.ensure_future(anext(updates))
        job = await stash.scan()
        for _ in range(100):  # each job is an event, for whoever listens
            await asyncio.wait({first}, timeout=0.2)
            if first.done():
                break
            job = await stash.scan()
        assert (await first).job.id
    assert (await job).status == "FINISHED"


@pytest.mark.parametrize("kind", KINDS)
async def test_every_collection_is_read(stash: StashClient, release: Release, kind: str) -> None:
    collection: Collection[Any, Any, Any] = getattr(stash, kind)
    if kind == "groups" and not release.has("v0.27"):
        with pytest.raises(ValidationFailedError, match=r"does not know Query\.findGroups"):
            await collection.find()
        return

    items = [item async for item in collection.iterate(page_size=7)]

    assert len(items) == len({item.id for item in items}) == await collection.count()
    if items:
        wanted = [items[-1].id, "99999999", items[0].id]
        assert await collection.get_many(wanted) == [items[-1], items[0]]
        assert await collection.get(items[0].id) == items[0]
    assert await collection.get("99999999") is None


@pytest.mark.parametrize("kind", ["performers", "studios", "tags", "groups"])
async def test_names_become_ids(stash: StashClient, release: Release, kind: str) -> None:
    collection: Any = getattr(stash, kind)
    if kind == "groups" and not release.has("v0.27"):
        with pytest.raises(ValidationFailedError, match=r"It has Query\.findMovies instead"):
            await collection.resolve(["release a"])
        return

    made = await collection.resolve(["release a", "Release B"], create=True)
    try:
        assert await collection.resolve(["RELEASE A", "release b"]) == {
            "RELEASE A": made["release a"],
            "release b": made["Release B"],
        }
    finally:
        await getattr(stash, f"{kind}_destroy")(list(made.values()))


async def test_changes_and_tags(stash: StashClient) -> None:
    scene = await stash.scene_create(SceneCreateInput(title="release"))
    assert scene
    names = ["release first", "release a", "release b"]
    first, a, b = (await stash.tags.resolve(names, create=True)).values()
    try:
        await stash.scenes.update_many([SceneUpdateInput(id=scene.id, title="release new")])
        marker = await stash.scene_marker_create(
            SceneMarkerCreateInput(title="m", seconds=1, scene_id=scene.id, primary_tag_id=first)
        )
        assert marker
        await tags_go_on_and_off(stash.scenes, scene.id, a, b)
        await tags_go_on_and_off(stash.markers, marker.id, a, b)
        changed = await stash.find_scene(scene.id)
        assert changed
        assert changed.title == "release new"
    finally:
        await stash.scenes_destroy(ScenesDestroyInput(ids=[scene.id]))
        await stash.tags_destroy([first, a, b])


async def tags_go_on_and_off(
    collection: TagCollection[Any, Any, Any], id_: str, a: str, b: str
) -> None:
    async def tags() -> set[str]:
        item = await collection.get(id_)
        assert item is not None
        return {tag.id for tag in item.tags}

    await collection.add_tags([id_], [a])
    await collection.add_tags([id_], [b])
    assert await tags() == {a, b}
    await collection.remove_tags([id_], [a])
    assert await tags() == {b}
    await collection.set_tags([id_], [a])
    assert await tags() == {a}


async def test_tags_of_studios(stash: StashClient, release: Release) -> None:
    studio = await stash.studio_create(StudioCreateInput(name="release studio"))
    assert studio
    a, b = (await stash.tags.resolve(["release a", "release b"], create=True)).values()
    try:
        if release.has("v0.27"):
            await tags_go_on_and_off(stash.studios, studio.id, a, b)
        else:
            with pytest.raises(ValidationFailedError, match=r"does not know Studio\.tags"):
                await stash.studios.add_tags([studio.id], [a])
    finally:
        await stash.studios_destroy([studio.id])
        await stash.tags_destroy([a, b])


GIVEN: dict[str, dict[str, Any]] = {
    "find_job": {"input": FindJobInput(id="999999999")},
    "find_scene_by_hash": {"input": SceneHashInput(oshash="0123456789abcdef")},
    "find_file": {"id": "1"},
    "find_folder": {"id": "1"},
}
FIND_METHODS = sorted(name for name in dir(StashClient) if name.startswith("find_"))


def needed(method: Callable[..., Any]) -> dict[str, Any]:
    """Something for each argument that must be given."""
    parameters = inspect.signature(method).parameters.values()
    return {
        each.name: "99999999"
        for each in parameters
        if each.default is inspect.Parameter.empty and each.name != "self"
    }


@pytest.mark.parametrize("name", FIND_METHODS)
async def test_every_find_method_works(stash: StashClient, release: Release, name: str) -> None:
    method: Callable[..., Awaitable[Any]] = getattr(stash, name)
    arguments = GIVEN.get(name) or needed(method)
    since = SINCE.get(name)
    if since and not release.has(since):
        with pytest.raises(ValidationFailedError) as caught:
            await method(**arguments)
        root_field = name.replace("find_", "find").replace("_", "")
        assert [field.lower() for field in caught.value.fields] == [f"query.{root_field}"]
        assert caught.value.server_version == release.version
        assert "stash-typed codegen" in str(caught.value)
        return
    try:
        answer = await method(**arguments)
    except NotFoundError:
        assert name in {"find_file", "find_folder"}  # which are never null
        return
    if isinstance(getattr(answer, "count", None), int):
        assert answer.count >= 0


async def test_what_is_left_out_is_said_once(release: Release) -> None:
    async with StashClient(release.url, api_key=release.api_key) as stash:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", StashVersionWarning)
            for _ in range(3):
                await stash.find_studios()
    told = [str(each.message) for each in caught if each.category is StashVersionWarning]
    lacking = not release.has("v0.30")
    assert len(told) == lacking
    if lacking:
        assert f"is Stash {release.version}, which does not know " in told[0]
        assert told[0].count("Studio.urls") == 1
