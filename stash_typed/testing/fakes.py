"""Model instances for tests, with fixed neutral values for the fields a test leaves out."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

from graphql import GraphQLInterfaceType, GraphQLNonNull, GraphQLObjectType
from pydantic import AwareDatetime, BaseModel

from stash_typed._runtime.nearest import nearest
from stash_typed._runtime.operation import Fragment

from .errors import StubError
from .mock.schema import load_schema

M = TypeVar("M", bound=BaseModel)

_MOMENT = datetime(2026, 1, 1, tzinfo=timezone.utc)
_NEUTRAL: dict[object, object] = {
    bool: False,
    int: 0,
    float: 0.0,
    str: "",
    AwareDatetime: _MOMENT,
    datetime: _MOMENT,
    dict: {},
    Mapping: {},
    list: [],
    Sequence: [],
    Any: None,
    NoneType: None,
}


def fake(model: type[M], /, **fields: object) -> M:
    """Create an instance of a model.

    Fields left out get their default, or else a neutral value: ids `"1"`, other text
    empty, numbers 0, moments 2026-01-01 UTC, lists empty, enums their first member, models the same
    way.

    Args:
        model: a model of `stash_typed.models`, an input, a `…Data`, or any pydantic model.
        **fields: values by the names of the model's fields.

    Returns:
        The instance, validated.

    Raises:
        StubError: the model has no such field, or a field's type has no neutral value.
        pydantic.ValidationError: a value does not fit.
    """
    model.model_rebuild()
    known = model.model_fields
    for name in fields:
        if name not in known:
            near = nearest(name, known)
            hint = f"Did you mean {near}?" if near else f"It has {', '.join(known)}."
            raise StubError(f"{model.__name__} has no field {name!r}", hint=hint)
    promised = _promised(model)
    values: dict[str, object] = {}
    for name, info in known.items():
        key = info.validation_alias if isinstance(info.validation_alias, str) else name
        if name in fields:
            values[key] = fields[name]
        elif info.is_required() or key in promised:
            is_id = name == "id" and info.annotation is str
            place = f"{model.__name__}.{name}"
            values[key] = "1" if is_id else _neutral(info.annotation, place, promised=True)
    return model.model_validate(values)


@lru_cache(maxsize=400)
def _promised(model: type[BaseModel]) -> frozenset[str]:
    """Return the non-null fields of the schema that the model makes optional for older servers."""
    for each in model.__mro__:
        module = sys.modules.get(each.__module__)
        for found in vars(module).values() if module else ():
            if isinstance(found, Fragment) and found.name == each.__name__:
                # The generated package's own table of types has the same allowances as its models.
                owner = load_schema().get_type(found.on)
                if isinstance(owner, (GraphQLObjectType, GraphQLInterfaceType)):
                    fields = owner.fields.items()
                    return frozenset(n for n, f in fields if isinstance(f.type, GraphQLNonNull))
    return frozenset()


def _neutral(annotation: object, place: str, *, promised: bool = False) -> object:
    """Return the neutral value of a type: None if the type allows it and no value is promised."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _neutral(arguments[0], place, promised=promised)
    if origin in (Union, UnionType):
        if NoneType in arguments and not promised:
            return None
        return _neutral(next(each for each in arguments if each is not NoneType), place)
    if origin is Literal:
        return cast("object", arguments[0])
    if origin is None and isinstance(annotation, type):
        if issubclass(annotation, BaseModel):
            return fake(annotation)
        if issubclass(annotation, Enum):
            return next(iter(annotation))
    if (origin or annotation) in _NEUTRAL:
        return _NEUTRAL[origin or annotation]
    raise StubError(f"{place} is a {annotation}, which has no neutral value", hint="Give one.")
