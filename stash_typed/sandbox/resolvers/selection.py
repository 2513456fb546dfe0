"""Which fields of an answer a document selects, for what is costly to compute."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionSetNode,
)
from graphql.execution.values import get_directive_values

__all__ = ["selected"]


def selected(info: GraphQLResolveInfo) -> set[str]:
    """Return the names of the fields selected below the field that is being resolved."""
    return {
        name
        for node in info.field_nodes
        if node.selection_set is not None
        for name in _names(info, node.selection_set)
    }


def _names(info: GraphQLResolveInfo, selections: SelectionSetNode) -> Iterator[str]:
    for node in selections.selections:
        skip = get_directive_values(GraphQLSkipDirective, node, info.variable_values)
        include = get_directive_values(GraphQLIncludeDirective, node, info.variable_values)
        if (skip and skip["if"]) or (include and not include["if"]):
            continue
        if isinstance(node, FieldNode):
            yield node.name.value
        elif isinstance(node, InlineFragmentNode):
            yield from _names(info, node.selection_set)
        elif isinstance(node, FragmentSpreadNode):
            yield from _names(info, info.fragments[node.name.value].selection_set)
