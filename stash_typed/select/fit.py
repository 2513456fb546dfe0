"""Whether what the schema says of a field always fits what a model's annotation takes."""

from __future__ import annotations

from datetime import date, datetime

from .schema import JSON_SCALARS, SchemaType
from .shapes import Shape

__all__ = ["misfit"]

_TAKES: dict[object, frozenset[str]] = {
    bool: frozenset({"Boolean"}),
    # A Scene.date may be a year, which pydantic would take for seconds since 1970.
    datetime: frozenset({"Time", "Timestamp"}),
    date: frozenset({"String"}),
    float: frozenset({"Float", "Int", "Int64"}),
    int: frozenset({"ID", "Int", "Int64"}),
    str: frozenset({"ID", "String", "Time", "Timestamp"}),
}


def misfit(shape: Shape, schema: SchemaType, what: str) -> str | None:
    """Say why a field of the schema does not always fit an annotation.

    Args:
        shape: what the annotation takes.
        schema: what the schema says.
        what: the field, for the message.

    Returns:
        The reason, or None when it fits.
    """
    problem = _misfit_of_kind(shape, schema, what)
    if problem is None and schema.nullable and not (shape.optional or shape.prepared):
        return f"{what} is {schema.text} and can be null; write {shape.text} | None"
    return problem


def _misfit_of_kind(shape: Shape, schema: SchemaType, what: str) -> str | None:
    if shape.mixed:
        return "a union of models and other things; the schema has only one or the other"
    if schema.item is not None:
        if shape.item is None and schema.leaf and (shape.prepared or shape.python is object):
            return None
        if shape.item is None:
            return f"{what} is {schema.text}, a list; write list[{shape.text}]"
        return misfit(shape.item, schema.item, f"an item of {what}")
    if shape.item is not None:
        return f"{what} is {schema.text}, and not a list"
    if schema.leaf is None:
        return None if shape.models else f"{what} is {schema.text}, an object; give a model for it"
    return None if schema.name in JSON_SCALARS else _misfit_of_value(shape, schema, what)


def _misfit_of_value(shape: Shape, schema: SchemaType, what: str) -> str | None:
    if shape.models:
        model = shape.models[0].__name__
        kind = "an enum" if schema.leaf == "enum" else "a plain value"
        return f"{what} is {schema.text}, {kind} without fields for {model}"
    if shape.prepared or shape.python not in _TAKES:
        return None
    if schema.name in _TAKES[shape.python] or (schema.leaf == "enum" and shape.python is str):
        return None
    return f"{what} is {schema.text}, which does not always fit {shape.text}"
