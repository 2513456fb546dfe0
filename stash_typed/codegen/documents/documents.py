"""Operations and fragments by name, and the fragments that each of them spreads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from graphql import (
    DefinitionNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    NameNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    is_abstract_type,
    visit,
)

__all__ = ["Definition", "Documents", "definition_name", "nodes_in", "with_typenames"]

Definition = OperationDefinitionNode | FragmentDefinitionNode


def definition_name(node: DefinitionNode) -> str:
    """Return a definition's name for messages: `query FindScene`, `fragment Scene`."""
    if isinstance(node, FragmentDefinitionNode):
        return f"fragment {node.name.value}"
    if isinstance(node, OperationDefinitionNode):
        return f"{node.operation.value} {node.name.value if node.name else '(no name)'}"
    return node.kind


def nodes_in(node: Node) -> Iterator[Node]:
    """Yield a node and its descendants, in document order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        inner: list[object] = []
        for key in node.keys:
            value: object = getattr(node, key, None)
            inner += cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,)
        waiting += (each for each in reversed(inner) if isinstance(each, Node))


@dataclass(frozen=True)
class Documents:
    """The operations and fragments of a document."""

    node: DocumentNode

    @classmethod
    def of(cls, definitions: Iterable[DefinitionNode]) -> Documents:
        """Create a document from definitions."""
        return cls(DocumentNode(definitions=tuple(definitions)))

    @cached_property
    def every_operation(self) -> list[OperationDefinitionNode]:
        """All operations, including unnamed ones."""
        return [n for n in self.node.definitions if isinstance(n, OperationDefinitionNode)]

    @cached_property
    def operations(self) -> dict[str, OperationDefinitionNode]:
        """The named operations, by name."""
        return {node.name.value: node for node in self.every_operation if node.name}

    @cached_property
    def fragments(self) -> dict[str, FragmentDefinitionNode]:
        """The fragments by name."""
        nodes = (n for n in self.node.definitions if isinstance(n, FragmentDefinitionNode))
        return {node.name.value: node for node in nodes}

    @cached_property
    def spreads(self) -> list[FragmentSpreadNode]:
        """All fragment spreads."""
        return [node for node in nodes_in(self.node) if isinstance(node, FragmentSpreadNode)]

    @cached_property
    def _spread_by(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for node in self.node.definitions:
            spreads = (n.name.value for n in nodes_in(node) if isinstance(n, FragmentSpreadNode))
            found[id(node)] = list(dict.fromkeys(spreads))
        return found

    def spread_by(self, node: DefinitionNode) -> list[str]:
        """List the fragments that a definition spreads directly, each once."""
        return self._spread_by[id(node)]

    def spreads_in(self, node: DefinitionNode) -> list[str]:
        """List the fragments that a definition spreads, directly or through other fragments.

        Unknown fragments are listed but not followed.
        """
        found: dict[str, None] = {}
        waiting: list[DefinitionNode] = [node]
        while waiting:
            for name in self.spread_by(waiting.pop()):
                if name not in found:
                    found[name] = None
                    if name in self.fragments:
                        waiting.append(self.fragments[name])
        return list(found)


def with_typenames(documents: Documents, schema: GraphQLSchema) -> Documents:
    """Add `__typename` to each selection on an abstract type, so that responses can be parsed."""
    info = TypeInfo(schema)
    node: DocumentNode = visit(documents.node, TypeInfoVisitor(info, _Typenames(info, documents)))
    return Documents(node)


class _Typenames(Visitor):
    def __init__(self, info: TypeInfo, documents: Documents) -> None:
        super().__init__()
        self._info = info
        self._fragments = documents.fragments

    def enter_selection_set(
        self, node: SelectionSetNode, key: object, parent: object, *_: object
    ) -> SelectionSetNode | None:
        if not isinstance(parent, FieldNode) or not is_abstract_type(self._info.get_parent_type()):
            return None
        if any(map(_is_typename, node.selections)) or all(map(self._asks, node.selections)):
            return None
        typename = FieldNode(name=NameNode(value="__typename"), arguments=(), directives=())
        return SelectionSetNode(selections=(typename, *map(_without_typename, node.selections)))

    def _asks(self, selection: SelectionNode) -> bool:
        if isinstance(selection, FragmentSpreadNode):
            selections = self._fragments[selection.name.value].selection_set.selections
        elif isinstance(selection, InlineFragmentNode):
            selections = selection.selection_set.selections
        else:
            return False
        return any(_is_typename(inner) or self._asks(inner) for inner in selections)


def _is_typename(selection: SelectionNode) -> bool:
    return isinstance(selection, FieldNode) and selection.name.value == "__typename"


def _without_typename(selection: SelectionNode) -> SelectionNode:
    """Remove `__typename` from an inline fragment whose parent selects it."""
    if not isinstance(selection, InlineFragmentNode):
        return selection
    kept = tuple(each for each in selection.selection_set.selections if not _is_typename(each))
    if not kept:
        return selection
    smaller = copy(selection)
    smaller.selection_set = SelectionSetNode(selections=kept)
    return smaller
