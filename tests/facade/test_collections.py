"""Collections: each thing exactly once, whatever happens meanwhile; many changes in few requests."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from stash_typed import StashClient
from stash_typed.enums import CriterionModifier, SortDirectionEnum
from stash_typed.errors import ChangesFailedError, NotFoundError
from stash_typed.inputs import (
    HierarchicalMultiCriterionInput,
    SceneDestroyInput,
    SceneFilterType,
    SceneMarkerCreateInput,
    SceneMergeInput,
    SceneUpdateInput,
    TagDestroyInput,
    TagsMergeInput,
    TagUpdateInput,
)
from tests.facade.library import SomeScenes

pytestmark = pytest.mark.anyio


async def test_iterate_gives_each_match_once(stash: StashClient, scenes: SomeScenes) -> None:
    seen = [scene.id async for scene in stash.scenes.iterate(scenes.where, page_size=7)]

    assert seen == scenes.ids


async def test_iterate_honours_the_order_asked_for(stash: StashClient, scenes: SomeScenes) -> None:
    seen = [
        scene.id
        async for scene in stash.scenes.iterate(
            scenes.where, sort="title", direction=SortDirectionEnum.DESC, page_size=7
        )
    ]

    assert seen == scenes.ids[::-1]


async def test_iterate_skips_nothing_when_matches_are_deleted(
    stash: StashClient, scenes: SomeScenes
) -> None:
    seen: list[str] = []
    async for scene in stash.scenes.iterate(scenes.where, page_size=4):
        await stash.scene_destroy(SceneDestroyInput(id=scene.id))
        seen.append(scene.id)

    assert seen == scenes.ids
    assert await stash.scenes.count(scenes.where) == 0


async def test_iterate_skips_nothing_when_matches_stop_matching(
    stash: StashClient, scenes: SomeScenes, prefix: str
) -> None:
    tag = (await stash.tags.resolve([prefix], create=True))[prefix]
    try:
        assert await stash.scenes.add_tags(scenes.ids, [tag]) == 30
        tagged = SceneFilterType(
            tags=HierarchicalMultiCriterionInput(value=[tag], modifier=CriterionModifier.INCLUDES)
        )
        seen: list[str] = []
        async for scene in stash.scenes.iterate(tagged, page_size=4):
            await stash.scenes.remove_tags([scene.id], [tag])
            seen.append(scene.id)
        assert seen == scenes.ids
        assert await stash.scenes.count(tagged) == 0
    finally:
        await stash.tag_destroy(TagDestroyInput(id=tag))


async def test_a_snapshot_leaves_out_what_is_gone_when_its_turn_comes(
    stash: StashClient, scenes: SomeScenes
) -> None:
    seen: list[str] = []
    async for scene in stash.scenes.iterate(scenes.where, sort="title", page_size=3):
        if not seen:
            await stash.scene_destroy(SceneDestroyInput(id=scenes.ids[-1]))
        seen.append(scene.id)

    assert seen == scenes.ids[:-1]


async def test_pages_counts_and_the_first(stash: StashClient, scenes: SomeScenes) -> None:
    page = await stash.scenes.find(scenes.where, sort="title", page=2, per_page=10)
    first = await stash.scenes.first(scenes.where, sort="title", direction=SortDirectionEnum.DESC)

    assert (page.count, [scene.id for scene in page]) == (30, scenes.ids[10:20])
    assert await stash.scenes.count(scenes.where) == 30
    assert first is not None
    assert first.id == scenes.ids[-1]


class Row(BaseModel):
    title: str | None
    rating100: int | None


async def test_rows_of_your_own(stash: StashClient, scenes: SomeScenes, prefix: str) -> None:
    rows = [row async for row in stash.scenes.iterate(scenes.where, select=Row, page_size=11)]
    page = await stash.scenes.find(scenes.where, sort="title", per_page=1, select=Row)
    one = await stash.scenes.get(scenes.ids[3], select=Row)

    assert rows == [Row(title=f"{prefix} {n:02}", rating100=None) for n in range(30)]
    assert page.items == rows[:1]
    assert one == rows[3]


async def test_get_and_get_many(stash: StashClient, scenes: SomeScenes) -> None:
    wanted = [scenes.ids[5], "999999999", scenes.ids[2], scenes.ids[5]]

    found = await stash.scenes.get_many(wanted)
    one = await stash.scenes.get(scenes.ids[7])

    assert [scene.id for scene in found] == [scenes.ids[5], scenes.ids[2], scenes.ids[5]]
    assert one is not None
    assert one.id == scenes.ids[7]
    assert await stash.scenes.get("999999999") is None
    with pytest.raises(NotFoundError, match="No Scene with id 999999999"):
        await stash.scenes.get_many(wanted, missing="raise")


async def test_update_many_changes_each_in_its_own_way(
    stash: StashClient, scenes: SomeScenes, prefix: str
) -> None:
    changes = [
        SceneUpdateInput(id=id_, title=f"{prefix} new {n}") for n, id_ in enumerate(scenes.ids)
    ]

    outcomes = await stash.scenes.update_many(changes)

    assert [outcome.id for outcome in outcomes] == scenes.ids
    assert all(outcome.ok for outcome in outcomes)
    titles = [scene.title for scene in await stash.scenes.get_many(scenes.ids)]
    assert titles == [change.title for change in changes]


async def test_update_many_tells_which_one_failed(
    stash: StashClient, scenes: SomeScenes, prefix: str
) -> None:
    changes = [
        SceneUpdateInput(id=scenes.ids[0], title=f"{prefix} kept"),
        SceneUpdateInput(id="999999999", title="x"),
        SceneUpdateInput(id=scenes.ids[1], title=f"{prefix} kept too"),
    ]

    with pytest.raises(ChangesFailedError, match="1 of 3 changes were refused") as caught:
        await stash.scenes.update_many(changes)

    assert [outcome.ok for outcome in caught.value.outcomes] == [True, False, True]
    assert isinstance(caught.value.failed[0].error, NotFoundError)
    kept = [scene.title for scene in await stash.scenes.get_many(scenes.ids[:2])]
    assert kept == [f"{prefix} kept", f"{prefix} kept too"]


async def test_update_many_without_a_list_form(stash: StashClient, prefix: str) -> None:
    ids = await stash.tags.resolve([f"{prefix} a", f"{prefix} b"], create=True)
    try:
        await stash.tags.update_many(
            [TagUpdateInput(id=id_, description="d") for id_ in ids.values()]
        )
        assert [t.description for t in await stash.tags.get_many(ids.values())] == ["d", "d"]
        with pytest.raises(ChangesFailedError) as caught:
            await stash.tags.update_many(
                [
                    TagUpdateInput(id="999999999", name="x"),
                    TagUpdateInput(id=ids[f"{prefix} a"], description="e"),
                ]
            )
        assert [outcome.ok for outcome in caught.value.outcomes] == [False, True]
    finally:
        await stash.tags_destroy(list(ids.values()))


async def test_relations_are_added_removed_and_set(
    stash: StashClient, scenes: SomeScenes, prefix: str
) -> None:
    a, b = (await stash.tags.resolve([f"{prefix} a", f"{prefix} b"], create=True)).values()
    two = scenes.ids[:2]
    try:
        await stash.scenes.add_tags(two, [a])
        await stash.scenes.add_tags(two, [b])
        assert await tags_of(stash, two) == [{a, b}, {a, b}]
        await stash.scenes.remove_tags(two[:1], [a])
        assert await tags_of(stash, two) == [{b}, {a, b}]
        await stash.scenes.set_tags(two, [a])
        assert await tags_of(stash, two) == [{a}, {a}]
        with pytest.raises(NotFoundError):
            await stash.scenes.add_tags(["999999999"], [a])
    finally:
        await stash.tags_destroy([a, b])


async def tags_of(stash: StashClient, ids: list[str]) -> list[set[str]]:
    return [{tag.id for tag in scene.tags} for scene in await stash.scenes.get_many(ids)]


async def test_names_become_ids(stash: StashClient, prefix: str) -> None:
    name, other = f"{prefix} Walk", f"{prefix} Ärger"
    ids = await stash.tags.resolve([name, name.upper(), other], create=True)
    try:
        assert ids[name] == ids[name.upper()] != ids[other]
        await stash.tag_update(TagUpdateInput(id=ids[name], aliases=[f"{prefix} Stroll"]))
        assert await stash.tags.resolve([f"{prefix} stroll"]) == {f"{prefix} stroll": ids[name]}
        with pytest.raises(NotFoundError, match="No tag is called"):
            await stash.tags.resolve([name, f"{prefix} nothing"])
        with pytest.raises(ValueError, match="empty name"):
            await stash.tags.resolve(["  "])
    finally:
        await stash.tags_destroy(list(set(ids.values())))


async def test_merging_tags_and_scenes(stash: StashClient, scenes: SomeScenes, prefix: str) -> None:
    names = [f"{prefix} kept", f"{prefix} merged"]
    kept, merged = (await stash.tags.resolve(names, create=True)).values()
    try:
        await stash.scenes.add_tags(scenes.ids[:1], [kept])
        await stash.scenes.add_tags(scenes.ids[1:3], [merged])

        await stash.tags_merge(TagsMergeInput(source=[merged], destination=kept))

        assert await tags_of(stash, scenes.ids[:3]) == [{kept}] * 3
        assert await stash.tags.get(merged) is None
        # The name that is gone is an alias now, so that whoever looks it up finds the other.
        assert (await stash.tags.resolve([names[1]]))[names[1]] == kept

        first, second = scenes.ids[:2]
        result = await stash.scene_merge(
            SceneMergeInput(
                source=[second],
                destination=first,
                values=SceneUpdateInput(id=first, title=f"{prefix} both"),
            )
        )
        assert result
        assert (result.id, result.title) == (first, f"{prefix} both")
        assert await stash.scenes.get(second) is None
    finally:
        await stash.tags_destroy([id_ for id_ in (kept, merged) if await stash.tags.get(id_)])


async def test_markers_have_no_root_field_of_their_own(
    stash: StashClient, scenes: SomeScenes, prefix: str
) -> None:
    tag = (await stash.tags.resolve([prefix], create=True))[prefix]
    try:
        marker = await stash.scene_marker_create(
            SceneMarkerCreateInput(
                title="m", seconds=1.5, scene_id=scenes.ids[0], primary_tag_id=tag
            )
        )
        assert marker is not None
        found = await stash.markers.get_many(["999999998", marker.id, "999999999"])
        assert [m.id for m in found] == [marker.id]
        assert await stash.markers.get("999999999") is None
        await stash.scene_marker_destroy(marker.id)
    finally:
        await stash.tag_destroy(TagDestroyInput(id=tag))


async def test_a_page_size_of_nothing_is_refused(stash: StashClient) -> None:
    with pytest.raises(ValueError, match="page_size is 0"):
        await anext(stash.scenes.iterate(page_size=0))
