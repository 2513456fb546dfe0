"""Writes `schema_types.py`: what the schema's output types hold, as plain data.

The runtime checks selections with it, without graphql-core and without the schema's text.
"""

from __future__ import annotations

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    is_required_argument,
)

from ..generated_text import literal

__all__ = ["schema_module"]

_TEMPLATE = '''\
"""The schema's output types as plain data: what a selection can ask for."""

from __future__ import annotations

FIELDS: dict[str, dict[str, str]] = {fields}
"""Objects and interfaces: their fields, and the type of each as the schema writes it."""

MEMBERS: dict[str, tuple[str, ...]] = {members}
"""Unions and interfaces: the objects that each of them can be."""

LEAVES: dict[str, str] = {leaves}
"""Types without fields of their own, and whether each is a `scalar` or an `enum`."""

ARGUMENTS: dict[str, tuple[str, ...]] = {arguments}
"""`Type.field` of fields that cannot be asked for without these arguments."""
'''


def schema_module(schema: GraphQLSchema) -> str:
    """Write the module."""
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    fields: dict[str, dict[str, str]] = {}
    members: dict[str, tuple[str, ...]] = {}
    leaves: dict[str, str] = {}
    arguments: dict[str, tuple[str, ...]] = {}
    for name, type_ in sorted(schema.type_map.items()):
        if name.startswith("__") or type_ in roots:
            continue
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            fields[name] = {field: str(value.type) for field, value in sorted(type_.fields.items())}
            for field, value in sorted(type_.fields.items()):
                required = tuple(n for n, a in value.args.items() if is_required_argument(a))
                if required:
                    arguments[f"{name}.{field}"] = required
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            members[name] = tuple(sorted(t.name for t in schema.get_possible_types(type_)))
        if isinstance(type_, GraphQLScalarType):
            leaves[name] = "scalar"
        elif isinstance(type_, GraphQLEnumType):
            leaves[name] = "enum"
    return _TEMPLATE.format(
        fields=literal(fields),
        members=literal(members),
        leaves=literal(leaves),
        arguments=literal(arguments),
    )
