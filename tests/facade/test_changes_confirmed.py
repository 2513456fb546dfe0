"""Right answers of a server count as made, for each kind of thing."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from stash_typed import StashClient
from stash_typed.errors import ChangesFailedError, NotFoundError
from stash_typed.inputs import (
    GalleryCreateInput,
    GalleryUpdateInput,
    GroupUpdateInput,
    ImageUpdateInput,
    PerformerUpdateInput,
    SceneCreateInput,
    SceneMarkerCreateInput,
    SceneMarkerUpdateInput,
    ScenesDestroyInput,
    SceneUpdateInput,
    StudioUpdateInput,
    TagUpdateInput,
)
from stash_typed.inputs import GalleryDestroyInput as GalleryDestroy
from tests.facade.library import Server

pytestmark = pytest.mark.anyio


@pytest.fixture
async def stash(server: Server) -> AsyncGenerator[StashClient, None]:
    """A client on the server; the sandbox's images are there once it has looked for them."""
    async with StashClient(server.url, api_key=server.api_key) as client:
        if server.sandbox and not await client.images.count():
            await (await client.scan())
        yield client


NAMED: dict[str, tuple[Any, str]] = {
    "performers": (PerformerUpdateInput, "details"),
    "studios": (StudioUpdateInput, "details"),
    "tags": (TagUpdateInput, "description"),
    "groups": (GroupUpdateInput, "synopsis"),
}


@asynccontextmanager
async def things(
    stash: StashClient, kind: str, prefix: str
) -> AsyncGenerator[tuple[list[str], list[Any]]]:
    """Two things of a kind, and two changes of each in turn; they are gone afterwards."""
    tag, *_ = (await stash.tags.resolve([f"{prefix} of its own"], create=True)).values()
    scenes: list[str] = []
    ids: list[str] = []
    try:
        for n in range(2):
            made = await stash.scene_create(SceneCreateInput(title=f"{prefix} {n}"))
            assert made
            scenes.append(made.id)
        if kind == "scenes":
            yield scenes, [SceneUpdateInput(id=id_, title=f"{prefix} x") for id_ in scenes]
        elif kind == "images":
            images = (await stash.images.find(per_page=2)).items
            if len(images) < 2:
                pytest.skip("the library has no images")
            ids = [image.id for image in images]
            yield ids, [ImageUpdateInput(id=image.id, title=image.title) for image in images]
        elif kind == "galleries":
            for n in range(2):
                gallery = await stash.gallery_create(GalleryCreateInput(title=f"{prefix} {n}"))
                assert gallery
                ids.append(gallery.id)
            yield ids, [GalleryUpdateInput(id=id_, title=f"{prefix} x") for id_ in ids]
            await stash.gallery_destroy(GalleryDestroy(ids=ids))
        elif kind == "markers":
            for scene in scenes:
                marker = await stash.scene_marker_create(
                    SceneMarkerCreateInput(
                        title="m", seconds=1.5, scene_id=scene, primary_tag_id=tag
                    )
                )
                assert marker
                ids.append(marker.id)
            yield ids, [SceneMarkerUpdateInput(id=id_, title="x") for id_ in ids]
        else:
            model, field = NAMED[kind]
            collection: Any = getattr(stash, kind)
            names = await collection.resolve([f"{prefix} {n}" for n in range(2)], create=True)
            ids = list(names.values())
            yield ids, [model(id=id_, **{field: "x"}) for id_ in ids]
            await getattr(stash, f"{kind}_destroy")(ids)
    finally:
        await stash.scenes_destroy(ScenesDestroyInput(ids=scenes))
        await stash.tags_destroy([tag])


KINDS = ["scenes", "images", "galleries", "performers", "studios", "tags", "groups", "markers"]


@pytest.mark.parametrize("kind", KINDS)
async def test_update_many(stash: StashClient, kind: str, prefix: str) -> None:
    async with things(stash, kind, prefix) as (ids, changes):
        collection: Any = getattr(stash, kind)
        # A thing may be changed twice, and in any order.
        order = [changes[1], changes[0], changes[1]]

        outcomes = await collection.update_many(order)

        assert [(each.id, each.ok) for each in outcomes] == [(change.id, True) for change in order]
        gone = changes[0].model_copy(update={"id": "999999999"})
        with pytest.raises(ChangesFailedError, match="1 of 3 changes were refused") as caught:
            await collection.update_many([changes[0], gone, changes[1]])
        assert [each.ok for each in caught.value.outcomes] == [True, False, True]
        assert caught.value.unknown == []
        assert {change.id for change in changes} == set(ids)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "tags"])
@pytest.mark.parametrize("related", ["tags", "performers"])
async def test_relations(stash: StashClient, kind: str, related: str, prefix: str) -> None:
    if related == "performers" and kind not in ("scenes", "images", "galleries"):
        return
    others: Any = getattr(stash, related)
    made = await others.resolve([f"{prefix} a", f"{prefix} b"], create=True)
    a, b = made.values()
    try:
        async with things(stash, kind, f"{prefix} things") as (ids, _):
            collection: Any = getattr(stash, kind)
            for mode, given in (("add", [a, b]), ("set", [a]), ("set", [b]), ("remove", [a, b])):
                assert await getattr(collection, f"{mode}_{related}")(ids[::-1], given) == 2
            with pytest.raises(NotFoundError):
                await getattr(collection, f"add_{related}")([ids[0], "999999999"], [a])
    finally:
        await getattr(stash, f"{related}_destroy")([a, b])


@pytest.mark.parametrize("kind", list(NAMED))
async def test_names(stash: StashClient, kind: str, prefix: str) -> None:
    collection: Any = getattr(stash, kind)
    names = [f"{prefix} {n}" for n in range(3)]
    ids = await collection.resolve(names, create=True)
    try:
        assert await collection.resolve(names) == ids
    finally:
        await getattr(stash, f"{kind}_destroy")(list(ids.values()))
