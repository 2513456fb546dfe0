"""Criteria before they have a field, and how each criterion input of the schema takes them.

`gt(80)` is a `Criterion`: a meaning without a type. The field that it is given to decides: its input
class asks `fitted` for its own values, or is told what would fit instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from pydantic import model_validator

from .base_model import UNSET, InputModel
from .scalars import encode_time

_FUNCTIONS = {
    "EQUALS": "equals",
    "NOT_EQUALS": "not_equals",
    "GREATER_THAN": "gt",
    "LESS_THAN": "lt",
    "BETWEEN": "between",
    "NOT_BETWEEN": "not_between",
    "MATCHES_REGEX": "matches",
    "NOT_MATCHES_REGEX": "not_matches",
    "INCLUDES": "includes",
    "INCLUDES_ALL": "includes_all",
    "EXCLUDES": "excludes",
    "IS_NULL": "is_null",
    "NOT_NULL": "not_null",
}


@dataclass(frozen=True)
class Criterion:
    """A condition without a field: give it to a field of a filter."""

    modifier: str
    values: tuple[object, ...] = ()
    options: tuple[tuple[str, object], ...] = ()

    def __post_init__(self) -> None:
        if any(value is UNSET for value in (*self.values, *(value for _, value in self.options))):
            raise TypeError(
                f"{self!r}: UNSET is not a value; leave the criterion out of the filter"
            )

    def __repr__(self) -> str:
        options = [f"{name}={value!r}" for name, value in self.options]
        return f"{_FUNCTIONS[self.modifier]}({', '.join([*map(repr, self.values), *options])})"


class CriterionInput(InputModel):
    """The base of the schema's criterion inputs: made from their own fields, or from a `Criterion`."""

    @model_validator(mode="before")
    @classmethod
    def _take_criterion(cls, value: object) -> object:
        return fitted(value, cls.__name__) if isinstance(value, Criterion) else value


def _whole(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError


def _number(value: object) -> object:
    return value if isinstance(value, float) else _whole(value)


def _text(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Enum):
        return value
    raise ValueError


def _day(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return _text(value)


def _moment(value: object) -> object:
    """Format a datetime as the server stores it, since it compares the texts."""
    if not isinstance(value, datetime):
        return _text(value)
    return encode_time(value.replace(microsecond=0)).replace("+00:00", "Z")


def _member_of(*enums: str) -> Callable[[object], object]:
    def check(value: object) -> object:
        if type(value).__name__ in enums:
            return value
        raise ValueError

    return check


@dataclass(frozen=True)
class _Shape:
    modifiers: tuple[str, ...]
    wants: str
    check: Callable[[object], object]
    value: str = "value"
    listed: str | None = None
    filler: object = None
    options: tuple[str, ...] = ()
    has_modifier: bool = True


_EQUAL = ("EQUALS", "NOT_EQUALS")
_NULL = ("IS_NULL", "NOT_NULL")
_ORDER = (*_EQUAL, "GREATER_THAN", "LESS_THAN")
_RANGE = (*_ORDER, "BETWEEN", "NOT_BETWEEN", *_NULL)
_WORDS = (*_EQUAL, "INCLUDES", "EXCLUDES", "MATCHES_REGEX", "NOT_MATCHES_REGEX", *_NULL)
_CHOICE = (*_EQUAL, "INCLUDES", "EXCLUDES", *_NULL)
_RELATION = ("INCLUDES", "INCLUDES_ALL", "EXCLUDES", *_NULL)

# Releases after v0.30.1 spell one of these enums with another c.
_CIRCUMCISED = _member_of("CircumisedEnum", "CircumcisedEnum")

_SHAPES = {
    "IntCriterionInput": _Shape(_RANGE, "whole numbers", _whole, filler=0),
    "FloatCriterionInput": _Shape(_RANGE, "numbers", _number, filler=0),
    "StringCriterionInput": _Shape(_WORDS, "one text", _text, filler=""),
    "DateCriterionInput": _Shape(_RANGE, "dates, or texts such as '2020-01-31'", _day, filler=""),
    "TimestampCriterionInput": _Shape(
        _RANGE, "aware datetimes, or texts such as '2020-01-31T08:00:00Z'", _moment, filler=""
    ),
    "MultiCriterionInput": _Shape(_RELATION, "ids (no depth)", _text, listed="value"),
    "HierarchicalMultiCriterionInput": _Shape(
        _RELATION, "ids", _text, listed="value", options=("depth", "excludes")
    ),
    "StashIDCriterionInput": _Shape(
        _WORDS, "one text", _text, value="stash_id", options=("endpoint",)
    ),
    "PhashDistanceCriterionInput": _Shape((*_EQUAL, *_NULL), "a perceptual hash", _text, filler=""),
    "ResolutionCriterionInput": _Shape(_ORDER, "a ResolutionEnum", _member_of("ResolutionEnum")),
    "OrientationCriterionInput": _Shape(
        ("EQUALS", "INCLUDES"),
        "members of OrientationEnum",
        _member_of("OrientationEnum"),
        listed="value",
        has_modifier=False,
    ),
    "GenderCriterionInput": _Shape(
        _CHOICE, "members of GenderEnum", _member_of("GenderEnum"), listed="value_list"
    ),
    "CircumcisionCriterionInput": _Shape(
        _CHOICE, "members of CircumisedEnum", _CIRCUMCISED, listed="value"
    ),
}
_SINGLE = frozenset({*_ORDER, "MATCHES_REGEX", "NOT_MATCHES_REGEX"})


def fitted(criterion: Criterion, input_name: str) -> dict[str, object]:
    """Return the fields of an input for a criterion, or raise ValueError with what would fit."""
    shape = _SHAPES.get(input_name)
    if shape is None:
        raise ValueError(f"{criterion!r} does not fit: give {input_name}(…) itself")
    try:
        return _filled(criterion, shape)
    except ValueError:
        functions = sorted(_FUNCTIONS[modifier] for modifier in shape.modifiers)
        raise ValueError(
            f"{criterion!r} does not fit {input_name}, which takes {', '.join(functions[:-1])} or"
            f" {functions[-1]}, with {shape.wants}"
        ) from None


def _filled(criterion: Criterion, shape: _Shape) -> dict[str, object]:
    """Return the fields of an input; raise ValueError for what does not fit."""
    options = dict(criterion.options)
    if criterion.modifier not in shape.modifiers or not options.keys() <= set(shape.options):
        raise ValueError
    values = [shape.check(value) for value in criterion.values]
    filled: dict[str, object] = {"modifier": criterion.modifier} if shape.has_modifier else {}
    if criterion.modifier in _NULL:
        if shape.filler is not None:
            filled[shape.value] = shape.filler
    elif criterion.modifier in ("BETWEEN", "NOT_BETWEEN"):
        filled[shape.value], filled["value2"] = values
    elif shape.listed and (shape.listed == shape.value or criterion.modifier not in _SINGLE):
        filled[shape.listed] = values
    elif len(values) == 1:
        filled[shape.value] = values[0]
    else:
        raise ValueError
    return {**filled, **options}
