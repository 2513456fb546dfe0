"""Checks operations against the schema of a server: each finding has file:line and a fix."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable

from graphql import (
    ASTValidationRule,
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
from .documents import Documents

__all__ = ["check", "errors_in"]

_FIXES = {
    "' is never used.": "delete the fragment, or spread it in an operation",
    "Cannot query field": "remove the field, or regenerate from a server that has it",
    "Unknown argument": "remove the argument, or regenerate from a server that has it",
    "Unknown type": "correct the type's name",
    "Unknown fragment": "correct the fragment's name, or add its file",
    "There can be only one": "rename one of the two",
    "is never used in": "delete the variable, or give it to an argument",
}

# The groups are the unknown name, and the part of the schema where it should be.
_UNKNOWN = [
    re.compile(r"Cannot query field '(\w+)' on type '(\w+)'"),
    re.compile(r"Field '(\w+)' is not defined by type '(\w+)'"),
    re.compile(r"Unknown argument '(\w+)' on field '(\w+)\.(\w+)'"),
    re.compile(r"Unknown type '(\w+)'"),
    re.compile(r"Value '(\w+)' does not exist in '(\w+)' enum"),
]
_FRAGMENT = re.compile(r"Unknown fragment '(\w+)'")
_VARIABLE = re.compile(r"Variable '\$(\w+)' is not defined by operation '(\w+)'")


def check(documents: Documents, schema: GraphQLSchema) -> list[Finding]:
    """Check operations and fragments against the schema of a server."""
    return [_finding(error, schema, documents) for error in errors_in(documents, schema)]


def errors_in(
    documents: Documents,
    schema: GraphQLSchema,
    rules: Collection[type[ASTValidationRule]] | None = None,
) -> list[GraphQLError]:
    """Return all validation errors, in document order."""
    errors = validate(schema, documents.node, rules, max_errors=sys.maxsize)
    order = {
        node.loc.source.name: position
        for position, node in enumerate(documents.node.definitions)
        if node.loc
    }

    def position(error: GraphQLError) -> tuple[int, int]:
        location = error.nodes[0].loc if error.nodes else None
        return (order[location.source.name], location.start) if location else (-1, 0)

    return sorted(errors, key=position)


def _finding(error: GraphQLError, schema: GraphQLSchema, documents: Documents) -> Finding:
    fix = next((fix for start, fix in _FIXES.items() if start in error.message), None)
    place = where(error.nodes[0]) if error.nodes else "<document>"
    message = _with_hint(error.message, schema, documents)
    return Finding(place, f"{message}{f' Fix: {fix}.' if fix else ''}")


def _with_hint(message: str, schema: GraphQLSchema, documents: Documents) -> str:
    """Suggest the nearest name: graphql-core suggests several, or none if many letters differ."""
    names: Iterable[str] = ()
    if match := _FRAGMENT.search(message):
        names = documents.fragments
    elif match := _VARIABLE.search(message):
        operation = documents.operations.get(match.group(2))
        variables = operation.variable_definitions if operation else ()
        names = [variable.variable.name.value for variable in variables or ()]
    elif match := next(filter(None, (p.search(message) for p in _UNKNOWN)), None):
        names = _names(schema, *match.groups()[1:])
    near = nearest(match.group(1), names) if match else None
    return f"{message.partition(' Did you mean')[0]} Did you mean '{near}'?" if near else message


def _names(schema: GraphQLSchema, owner: str = "", field: str = "") -> Iterable[str]:
    """Return the names of all types, of a type's members, or of a field's arguments."""
    if not owner:
        return schema.type_map
    type_ = schema.get_type(owner)
    if isinstance(type_, GraphQLEnumType):
        return list(type_.values)
    if isinstance(type_, GraphQLInputObjectType):
        return list(type_.fields)
    if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        return ()
    if not field:
        return list(type_.fields)
    return list(type_.fields[field].args) if field in type_.fields else ()
