"""The schema that stubs and requests are checked against."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from graphql import GraphQLError, GraphQLSchema, build_ast_schema, parse, validate
from graphql.execution.values import get_variable_values

from stash_typed.sandbox.schema import load_sdl

from .documents import Document


@lru_cache(maxsize=4)
def load_schema(source: str | Path | None = None) -> GraphQLSchema:
    """Load a file, SDL text, or by default the schema that this package was made for."""
    node = parse(load_sdl(source), no_location=True)
    return build_ast_schema(node, assume_valid=True, assume_valid_sdl=True)


@lru_cache(maxsize=400)
def document_faults(schema: GraphQLSchema, document: Document) -> list[str]:
    return [error.message for error in validate(schema, document.node)]


def variable_faults(
    schema: GraphQLSchema, document: Document, variables: Mapping[str, object]
) -> list[str]:
    definitions = document.operation.variable_definitions or ()
    try:
        coerced = get_variable_values(schema, definitions, dict(variables))
    except GraphQLError as error:
        return [error.message]
    return [error.message for error in coerced] if isinstance(coerced, list) else []
