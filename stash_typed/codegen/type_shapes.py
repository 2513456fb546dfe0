"""Types, and what is inside their lists and non-nulls: graphql-core leaves that partly untyped."""

from __future__ import annotations

from typing import cast

from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLType,
    TypeInfo,
    TypeNode,
    type_from_ast,  # pyright: ignore[reportUnknownVariableType]
)

__all__ = [
    "holding_input_type",
    "innermost",
    "input_type_here",
    "list_depth",
    "nullable",
    "output_type_here",
    "type_named_by",
]


def nullable(type_: GraphQLType) -> GraphQLType:
    """Return a type without the `!` behind it."""
    if isinstance(type_, GraphQLNonNull):
        return cast("GraphQLType", type_.of_type)  # pyright: ignore[reportUnknownMemberType]
    return type_


def list_depth(type_: GraphQLType) -> int:
    """Say how many lists are around a named type."""
    bare = nullable(type_)
    if isinstance(bare, GraphQLList):
        return 1 + list_depth(cast("GraphQLType", bare.of_type))  # pyright: ignore[reportUnknownMemberType]
    return 0


def innermost(type_: GraphQLType) -> str:
    """Return the name of the type inside all lists and non-nulls."""
    return str(type_).strip("[]!")


def type_named_by(node: TypeNode, schema: GraphQLSchema) -> GraphQLType | None:
    """Return the type that a document writes; None when the schema does not have it."""
    return type_from_ast(schema, node)


def output_type_here(info: TypeInfo) -> GraphQLType | None:
    """Return the type of the field that a visitor is at."""
    return cast("GraphQLType | None", info.get_type())  # pyright: ignore[reportUnknownMemberType]


def input_type_here(info: TypeInfo) -> GraphQLType | None:
    """Return the type that a value has to be of where a visitor is."""
    return cast("GraphQLType | None", info.get_input_type())  # pyright: ignore[reportUnknownMemberType]


def holding_input_type(info: TypeInfo) -> GraphQLType | None:
    """Return the input whose field a visitor is at."""
    return cast("GraphQLType | None", info.get_parent_input_type())  # pyright: ignore[reportUnknownMemberType]
