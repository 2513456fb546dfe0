"""Searching, sorting and paging."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from stash_typed.sandbox.store.functions import natural_key
from tests.sandbox.library import Library

_SCENES = "query($f: FindFilterType) { findScenes(filter: $f) { count scenes { id } } }"


def _ids(library: Library, **options: object) -> list[int]:
    return [int(each["id"]) for each in library.ask(_SCENES, f=options)["scenes"]]


def test_a_page_has_25_unless_it_is_said(seeded: Library) -> None:
    found = seeded.ask(_SCENES)
    assert (found["count"], len(found["scenes"])) == (300, 25)
    assert len(seeded.ask(_SCENES, f={"per_page": 7})["scenes"]) == 7
    assert len(seeded.ask(_SCENES, f={"per_page": -1})["scenes"]) == 300
    assert seeded.ask(_SCENES, f={"per_page": 0})["scenes"] == []


@pytest.mark.parametrize("sort", [None, "id", "title", "date", "rating", "path", "random_17"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_pages_put_together_are_everything_once(
    seeded: Library, sort: str | None, direction: str
) -> None:
    whole = _ids(seeded, sort=sort, direction=direction, per_page=-1)
    pages = [
        _ids(seeded, sort=sort, direction=direction, per_page=70, page=page) for page in range(1, 7)
    ]
    assert [len(page) for page in pages] == [70, 70, 70, 70, 20, 0]
    assert [key for page in pages for key in page] == whole
    assert sorted(whole) == list(range(1, 301))


def test_a_page_below_the_first_is_the_first(seeded: Library) -> None:
    first = _ids(seeded, sort="id", per_page=5, page=1)
    assert _ids(seeded, sort="id", per_page=5, page=0) == first
    assert _ids(seeded, sort="id", per_page=5, page=-3) == first


def _key(title: str) -> bytes:
    key = natural_key(title)
    assert isinstance(key, bytes)
    return key


def test_titles_are_sorted_naturally(seeded: Library) -> None:
    titles = dict(seeded.store.rows("select id, title from scenes"))
    found = [titles[key] for key in _ids(seeded, sort="title", per_page=-1)]
    assert found == sorted(found, key=_key)
    assert found != sorted(found)


def test_a_random_order_is_the_same_for_the_same_number(seeded: Library) -> None:
    first, again, other = (
        _ids(seeded, sort=f"random_{number}", per_page=-1) for number in (5, 5, 6)
    )
    assert first == again != other
    assert sorted(first) == sorted(other)
    assert _ids(seeded, sort="random", per_page=-1) != _ids(seeded, sort="random", per_page=-1)


@pytest.mark.parametrize("sort", ["colour", "random_x", "random_-1"])
def test_an_unknown_order_is_refused(seeded: Library, sort: str) -> None:
    message = seeded.error(_SCENES, f={"sort": sort})
    assert message.startswith("invalid ")


_SEARCHES: Mapping[str, Callable[[str], bool]] = {
    "harbour walk": lambda text: "harbour" in text and "walk" in text,
    '"harbour walk"': lambda text: "harbour walk" in text,
    "harbour -walk": lambda text: "harbour" in text and "walk" not in text,
    "harbour or meadow": lambda text: "harbour" in text or "meadow" in text,
}


@pytest.mark.parametrize("query", _SEARCHES)
def test_search_goes_through_titles_and_paths(seeded: Library, query: str) -> None:
    texts = seeded.store.rows(
        "select s.id, lower(s.title || ' ' || d.path || '/' || f.basename || ' ' || s.details)"
        " from scenes s join scenes_files l on l.scene_id = s.id join files f on f.id = l.file_id"
        " join folders d on d.id = f.parent_folder_id order by s.id"
    )
    expected = [key for key, text in texts if _SEARCHES[query](text)]
    assert _ids(seeded, q=query, sort="id", per_page=-1) == expected
    assert expected


def test_a_search_holds_for_all_levels_of_a_filter(seeded: Library) -> None:
    query = """query($s: SceneFilterType) {
        findScenes(filter: { q: "harbour", per_page: -1, sort: "id" }, scene_filter: $s) {
            scenes { id } } }"""
    rated = {"rating100": {"modifier": "GREATER_THAN", "value": 50}}
    either = {"organized": True, "OR": rated}
    found = [int(each["id"]) for each in seeded.ask(query, s=either)["scenes"]]
    harbour = set(_ids(seeded, q="harbour", per_page=-1))
    chosen = set(
        seeded.store.column("select id from scenes where organized = 1 or rating > 50 order by id")
    )
    assert set(found) == harbour & chosen
    assert set(found) < chosen


def test_sums_are_of_everything_that_was_found(seeded: Library) -> None:
    found = seeded.ask("{ findScenes(filter: { per_page: 3 }) { count duration filesize } }")
    size, duration = seeded.store.row(
        "select sum(f.size), sum(v.duration) from scenes_files l join files f on f.id = l.file_id"
        " join video_files v on v.file_id = f.id"
    ) or (0, 0)
    assert (found["count"], found["filesize"]) == (300, size)
    assert found["duration"] == pytest.approx(duration)


def test_given_ids_are_answered_in_their_order(seeded: Library) -> None:
    query = "query($ids: [ID!]) { findScenes(ids: $ids) { count scenes { id } } }"
    found = seeded.ask(query, ids=["7", "3", "5"])
    assert [each["id"] for each in found["scenes"]] == ["7", "3", "5"]
    assert found["count"] == 3
    assert seeded.error(query, ids=["7", "7"]) == "validating ids: duplicate id found: 7"
    assert seeded.error(query, ids=["7", "999"]) == "scene with id 999 not found"
    problem = 'converting ids: strconv.Atoi: parsing "x": invalid syntax'
    assert seeded.error(query, ids=["7", "x"]) == problem
