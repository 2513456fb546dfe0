"""The schema that stubs are held against."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from graphql import GraphQLError, GraphQLObjectType, build_ast_schema, parse, validate
from graphql.execution.values import get_variable_values

from stash_typed.sandbox.schema import load_sdl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import GraphQLSchema

    from .documents import Document

__all__ = ["Schema", "load_schema"]


class Schema:
    """A schema, and what it says of documents."""

    def __init__(self, sdl: str) -> None:
        """Build it.

        Args:
            sdl: its text, which is taken to be right.
        """
        node = parse(sdl, no_location=True)
        self.graphql: GraphQLSchema = build_ast_schema(
            node, assume_valid=True, assume_valid_sdl=True
        )
        self._validated: dict[str, list[str]] = {}

    def root(self, kind: str) -> GraphQLObjectType:
        """Give the type of the data of a query, mutation or subscription."""
        roots = {
            "query": self.graphql.query_type,
            "mutation": self.graphql.mutation_type,
            "subscription": self.graphql.subscription_type,
        }
        root = roots[kind]
        if root is None:
            raise LookupError(f"the schema has no {kind}")
        return root

    def faults(self, document: Document) -> list[str]:
        """Say why a server would refuse a document.

        Returns:
            Sentences; none when the document is valid.
        """
        known = self._validated.get(document.text)
        if known is None:
            known = [error.message for error in validate(self.graphql, document.node)]
            self._validated[document.text] = known
        return known

    def variable_faults(self, document: Document, variables: Mapping[str, object]) -> list[str]:
        """Say why a server would refuse the variables that came with a valid document.

        Returns:
            Sentences; none when they fit.
        """
        definitions = document.operation.variable_definitions or ()
        try:
            coerced = get_variable_values(self.graphql, definitions, dict(variables))
        except GraphQLError as error:
            return [error.message]
        return [error.message for error in coerced] if isinstance(coerced, list) else []


@lru_cache(maxsize=4)
def load_schema(source: str | Path | None = None) -> Schema:
    """Load a schema; the latest few are kept, since all tests of a run use the same.

    Args:
        source: a file, or SDL text; None for the schema that this package was made for.
    """
    return Schema(load_sdl(source))
