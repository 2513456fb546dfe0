"""Changes the types of variables to those of the arguments in a server's schema."""

from __future__ import annotations

from copy import copy

from graphql import (
    GraphQLSchema,
    GraphQLType,
    TypeInfo,
    TypeNode,
    ValidationContext,
    VariableDefinitionNode,
    Visitor,
    parse_type,
    print_ast,
    type_from_ast,  # pyright: ignore[reportUnknownVariableType]
    visit,
)
from graphql.validation.rules.variables_in_allowed_position import allowed_variable_usage

from .coordinates import Coordinate, innermost
from .documents import Documents, definition_name

__all__ = ["retype_variables"]

_Use = tuple[GraphQLType, object]
"""The type and the default value of an argument that a variable is passed to."""


def retype_variables(
    documents: Documents, schema: GraphQLSchema
) -> tuple[Documents, list[tuple[Coordinate, str]]]:
    """Change the types of variables that a schema rejects where they are used.

    The new type must be of the same kind (input, enum or scalar, with the same list depth) and
    fit more of the variable's uses than the old one.
    """
    context = ValidationContext(schema, documents.node, TypeInfo(schema), lambda _: None)
    types: dict[int, TypeNode] = {}
    changes: list[tuple[Coordinate, str]] = []
    for operation in documents.every_operation:
        usages = context.get_recursive_variable_usages(operation)
        for variable in operation.variable_definitions or ():
            name = variable.variable.name.value
            uses: list[_Use] = [
                (use.type, use.default_value)  # pyright: ignore[reportUnknownMemberType]
                for use in usages
                if use.node.name.value == name and use.type  # pyright: ignore[reportUnknownMemberType]
            ]
            new = _suiting_type(variable, uses, schema)
            if new is not None:
                types[id(variable)] = parse_type(str(new), no_location=True)
                reason = f"is {new} in this schema, not {print_ast(variable.type)}"
                definition = definition_name(operation)
                changes.append((Coordinate(variable, "variable", f"${name}", definition), reason))
    if not changes:
        return documents, []
    return Documents(visit(documents.node, _Retype(types))), changes


class _Retype(Visitor):
    def __init__(self, types: dict[int, TypeNode]) -> None:
        super().__init__()
        self._types = types

    def enter_variable_definition(
        self, node: VariableDefinitionNode, *_: object
    ) -> VariableDefinitionNode | None:
        if id(node) not in self._types:
            return None
        changed = copy(node)
        changed.type = self._types[id(node)]
        return changed


def _suiting_type(
    variable: VariableDefinitionNode,
    uses: list[_Use],
    schema: GraphQLSchema,
) -> GraphQLType | None:
    """Return a better type for the variable, or None."""

    def suited(type_: GraphQLType) -> int:
        return sum(
            allowed_variable_usage(schema, type_, variable.default_value, expected, default)
            for expected, default in uses
        )

    current = type_from_ast(schema, variable.type)
    reached = suited(current) if current is not None else 0
    better: GraphQLType | None = None
    for expected, _ in uses:
        if suited(expected) > reached and _is_of_one_kind(variable.type, expected, schema):
            better, reached = expected, suited(expected)
    return better


def _is_of_one_kind(node: TypeNode, new: GraphQLType, schema: GraphQLSchema) -> bool:
    """Return whether list depths match, and kinds too if the old type is known."""
    text = print_ast(node)
    old = schema.get_type(innermost(text))
    same_kind = old is None or type(old) is type(schema.get_type(innermost(new)))
    return same_kind and text.count("[") == str(new).count("[")
