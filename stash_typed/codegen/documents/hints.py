"""Adds to a validation error the name that was probably meant.

graphql-core suggests several, or none where names differ in more than a few letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
)

from stash_typed._runtime.nearest import nearest

from .coordinates import fragments_of, operations_of

__all__ = ["with_hint"]

_FIELD = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'")
_ARGUMENT = re.compile(r"Unknown argument '(\w+)' on field '(\w+)\.(\w+)'")
_TYPE = re.compile(r"Unknown type '(\w+)'")
_FRAGMENT = re.compile(r"Unknown fragment '(\w+)'")
_VARIABLE = re.compile(r"Variable '\$(\w+)' is not defined by operation '(\w+)'")
_INPUT_FIELD = re.compile(r"Field '(\w+)' is not defined by type '(\w+)'")
_VALUE = re.compile(r"Value '(\w+)' does not exist in '(\w+)' enum")


def with_hint(message: str, schema: GraphQLSchema, document: DocumentNode) -> str:
    """Return a validation error's message with the nearest name behind it."""
    for pattern, names_of in _OFFERS:
        if match := pattern.search(message):
            return _hinted(message, match.group(1), names_of(schema, match.groups()[1:]))
    if match := _FRAGMENT.search(message):
        return _hinted(message, match.group(1), fragments_of(document))
    if match := _VARIABLE.search(message):
        operation = operations_of(document).get(match.group(2))
        variables = operation.variable_definitions if operation else ()
        return _hinted(message, match.group(1), [v.variable.name.value for v in variables or ()])
    return message


def _hinted(message: str, name: str, names: Iterable[str]) -> str:
    near = nearest(name, names)
    if near is None:
        return message
    return f"{message.partition(' Did you mean')[0]} Did you mean '{near}'?"


def _fields(schema: GraphQLSchema, owner: tuple[str, ...]) -> Iterable[str]:
    type_ = schema.get_type(owner[0])
    if isinstance(type_, GraphQLInputObjectType):
        return list(type_.fields)
    return type_.fields if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) else ()


def _arguments(schema: GraphQLSchema, owner: tuple[str, ...]) -> Iterable[str]:
    type_ = schema.get_type(owner[0])
    if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        return ()
    field = type_.fields.get(owner[1])
    return field.args if field else ()


def _values(schema: GraphQLSchema, owner: tuple[str, ...]) -> Iterable[str]:
    type_ = schema.get_type(owner[0])
    return type_.values if isinstance(type_, GraphQLEnumType) else ()


def _types(schema: GraphQLSchema, owner: tuple[str, ...]) -> Iterable[str]:
    return schema.type_map


_Names = Callable[[GraphQLSchema, tuple[str, ...]], Iterable[str]]
_OFFERS: list[tuple[re.Pattern[str], _Names]] = [
    (_FIELD, _fields),
    (_INPUT_FIELD, _fields),
    (_ARGUMENT, _arguments),
    (_TYPE, _types),
    (_VALUE, _values),
]
