"""The schema coordinates of the parts of a document."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    Node,
    ObjectFieldNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    Visitor,
    visit,
)

from .documents import Documents, definition_name

__all__ = ["Coordinate", "coordinates_of", "innermost"]


@dataclass(frozen=True)
class Coordinate:
    """A removable part of a document and its schema coordinate."""

    node: Node
    kind: str
    what: str
    definition: str
    outer: Coordinate | None = None


def innermost(type_: object) -> str:
    """Return the name of the type inside all list and non-null wrappers."""
    return str(type_).strip("[]!")


def coordinates_of(documents: Documents, schema: GraphQLSchema) -> dict[int, Coordinate]:
    """Return the smallest removable part around each node, by the node's `id()`."""
    info = TypeInfo(schema)
    visitor = _Coordinates(info, documents)
    visit(documents.node, TypeInfoVisitor(info, visitor))
    return visitor.of


class _Coordinates(Visitor):
    def __init__(self, info: TypeInfo, documents: Documents) -> None:
        super().__init__()
        self._info = info
        self._fragments = documents.fragments
        self._stack: list[Coordinate] = []
        self._definition = ""
        self.of: dict[int, Coordinate] = {}

    def enter(self, node: Node, *_: object) -> None:
        if isinstance(node, OperationDefinitionNode | FragmentDefinitionNode):
            self._definition = definition_name(node)
        outer = self._stack[-1] if self._stack else None
        described = self._describe(node, outer)
        if described:
            self._stack.append(Coordinate(node, *described, self._definition, outer))
        if self._stack:
            self.of[id(node)] = self._stack[-1]

    def leave(self, node: Node, *_: object) -> None:
        if self._stack and self._stack[-1].node is node:
            self._stack.pop()

    def _describe(self, node: Node, outer: Coordinate | None) -> tuple[str, str] | None:
        parent = self._info.get_parent_type()
        owner = parent.name if parent else "?"
        if isinstance(node, FieldNode):
            return "field", f"{owner}.{node.name.value}"
        if isinstance(node, ArgumentNode) and outer and isinstance(outer.node, FieldNode):
            # An argument of a directive is not removable: without its directive, such as @include,
            # a field would mean something else.
            if node in outer.node.arguments:
                return "argument", f"{outer.what}({node.name.value}:)"
        elif isinstance(node, ObjectFieldNode):
            holder = self._info.get_parent_input_type()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            return "input field", f"{innermost(holder or '?')}.{node.name.value}"  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(node, VariableDefinitionNode):
            return "variable", f"${node.variable.name.value}"
        elif isinstance(node, FragmentSpreadNode):
            name = node.name.value
            fragment = self._fragments.get(name)
            return "type", fragment.type_condition.name.value if fragment else name
        elif isinstance(node, InlineFragmentNode | FragmentDefinitionNode):
            condition: NamedTypeNode | None = node.type_condition
            return "type", condition.name.value if condition else owner
        elif isinstance(node, OperationDefinitionNode):
            root, first = node.operation.value.capitalize(), node.selection_set.selections[0]
            name = f"{root}.{first.name.value}" if isinstance(first, FieldNode) else root
            return "operation", name
        return None
