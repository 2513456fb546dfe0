"""What a schema has that an older one does not: the part of a comparison that graphql-core leaves out."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
)

__all__ = ["additions"]


def additions(old_schema: GraphQLSchema, new_schema: GraphQLSchema) -> list[tuple[str, str]]:
    """List what is new."""
    found: list[tuple[str, str]] = []
    for name, type_ in new_schema.type_map.items():
        before = old_schema.get_type(name)
        if before is None:
            found.append(("type added", name))
        elif type(before) is type(type_):
            is_root = type_ in (
                new_schema.query_type,
                new_schema.mutation_type,
                new_schema.subscription_type,
            )
            found += _inside(before, type_, "root field added" if is_root else "field added")
    return found


def _inside(
    before: GraphQLNamedType, now: GraphQLNamedType, field_added: str
) -> Iterator[tuple[str, str]]:
    if isinstance(now, GraphQLObjectType | GraphQLInterfaceType) and isinstance(
        before, GraphQLObjectType | GraphQLInterfaceType
    ):
        for name, field in now.fields.items():
            if name not in before.fields:
                yield field_added, f"{now.name}.{name}"
                continue
            for argument in field.args:
                if argument not in before.fields[name].args:
                    yield "argument added", f"{now.name}.{name}({argument}:)"
    if isinstance(now, GraphQLInputObjectType) and isinstance(before, GraphQLInputObjectType):
        for name in now.fields:
            if name not in before.fields:
                yield "input field added", f"{now.name}.{name}"
    if isinstance(now, GraphQLEnumType) and isinstance(before, GraphQLEnumType):
        for name in now.values:
            if name not in before.values:
                yield "enum value added", f"{now.name}.{name}"
