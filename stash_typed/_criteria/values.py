"""Criteria that compare a field with values: numbers, dates, moments, texts, enums."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, cast, overload

from .._runtime.criterion import Criterion

if TYPE_CHECKING:
    from stash_typed_graphql.enums import (
        CircumisedEnum,
        GenderEnum,
        OrientationEnum,
        ResolutionEnum,
    )

    from .types import (
        CircumcisionCriterion,
        DateCriterion,
        FloatCriterion,
        GenderCriterion,
        MomentCriterion,
        NumberCriterion,
        OrientationCriterion,
        ResolutionCriterion,
        StashIDCriterion,
        TermCriterion,
        TextCriterion,
        TimestampCriterion,
    )

__all__ = [
    "between",
    "equals",
    "gt",
    "lt",
    "matches",
    "not_between",
    "not_equals",
    "not_matches",
]

# Overloads overlap where Python's types do: a datetime is a date, and the schema's enums are texts.
# The first match counts, and it is the narrower one.
# mypy: disable-error-code="overload-overlap"
# pyright: reportOverlappingOverload=false


@overload
def gt(value: int) -> NumberCriterion: ...
@overload
def gt(value: float) -> FloatCriterion: ...
@overload
def gt(value: datetime) -> TimestampCriterion: ...
@overload
def gt(value: date) -> DateCriterion: ...
@overload
def gt(value: ResolutionEnum) -> ResolutionCriterion: ...
@overload
def gt(value: str) -> MomentCriterion: ...
def gt(value: object) -> object:
    """Match values greater, later or larger than a value.

    Args:
        value: a number, date, aware datetime, resolution, or the text of a date or timestamp.
            Timestamps are compared in whole seconds and as text: use the server's time zone.

    Returns:
        A criterion (`GREATER_THAN`) for fields of that type.

    Raises:
        ValueError: a datetime has no time zone.
    """
    return _criterion("GREATER_THAN", value)


@overload
def lt(value: int) -> NumberCriterion: ...
@overload
def lt(value: float) -> FloatCriterion: ...
@overload
def lt(value: datetime) -> TimestampCriterion: ...
@overload
def lt(value: date) -> DateCriterion: ...
@overload
def lt(value: ResolutionEnum) -> ResolutionCriterion: ...
@overload
def lt(value: str) -> MomentCriterion: ...
def lt(value: object) -> object:
    """Match values less, earlier or smaller than a value; otherwise as `gt` (`LESS_THAN`)."""
    return _criterion("LESS_THAN", value)


@overload
def between(low: int, high: int) -> NumberCriterion: ...
@overload
def between(low: float, high: float) -> FloatCriterion: ...
@overload
def between(low: datetime, high: datetime) -> TimestampCriterion: ...
@overload
def between(low: date, high: date) -> DateCriterion: ...
@overload
def between(low: str, high: str) -> MomentCriterion: ...
def between(low: object, high: object) -> object:
    """Match values from one to another, inclusive.

    Args:
        low: the first value, of the types that `gt` takes except resolutions.
        high: the last value, of the same type.

    Returns:
        A criterion (`BETWEEN`) for fields of that type.

    Raises:
        ValueError: `high` is less than `low`, so that nothing would match; or as for `gt`.
    """
    return _range("BETWEEN", low, high)


@overload
def not_between(low: int, high: int) -> NumberCriterion: ...
@overload
def not_between(low: float, high: float) -> FloatCriterion: ...
@overload
def not_between(low: datetime, high: datetime) -> TimestampCriterion: ...
@overload
def not_between(low: date, high: date) -> DateCriterion: ...
@overload
def not_between(low: str, high: str) -> MomentCriterion: ...
def not_between(low: object, high: object) -> object:
    """Match values below one or above another; otherwise as `between` (`NOT_BETWEEN`)."""
    return _range("NOT_BETWEEN", low, high)


@overload
def equals(value: int) -> NumberCriterion: ...
@overload
def equals(value: float) -> FloatCriterion: ...
@overload
def equals(value: datetime) -> TimestampCriterion: ...
@overload
def equals(value: date) -> DateCriterion: ...
@overload
def equals(value: ResolutionEnum) -> ResolutionCriterion: ...
@overload
def equals(value: OrientationEnum) -> OrientationCriterion: ...
@overload
def equals(value: GenderEnum) -> GenderCriterion: ...
@overload
def equals(value: CircumisedEnum) -> CircumcisionCriterion: ...
@overload
def equals(value: str) -> TermCriterion: ...
@overload
def equals(value: str, *, endpoint: str) -> StashIDCriterion: ...
def equals(value: object, *, endpoint: str | None = None) -> object:
    """Match values equal to a value.

    Args:
        value: a number, text, date, aware datetime or enum. In a text `%` matches any characters and
            `_` any one, and case is ignored: the server compares with SQL's `LIKE`.
        endpoint: for `stash_id_endpoint`: the stash-box of the id.

    Returns:
        A criterion (`EQUALS`) for fields of that type.

    Raises:
        ValueError: a datetime has no time zone.
    """
    return _criterion("EQUALS", value, endpoint=endpoint)


@overload
def not_equals(value: int) -> NumberCriterion: ...
@overload
def not_equals(value: float) -> FloatCriterion: ...
@overload
def not_equals(value: datetime) -> TimestampCriterion: ...
@overload
def not_equals(value: date) -> DateCriterion: ...
@overload
def not_equals(value: ResolutionEnum) -> ResolutionCriterion: ...
@overload
def not_equals(value: GenderEnum) -> GenderCriterion: ...
@overload
def not_equals(value: CircumisedEnum) -> CircumcisionCriterion: ...
@overload
def not_equals(value: str) -> TermCriterion: ...
@overload
def not_equals(value: str, *, endpoint: str) -> StashIDCriterion: ...
def not_equals(value: object, *, endpoint: str | None = None) -> object:
    """Match values neither equal to a value nor empty; otherwise as `equals` (`NOT_EQUALS`)."""
    return _criterion("NOT_EQUALS", value, endpoint=endpoint)


@overload
def matches(pattern: str) -> TextCriterion: ...
@overload
def matches(pattern: str, *, endpoint: str) -> StashIDCriterion: ...
def matches(pattern: str, *, endpoint: str | None = None) -> object:
    """Match texts that contain a match of a regular expression.

    Args:
        pattern: a regular expression in Go's dialect (RE2), which has no look-around and no
            back-references. It is case-sensitive unless it begins with `(?i)`.
        endpoint: for `stash_id_endpoint`: the stash-box of the id.

    Returns:
        A criterion (`MATCHES_REGEX`) for text fields.
    """
    return _criterion("MATCHES_REGEX", pattern, endpoint=endpoint)


@overload
def not_matches(pattern: str) -> TextCriterion: ...
@overload
def not_matches(pattern: str, *, endpoint: str) -> StashIDCriterion: ...
def not_matches(pattern: str, *, endpoint: str | None = None) -> object:
    """Match empty texts and texts without a match; otherwise as `matches` (`NOT_MATCHES_REGEX`)."""
    return _criterion("NOT_MATCHES_REGEX", pattern, endpoint=endpoint)


def _criterion(modifier: str, *values: object, endpoint: str | None = None) -> Criterion:
    criterion = Criterion(modifier, values, () if endpoint is None else (("endpoint", endpoint),))
    for value in values:
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError(
                f"{criterion!r}: the datetime has no time zone; give an aware one, for instance"
                " datetime.now(timezone.utc) or value.astimezone()"
            )
    return criterion


def _range(modifier: str, low: object, high: object) -> Criterion:
    criterion = _criterion(modifier, low, high)
    # Type checkers ensure that both have one type; for others TypeError is the right error.
    if cast("int", high) < cast("int", low):
        raise ValueError(f"{criterion!r}: the second value lies before the first")
    return criterion
