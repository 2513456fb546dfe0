"""The values that a stub may give for a leaf: a scalar or an enum."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Annotated, Any

from graphql import GraphQLEnumType, GraphQLScalarType
from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    JsonValue,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    TypeAdapter,
    ValidationError,
)

from stash_typed._runtime.scalars import encode_time

_SHOWN = 12
_Moment = Annotated[StrictStr, AfterValidator(TypeAdapter[datetime](AwareDatetime).validate_python)]

_SCALARS: dict[str, Any] = {
    "Any": JsonValue,
    "BoolMap": dict[str, StrictBool],
    "Boolean": StrictBool,
    "Float": StrictInt | StrictFloat,
    "ID": StrictStr,
    "Int": Annotated[StrictInt, Field(ge=-(2**31), lt=2**31)],
    "Int64": StrictInt,
    "Map": dict[str, JsonValue],
    "PluginConfigMap": dict[str, dict[str, JsonValue]],
    "String": StrictStr,
    "Time": _Moment,
    "Timestamp": _Moment,
}
"""Checks for this schema's scalars; a scalar from another schema accepts any value."""


@lru_cache
def _adapter(scalar: str) -> TypeAdapter[object]:
    return TypeAdapter(_SCALARS.get(scalar, Any), config={"allow_inf_nan": False})


def plain_leaf(value: object) -> object:
    """Return a Python value as JSON has it: enums as their values, datetimes as text."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime) and value.tzinfo is not None:
        return encode_time(value)
    return value


def leaf_fault(value: object, leaf: GraphQLScalarType | GraphQLEnumType) -> str | None:
    if isinstance(leaf, GraphQLEnumType):
        if isinstance(value, str) and value in leaf.values:
            return None
        names = list(leaf.values)
        more = ", …" if len(names) > _SHOWN else ""
        return f"{value!r} is not one of {leaf.name}: {', '.join(names[:_SHOWN])}{more}"
    try:
        _adapter(leaf.name).validate_python(value)
    except ValidationError:
        hint = ', which is text such as "1"' if leaf.name == "ID" else ""
        return f"{value!r} is not a valid {leaf.name}{hint}"
    return None
