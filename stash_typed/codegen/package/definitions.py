"""Writes the constants of operations and fragments: their texts and removable parts.

With these, the client cuts what a server does not support without parsing GraphQL at run time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    is_non_null_type,
    parse,
    print_ast,
    visit,
)

from ..documents.coordinates import innermost
from ..documents.documents import Documents
from ..generated_text import literal, long_literal

__all__ = ["Definitions"]


class Definitions:
    """Writes the constants of a package's operations and fragments."""

    def __init__(
        self,
        documents: Documents,
        schema: GraphQLSchema,
        optional: Collection[str],
        constants: Mapping[str, str],
    ) -> None:
        self._documents = documents
        self._schema = schema
        self._optional = optional
        self._constants = constants

    def operation(self, name: str) -> str:
        """Write `OPERATION`, unformatted."""
        node = self._documents.operations[name]
        fields = (s for s in node.selection_set.selections if isinstance(s, FieldNode))
        root_field = ", ".join(field.name.value for field in fields)
        return (
            f"OPERATION = Operation(name={literal(name)}, kind={literal(node.operation.value)},"
            f" root_field={literal(root_field)}, {self._rest(node)})"
        )

    def fragment(self, name: str) -> str:
        """Write a fragment's constant, unformatted."""
        node = self._documents.fragments[name]
        on = node.type_condition.name.value
        return (
            f"{self._constants[name]} = Fragment(name={literal(name)}, on={literal(on)},"
            f" {self._rest(node, end='')})"
        )

    def _rest(self, node: OperationDefinitionNode | FragmentDefinitionNode, end: str = "\n") -> str:
        text = print_ast(node)
        visitor = _Parts(self._schema, self._optional, self._documents)
        visit(parse(text), TypeInfoVisitor(visitor.info, visitor))
        spread = sorted(self._documents.spread_by(node))
        return (
            f"text={long_literal(text, end)},"
            + (f" fragments=({', '.join(self._constants[s] for s in spread)},)," if spread else "")
            + (f" parts={literal(tuple(visitor.parts))}" if visitor.parts else "")
        )


class _Parts(Visitor):
    """Collects the parts of one definition as the fields of the runtime's `Part`."""

    def __init__(
        self, schema: GraphQLSchema, optional: Collection[str], documents: Documents
    ) -> None:
        super().__init__()
        self.info = TypeInfo(schema)
        self._roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
        self._optional = optional
        self._fragments = documents.fragments
        self.parts: list[tuple[int, int, str, bool, str | None]] = []

    def _add(
        self, node: Node, coordinate: str, needed: bool = False, variable: str | None = None
    ) -> None:
        if node.loc is not None:
            self.parts.append((node.loc.start, node.loc.end, coordinate, needed, variable))

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, field = self.info.get_parent_type(), self.info.get_field_def()
        if parent is not None and field is not None and not node.name.value.startswith("__"):
            coordinate = f"{parent.name}.{node.name.value}"
            # graphql-core omits type arguments
            required = is_non_null_type(field.type) and coordinate not in self._optional  # pyright: ignore[reportUnknownMemberType]
            # An operation without its root field is empty.
            self._add(node, coordinate, required or parent in self._roots)

    def enter_argument(
        self, node: ArgumentNode, key: object, parent: object, path: object, ancestors: list[Node]
    ) -> None:
        owner, field = self.info.get_parent_type(), ancestors[-1]
        if owner is None or not isinstance(field, FieldNode):
            return
        variable = node.value.name.value if isinstance(node.value, VariableNode) else None
        coordinate = f"{owner.name}.{field.name.value}({node.name.value})"
        self._add(node, coordinate, variable is None, variable)

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> None:
        self._add(node, innermost(print_ast(node.type)), variable=node.variable.name.value)

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: object) -> None:
        self._add(node, node.type_condition.name.value)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self._add(node, self._fragments[node.name.value].type_condition.name.value)
