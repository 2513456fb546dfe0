"""What of the schema each part of a document stands for, and in which definition it stands."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import (
    ArgumentNode,
    DefinitionNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    Node,
    ObjectFieldNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    Visitor,
    visit,
)

from ..type_shapes import holding_input_type, innermost

__all__ = [
    "Place",
    "definition_name",
    "fragments_of",
    "key_of",
    "operations_of",
    "places_of",
    "spread_by",
    "spreads_in",
]


@dataclass(frozen=True)
class Place:
    """A part of a document that can be taken out of it, and leave a document."""

    node: Node
    kind: str
    what: str
    definition: str
    outer: Place | None


def key_of(field: FieldNode) -> str:
    """Return the name under which the answer holds a field."""
    return (field.alias or field.name).value


def definition_name(node: DefinitionNode) -> str:
    """Return what a definition is called in messages: `query FindScene`, `fragment Scene`."""
    if isinstance(node, FragmentDefinitionNode):
        return f"fragment {node.name.value}"
    if isinstance(node, OperationDefinitionNode):
        return f"{node.operation.value} {node.name.value if node.name else '(no name)'}"
    return node.kind


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """Return a document's fragments by their names."""
    return {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }


def operations_of(document: DocumentNode) -> dict[str, OperationDefinitionNode]:
    """Return a document's operations by their names; those without a name are left out."""
    return {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode) and node.name
    }


def spreads_in(
    node: OperationDefinitionNode | FragmentDefinitionNode,
    fragments: dict[str, FragmentDefinitionNode],
) -> list[str]:
    """List the fragments that a definition spreads, those that its fragments spread too.

    A spread of an unknown fragment is listed and not followed.
    """
    found: dict[str, None] = {}
    waiting = [node.selection_set]
    while waiting:
        for name in spread_by(waiting.pop()):
            if name not in found:
                found[name] = None
                if name in fragments:
                    waiting.append(fragments[name].selection_set)
    return list(found)


def spread_by(selections: SelectionSetNode) -> list[str]:
    """List the fragments that a selection itself spreads, each once."""
    found: dict[str, None] = {}
    for selection in selections.selections:
        if isinstance(selection, FragmentSpreadNode):
            found[selection.name.value] = None
        elif isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set:
            found |= dict.fromkeys(spread_by(selection.selection_set))
    return list(found)


class _Places(Visitor):
    def __init__(self, info: TypeInfo, document: DocumentNode) -> None:
        super().__init__()
        self._info = info
        self._conditions = {
            name: node.type_condition.name.value for name, node in fragments_of(document).items()
        }
        self._stack: list[Place] = []
        self._definition = ""
        self.of: dict[int, Place] = {}

    def enter(self, node: Node, *_: object) -> None:
        if isinstance(node, OperationDefinitionNode | FragmentDefinitionNode):
            self._definition = definition_name(node)
        described = self._describe(node)
        if described:
            kind, what = described
            outer = self._stack[-1] if self._stack else None
            self._stack.append(Place(node, kind, what, self._definition, outer))
        if self._stack:
            self.of[id(node)] = self._stack[-1]

    def leave(self, node: Node, *_: object) -> None:
        if self._stack and self._stack[-1].node is node:
            self._stack.pop()

    def _describe(self, node: Node) -> tuple[str, str] | None:
        parent = self._info.get_parent_type()
        owner = parent.name if parent else "?"
        if isinstance(node, FieldNode):
            return "field", f"{owner}.{node.name.value}"
        if isinstance(node, ArgumentNode):
            # An argument of a directive is no part of its own: a field without its directive,
            # such as @include, would be another field.
            field = self._stack[-1] if self._stack else None
            if field and isinstance(field.node, FieldNode) and node in field.node.arguments:
                return "argument", f"{field.what}({node.name.value}:)"
            return None
        if isinstance(node, ObjectFieldNode):
            holder = holding_input_type(self._info)
            return "input field", f"{innermost(holder) if holder else '?'}.{node.name.value}"
        if isinstance(node, VariableDefinitionNode):
            return "variable", f"${node.variable.name.value}"
        if isinstance(node, FragmentSpreadNode):
            return "type", self._conditions.get(node.name.value, node.name.value)
        if isinstance(node, InlineFragmentNode):
            condition: NamedTypeNode | None = node.type_condition
            return "type", condition.name.value if condition else owner
        if isinstance(node, FragmentDefinitionNode):
            return "type", node.type_condition.name.value
        if isinstance(node, OperationDefinitionNode):
            return "operation", _first_field(node)
        return None


def _first_field(node: OperationDefinitionNode) -> str:
    root = node.operation.value.capitalize()
    first = node.selection_set.selections[0]
    return f"{root}.{first.name.value}" if isinstance(first, FieldNode) else root


def places_of(document: DocumentNode, schema: GraphQLSchema) -> dict[int, Place]:
    """Say for each node of a document what the smallest part around it is."""
    info = TypeInfo(schema)
    visitor = _Places(info, document)
    visit(document, TypeInfoVisitor(info, visitor))
    return visitor.of
