"""Whether a value can be the answer of a field without fields of its own: a scalar or an enum."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from typing import cast

from graphql import GraphQLEnumType, GraphQLScalarType
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from stash_typed._runtime.scalars import encode_time

__all__ = ["leaf_fault", "plain_leaf"]

_MOMENT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)
_SHOWN = 12


def plain_leaf(value: object) -> object:
    """Give a Python value as it stands in JSON: enums as their values, moments as text."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime) and value.tzinfo is not None:
        return encode_time(value)
    return value


def leaf_fault(value: object, leaf: GraphQLScalarType | GraphQLEnumType) -> str | None:
    """Say why a value cannot be a leaf of a type.

    Args:
        value: a JSON value that is not null.
        leaf: the type.

    Returns:
        The reason; None when it fits.
    """
    if isinstance(leaf, GraphQLEnumType):
        if isinstance(value, str) and value in leaf.values:
            return None
        names = list(leaf.values)
        more = ", …" if len(names) > _SHOWN else ""
        return f"{value!r} is not one of {leaf.name}: {', '.join(names[:_SHOWN])}{more}"
    fits = _SCALARS.get(leaf.name)
    if fits is None or fits(value):
        return None
    hint = ', which is text such as "1"' if leaf.name == "ID" else ""
    return f"{value!r} is no {leaf.name}{hint}"


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_int(value: object) -> bool:
    return _is_whole(value) and -(2**31) <= cast("int", value) < 2**31


def _is_number(value: object) -> bool:
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_moment(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        _MOMENT.validate_python(value)
    except ValidationError:
        return False
    return True


def _is_json(value: object) -> bool:
    if isinstance(value, Mapping):
        fields = cast("Mapping[object, object]", value)
        return all(isinstance(name, str) and _is_json(item) for name, item in fields.items())
    if isinstance(value, list):
        return all(_is_json(item) for item in cast("list[object]", value))
    return value is None or isinstance(value, (bool, str)) or _is_number(value)


def _map_of(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    def is_map(value: object) -> bool:
        if not isinstance(value, Mapping):
            return False
        fields = cast("Mapping[object, object]", value)
        return all(isinstance(name, str) and fits(item) for name, item in fields.items())

    return is_map


def _is_truth(value: object) -> bool:
    return isinstance(value, bool)


_is_object = _map_of(_is_json)

_SCALARS: dict[str, Callable[[object], bool]] = {
    "Any": _is_json,
    "BoolMap": _map_of(_is_truth),
    "Boolean": _is_truth,
    "Float": _is_number,
    "ID": _is_text,
    "Int": _is_int,
    "Int64": _is_whole,
    "Map": _is_object,
    "PluginConfigMap": _map_of(_is_object),
    "String": _is_text,
    "Time": _is_moment,
    "Timestamp": _is_moment,
}
"""Scalars of this schema; of one that another schema has nothing is known, and all values fit."""
