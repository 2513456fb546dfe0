"""Are these operations good against that server? Each finding has file:line and a fix."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable

from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    validate,
)

from stash_typed._runtime.nearest import nearest

from ..findings import Finding, where
from .coordinates import fragments_of, operations_of

__all__ = ["check"]

_FIXES = {
    "' is never used.": "delete the fragment, or spread it in an operation",
    "Cannot query field": "remove the field, or regenerate from a server that has it",
    "Unknown argument": "remove the argument, or regenerate from a server that has it",
    "Unknown type": "correct the type's name",
    "Unknown fragment": "correct the fragment's name, or add its file",
    "There can be only one": "rename one of the two",
    "is never used in": "delete the variable, or give it to an argument",
}


def check(document: DocumentNode, schema: GraphQLSchema) -> list[Finding]:
    """Hold operations and fragments against a server's schema."""
    errors = validate(schema, document, max_errors=sys.maxsize)
    order = {
        node.loc.source.name: position
        for position, node in enumerate(document.definitions)
        if node.loc
    }

    def position(error: GraphQLError) -> tuple[int, int]:
        location = error.nodes[0].loc if error.nodes else None
        return (order[location.source.name], location.start) if location else (-1, 0)

    return [_finding(error, schema, document) for error in sorted(errors, key=position)]


def _finding(error: GraphQLError, schema: GraphQLSchema, document: DocumentNode) -> Finding:
    fix = next((fix for start, fix in _FIXES.items() if start in error.message), None)
    place = where(error.nodes[0]) if error.nodes else "<document>"
    message = _with_hint(error.message, schema, document)
    return Finding(place, f"{message}{f' Fix: {fix}.' if fix else ''}")


_FIELD = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'")
_ARGUMENT = re.compile(r"Unknown argument '(\w+)' on field '(\w+)\.(\w+)'")
_TYPE = re.compile(r"Unknown type '(\w+)'")
_FRAGMENT = re.compile(r"Unknown fragment '(\w+)'")
_VARIABLE = re.compile(r"Variable '\$(\w+)' is not defined by operation '(\w+)'")
_INPUT_FIELD = re.compile(r"Field '(\w+)' is not defined by type '(\w+)'")
_VALUE = re.compile(r"Value '(\w+)' does not exist in '(\w+)' enum")


def _with_hint(message: str, schema: GraphQLSchema, document: DocumentNode) -> str:
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
