"""Reading pages of objects with what belongs to them: right, and with few statements."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.library import Library

_PAGE = """query($n: Int) { findScenes(filter: { per_page: $n, sort: "id" }) { count scenes {
    id title urls studio { id name parent_studio { id } } tags { id name parents { name } }
    performers { id name custom_fields } files { path size fingerprints { type value } }
    galleries { id } groups { group { name } scene_index } scene_markers { id primary_tag { name } }
    paths { screenshot sprite } o_counter play_history stash_ids { stash_id } } } }"""


def _statements(library: Library, query: str, **variables: object) -> tuple[Any, int]:
    """Ask, and count the statements that the answer took."""
    seen: list[str] = []
    library.store.connection.set_trace_callback(seen.append)
    try:
        return library.ask(query, **variables), len(seen)
    finally:
        library.store.connection.set_trace_callback(None)


def test_a_larger_page_takes_no_more_statements(seeded: Library) -> None:
    small, few = _statements(seeded, _PAGE, n=20)
    large, many = _statements(seeded, _PAGE, n=300)
    assert (len(small["scenes"]), len(large["scenes"])) == (20, 300)
    assert few == many < 40


def test_relations_are_those_of_the_tables(seeded: Library) -> None:
    found = seeded.ask(_PAGE, n=-1)["scenes"]
    tags = [(int(scene["id"]), int(tag["id"])) for scene in found for tag in scene["tags"]]
    assert sorted(tags) == seeded.store.rows(
        "select scene_id, tag_id from scenes_tags order by scene_id, tag_id"
    )
    studios = {int(each["id"]): each["studio"] and int(each["studio"]["id"]) for each in found}
    assert studios == dict(seeded.store.rows("select id, studio_id from scenes"))
    sizes = [file["size"] for scene in found for file in scene["files"]]
    assert max(sizes) > 1 << 32
    assert len(sizes) == 300


def test_sums_and_counts_are_made_when_they_are_asked_for_alone(seeded: Library) -> None:
    one = "{{ findScenes(filter: {{ per_page: 1 }}) {{ {} }} }}"
    _, ids = _statements(seeded, one.format("scenes { id }"))
    _, count = _statements(seeded, one.format("count scenes { id }"))
    assert count == ids + 1
    skipped = one.format("scenes { id } ... @include(if: false) { count duration }")
    assert _statements(seeded, skipped)[1] == ids
    spread = "fragment f on FindScenesResultType { duration } query " + one.format(
        "scenes { id } ...f"
    )
    assert seeded.ask(spread)["duration"] > 0


@pytest.mark.parametrize(
    ("root", "table"),
    [
        ("allScenes", "scenes"),
        ("allImages", "images"),
        ("allGalleries", "galleries"),
        ("allPerformers", "performers"),
        ("allStudios", "studios"),
        ("allTags", "tags"),
        ("allMovies", "groups"),
        ("allSceneMarkers", "scene_markers"),
    ],
)
def test_all_objects_of_a_kind(seeded: Library, root: str, table: str) -> None:
    found = seeded.ask(f"{{ {root} {{ id }} }}")
    keys = [int(each["id"]) for each in found]
    assert sorted(keys) == seeded.store.column(f"select id from {table} order by id")
    assert keys


def test_all_studios_stand_by_name(seeded: Library) -> None:
    names = [each["name"] for each in seeded.ask("{ allStudios { name } }")]
    assert names == sorted(names)


def test_a_scene_is_found_by_its_hash(seeded: Library) -> None:
    value, scene = seeded.store.row(
        "select f.fingerprint, l.scene_id from files_fingerprints f"
        " join scenes_files l on l.file_id = f.file_id where f.type = 'oshash' limit 1"
    ) or ("", 0)
    query = "query($h: String) { findSceneByHash(input: { oshash: $h }) { id } }"
    assert seeded.ask(query, h=value) == {"id": str(scene)}
    assert seeded.ask(query, h="none") is None


def test_scenes_that_look_alike_are_found_together(seeded: Library) -> None:
    query = "query($d: Int) { findDuplicateScenes(distance: $d) { id } }"
    exact = seeded.store.rows(
        "select group_concat(l.scene_id) from files_fingerprints f"
        " join scenes_files l on l.file_id = f.file_id where f.type = 'phash'"
        " group by f.fingerprint having count(*) > 1"
    )
    found = {frozenset(each["id"] for each in group) for group in seeded.ask(query, d=0)}
    assert found == {frozenset(row[0].split(",")) for row in exact}
    near = {frozenset(each["id"] for each in group) for group in seeded.ask(query, d=1)}
    assert len(near) > len(found)


def test_walls_show_80_at_most(seeded: Library) -> None:
    wall = seeded.ask('{ sceneWall(q: "number") { id } }')
    assert len({each["id"] for each in wall}) == 80
    assert seeded.ask('{ sceneWall(q: "no such text") { id } }') == []
    markers = seeded.ask("{ markerWall { title } }")
    assert 0 < len(markers) <= 80


def test_titles_of_markers_are_counted(library: Library) -> None:
    for mutation in (
        'sceneCreate(input: { title: "Walk" }) { id }',
        'tagCreate(input: { name: "Start" }) { id }',
        *(
            f'sceneMarkerCreate(input: {{ title: "{title}", seconds: {second}, scene_id: 1,'
            " primary_tag_id: 1 }) { id }"
            for second, title in enumerate(("Intro", "Talk", "Talk"))
        ),
    ):
        library.ask(f"mutation {{ {mutation} }}")
    counts = library.ask('{ markerStrings(sort: "count") { title count } }')
    assert counts == [{"title": "Talk", "count": 2}, {"title": "Intro", "count": 1}]
    tags = library.ask(
        '{ sceneMarkerTags(scene_id: "1") { tag { name } scene_markers { title } } }'
    )
    assert [each["tag"]["name"] for each in tags] == ["Start"]
    assert [each["title"] for each in tags[0]["scene_markers"]] == ["Intro", "Talk", "Talk"]


def test_the_library_in_numbers(seeded: Library) -> None:
    stats = seeded.ask("{ stats { scene_count scenes_size image_count tag_count group_count } }")
    one = seeded.store.value
    assert stats == {
        "scene_count": 300,
        "scenes_size": one(
            "select sum(size) from files where id in (select file_id from scenes_files)"
        ),
        "image_count": 150,
        "tag_count": one("select count(*) from tags"),
        "group_count": one("select count(*) from groups"),
    }


def test_what_the_sandbox_does_not_do_is_refused_by_name(library: Library) -> None:
    query = '{ parseSceneFilenames(filter: { q: "{title}" }, config: {}) { count } }'
    assert library.error(query) == (
        "the sandbox does not do parseSceneFilenames; use a real server"
    )
