"""The answer of a find query: objects, their count, and the sums that a document selects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

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

from ..graphql.inputs import unique_numbers
from ..store.objects import Objects


def find_items(
    info: GraphQLResolveInfo,
    objects: Objects,
    name: str,
    criteria: Mapping[str, Any] | None,
    options: Mapping[str, Any] | None,
    ids: Sequence[str] | None = None,
    numeric_ids: Sequence[int] | None = None,
) -> dict[str, Any]:
    """Find what matches, or read the objects with some ids; `name` is the answer's field."""
    keys = unique_numbers(ids) if ids else list(numeric_ids or ())
    if keys:
        return _with_ids(objects, name, keys)
    wanted = {
        name
        for node in info.field_nodes
        if node.selection_set is not None
        for name in _selected(info, node.selection_set)
    }
    sums = [each for each in objects.finder.sums if each in wanted]
    found = objects.find(criteria, options, count="count" in wanted, sums=sums)
    answer: dict[str, Any] = {"count": found.count, name: objects.read(found.ids)}
    for each in sums:
        value = found.sums[each]
        # Pixels are added up as whole numbers, and divided as such.
        answer[each] = value // 1_000_000 if each == "megapixels" else value
    return answer


def _with_ids(objects: Objects, name: str, keys: Sequence[int]) -> dict[str, Any]:
    items = objects.require_all(keys)
    answer: dict[str, Any] = {"count": len(items), name: items}
    if objects.kind.files and objects.finder.sums:
        files = items[0].page.files() if items else {}
        primary = [files[item.key][0] for item in items if item.key in files]
        answer["filesize"] = sum(file["size"] for file in primary)
        answer["duration"] = sum(file["duration"] or 0 for file in primary)
        answer["megapixels"] = sum(
            (file["width"] or 0) * (file["height"] or 0) / 1_000_000 for file in primary
        )
    return answer


def _selected(info: GraphQLResolveInfo, selections: SelectionSetNode) -> Iterator[str]:
    """Yield the names of the selected fields: sums are costly, and made for who asks."""
    for node in selections.selections:
        skip = get_directive_values(GraphQLSkipDirective, node, info.variable_values)
        include = get_directive_values(GraphQLIncludeDirective, node, info.variable_values)
        if (skip and skip["if"]) or (include and not include["if"]):
            continue
        if isinstance(node, FieldNode):
            yield node.name.value
        elif isinstance(node, InlineFragmentNode):
            yield from _selected(info, node.selection_set)
        elif isinstance(node, FragmentSpreadNode):
            yield from _selected(info, info.fragments[node.name.value].selection_set)
