"""Saved filters: found by name, read from the page's form, narrowed down by the caller's filter."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_httpx import HTTPXMock
from stash_typed_graphql.find_saved_filters import FindSavedFiltersData

from stash_typed import StashClient
from stash_typed._runtime.steps import Ask
from stash_typed.enums import SortDirectionEnum
from stash_typed.errors import NotFoundError, StashError
from stash_typed.inputs import SceneFilterType, SceneMarkerFilterType, TagFilterType
from stash_typed.library import kinds
from stash_typed.library.kinds import Kind
from stash_typed.saved.presets import SavedPreset, load_saved

Stored = dict[str, Any]


def saved(
    name: str, object_filter: Stored | None = None, find_filter: Stored | None = None
) -> Stored:
    return {
        "id": "1",
        "mode": "SCENES",
        "name": name,
        "object_filter": object_filter,
        "find_filter": find_filter,
    }


def load(kind: Kind, name: str, *filters: Stored) -> SavedPreset:
    """Perform `load_saved` against a server that has these filters."""
    procedure = load_saved(kind, name)
    ask = next(procedure)
    assert isinstance(ask, Ask)
    assert ask.operation.root_field == "findSavedFilters"
    assert ask.variables == {"mode": kind.filter_mode}
    with pytest.raises(StopIteration) as stopped:
        procedure.send(FindSavedFiltersData.model_validate({"findSavedFilters": list(filters)}))
    assert isinstance(stopped.value.value, SavedPreset)
    return stopped.value.value


def sent(kind: Kind, stored: Stored) -> Stored:
    """What is sent to the server for a stored object filter."""
    where = load(kind, "one", saved("one", stored)).where
    assert where is not None
    variables: Stored = json.loads(where.model_dump_json(by_alias=True, exclude_unset=True))
    return variables


def labelled(*ids: int) -> list[Stored]:
    return [{"id": str(id_), "label": f"Thing {id_}"} for id_ in ids]


def tree(items: tuple[int, ...], excluded: tuple[int, ...] = (), depth: int = 0) -> Stored:
    return {"items": labelled(*items), "excluded": labelled(*excluded), "depth": depth}


def criterion(modifier: str, value: object) -> Stored:
    return {"modifier": modifier, "value": value}


def ranged(modifier: str, value: object, value2: object = None) -> Stored:
    return criterion(modifier, {"value": value, "value2": value2})


AS_STORED: list[tuple[str, Kind, Stored, Stored]] = [
    (
        "text",
        kinds.SCENES,
        {"title": criterion("INCLUDES", "alpha")},
        {"title": {"modifier": "INCLUDES", "value": "alpha"}},
    ),
    (
        "text that is empty",
        kinds.SCENES,
        {"title": {"modifier": "IS_NULL"}},
        {"title": {"modifier": "IS_NULL", "value": ""}},
    ),
    (
        "flags",
        kinds.SCENES,
        {"organized": criterion("EQUALS", "true"), "interactive": criterion("EQUALS", "false")},
        {"organized": True, "interactive": False},
    ),
    (
        "flags that are texts",
        kinds.SCENES,
        {"has_markers": criterion("EQUALS", "true"), "is_missing": criterion("EQUALS", "cover")},
        {"has_markers": "true", "is_missing": "cover"},
    ),
    (
        "number",
        kinds.SCENES,
        {"rating100": ranged("GREATER_THAN", 60)},
        {"rating100": {"modifier": "GREATER_THAN", "value": 60}},
    ),
    (
        "numbers between",
        kinds.SCENES,
        {"rating100": ranged("BETWEEN", 20, 80)},
        {"rating100": {"modifier": "BETWEEN", "value": 20, "value2": 80}},
    ),
    (
        "number that is empty",
        kinds.SCENES,
        {"rating100": {"modifier": "IS_NULL"}},
        {"rating100": {"modifier": "IS_NULL", "value": 0}},
    ),
    (
        "bare numbers of older pages",
        kinds.SCENES,
        {"duration": criterion("LESS_THAN", 60), "play_count": criterion("EQUALS", "3")},
        {
            "duration": {"modifier": "LESS_THAN", "value": 60},
            "play_count": {"modifier": "EQUALS", "value": 3},
        },
    ),
    (
        "number with a fraction",
        kinds.MARKERS,
        {"duration": ranged("GREATER_THAN", 1.5)},
        {"duration": {"modifier": "GREATER_THAN", "value": 1.5}},
    ),
    (
        "date and moment",
        kinds.SCENES,
        {
            "date": ranged("LESS_THAN", "2021-01-01"),
            "created_at": ranged("BETWEEN", " 2020-01-01 10:00", "2021-01-01"),
        },
        {
            "date": {"modifier": "LESS_THAN", "value": "2021-01-01"},
            "created_at": {
                "modifier": "BETWEEN",
                "value": "2020-01-01T10:00",
                "value2": "2021-01-01",
            },
        },
    ),
    (
        "bare moments of older pages",
        kinds.SCENES,
        {"updated_at": {"modifier": "BETWEEN", "value": "2020-01-01", "value2": "2021-01-01"}},
        {
            "updated_at": {
                "modifier": "BETWEEN",
                "value": "2020-01-01",
                "value2": "2021-01-01",
            }
        },
    ),
    (
        "relation",
        kinds.SCENES,
        {"galleries": criterion("EXCLUDES", labelled(4, 5))},
        {"galleries": {"modifier": "EXCLUDES", "value": ["4", "5"]}},
    ),
    (
        "relation with what it leaves out",
        kinds.SCENES,
        {"performers": criterion("INCLUDES_ALL", tree((1,), (2,)))},
        {"performers": {"modifier": "INCLUDES_ALL", "value": ["1"], "excludes": ["2"]}},
    ),
    (
        "hierarchy",
        kinds.SCENES,
        {"tags": criterion("INCLUDES", tree((1, 2), (3,), -1))},
        {"tags": {"modifier": "INCLUDES", "value": ["1", "2"], "excludes": ["3"], "depth": -1}},
    ),
    (
        "hierarchy that excludes",
        kinds.SCENES,
        {"studios": criterion("EXCLUDES", tree((1,), (3,)))},
        {"studios": {"modifier": "INCLUDES", "value": [], "excludes": ["3", "1"], "depth": 0}},
    ),
    (
        "hierarchy of exactly these",
        kinds.SCENES,
        {"tags": criterion("EQUALS", tree((1,), (3,), -1))},
        {"tags": {"modifier": "EQUALS", "value": ["1"], "depth": 0}},
    ),
    (
        "hierarchy without any",
        kinds.SCENES,
        {"tags": criterion("IS_NULL", tree(()))},
        {"tags": {"modifier": "IS_NULL", "value": [], "depth": 0}},
    ),
    (
        "ids that became numbers",
        kinds.SCENES,
        {"tags": criterion("INCLUDES", {"items": [{"id": 7}], "excluded": None, "depth": None})},
        {"tags": {"modifier": "INCLUDES", "value": ["7"], "depth": 0}},
    ),
    (
        "what is now called groups",
        kinds.SCENES,
        {"movies": criterion("INCLUDES", labelled(1))},
        {"groups": {"modifier": "INCLUDES", "value": ["1"], "depth": 0}},
    ),
    (
        "stash id",
        kinds.SCENES,
        {"stash_id_endpoint": criterion("EQUALS", {"endpoint": "https://b.test", "stashID": "x"})},
        {
            "stash_id_endpoint": {
                "modifier": "EQUALS",
                "endpoint": "https://b.test",
                "stash_id": "x",
            }
        },
    ),
    (
        "stash id of any endpoint",
        kinds.PERFORMERS,
        {"stash_id_endpoint": criterion("EQUALS", "x")},
        {"stash_id_endpoint": {"modifier": "EQUALS", "stash_id": "x"}},
    ),
    (
        "phash",
        kinds.SCENES,
        {"phash_distance": criterion("EQUALS", {"value": "ab12", "distance": 4})},
        {"phash_distance": {"modifier": "EQUALS", "value": "ab12", "distance": 4}},
    ),
    (
        "duplicated",
        kinds.SCENES,
        {"duplicated": criterion("EQUALS", "true")},
        {"duplicated": {"duplicated": True}},
    ),
    (
        "duplicated within a distance",
        kinds.SCENES,
        {"duplicated": {"duplicated": True, "distance": 2}},
        {"duplicated": {"duplicated": True, "distance": 2}},
    ),
    (
        "resolutions",
        kinds.SCENES,
        {"resolution": criterion("GREATER_THAN", "1080p")},
        {"resolution": {"modifier": "GREATER_THAN", "value": "FULL_HD"}},
    ),
    (
        "resolution as the schema spells it",
        kinds.GALLERIES,
        {"average_resolution": criterion("EQUALS", "FOUR_K")},
        {"average_resolution": {"modifier": "EQUALS", "value": "FOUR_K"}},
    ),
    (
        "orientations",
        kinds.IMAGES,
        {"orientation": criterion("EQUALS", ["Landscape", "Square"])},
        {"orientation": {"value": ["LANDSCAPE", "SQUARE"]}},
    ),
    (
        "captions",
        kinds.SCENES,
        {"captions": criterion("INCLUDES", "Deutsche")},
        {"captions": {"modifier": "INCLUDES", "value": "de"}},
    ),
    (
        "genders",
        kinds.PERFORMERS,
        {"gender": criterion("INCLUDES", ["Transgender Male", "Non-Binary", "FEMALE"])},
        {
            "gender": {
                "modifier": "INCLUDES",
                "value_list": ["TRANSGENDER_MALE", "NON_BINARY", "FEMALE"],
            }
        },
    ),
    (
        "one gender of older pages",
        kinds.PERFORMERS,
        {"gender": criterion("EXCLUDES", "Male")},
        {"gender": {"modifier": "EXCLUDES", "value_list": ["MALE"]}},
    ),
    (
        "choice that is empty",
        kinds.PERFORMERS,
        {"circumcised": criterion("IS_NULL", [])},
        {"circumcised": {"modifier": "IS_NULL", "value": []}},
    ),
    (
        "choice",
        kinds.PERFORMERS,
        {"circumcised": criterion("INCLUDES", ["Cut"])},
        {"circumcised": {"modifier": "INCLUDES", "value": ["CUT"]}},
    ),
    (
        "custom fields",
        kinds.PERFORMERS,
        {"custom_fields": [{"field": "score", "modifier": "BETWEEN", "value": [1, "x"]}]},
        {"custom_fields": [{"field": "score", "modifier": "BETWEEN", "value": [1, "x"]}]},
    ),
    (
        "favourites by the name of another kind",
        kinds.PERFORMERS,
        {"favorite": criterion("EQUALS", "true")},
        {"filter_favorites": True},
    ),
    (
        "favourites by their own name",
        kinds.STUDIOS,
        {"favorite": criterion("EQUALS", "false")},
        {"favorite": False},
    ),
    (
        "the API's own form, as scripts save it",
        kinds.SCENES,
        {
            "organized": False,
            "rating100": {"modifier": "GREATER_THAN", "value": 80},
            "tags": {"modifier": "INCLUDES", "value": ["1"], "excludes": ["2"], "depth": -1},
            "studios_filter": {"name": criterion("EQUALS", "North")},
            "OR": {"title": criterion("EQUALS", "x")},
        },
        {
            "organized": False,
            "rating100": {"modifier": "GREATER_THAN", "value": 80},
            "tags": {"modifier": "INCLUDES", "value": ["1"], "excludes": ["2"], "depth": -1},
            "studios_filter": {"name": {"modifier": "EQUALS", "value": "North"}},
            "OR": {"title": {"modifier": "EQUALS", "value": "x"}},
        },
    ),
]


@pytest.mark.parametrize(
    ("kind", "stored", "expected"),
    [pytest.param(kind, stored, expected, id=name) for name, kind, stored, expected in AS_STORED],
)
def test_what_the_page_stores_becomes_a_filter(
    kind: Kind, stored: Stored, expected: Stored
) -> None:
    assert sent(kind, stored) == expected


@pytest.mark.parametrize(
    ("kind", "field", "content", "reason"),
    [
        (kinds.SCENES, "colour", criterion("EQUALS", "red"), "no such field"),
        (kinds.SCENES, "title", {"value": "x"}, "no modifier"),
        (kinds.SCENES, "title", criterion("EQUALS", ["x"]), "a text is expected"),
        (kinds.SCENES, "title", "x", "with a modifier"),
        (kinds.SCENES, "organized", criterion("EQUALS", "maybe"), "true or false"),
        (kinds.SCENES, "is_missing", criterion("EQUALS", ""), "a text is expected"),
        (kinds.SCENES, "duration", ranged("EQUALS", 1.5), "value"),
        (kinds.SCENES, "duration", ranged("EQUALS", True), "a value is missing"),
        (kinds.SCENES, "duration", ranged("BETWEEN", 1), "a value is missing"),
        (kinds.SCENES, "rating100", criterion("EQUALS", 4), "stars or hundredths"),
        (kinds.SCENES, "date", ranged("EQUALS", ""), "a value is missing"),
        (kinds.SCENES, "tags", criterion("INCLUDES", tree(())), "nothing is chosen"),
        (kinds.SCENES, "tags", criterion("INCLUDES", {"items": [{"label": "x"}]}), "has no id"),
        (kinds.SCENES, "tags", criterion("INCLUDES", "1"), "a list of things"),
        (kinds.SCENES, "resolution", criterion("EQUALS", "999p"), "'999p' is not one of"),
        (kinds.SCENES, "captions", criterion("INCLUDES", "Klingon"), "a language"),
        (kinds.SCENES, "stash_id_endpoint", criterion("EQUALS", {"endpoint": "x"}), "no stash id"),
        (kinds.SCENES, "id", "5", "with a modifier"),
        (kinds.PERFORMERS, "gender", criterion("INCLUDES", []), "nothing is chosen"),
        (kinds.PERFORMERS, "custom_fields", {"field": "x"}, "a list is expected"),
        (kinds.PERFORMERS, "custom_fields", [{"field": "x"}], "modifier"),
    ],
)
def test_what_cannot_be_converted_is_refused_by_name(
    kind: Kind, field: str, content: object, reason: str
) -> None:
    with pytest.raises(StashError, match=reason) as caught:
        load(kind, "mine", saved("mine", {field: content}))
    for words in ("'mine'", kind.items, field, repr(content)[:20], kind.filter_type):
        assert words in str(caught.value)


def test_a_field_under_two_names_is_refused() -> None:
    stored = {
        "movies": criterion("INCLUDES", labelled(1)),
        "groups": criterion("INCLUDES", tree((2,))),
    }
    with pytest.raises(StashError, match="groups is given twice"):
        load(kinds.SCENES, "mine", saved("mine", stored))


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "true", "1", "2020-01-01", "1080p", "EQUALS", "BETWEEN", "IS_NULL"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["value", "value2", "modifier", "items", "excluded", "depth", "id", "endpoint"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([kinds.SCENES, kinds.PERFORMERS, kinds.TAGS, kinds.MARKERS]).flatmap(
        lambda kind: st.tuples(
            st.just(kind),
            st.dictionaries(
                st.sampled_from([*_fields(kind), "movies", "favorite", "nonsense"]),
                _JSON,
                min_size=1,
                max_size=2,
            ),
        )
    )
)
def test_anything_stored_is_converted_or_refused(case: tuple[Kind, Stored]) -> None:
    kind, stored = case
    try:
        where = load(kind, "mine", saved("mine", stored)).where
    except StashError as error:
        named = [field for field in stored if field in str(error)]
        assert named, error  # noqa: PT017  # either outcome is right
    else:
        assert where is not None
        again = type(where).model_validate_json(
            where.model_dump_json(by_alias=True, exclude_unset=True)
        )
        assert again == where


def _fields(kind: Kind) -> list[str]:
    return list(type(kind.input(kind.filter_type, {})).model_fields)


def test_words_and_order_come_along() -> None:
    preset = load(
        kinds.SCENES,
        "Fresh",
        saved("Fresh", {}, {"q": "blue", "sort": "random_123", "direction": "DESC"}),
    )
    assert (preset.name, preset.q, preset.sort) == ("Fresh", "blue", "random_123")
    assert preset.direction is SortDirectionEnum.DESC
    assert preset.where is None


def test_a_saved_filter_that_says_nothing() -> None:
    preset = load(kinds.SCENES, "All", saved("All", None, {"q": "", "sort": None}))
    assert preset == SavedPreset("All")


def test_the_exact_name_goes_first() -> None:
    both = saved("todo", {}, {"q": "small"}), saved("Todo", {}, {"q": "large"})
    assert load(kinds.SCENES, "Todo", *both).q == "large"
    assert load(kinds.SCENES, " TODO", both[1]).q == "large"
    with pytest.raises(NotFoundError, match="There is 'todo'"):
        load(kinds.SCENES, "TODO", *both)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Unorganised", "Fresh"], "There is 'Unorganised'."),
        (["Fresh", "Done"], "There are 'Done', 'Fresh'."),
        ([], "There are none of this kind."),
        ([f"n{n:02}" for n in range(12)], "'n09' and 2 more."),
    ],
)
def test_an_unknown_name_lists_the_nearest(names: list[str], words: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        load(kinds.MARKERS, "unorganized", *map(saved, names))
    assert "No saved filter of scene markers is called 'unorganized'" in str(caught.value)
    assert words in str(caught.value)


def test_narrowing_with_nothing_changes_nothing() -> None:
    own, mine = SceneFilterType(organized=True), SceneFilterType(has_markers="true")
    assert SavedPreset("x", where=own).narrowed_by(None) is own
    assert SavedPreset("x").narrowed_by(mine) is mine
    assert SavedPreset("x").narrowed_by(None) is None


def test_narrowing_asks_for_both() -> None:
    preset = load(kinds.SCENES, "x", saved("x", {"organized": criterion("EQUALS", "false")}))
    before = preset.where
    mine = SceneFilterType(interactive=True, OR=SceneFilterType(is_missing="cover"))
    both = preset.narrowed_by(mine)
    assert both == SceneFilterType(organized=False) & mine
    assert preset.where is before
    assert SceneFilterType(is_missing="cover") == mine.OR


@pytest.mark.anyio
async def test_a_collection_iterates_a_saved_filter(httpx_mock: HTTPXMock) -> None:
    stored = {"tags": criterion("INCLUDES", tree((3,)))}
    found = saved("Fresh", stored, {"q": "blue", "sort": "date", "direction": "DESC"})
    httpx_mock.add_response(json={"data": {"findSavedFilters": [found]}})
    httpx_mock.add_response(json={"data": {"found": {"items": []}}})

    async with StashClient("http://stash.test:9999") as stash:
        where = SceneFilterType(organized=False)
        assert [scene async for scene in stash.scenes.iterate(where, saved="fresh")] == []

    variables = json.loads(httpx_mock.get_requests()[1].content)["variables"]
    tags = {"modifier": "INCLUDES", "value": ["3"], "depth": 0}
    both = SceneFilterType.model_validate({"tags": tags}) & where
    assert variables == {
        "filter": {
            "q": "blue",
            "sort": "date",
            "direction": "DESC",
            "page": 1,
            "per_page": 5000,
        },
        "scene_filter": json.loads(both.model_dump_json(by_alias=True, exclude_unset=True)),
    }


def test_a_saved_and_does_not_get_lost() -> None:
    preset = load(
        kinds.SCENES,
        "x",
        saved(
            "x",
            {
                "title": criterion("INCLUDES", "a"),
                "AND": {"title": criterion("INCLUDES", "b")},
            },
        ),
    )
    both = preset.narrowed_by(
        SceneFilterType.model_validate({"title": {"modifier": "INCLUDES", "value": "c"}})
    )
    assert both is not None
    assert {text for text in ("a", "b", "c") if f'"{text}"' in both.model_dump_json()} == {
        "a",
        "b",
        "c",
    }


def test_narrowing_by_another_kind_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="'x' is a SceneFilterType"):
        SavedPreset("x", where=SceneFilterType(organized=True)).narrowed_by(TagFilterType())


def test_narrowing_what_the_server_cannot_answer_is_refused() -> None:
    one = {"modifier": "EQUALS", "stash_id": "a"}
    other = {"modifier": "EQUALS", "stash_id": "b"}
    preset = SavedPreset("x", where=SceneFilterType.model_validate({"stash_id_endpoint": one}))
    with pytest.raises(StashError, match=r"'x' cannot be narrowed down.*stash_id_endpoint"):
        preset.narrowed_by(SceneFilterType.model_validate({"stash_id_endpoint": other}))


def test_markers_have_no_and() -> None:
    tags = {"modifier": "INCLUDES", "value": ["1"]}
    preset = SavedPreset("x", where=SceneMarkerFilterType.model_validate({"tags": tags}))
    scenes = {"modifier": "INCLUDES", "value": ["5"]}
    both = preset.narrowed_by(SceneMarkerFilterType.model_validate({"scenes": scenes}))
    assert both == SceneMarkerFilterType.model_validate({"tags": tags, "scenes": scenes})
    assert preset.narrowed_by(SceneMarkerFilterType.model_validate({"tags": tags})) == preset.where
    with pytest.raises(StashError, match="both have tags"):
        preset.narrowed_by(SceneMarkerFilterType.model_validate({"tags": {**tags, "value": ["2"]}}))
