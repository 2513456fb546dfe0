"""Gives the variables of operations the types by which a server calls their arguments."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import cast

from graphql import (
    DocumentNode,
    GraphQLSchema,
    GraphQLType,
    NullValueNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeNode,
    Undefined,
    ValidationContext,
    VariableDefinitionNode,
    is_non_null_type,
    is_type_sub_type_of,
    parse_type,
    print_ast,
)

from ..type_shapes import innermost, list_depth, nullable, type_named_by
from .coordinates import definition_name

__all__ = ["Retyped", "retype_variables"]


@dataclass(frozen=True)
class Retyped:
    """A variable that has another type now."""

    node: VariableDefinitionNode
    definition: str
    name: str
    old: str
    new: str


@dataclass(frozen=True)
class _Use:
    type: GraphQLType
    has_default: bool


def retype_variables(
    document: DocumentNode, schema: GraphQLSchema
) -> tuple[DocumentNode, list[Retyped]]:
    """Return variables that a schema would refuse the type of the argument that they are given to.

    Only where the two are of one kind (input, enum, scalar; as deeply in lists) and the new type
    suits more of the variable's uses. What suits as it is stays.
    """
    context = ValidationContext(schema, document, TypeInfo(schema), lambda _: None)
    changes: list[Retyped] = []
    definitions = list(document.definitions)
    for position, operation in enumerate(definitions):
        if isinstance(operation, OperationDefinitionNode):
            variables, changed = _retyped(operation, context, schema)
            if changed:
                replacement = copy(operation)
                replacement.variable_definitions = tuple(variables)
                definitions[position] = replacement
                changes += changed
    if not changes:
        return document, []
    result = copy(document)
    result.definitions = tuple(definitions)
    return result, changes


def _retyped(
    operation: OperationDefinitionNode, context: ValidationContext, schema: GraphQLSchema
) -> tuple[list[VariableDefinitionNode], list[Retyped]]:
    uses: dict[str, list[_Use]] = {}
    for usage in context.get_recursive_variable_usages(operation):
        type_ = cast("GraphQLType | None", usage.type)  # pyright: ignore[reportUnknownMemberType]
        if type_ is not None:
            use = _Use(type_, usage.default_value is not Undefined)
            uses.setdefault(usage.node.name.value, []).append(use)
    variables: list[VariableDefinitionNode] = []
    changes: list[Retyped] = []
    for variable in operation.variable_definitions or ():
        name, old = variable.variable.name.value, print_ast(variable.type)
        new = _suiting_type(variable, uses.get(name, []), schema)
        if new is not None:
            changes.append(Retyped(variable, definition_name(operation), name, old, str(new)))
            variable = copy(variable)
            variable.type = parse_type(str(new), no_location=True)
        variables.append(variable)
    return variables, changes


def _suiting_type(
    variable: VariableDefinitionNode, uses: list[_Use], schema: GraphQLSchema
) -> GraphQLType | None:
    """Return the type that the variable should have; None when it has it, or when there is none."""

    def suited(type_: GraphQLType) -> int:
        return sum(_suits(type_, variable, use, schema) for use in uses)

    current = type_named_by(variable.type, schema)
    reached = suited(current) if current is not None else 0
    better: GraphQLType | None = None
    for use in uses:
        if suited(use.type) > reached and _is_of_one_kind(variable.type, use.type, schema):
            better, reached = use.type, suited(use.type)
    return better


def _suits(
    type_: GraphQLType, variable: VariableDefinitionNode, use: _Use, schema: GraphQLSchema
) -> bool:
    """Say whether GraphQL allows a variable of this type at this place."""
    expected = use.type
    if is_non_null_type(expected) and not is_non_null_type(type_):
        default = variable.default_value
        filled = default is not None and not isinstance(default, NullValueNode)
        if not filled and not use.has_default:
            return False
        expected = nullable(expected)
    return is_type_sub_type_of(schema, type_, expected)


def _is_of_one_kind(node: TypeNode, new: GraphQLType, schema: GraphQLSchema) -> bool:
    """Compare the depth of lists, and the kind where the schema knows the old type at all."""
    text = print_ast(node)
    if text.count("[") != list_depth(new):
        return False
    old = schema.get_type(text.strip("[]!"))
    return old is None or type(old) is type(schema.get_type(innermost(new)))
