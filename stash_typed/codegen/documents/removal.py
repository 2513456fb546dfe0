"""Removes nodes from a document, and with them what is empty or unused without them."""

from __future__ import annotations

from collections.abc import Collection

from graphql import (
    REMOVE,
    SKIP,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    VisitorAction,
    visit,
)

from .coordinates import Place, fragments_of, places_of, spreads_in

__all__ = ["without", "without_unused"]


class _Without(Visitor):
    """Removes nodes, and what is empty without them."""

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
    document: DocumentNode,
    schema: GraphQLSchema,
    gone: set[int],
    cuts: list[tuple[Place, str]],
) -> DocumentNode:
    """Remove nodes, what is empty without them, and spreads of fragments that are gone."""
    while True:
        fragments = {name for name, node in fragments_of(document).items() if id(node) not in gone}
        visitor = _Without(gone, fragments)
        smaller: DocumentNode = visit(document, visitor)
        if visitor.emptied:
            places = places_of(document, schema)
            cuts += ((places[id(node)], "nothing of it is left") for node in visitor.emptied)
        if fragments_of(smaller).keys() == fragments:
            return smaller
        document = smaller


class _UsedVariables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> VisitorAction:
        return SKIP

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.names.add(node.name.value)


def _variables_in(node: Node) -> set[str]:
    visitor = _UsedVariables()
    visit(node, visitor)
    return visitor.names


def without_unused(document: DocumentNode, keep: set[str]) -> DocumentNode:
    """Remove the fragments that no operation spreads, and the variables that none gives on."""
    fragments = fragments_of(document)
    variables_of = {name: _variables_in(node) for name, node in fragments.items()}
    used = keep.union(*(spreads_in(fragments[name], fragments) for name in keep & fragments.keys()))
    gone: set[int] = set()
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        spread = spreads_in(operation, fragments)
        used.update(spread)
        variables = _variables_in(operation).union(*(variables_of.get(s, set()) for s in spread))
        gone.update(
            id(definition)
            for definition in operation.variable_definitions or ()
            if definition.variable.name.value not in variables
        )
    gone.update(id(node) for name, node in fragments.items() if name not in used)
    smaller: DocumentNode = visit(document, _Without(gone, fragments)) if gone else document
    return smaller
