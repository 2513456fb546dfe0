"""Are these operations good against that server? Each finding has file:line and a fix."""

from __future__ import annotations

import sys

from graphql import DocumentNode, GraphQLError, GraphQLSchema, validate

from ..findings import Finding, where
from .hints import with_hint

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
    message = with_hint(error.message, schema, document)
    return Finding(place, f"{message}{f' Fix: {fix}.' if fix else ''}")
