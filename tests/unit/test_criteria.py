"""Criteria: what each becomes on the wire, and what is refused with which words."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from stash_typed import criteria
from stash_typed.criteria import (
    between,
    custom_field,
    duplicated,
    equals,
    excludes,
    gt,
    includes,
    includes_all,
    is_null,
    lt,
    matches,
    near,
    not_between,
    not_equals,
    not_matches,
    not_null,
)
from stash_typed.enums import CircumisedEnum, GenderEnum, OrientationEnum, ResolutionEnum
from stash_typed.inputs import (
    IntCriterionInput,
    PerformerFilterType,
    SceneFilterType,
    SceneMarkerFilterType,
)

UTC = datetime(2024, 5, 6, 7, 8, 9, 999_999, tzinfo=timezone.utc)
ELSEWHERE = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone(timedelta(hours=2)))


def sent(filter_: Any, field: str) -> object:
    dumped = filter_.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert list(dumped) == [field]
    return dumped[field]


@pytest.mark.parametrize(
    ("field", "criterion", "wire"),
    [
        ("rating100", gt(80), {"modifier": "GREATER_THAN", "value": 80}),
        ("rating100", lt(80), {"modifier": "LESS_THAN", "value": 80}),
        ("rating100", equals(0), {"modifier": "EQUALS", "value": 0}),
        ("rating100", not_equals(5), {"modifier": "NOT_EQUALS", "value": 5}),
        ("rating100", between(1, 5), {"modifier": "BETWEEN", "value": 1, "value2": 5}),
        ("rating100", not_between(1, 5), {"modifier": "NOT_BETWEEN", "value": 1, "value2": 5}),
        ("rating100", is_null(), {"modifier": "IS_NULL", "value": 0}),
        ("title", equals("x"), {"modifier": "EQUALS", "value": "x"}),
        ("title", not_equals("x"), {"modifier": "NOT_EQUALS", "value": "x"}),
        ("title", matches("^a"), {"modifier": "MATCHES_REGEX", "value": "^a"}),
        ("title", not_matches("^a"), {"modifier": "NOT_MATCHES_REGEX", "value": "^a"}),
        ("title", includes("x y"), {"modifier": "INCLUDES", "value": "x y"}),
        ("title", excludes("x"), {"modifier": "EXCLUDES", "value": "x"}),
        ("title", not_null(), {"modifier": "NOT_NULL", "value": ""}),
        ("date", gt("2020"), {"modifier": "GREATER_THAN", "value": "2020"}),
        ("date", lt(date(2020, 1, 31)), {"modifier": "LESS_THAN", "value": "2020-01-31"}),
        ("date", is_null(), {"modifier": "IS_NULL", "value": ""}),
        (
            "date",
            between("2020-01", date(2021, 1, 1).isoformat()),
            {"modifier": "BETWEEN", "value": "2020-01", "value2": "2021-01-01"},
        ),
        ("created_at", gt(UTC), {"modifier": "GREATER_THAN", "value": "2024-05-06T07:08:09Z"}),
        (
            "created_at",
            equals(ELSEWHERE),
            {"modifier": "EQUALS", "value": "2024-05-06T07:08:09+02:00"},
        ),
        ("created_at", lt("2024-05-06"), {"modifier": "LESS_THAN", "value": "2024-05-06"}),
        (
            "last_played_at",
            between(ELSEWHERE, UTC),
            {
                "modifier": "BETWEEN",
                "value": "2024-05-06T07:08:09+02:00",
                "value2": "2024-05-06T07:08:09Z",
            },
        ),
        ("performers", includes("1", "2"), {"modifier": "INCLUDES", "value": ["1", "2"]}),
        ("performers", includes_all("1"), {"modifier": "INCLUDES_ALL", "value": ["1"]}),
        ("performers", excludes("1"), {"modifier": "EXCLUDES", "value": ["1"]}),
        ("performers", is_null(), {"modifier": "IS_NULL"}),
        ("tags", includes("1"), {"modifier": "INCLUDES", "value": ["1"]}),
        ("tags", includes("1", depth=-1), {"modifier": "INCLUDES", "value": ["1"], "depth": -1}),
        (
            "tags",
            includes_all("1", "2", excludes=["3"]),
            {"modifier": "INCLUDES_ALL", "value": ["1", "2"], "excludes": ["3"]},
        ),
        (
            "tags",
            includes(excludes=["3"]),
            {"modifier": "INCLUDES", "value": [], "excludes": ["3"]},
        ),
        ("tags", excludes("1", depth=0), {"modifier": "EXCLUDES", "value": ["1"], "depth": 0}),
        ("tags", not_null(), {"modifier": "NOT_NULL"}),
        (
            "resolution",
            gt(ResolutionEnum.FULL_HD),
            {"modifier": "GREATER_THAN", "value": "FULL_HD"},
        ),
        ("resolution", equals(ResolutionEnum.LOW), {"modifier": "EQUALS", "value": "LOW"}),
        ("orientation", equals(OrientationEnum.SQUARE), {"value": ["SQUARE"]}),
        (
            "orientation",
            includes(OrientationEnum.SQUARE, OrientationEnum.PORTRAIT),
            {"value": ["SQUARE", "PORTRAIT"]},
        ),
        ("stash_id_endpoint", equals("x"), {"modifier": "EQUALS", "stash_id": "x"}),
        (
            "stash_id_endpoint",
            matches("x", endpoint="e"),
            {"modifier": "MATCHES_REGEX", "stash_id": "x", "endpoint": "e"},
        ),
        ("stash_id_endpoint", is_null(endpoint="e"), {"modifier": "IS_NULL", "endpoint": "e"}),
        (
            "phash_distance",
            near("a1b2", distance=4),
            {"modifier": "EQUALS", "value": "a1b2", "distance": 4},
        ),
        ("phash_distance", not_equals("a1b2"), {"modifier": "NOT_EQUALS", "value": "a1b2"}),
        ("phash_distance", is_null(), {"modifier": "IS_NULL", "value": ""}),
        ("duplicated", duplicated(), {"duplicated": True}),
        ("duplicated", duplicated(False), {"duplicated": False}),
    ],
)
def test_a_criterion_becomes_the_input_of_its_field(
    field: str, criterion: Any, wire: dict[str, object]
) -> None:
    assert sent(SceneFilterType.model_validate({field: criterion}), field) == wire


@pytest.mark.parametrize(
    ("field", "criterion", "wire"),
    [
        ("gender", equals(GenderEnum.FEMALE), {"modifier": "EQUALS", "value": "FEMALE"}),
        (
            "gender",
            excludes(GenderEnum.MALE, GenderEnum.INTERSEX),
            {"modifier": "EXCLUDES", "value_list": ["MALE", "INTERSEX"]},
        ),
        ("gender", is_null(), {"modifier": "IS_NULL"}),
        ("circumcised", equals(CircumisedEnum.CUT), {"modifier": "EQUALS", "value": ["CUT"]}),
        ("circumcised", not_null(), {"modifier": "NOT_NULL"}),
        ("penis_length", gt(2.5), {"modifier": "GREATER_THAN", "value": 2.5}),
        ("penis_length", between(1, 2), {"modifier": "BETWEEN", "value": 1, "value2": 2}),
        ("penis_length", is_null(), {"modifier": "IS_NULL", "value": 0}),
        (
            "custom_fields",
            [custom_field("a", between(1, 5)), custom_field("b", includes("x"))],
            [
                {"field": "a", "modifier": "BETWEEN", "value": [1, 5]},
                {"field": "b", "modifier": "INCLUDES", "value": ["x"]},
            ],
        ),
        ("custom_fields", [custom_field("a", is_null())], [{"field": "a", "modifier": "IS_NULL"}]),
    ],
)
def test_criteria_on_performers(field: str, criterion: Any, wire: object) -> None:
    assert sent(PerformerFilterType.model_validate({field: criterion}), field) == wire


def test_a_whole_number_fits_a_field_for_numbers_with_a_fraction() -> None:
    wire = sent(SceneMarkerFilterType(duration=gt(5)), "duration")

    assert wire == {"modifier": "GREATER_THAN", "value": 5.0}


def test_a_field_holds_its_own_input_and_takes_criteria_later_too() -> None:
    scenes = SceneFilterType(rating100=gt(80))

    assert scenes.rating100 == SceneFilterType(rating100=gt(80)).rating100
    assert type(scenes.rating100) is IntCriterionInput
    scenes.rating100 = lt(5)
    assert sent(scenes, "rating100") == {"modifier": "LESS_THAN", "value": 5}


@pytest.mark.parametrize(
    ("field", "criterion", "words"),
    [
        ("title", gt(80), r"gt\(80\) does not fit StringCriterionInput, .* with one text"),
        ("rating100", matches("a"), r"matches\('a'\) does not fit IntCriterionInput, which takes"),
        ("rating100", gt("80"), r"gt\('80'\) does not fit IntCriterionInput, .* whole numbers"),
        ("rating100", gt(80.5), "whole numbers"),
        ("rating100", gt(True), "whole numbers"),
        ("rating100", includes("1"), "between, equals, gt, is_null, lt"),
        ("title", includes("a", "b"), "with one text"),
        ("title", equals(GenderEnum.MALE), "with one text"),
        ("title", is_null(endpoint="e"), "StringCriterionInput"),
        ("date", gt(UTC), "dates, or texts such as '2020-01-31'"),
        ("date", gt(5), "dates, or texts"),
        ("created_at", gt(date(2020, 1, 1)), "aware datetimes"),
        ("performers", includes("1", depth=1), r"ids \(no depth\)"),
        ("performers", gt(5), "excludes, includes, includes_all, is_null or not_null"),
        ("tags", includes(5), "with ids"),  # type: ignore[call-overload]  # the wrong type on purpose
        ("resolution", gt(5), "ResolutionEnum"),
        ("resolution", equals(GenderEnum.MALE), "ResolutionEnum"),
        ("resolution", is_null(), "equals, gt, lt or not_equals"),
        ("orientation", equals("SQUARE"), "OrientationEnum"),
        ("phash_distance", gt("a"), "perceptual hash"),
        ("duplicated", equals("a"), r"give PHashDuplicationCriterionInput\(…\) itself"),
        ("organized", equals("a"), "valid boolean"),
        ("has_markers", equals("a"), "valid string"),
        ("files_filter", gt(5), "FileFilterType"),
    ],
)
def test_what_does_not_fit_is_refused_by_field_with_what_would(
    field: str, criterion: object, words: str
) -> None:
    with pytest.raises(ValidationError, match=rf"^1 validation error .*\n{field}\n.*{words}"):
        SceneFilterType.model_validate({field: criterion})


def test_an_enum_of_another_field_is_refused() -> None:
    for wrong in (equals(CircumisedEnum.CUT), equals("MALE")):
        with pytest.raises(ValidationError, match="members of GenderEnum"):
            PerformerFilterType.model_validate({"gender": wrong})


@pytest.mark.parametrize("function", [gt, lt, equals, not_equals])
def test_a_moment_without_a_time_zone_is_refused(function: Any) -> None:
    with pytest.raises(ValueError, match="has no time zone; give an aware one"):
        function(datetime(2024, 1, 1))


@pytest.mark.parametrize("function", [includes, includes_all, excludes])
def test_no_ids_are_refused_for_the_server_would_let_everything_pass(function: Any) -> None:
    with pytest.raises(ValueError, match=r"(in|ex)cludes(_all)?\(\): give at least one"):
        function()


def test_a_range_that_nothing_fits_is_refused() -> None:
    with pytest.raises(ValueError, match=r"between\(5, 1\): the second value lies before"):
        between(5, 1)
    with pytest.raises(ValueError, match="lies before"):
        not_between("2021", "2020")
    with pytest.raises(TypeError):
        between(1, "2")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]  # on purpose
    assert between(5, 5) == between(5, 5)


def test_a_distance_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="give 1 or more, or use equals"):
        near("a1b2", distance=0)


def test_a_custom_field_takes_values_only() -> None:
    for wrong in (includes("1", depth=1), includes_all("1"), {"modifier": "EQUALS"}):
        with pytest.raises(TypeError, match="takes a criterion such as gt"):
            custom_field("a", wrong)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # on purpose


def test_a_criterion_shows_how_it_was_made() -> None:
    assert repr(includes("1", "2", depth=-1)) == "includes('1', '2', depth=-1)"
    assert repr(is_null(endpoint="e")) == "is_null(endpoint='e')"
    assert repr(gt(80)) == "gt(80)"


def test_every_function_is_offered_in_order() -> None:
    assert criteria.__all__ == sorted(criteria.__all__)
    assert all(callable(getattr(criteria, name)) for name in criteria.__all__)
