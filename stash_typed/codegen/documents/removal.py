"""Removes nodes from a document, along with everything that is then empty or unused."""

from __future__ import annotations

from collections.abc import Collection

from graphql import (
    REMOVE,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    VisitorAction,
    visit,
)

from .coordinates import Coordinate, coordinates_of
from .documents import Definition, Documents, nodes_in

__all__ = ["without", "without_unused"]


class _Without(Visitor):
    """Removes nodes, and their parents if those become empty."""

    def __init__(self, gone: set[int], fragments: Collection[str]) -> None:
        super().__init__()
        self._gone = gone
        self._fragments = fragments
        self._entered: list[Node] = []
        self.emptied: list[Node] = []

    def enter(self, node: Node, *_: object) -> VisitorAction:
        if id(node) in self._gone:
            return REMOVE
        if isinstance(node, FragmentSpreadNode) and node.name.value not in self._fragments:
            return REMOVE
        self._entered.append(node)
        return None

    def leave(self, node: Node, *_: object) -> VisitorAction:
        entered = self._entered.pop()
        if isinstance(
            node, FieldNode | InlineFragmentNode | OperationDefinitionNode | FragmentDefinitionNode
        ):
            selections = getattr(node.selection_set, "selections", None)
            if selections is not None and not selections:
                self.emptied.append(entered)
                return REMOVE
        return None


def without(
    documents: Documents,
    schema: GraphQLSchema,
    gone: Collection[int],
    cuts: list[tuple[Coordinate, str]],
) -> Documents:
    """Remove nodes, parents that become empty, and spreads of removed fragments."""
    while True:
        fragments = {name for name, node in documents.fragments.items() if id(node) not in gone}
        visitor = _Without(set(gone), fragments)
        smaller = Documents(visit(documents.node, visitor))
        if visitor.emptied:
            coordinates = coordinates_of(documents, schema)
            cuts += ((coordinates[id(node)], "nothing is left of it") for node in visitor.emptied)
        if smaller.fragments.keys() == fragments:
            return smaller
        documents = smaller


def without_unused(documents: Documents, keep: set[str]) -> Documents:
    """Remove fragments that no operation spreads, and variables that no operation uses."""
    fragments = documents.fragments
    variables = {name: _variables_in(node) for name, node in fragments.items()}
    used = keep.union(*(documents.spreads_in(fragments[name]) for name in keep & fragments.keys()))
    gone: set[int] = set()
    for operation in documents.every_operation:
        spread = documents.spreads_in(operation)
        used.update(spread)
        here = _variables_in(operation).union(*(variables.get(s, set()) for s in spread))
        gone.update(
            id(definition)
            for definition in operation.variable_definitions or ()
            if definition.variable.name.value not in here
        )
    gone.update(id(node) for name, node in fragments.items() if name not in used)
    return Documents(visit(documents.node, _Without(gone, fragments))) if gone else documents


def _variables_in(node: Definition) -> set[str]:
    """Return the names of the variables that a definition uses."""
    return {
        inner.name.value
        for part in (node.selection_set, *node.directives)
        for inner in nodes_in(part)
        if isinstance(inner, VariableNode)
    }
