"""The find and all queries of every kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.store.items import Item
from stash_typed.sandbox.store.objects import Objects

from .ids import number, unique_numbers
from .selection import selected

__all__ = ["find_items", "find_one", "many"]


def find_one(objects: Objects, key: str) -> Item | None:
    """Answer a find query for one object: null where there is none."""
    return objects.get(number(key))


def find_items(
    info: GraphQLResolveInfo,
    objects: Objects,
    name: str,
    criteria: Mapping[str, Any] | None,
    options: Mapping[str, Any] | None,
    ids: Sequence[str] | None,
    numeric_ids: Sequence[int] | None = None,
) -> dict[str, Any]:
    """Answer a find query for many objects."""
    keys = unique_numbers(ids) if ids else list(numeric_ids or ())
    if keys:
        return many(objects, name, keys)
    wanted = selected(info)
    sums = [each for each in objects.finder.sums if each in wanted]
    found = objects.find(criteria, options, count="count" in wanted, sums=sums)
    answer: dict[str, Any] = {"count": found.count, name: objects.read(found.ids)}
    for each in sums:
        value = found.sums[each]
        # Pixels are added up as whole numbers, and divided as such.
        answer[each] = value // 1_000_000 if each == "megapixels" else value
    return answer


def many(objects: Objects, name: str, keys: Sequence[int]) -> dict[str, Any]:
    """Answer the objects with some ids, all of which must be there, and their sums."""
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
