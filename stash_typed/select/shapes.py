"""The shapes of a model's annotations: lists, models, plain values, and whether None is allowed."""

from __future__ import annotations

import collections
import collections.abc
import inspect
import types
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    PlainValidator,
    WrapValidator,
)
from pydantic.fields import FieldInfo

from .names import is_typename

__all__ = ["Shape", "field_shape", "literals", "model_shape", "typenames"]

_LISTS = frozenset(
    {
        list,
        set,
        frozenset,
        collections.deque,
        collections.abc.Collection,
        collections.abc.Iterable,
        collections.abc.MutableSequence,
        collections.abc.MutableSet,
        collections.abc.Sequence,
        collections.abc.Set,
    }
)
_PREPARING = (BeforeValidator, PlainValidator, WrapValidator)


@dataclass(frozen=True)
class Shape:
    """The shape of an annotation.

    A plain value is `python`, which is `object` when there is nothing to say about it; a `mixed` one is
    a union of models and other things; a `prepared` one is seen by a validator first, so that it may
    come as something else.
    """

    python: object = object
    optional: bool = False
    item: Shape | None = None
    models: tuple[type[BaseModel], ...] = ()
    mixed: bool = False
    prepared: bool = False

    @property
    def text(self) -> str:
        """As code has it, without None."""
        if self.item is not None:
            return f"list[{self.item.text}{' | None' if self.item.optional else ''}]"
        if self.models:
            return " | ".join(model.__name__ for model in self.models)
        return self.python.__name__ if isinstance(self.python, type) else str(self.python)


def model_shape(model: type[BaseModel]) -> Shape:
    """Return the shape of a model; for a `RootModel`, of its root."""
    if model.__pydantic_root_model__:
        return field_shape(model, "root", model.model_fields["root"])
    return Shape(models=(model,))


def field_shape(model: type[BaseModel], name: str, field: FieldInfo) -> Shape:
    """Return the shape of a field's annotation."""
    shape = _shape_of(field.annotation)
    if _is_prepared(field.metadata) or _has_validator(model, name):
        return replace(shape, prepared=True)
    return shape


def typenames(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the types of the schema that a model says it is for."""
    for name, field in model.model_fields.items():
        if is_typename(name, field):
            return literals(field_shape(model, name, field))
    return ()


def literals(shape: Shape) -> tuple[str, ...]:
    """Return the texts of a `Literal`; none for anything else."""
    return tuple(value for value in get_args(shape.python) if isinstance(value, str))


def _has_validator(model: type[BaseModel], name: str) -> bool:
    decorators = model.__pydantic_decorators__
    if any(validator.info.mode != "after" for validator in decorators.model_validators.values()):
        return True
    return any(
        validator.info.mode != "after" and {name, "*"} & set(validator.info.fields)
        for validator in decorators.field_validators.values()
    )


def _is_prepared(metadata: Iterable[object]) -> bool:
    return any(isinstance(item, _PREPARING) for item in metadata)


def _shape_of(annotation: Any) -> Shape:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        shape = _shape_of(arguments[0])
        return replace(shape, prepared=shape.prepared or _is_prepared(arguments[1:]))
    if origin in (Union, types.UnionType):
        return _union(arguments)
    if origin is Literal:
        return Shape(python=annotation, optional=None in arguments)
    if origin in _LISTS or annotation in _LISTS:
        return Shape(item=_shape_of(arguments[0] if arguments else Any))
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return Shape(item=_shape_of(arguments[0]))
    if isinstance(annotation, TypeVar):
        return _shape_of(annotation.__bound__ or Any)
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return model_shape(annotation)
    for name in ("__value__", "__supertype__"):  # of `type X = …`, of NewType
        if hasattr(annotation, name):
            return _shape_of(getattr(annotation, name))
    if annotation is Any or annotation is object:
        return Shape(optional=True)
    return Shape(python=annotation, optional=annotation in (None, type(None)))


def _union(arguments: tuple[object, ...]) -> Shape:
    members = [_shape_of(argument) for argument in arguments if argument is not type(None)]
    optional = len(members) < len(arguments) or any(member.optional for member in members)
    if len(members) == 1:
        return replace(members[0], optional=optional)
    models = tuple(model for member in members if not member.item for model in member.models)
    return Shape(
        optional=optional,
        models=models,
        mixed=bool(models) and any(member.item or not member.models for member in members),
        prepared=any(member.prepared for member in members),
        item=_common_item(members),
    )


def _common_item(members: list[Shape]) -> Shape | None:
    """Return the common item shape of a union of lists."""
    items = [member.item for member in members if member.item is not None]
    if len(items) < len(members):
        return None
    return replace(
        items[0],
        python=object,
        models=tuple(model for item in items for model in item.models),
        optional=all(item.optional for item in items),
    )
