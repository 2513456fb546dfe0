"""The schema's types, and whether a field always fits a model's annotation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from stash_typed_graphql.schema_types import LEAVES

if TYPE_CHECKING:
    from .shapes import Shape

__all__ = ["SchemaType", "misfit"]

_JSON_SCALARS = frozenset({"Any", "BoolMap", "Map", "PluginConfigMap"})
"""Scalars that hold any JSON, objects too."""
_TAKES: dict[object, frozenset[str]] = {
    bool: frozenset({"Boolean"}),
    # A Scene.date may be a year, which pydantic would take for seconds since 1970.
    datetime: frozenset({"Time", "Timestamp"}),
    date: frozenset({"String"}),
    float: frozenset({"Float", "Int", "Int64"}),
    int: frozenset({"ID", "Int", "Int64"}),
    str: frozenset({"ID", "String", "Time", "Timestamp"}),
}


@dataclass(frozen=True)
class SchemaType:
    """The type of a field, as the schema writes it, such as `[Tag!]!`."""

    text: str

    @property
    def nullable(self) -> bool:
        """Whether the server may answer null."""
        return not self.text.endswith("!")

    @property
    def item(self) -> SchemaType | None:
        """The item type of a list."""
        bare = self.text.removesuffix("!")
        return SchemaType(bare[1:-1]) if bare.startswith("[") else None

    @property
    def name(self) -> str:
        """The type that it is, or is a list of."""
        return self.text.strip("[]!")

    @property
    def leaf(self) -> str | None:
        """`scalar` or `enum`; None when the type has fields."""
        return LEAVES.get(self.name)

    @property
    def answer_shape(self) -> str:
        """The shape that all fields under one response name must share."""
        return self.text if self.leaf else self.text.replace(self.name, "object")


def misfit(shape: Shape, schema: SchemaType, what: str) -> str | None:
    """Say why a field of the schema does not always fit an annotation; None when it does."""
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
    return None if schema.name in _JSON_SCALARS else _misfit_of_value(shape, schema, what)


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
