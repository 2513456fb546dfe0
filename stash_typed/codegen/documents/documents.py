"""Operations and fragments, read once: by name, and with what each of them spreads."""

from __future__ import annotations

from copy import copy
from functools import cached_property

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    NameNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    is_abstract_type,
    visit,
)

from .coordinates import fragments_of, operations_of, spread_by

__all__ = ["Definition", "Documents", "with_typenames"]

Definition = OperationDefinitionNode | FragmentDefinitionNode


class Documents:
    """The operations and fragments of a document."""

    def __init__(self, node: DocumentNode) -> None:
        self.node = node

    @cached_property
    def operations(self) -> dict[str, OperationDefinitionNode]:
        """The operations by name; those without a name are left out."""
        return operations_of(self.node)

    @cached_property
    def fragments(self) -> dict[str, FragmentDefinitionNode]:
        """The fragments by name."""
        return fragments_of(self.node)

    def spread_by(self, node: Definition) -> list[str]:
        """List the fragments that a definition itself spreads, each once."""
        return spread_by(node.selection_set)


def with_typenames(documents: Documents, schema: GraphQLSchema) -> Documents:
    """Ask for `__typename` wherever the type of an answer is open, so that it can be read."""
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
    """Leave out of an inline fragment what is asked for around it."""
    if not isinstance(selection, InlineFragmentNode):
        return selection
    kept = tuple(each for each in selection.selection_set.selections if not _is_typename(each))
    if not kept:
        return selection
    smaller = copy(selection)
    smaller.selection_set = SelectionSetNode(selections=kept)
    return smaller
