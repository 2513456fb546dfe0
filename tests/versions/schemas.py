"""Schemas of releases that never were: the shipped one with things removed, renamed or added."""

from __future__ import annotations

from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    print_schema,
)

SHIPPED = Path(__file__).resolve().parents[2] / "schema.graphql"


def without(*coordinates: str) -> str:
    """The shipped schema without some of it.

    Args:
        coordinates: `Type.field`, `Type.field(argument)` or `Enum.VALUE`.

    Returns:
        SDL.
    """
    schema = build_schema(SHIPPED.read_text(encoding="utf-8"))
    for coordinate in coordinates:
        _remove(schema, coordinate)
    return print_schema(schema)


def _remove(schema: GraphQLSchema, coordinate: str) -> None:
    owner_name, _, name = coordinate.partition(".")
    owner = schema.type_map[owner_name]
    if isinstance(owner, GraphQLEnumType):
        del owner.values[name]
    elif isinstance(owner, GraphQLObjectType):
        field, _, argument = name.partition("(")
        if argument:
            del owner.fields[field].args[argument.rstrip(")")]
        else:
            del owner.fields[name]
    elif isinstance(owner, GraphQLInputObjectType):
        del owner.fields[name]


def edited(*changes: tuple[str, str]) -> str:
    """The shipped schema with texts replaced, each of which must be there."""
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text
