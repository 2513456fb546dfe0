"""Model instances for tests: what matters is given, the rest is neutral and always the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from difflib import get_close_matches
from enum import Enum
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
)

from pydantic import AwareDatetime, BaseModel

from .errors import StubError
from .promises import promised_fields

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

__all__ = ["fake"]

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
    list: [],
    Any: None,
    NoneType: None,
}


def fake(model: type[M], /, **fields: object) -> M:
    """Make an instance of a model.

    What is not given gets its default, and without one a neutral value: ids `"1"`, other text
    empty, numbers 0, moments 2026-01-01 UTC, lists empty, enums their first member, models the same
    way.

    Args:
        model: a model of `stash_typed.models`, an input, a `…Data`, or any pydantic model.
        **fields: values by the names of the model's fields.

    Returns:
        The instance, validated.

    Raises:
        StubError: the model has no such field, or a field of a type without a neutral value.
        pydantic.ValidationError: a value does not fit.
    """
    model.model_rebuild()
    known = model.model_fields
    for name in fields:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"It has {', '.join(known)}."
            raise StubError(f"{model.__name__} has no field {name!r}", hint=hint)
    promised = promised_fields(model)
    values = {
        _key(name, info): fields[name] if name in fields else _neutral_field(model, name, info)
        for name, info in known.items()
        if name in fields or info.is_required() or _key(name, info) in promised
    }
    return model.model_validate(values)


def _key(name: str, info: FieldInfo) -> str:
    return info.validation_alias if isinstance(info.validation_alias, str) else name


def _neutral_field(model: type[BaseModel], name: str, info: FieldInfo) -> object:
    if name == "id" and info.annotation is str:
        return "1"
    return _neutral(info.annotation, f"{model.__name__}.{name}", promised=True)


def _neutral(annotation: object, place: str, *, promised: bool = False) -> object:
    """Return the neutral value of a type; None where it allows that, unless a value is promised."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _neutral(arguments[0], place, promised=promised)
    if origin in (Union, UnionType):
        if NoneType in arguments and not promised:
            return None
        return _neutral(next(each for each in arguments if each is not NoneType), place)
    if origin is Literal:
        return cast("object", arguments[0])
    if origin in (list, Sequence):
        return []
    if origin in (dict, Mapping):
        return {}
    if origin is None and isinstance(annotation, type):
        if issubclass(annotation, BaseModel):
            return fake(annotation)
        if issubclass(annotation, Enum):
            return next(iter(annotation))
    if annotation in _NEUTRAL:
        return _NEUTRAL[annotation]
    raise StubError(f"{place} is a {annotation}, which has no neutral value", hint="Give one.")
