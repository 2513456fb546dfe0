"""Never run: mypy and pyright must agree with every line, and with every error that is expected."""

from __future__ import annotations

from datetime import date, datetime

from typing_extensions import assert_type

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
    CustomFieldCriterionInput,
    FileFilterType,
    GalleryFilterType,
    GroupFilterType,
    ImageFilterType,
    IntCriterionInput,
    PerformerFilterType,
    SceneFilterType,
    SceneMarkerFilterType,
    StudioFilterType,
    TagFilterType,
)


def values(moment: datetime, day: date) -> None:
    SceneFilterType(rating100=gt(80), duration=between(60, 600), play_count=is_null())
    SceneFilterType(title=matches("^a"), details=equals("x"), url=not_matches("b"), code=not_null())
    SceneFilterType(date=gt("2020-01-01"), created_at=lt("2020-01-01T00:00:00Z"))
    SceneFilterType(date=gt(day), created_at=gt(moment), updated_at=between(moment, moment))
    SceneFilterType(date=not_between(day, day), last_played_at=is_null())
    SceneFilterType(resolution=gt(ResolutionEnum.FULL_HD))
    SceneFilterType(orientation=includes(OrientationEnum.PORTRAIT, OrientationEnum.SQUARE))
    SceneFilterType(phash_distance=near("a1b2c3d4e5f60718", distance=4), duplicated=duplicated())
    SceneFilterType(stash_id_endpoint=equals("x", endpoint="https://example.test/graphql"))
    SceneFilterType(stash_id_endpoint=not_null(endpoint="https://example.test/graphql"))
    SceneMarkerFilterType(duration=gt(5), scene_date=gt("2020"))
    PerformerFilterType(penis_length=gt(2.5), height_cm=gt(170), birthdate=lt("2000"))
    PerformerFilterType(
        gender=equals(GenderEnum.FEMALE), circumcised=not_equals(CircumisedEnum.CUT)
    )
    PerformerFilterType(gender=excludes(GenderEnum.MALE), name=includes("a"))
    PerformerFilterType(
        custom_fields=[custom_field("size", gt(5)), custom_field("kind", is_null())]
    )
    GalleryFilterType(average_resolution=lt(ResolutionEnum.LOW))
    FileFilterType(mod_time=gt(moment), basename=matches("a"))


def relations(ids: list[str]) -> None:
    SceneFilterType(tags=includes("1"), performers=includes("1"), studios=includes("1", "2"))
    SceneFilterType(tags=includes(*ids), performers=includes(*ids), galleries=excludes(*ids))
    SceneFilterType(tags=includes_all("1", "2"), performers=includes_all("1", "2"))
    SceneFilterType(tags=includes("1", depth=-1, excludes=["2"]), groups=excludes("3", depth=1))
    StudioFilterType(parents=is_null(), tags=not_null())
    ImageFilterType(galleries=includes("1"), tags=includes("1"))
    GroupFilterType(containing_groups=includes("1", depth=2))


def read_back() -> None:
    assert_type(SceneFilterType(rating100=gt(80)).rating100, IntCriterionInput | None)
    assert_type(custom_field("size", gt(5)), CustomFieldCriterionInput)


def joined() -> None:
    scenes = SceneFilterType(rating100=gt(80))
    assert_type(scenes & scenes | ~scenes, SceneFilterType)
    assert_type(~TagFilterType(name=equals("x")), TagFilterType)


def misfits(moment: datetime, day: date) -> None:
    SceneFilterType(title=gt(80))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(rating100=matches("a"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(rating100=gt("80"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(rating100=gt(80.5))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(rating100=equals("a"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(rating100=includes("1"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(title=between("a", "b"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(title=includes("a", "b"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(title=includes_all("a", "b"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(title=equals(GenderEnum.MALE))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(date=gt(moment))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(created_at=gt(day))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(date=matches("2020"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(performers=includes("1", depth=1))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(tags=equals("1"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(tags=gt(1))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(organized=is_null())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(resolution=is_null())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(resolution=gt(5))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneFilterType(title=is_null(endpoint="x"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    PerformerFilterType(gender=equals("MALE"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    PerformerFilterType(gender=equals(CircumisedEnum.CUT))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    PerformerFilterType(custom_fields=[gt(5)])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    custom_field("size", includes("1", depth=1))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    gt([5])  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    includes(5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    between(1, "2")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    matches(5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    SceneFilterType() & TagFilterType()  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    SceneFilterType() | TagFilterType()  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    SceneMarkerFilterType() & SceneMarkerFilterType()  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
