"""Creating, changing, merging and destroying, by the schema's own inputs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.library import Library

_PNG = "data:image/png;base64,iVBORw0KGgo="
_SCENE = """mutation($i: SceneUpdateInput!) { sceneUpdate(input: $i) {
    id title details rating100 date organized urls studio { name } tags { name }
    performers { name } groups { group { name } scene_index } } }"""
_SCENES = "mutation($i: [SceneUpdateInput!]!) { scenesUpdate(input: $i) { id title } }"
_BULK = "mutation($i: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $i) { id } }"


def _make(library: Library, kind: str, **values: object) -> str:
    query = f"mutation($i: {kind}CreateInput!) {{ {kind.lower()}Create(input: $i) {{ id }} }}"
    return str(library.ask(query, i=values)["id"])


@pytest.fixture
def scene(library: Library) -> str:
    """A scene with a studio, two tags, a performer and a group."""
    return _make(
        library,
        "Scene",
        title="Harbour walk",
        details="Long.",
        rating100=60,
        date="2024-05-06",
        urls=["https://example.org/1"],
        studio_id=_make(library, "Studio", name="Harbour"),
        tag_ids=[_make(library, "Tag", name=name) for name in ("Forest", "archives")],
        performer_ids=[_make(library, "Performer", name="Ada Example")],
        groups=[{"group_id": _make(library, "Group", name="Series"), "scene_index": 4}],
    )


def _read(library: Library, key: str) -> dict[str, Any]:
    found: dict[str, Any] = library.ask(_SCENE, i={"id": key})
    return found


def test_what_an_input_lacks_stays_and_null_clears(library: Library, scene: str) -> None:
    before = _read(library, scene)
    assert before["tags"] == [{"name": "archives"}, {"name": "Forest"}]  # by name
    changed = library.ask(_SCENE, i={"id": scene, "title": "New", "rating100": None})
    assert changed == {**before, "title": "New", "rating100": None}
    cleared = library.ask(
        _SCENE, i={"id": scene, "studio_id": None, "tag_ids": [], "date": None, "urls": None}
    )
    assert cleared == {
        **changed,
        "studio": None,
        "tags": [],
        "date": None,
        "urls": [],
    }


def test_given_relations_replace_the_old_ones(library: Library, scene: str) -> None:
    other = _make(library, "Tag", name="Meadow")
    assert library.ask(_SCENE, i={"id": scene, "tag_ids": [other]})["tags"] == [{"name": "Meadow"}]
    group = {"group_id": _make(library, "Group", name="Other")}
    assert library.ask(_SCENE, i={"id": scene, "groups": [group]})["groups"] == [
        {"group": {"name": "Other"}, "scene_index": None}
    ]


def test_many_scenes_are_changed_or_none(library: Library, scene: str) -> None:
    other = _make(library, "Scene", title="Other")
    message = library.error(
        _SCENES, i=[{"id": scene, "title": "New"}, {"id": "99999", "title": "None"}]
    )
    assert message == "scene with id 99999 not found"
    assert _read(library, scene)["title"] == "Harbour walk"
    both = [{"id": scene, "title": "One"}, {"id": other, "title": "Two"}]
    assert library.ask(_SCENES, i=both) == both


def test_a_bulk_change_with_an_unknown_id_keeps_nothing(library: Library, scene: str) -> None:
    message = library.error(_BULK, i={"ids": [scene, "99999"], "rating100": 1})
    assert message == "sql: no rows in result set"
    assert _read(library, scene)["rating100"] == 60


def _tag(library: Library, name: str) -> int:
    sql = "select id from tags where name = ? union all select tag_id from tag_aliases where alias = ?"
    key: int = library.store.value(sql, (name, name))
    return key


def test_bulk_changes_add_remove_and_set(library: Library, scene: str) -> None:
    other = _make(library, "Scene", title="Other")
    tags = {name: _tag(library, name) for name in ("Forest", "archives")}

    def own() -> list[list[str]]:
        return [[tag["name"] for tag in _read(library, key)["tags"]] for key in (scene, other)]

    for mode, names, expected in (
        ("ADD", ["Forest"], [["archives", "Forest"], ["Forest"]]),
        ("REMOVE", ["archives"], [["Forest"], ["Forest"]]),
        ("SET", ["archives"], [["archives"], ["archives"]]),
    ):
        ids = [str(tags[name]) for name in names]
        library.ask(_BULK, i={"ids": [scene, other], "tag_ids": {"mode": mode, "ids": ids}})
        assert own() == expected


def test_reading_what_is_not_there_is_null_and_changing_it_an_error(library: Library) -> None:
    assert library.ask('{ findScene(id: "99999") { id } }') is None
    assert library.error(_SCENE, i={"id": "99999"}) == "scene with id 99999 not found"
    unread = library.error('{ findScene(id: "abc") { id } }')
    assert unread == 'strconv.Atoi: parsing "abc": invalid syntax'
    unwritten = library.error(_SCENE, i={"id": "abc"})
    assert unwritten == 'converting id: strconv.Atoi: parsing "abc": invalid syntax'


def test_names_are_taken_once(library: Library) -> None:
    _make(library, "Studio", name="Harbour", aliases=["Port"])
    _make(library, "Tag", name="Archive", aliases=["archives"])

    def refused(kind: str, **values: object) -> str:
        query = f"mutation($i: {kind}CreateInput!) {{ {kind.lower()}Create(input: $i) {{ id }} }}"
        return library.error(query, i=values)

    assert refused("Studio", name="Harbour") == "studio with name 'Harbour' already exists"
    assert refused("Studio", name="port") == "name 'port' is used as alias for 'Harbour'"
    assert refused("Tag", name="archives") == "name 'archives' is used as alias for 'Archive'"
    assert refused("Tag", name=" ") == "tag name must not be blank"
    assert _make(library, "Tag", name="Archives of old")


def test_a_tag_does_not_stand_above_itself(library: Library) -> None:
    top = _make(library, "Tag", name="Top")
    middle = _make(library, "Tag", name="Middle", parent_ids=[top])
    bottom = _make(library, "Tag", name="Bottom", parent_ids=[middle])
    change = "mutation($i: TagUpdateInput!) { tagUpdate(input: $i) { children { name } } }"
    message = library.error(change, i={"id": top, "parent_ids": [bottom]})
    assert "cannot apply tag" in message or "already" in message
    moved = library.ask(change, i={"id": top, "child_ids": [middle, bottom]})
    assert [each["name"] for each in moved["children"]] == ["Bottom", "Middle"]


def test_a_studio_does_not_stand_above_itself(library: Library) -> None:
    top = _make(library, "Studio", name="Top")
    below = _make(library, "Studio", name="Below", parent_id=top)
    change = "mutation($i: StudioUpdateInput!) { studioUpdate(input: $i) { id } }"
    message = library.error(change, i={"id": top, "parent_id": below})
    assert message == "studio cannot be an ancestor of itself"
    assert library.ask(change, i={"id": below, "parent_id": None}) == {"id": below}


def test_merged_tags_give_what_they_have(library: Library, scene: str) -> None:
    keys = [str(_tag(library, name)) for name in ("Forest", "archives")]
    target = _make(library, "Tag", name="Nature")
    merge = """mutation($s: [ID!]!, $d: ID!) {
        tagsMerge(input: { source: $s, destination: $d }) { name aliases } }"""
    assert library.ask(merge, s=keys, d=target) == {
        "name": "Nature",
        "aliases": ["Forest", "archives"],
    }
    assert _read(library, scene)["tags"] == [{"name": "Nature"}]
    assert library.ask(f'{{ findTag(id: "{keys[0]}") {{ id }} }}') is None


def test_merged_scenes_give_histories_markers_and_values(library: Library, scene: str) -> None:
    other = _make(library, "Scene", title="Other")
    times = ["2020-01-02T03:04:05Z", "2021-01-02T03:04:05Z"]
    add = "mutation($id: ID!, $t: [Timestamp!]) { sceneAddPlay(id: $id, times: $t) { count } }"
    assert library.ask(add, id=other, t=times) == {"count": 2}
    tag = _make(library, "Tag", name="Start")
    _make_marker = (
        """mutation($i: SceneMarkerCreateInput!) { sceneMarkerCreate(input: $i) { id } }"""
    )
    library.ask(
        _make_marker,
        i={"title": "m", "seconds": 1.5, "scene_id": other, "primary_tag_id": tag},
    )
    merge = """mutation($i: SceneMergeInput!) { sceneMerge(input: $i) {
        id title play_history scene_markers { seconds } } }"""
    merged = library.ask(
        merge,
        i={
            "source": [other],
            "destination": scene,
            "play_history": True,
            "values": {"id": scene, "title": "Both"},
        },
    )
    assert merged == {
        "id": scene,
        "title": "Both",
        "play_history": times[::-1],
        "scene_markers": [{"seconds": 1.5}],
    }
    assert library.ask(f'{{ findScene(id: "{other}") {{ id }} }}') is None


@pytest.mark.parametrize(
    ("add", "remove", "reset", "count"),
    [
        ("sceneAddO", "sceneDeleteO", "sceneResetO", "o_counter"),
        ("sceneAddPlay", "sceneDeletePlay", "sceneResetPlayCount", "play_count"),
    ],
)
def test_histories(
    library: Library, scene: str, add: str, remove: str, reset: str, count: str
) -> None:
    def change(name: str, *times: str) -> dict[str, Any]:
        query = f"mutation($id: ID!, $t: [Timestamp!]) {{ {name}(id: $id, times: $t) {{ count history }} }}"
        found: dict[str, Any] = library.ask(query, id=scene, t=list(times) or None)
        return found

    early, late = "2020-01-02T03:04:05Z", "2021-01-02T03:04:05+01:00"
    assert change(add, early, late) == {
        "count": 2,
        "history": ["2021-01-02T02:04:05Z", early],
    }
    assert change(add)["count"] == 3
    assert change(remove, early)["history"][1:] == ["2021-01-02T02:04:05Z"]
    assert change(remove)["history"] == ["2021-01-02T02:04:05Z"]  # the latest went
    assert library.ask(f'{{ findScene(id: "{scene}") {{ {count} }} }}') == {count: 1}
    assert library.ask(f'mutation {{ {reset}(id: "{scene}") }}') == 0


def test_activity_is_kept_and_forgotten(library: Library, scene: str) -> None:
    read = f'{{ findScene(id: "{scene}") {{ resume_time play_duration }} }}'
    save = "mutation($id: ID!, $p: Float) {{ sceneSaveActivity(id: $id, {}) }}"
    assert library.ask(save.format("resume_time: 4.5, playDuration: $p"), id=scene, p=10) is True
    assert library.ask(save.format("playDuration: $p"), id=scene, p=2.5) is True
    assert library.ask(read) == {"resume_time": 4.5, "play_duration": 12.5}
    library.ask(f'mutation {{ sceneResetActivity(id: "{scene}", reset_resume: true) }}')
    assert library.ask(read) == {"resume_time": 0, "play_duration": 12.5}


def test_custom_fields_are_replaced_set_and_taken_away(library: Library) -> None:
    key = _make(library, "Performer", name="Ada Example", custom_fields={"a": 1, "b": "x"})
    change = """mutation($i: PerformerUpdateInput!) {
        performerUpdate(input: $i) { custom_fields } }"""

    def fields(**given: object) -> object:
        return library.ask(change, i={"id": key, "custom_fields": given})["custom_fields"]

    assert fields(partial={"b": 2.5, "c": "new"}) == {"a": 1, "b": 2.5, "c": "new"}
    assert fields(remove=["a", "none"]) == {"b": 2.5, "c": "new"}
    assert fields(full={"d": 1}) == {"d": 1}
    assert fields(full={}) == {}
    message = library.error(change, i={"id": key, "custom_fields": {"partial": {" a": 1}}})
    assert message.endswith("custom field name cannot have leading or trailing whitespace")
    assert fields() == {}


def test_older_fields_for_links_change_the_list(library: Library) -> None:
    read = "twitter instagram url urls"
    create = f"mutation($i: PerformerCreateInput!) {{ performerCreate(input: $i) {{ id {read} }} }}"
    made = library.ask(
        create, i={"name": "Ada Example", "twitter": "ada", "urls": ["https://example.org/a"]}
    )
    assert made["urls"] == ["https://twitter.com/ada", "https://example.org/a"]
    change = f"mutation($i: PerformerUpdateInput!) {{ performerUpdate(input: $i) {{ {read} }} }}"
    changed = library.ask(change, i={"id": made["id"], "instagram": "https://instagram.com/b"})
    assert changed == {
        "twitter": "https://twitter.com/ada",
        "instagram": "https://instagram.com/b",
        "url": "https://twitter.com/ada",
        "urls": [*made["urls"], "https://instagram.com/b"],
    }
    message = library.error(change, i={"id": made["id"], "urls": [], "url": "u"})
    assert message == "url field must not be included if urls is included"


def test_sub_groups_keep_their_order(library: Library) -> None:
    top, *below = (_make(library, "Group", name=name) for name in ("Top", "A", "B", "C"))
    add = """mutation($i: GroupSubGroupAddInput!) { addGroupSubGroups(input: $i) }"""
    given = [{"group_id": key, "description": f"no {key}"} for key in below]
    library.ask(add, i={"containing_group_id": top, "sub_groups": given})
    read = f'{{ findGroup(id: "{top}") {{ sub_groups {{ group {{ name }} description }} }} }}'

    def names() -> list[str]:
        return [each["group"]["name"] for each in library.ask(read)["sub_groups"]]

    assert names() == ["A", "B", "C"]
    move = "mutation($i: ReorderSubGroupsInput!) { reorderSubGroups(input: $i) }"
    moved = {"group_id": top, "sub_group_ids": [below[2]], "insert_at_id": below[0]}
    library.ask(move, i=moved)
    assert names() == ["C", "A", "B"]
    remove = "mutation($i: GroupSubGroupRemoveInput!) { removeGroupSubGroups(input: $i) }"
    library.ask(remove, i={"containing_group_id": top, "sub_group_ids": [below[0]]})
    assert names() == ["C", "B"]
    looped = {"containing_group_id": below[2], "sub_groups": [{"group_id": top}]}
    assert "cannot be contained" in library.error(add, i=looped)


def test_images_come_as_data_and_from_nowhere_else(library: Library) -> None:
    key = _make(library, "Studio", name="Harbour", image=_PNG)
    assert library.store.blob("studio", int(key)) == (b"\x89PNG\r\n\x1a\n", "image/png")
    read = f'{{ findStudio(id: "{key}") {{ image_path }} }}'
    assert "default=true" not in library.ask(read)["image_path"]
    change = "mutation($i: StudioUpdateInput!) { studioUpdate(input: $i) { id } }"
    message = library.error(change, i={"id": key, "image": "https://example.org/a.png"})
    assert message.startswith("the sandbox does not do images from an address")
    assert library.store.blob("studio", int(key)) is not None
    assert "illegal base64 data" in library.error(
        change, i={"id": key, "image": "data:image/png;base64,!!!"}
    )
    library.ask(change, i={"id": key, "image": None})
    assert "default=true" in library.ask(read)["image_path"]


def test_a_group_with_a_back_has_a_front(library: Library) -> None:
    key = _make(library, "Group", name="Series", back_image=_PNG)
    found = library.ask(f'{{ findGroup(id: "{key}") {{ front_image_path back_image_path }} }}')
    assert "default=true" not in found["front_image_path"]
    assert found["back_image_path"] is not None


def test_a_bulk_change_of_nothing_answers_null(library: Library) -> None:
    assert library.ask(_BULK, i={"ids": []}) is None


def test_filters_are_saved_replaced_and_destroyed(library: Library) -> None:
    save = """mutation($i: SaveFilterInput!) { saveFilter(input: $i) {
        id mode name find_filter { q per_page sort } object_filter } }"""
    given = {
        "mode": "SCENES",
        "name": " Best ",
        "find_filter": {"q": "walk", "per_page": 5},
        "object_filter": {"rating100": {"value": 80, "modifier": "GREATER_THAN"}},
    }
    saved = library.ask(save, i=given)
    assert saved == {
        "id": "1",
        "mode": "SCENES",
        "name": "Best",
        "find_filter": {"q": "walk", "per_page": 5, "sort": None},
        "object_filter": given["object_filter"],
    }
    library.ask(save, i={**given, "id": "1", "name": "Better"})
    library.ask(save, i={"mode": "TAGS", "name": "Any"})
    assert library.error(save, i={"mode": "TAGS", "name": "  "}) == "name must be non-empty"
    read = "query($m: FilterMode) { findSavedFilters(mode: $m) { name } }"
    assert library.ask(read, m="SCENES") == [{"name": "Better"}]
    assert library.ask(read) == [{"name": "Better"}, {"name": "Any"}]
    destroy = "mutation($id: ID!) { destroySavedFilter(input: { id: $id }) }"
    assert library.ask(destroy, id="1") is True
    assert library.error(destroy, id="1") == "id 1 does not exist in saved_filters"


def test_a_default_filter_is_set_and_cleared(library: Library) -> None:
    read = "{ findDefaultFilter(mode: SCENES) { name find_filter { q } object_filter } }"
    change = "mutation($i: SetDefaultFilterInput!) { setDefaultFilter(input: $i) }"
    assert library.ask(read) is None
    library.ask(change, i={"mode": "SCENES", "find_filter": {"q": "walk"}})
    assert library.ask(read) == {
        "name": "",
        "find_filter": {"q": "walk"},
        "object_filter": None,
    }
    library.ask(change, i={"mode": "SCENES"})
    assert library.ask(read) is None
