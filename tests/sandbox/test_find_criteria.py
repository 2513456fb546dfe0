"""What criteria find, against the same computed in Python over a made-up library."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.library import Library

_ALL = {"per_page": -1, "sort": "id"}
_Row = dict[str, Any]


class _Rows(list[_Row]):
    """Rows that are not shown one by one when a test fails."""

    def __repr__(self) -> str:
        return f"<{len(self)} rows>"


_SHARED = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _find(library: Library, criteria: Mapping[str, object]) -> list[int]:
    return library.store.scenes.find(criteria, _ALL).ids


@pytest.fixture(scope="module")
def rows(seeded: Library) -> _Rows:
    """All scenes with their relations, in the order of their ids."""
    store = seeded.store
    names = ("id", "title", "date", "rating", "studio_id", "organized", "code", "details")
    scenes: list[_Row] = [
        dict(zip(names, row, strict=True))
        for row in store.rows(f"select {', '.join(names)} from scenes order by id")
    ]
    related: dict[str, dict[int, set[int]]] = {
        "tags": defaultdict(set),
        "performers": defaultdict(set),
    }
    for scene, tag in store.rows("select scene_id, tag_id from scenes_tags"):
        related["tags"][scene].add(tag)
    for scene, performer in store.rows("select scene_id, performer_id from performers_scenes"):
        related["performers"][scene].add(performer)
    for scene in scenes:
        scene.update({name: found[scene["id"]] for name, found in related.items()})
    return _Rows(scenes)


def _expected(rows: _Rows, holds: Callable[[_Row], bool]) -> list[int]:
    return [row["id"] for row in rows if holds(row)]


_NUMBERS: Mapping[str, Callable[[int | None, int, int], bool]] = {
    "EQUALS": lambda rating, low, _: rating == low,
    "NOT_EQUALS": lambda rating, low, _: rating is not None and rating != low,
    "GREATER_THAN": lambda rating, low, _: rating is not None and rating > low,
    "LESS_THAN": lambda rating, low, _: rating is not None and rating < low,
    "BETWEEN": lambda rating, low, high: rating is not None and low <= rating <= high,
    "NOT_BETWEEN": lambda rating, low, high: rating is not None and not low <= rating <= high,
    "IS_NULL": lambda rating, _low, _high: rating is None,
    "NOT_NULL": lambda rating, _low, _high: rating is not None,
}


@pytest.mark.parametrize("modifier", _NUMBERS)
@pytest.mark.parametrize(("low", "high"), [(1, 100), (40, 60), (60, 40), (0, 0)])
def test_numbers(seeded: Library, rows: _Rows, modifier: str, low: int, high: int) -> None:
    found = _find(seeded, {"rating100": {"modifier": modifier, "value": low, "value2": high}})
    assert found == _expected(rows, lambda row: _NUMBERS[modifier](row["rating"], low, high))


_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "EQUALS": lambda title, text: title.lower() == text.lower(),
    "NOT_EQUALS": lambda title, text: title.lower() != text.lower(),
    "INCLUDES": lambda title, text: any(word in title.lower() for word in text.lower().split()),
    "EXCLUDES": lambda title, text: all(word not in title.lower() for word in text.lower().split()),
    "MATCHES_REGEX": lambda title, text: re.search(text, title) is not None,
    "NOT_MATCHES_REGEX": lambda title, text: re.search(text, title) is None,
    "IS_NULL": lambda title, _: not title,
    "NOT_NULL": lambda title, _: bool(title),
}


@pytest.mark.parametrize("modifier", _TEXTS)
@pytest.mark.parametrize("text", ["harbour walk 1", "Meadow", "^Har", "concert talk", "walk"])
def test_texts(seeded: Library, rows: _Rows, modifier: str, text: str) -> None:
    found = _find(seeded, {"title": {"modifier": modifier, "value": text}})
    assert found == _expected(rows, lambda row: _TEXTS[modifier](row["title"], text))


def test_a_phrase_in_quotation_marks_is_one(seeded: Library, rows: _Rows) -> None:
    found = _find(seeded, {"title": {"modifier": "INCLUDES", "value": '"harbour walk"'}})
    assert found == _expected(rows, lambda row: "harbour walk" in row["title"].lower())
    assert found


@pytest.mark.parametrize("organized", [True, False])
def test_flags(seeded: Library, rows: _Rows, organized: bool) -> None:
    assert _find(seeded, {"organized": organized}) == _expected(
        rows, lambda row: bool(row["organized"]) is organized
    )


def test_dates(seeded: Library, rows: _Rows) -> None:
    between = {"modifier": "BETWEEN", "value": "2010-01-01", "value2": "2015-12-31"}
    assert _find(seeded, {"date": between}) == _expected(
        rows, lambda row: row["date"] is not None and "2010-01-01" <= row["date"] <= "2015-12-31"
    )
    assert _find(seeded, {"date": {"modifier": "IS_NULL", "value": ""}}) == _expected(
        rows, lambda row: row["date"] is None
    )


_RELATED: Mapping[str, Callable[[set[int], set[int]], bool]] = {
    "INCLUDES": lambda own, wanted: bool(own & wanted),
    "INCLUDES_ALL": lambda own, wanted: own >= wanted,
    "EXCLUDES": lambda own, wanted: not own & wanted,
    "EQUALS": lambda own, wanted: own == wanted,
}


@pytest.mark.parametrize("modifier", _RELATED)
@pytest.mark.parametrize("kind", ["tags", "performers"])
@_SHARED
@given(wanted=st.sets(st.integers(1, 12), min_size=1, max_size=3))
def test_relations(
    seeded: Library, rows: _Rows, kind: str, modifier: str, wanted: set[int]
) -> None:
    found = _find(seeded, {kind: {"modifier": modifier, "value": [str(each) for each in wanted]}})
    assert found == _expected(rows, lambda row: _RELATED[modifier](row[kind], wanted))


@pytest.mark.parametrize("kind", ["tags", "performers"])
def test_relations_that_are_not_there(seeded: Library, rows: _Rows, kind: str) -> None:
    assert _find(seeded, {kind: {"modifier": "IS_NULL"}}) == _expected(
        rows, lambda row: not row[kind]
    )
    assert _find(seeded, {kind: {"modifier": "NOT_NULL"}}) == _expected(
        rows, lambda row: bool(row[kind])
    )


def test_wanted_and_unwanted_together(seeded: Library, rows: _Rows) -> None:
    criterion = {"modifier": "INCLUDES", "value": ["1", "2", "3"], "excludes": ["4"]}
    found = _find(seeded, {"tags": criterion})
    assert found == _expected(
        rows, lambda row: bool(row["tags"] & {1, 2, 3}) and 4 not in row["tags"]
    )
    assert found


def _below(library: Library, tag: int, depth: int) -> set[int]:
    found = level = {tag}
    while level and depth:
        marks = ", ".join(str(each) for each in level)
        children = set(
            library.store.column(
                f"select child_id from tags_relations where parent_id in ({marks})"
            )
        )
        level = children - found
        found = found | level
        depth -= 1
    return found


@pytest.mark.parametrize("depth", [0, 1, 2, -1])
@pytest.mark.parametrize("tag", [1, 3, 9])
def test_a_hierarchy_to_a_depth(seeded: Library, rows: _Rows, tag: int, depth: int) -> None:
    tags = _below(seeded, tag, depth)
    criterion = {"modifier": "INCLUDES", "value": [str(tag)], "depth": depth}
    found = _find(seeded, {"tags": criterion})
    assert found == _expected(rows, lambda row: bool(row["tags"] & tags))
    unwanted = {"modifier": "EXCLUDES", "value": [str(tag)], "depth": depth}
    assert _find(seeded, {"tags": unwanted}) == _expected(rows, lambda row: not row["tags"] & tags)


def test_studios_with_those_below_them(seeded: Library, rows: _Rows) -> None:
    parent = seeded.store.value("select parent_id from studios where parent_id is not null")
    family = {parent, *seeded.store.column("select id from studios where parent_id = ?", (parent,))}
    criterion = {"modifier": "INCLUDES", "value": [str(parent)], "depth": -1}
    assert _find(seeded, {"studios": criterion}) == _expected(
        rows, lambda row: row["studio_id"] in family
    )


_Holds = Callable[[_Row], bool | None]
_LEAVES: Mapping[str, tuple[Mapping[str, object], _Holds]] = {
    "rated": (
        {"rating100": {"modifier": "GREATER_THAN", "value": 50}},
        lambda row: None if row["rating"] is None else row["rating"] > 50,
    ),
    "harbour": (
        {"title": {"modifier": "INCLUDES", "value": "Harbour"}},
        lambda row: "harbour" in row["title"].lower(),
    ),
    "organized": ({"organized": True}, lambda row: bool(row["organized"])),
    "undated": ({"is_missing": "date"}, lambda row: row["date"] is None),
    "without code": (
        {"code": {"modifier": "IS_NULL", "value": ""}},
        lambda row: not row["code"],
    ),
}


@_SHARED
@given(
    chain=st.lists(
        st.tuples(st.sampled_from(sorted(_LEAVES)), st.sampled_from(["AND", "OR", "NOT"])),
        min_size=1,
        max_size=4,
    )
)
def test_levels_of_and_or_and_not(
    seeded: Library, rows: _Rows, chain: list[tuple[str, str]]
) -> None:
    criteria: dict[str, object] = {}
    holds: _Holds | None = None
    for leaf, operator in reversed(chain):
        own, own_holds = _LEAVES[leaf]
        criteria = {**own, operator: criteria} if holds is not None else dict(own)
        holds = own_holds if holds is None else _combined(own_holds, operator, holds)
    assert holds is not None
    whole = holds
    assert _find(seeded, criteria) == _expected(rows, lambda row: whole(row) is True)


def _combined(first: _Holds, operator: str, second: _Holds) -> _Holds:
    """Combine as SQL does: of what is unknown, such as no rating above 50, NOT is unknown too."""

    def holds(row: _Row) -> bool | None:
        values = [first(row), second(row)]
        if operator == "NOT":
            values[1] = None if values[1] is None else not values[1]
        decisive = operator == "OR"
        if decisive in values:
            return decisive
        return None if None in values else not decisive

    return holds


def test_the_filter_of_another_kind(seeded: Library, rows: _Rows) -> None:
    favorites = set(seeded.store.column("select id from performers where favorite = 1"))
    found = _find(seeded, {"performers_filter": {"filter_favorites": True}})
    assert found == _expected(rows, lambda row: bool(row["performers"] & favorites))
    assert found == _find(seeded, {"performer_favorite": True})
    parents = set(seeded.store.column("select parent_id from tags_relations"))
    nested = {"tags_filter": {"child_count": {"modifier": "GREATER_THAN", "value": 0}}}
    assert _find(seeded, nested) == _expected(rows, lambda row: bool(row["tags"] & parents))


@pytest.mark.parametrize(
    ("kind", "field"), [("tags", "tag_count"), ("performers", "performer_count")]
)
def test_counts(seeded: Library, rows: _Rows, kind: str, field: str) -> None:
    criterion = {"modifier": "BETWEEN", "value": 1, "value2": 2}
    assert _find(seeded, {field: criterion}) == _expected(
        rows, lambda row: 1 <= len(row[kind]) <= 2
    )


def test_how_old_performers_were(seeded: Library) -> None:
    ages: dict[int, set[int]] = defaultdict(set)
    for scene, date, born in seeded.store.rows(
        "select s.id, s.date, p.birthdate from scenes s"
        " join performers_scenes l on l.scene_id = s.id"
        " join performers p on p.id = l.performer_id"
        " where s.date is not null and p.birthdate is not null"
    ):
        years = int(date[:4]) - int(born[:4]) - (date[5:] < born[5:])
        ages[scene].add(years)
    found = _find(seeded, {"performer_age": {"modifier": "BETWEEN", "value": 20, "value2": 30}})
    assert found == sorted(
        scene for scene, those in ages.items() if any(20 <= age <= 30 for age in those)
    )
    assert found


def _files(library: Library) -> Iterator[tuple[int, str, int, int, float]]:
    yield from library.store.rows(
        "select l.scene_id, d.path || '/' || f.basename, v.width, v.height, v.duration"
        " from scenes_files l join files f on f.id = l.file_id"
        " join folders d on d.id = f.parent_folder_id join video_files v on v.file_id = f.id"
        " order by l.scene_id"
    )


def test_facts_of_files(seeded: Library) -> None:
    files = list(_files(seeded))
    found = _find(seeded, {"path": {"modifier": "INCLUDES", "value": "harbour-"}})
    assert found == [scene for scene, path, *_ in files if "harbour-" in path]
    found = _find(seeded, {"resolution": {"modifier": "EQUALS", "value": "FULL_HD"}})
    assert found == [scene for scene, _, w, h, _ in files if 1080 <= min(w, h) < 1440]
    found = _find(seeded, {"orientation": {"value": ["PORTRAIT"]}})
    assert found == [scene for scene, _, w, h, _ in files if h > w]
    found = _find(seeded, {"duration": {"modifier": "GREATER_THAN", "value": 3000}})
    assert found == [scene for scene, *_, duration in files if int(duration) > 3000]
    assert found


@pytest.mark.parametrize(
    ("criteria", "problem"),
    [
        ({"AND": {"organized": True}, "OR": {"organized": False}}, "cannot have AND and OR in"),
        ({"title": {"modifier": "MATCHES_REGEX", "value": "(x"}}, "error parsing regexp: missing"),
        ({"title": {"modifier": "GREATER_THAN", "value": "x"}}, "unsupported string filter"),
        ({"rating100": {"modifier": "INCLUDES", "value": 1}}, "unsupported numeric modifier"),
        (
            {"tags": {"modifier": "EQUALS", "value": ["1"], "depth": -1}},
            "depth is not supported for equals modifier",
        ),
    ],
)
def test_a_criterion_that_cannot_be_is_an_error(
    seeded: Library, criteria: Mapping[str, object], problem: str
) -> None:
    query = "query($f: SceneFilterType) { findScenes(scene_filter: $f) { count } }"
    assert problem in seeded.error(query, f=criteria)
