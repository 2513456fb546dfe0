"""Tags: finding, fields, changes, merging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.registry import field, mutation, query
from stash_typed.sandbox.store.changes import Changes
from stash_typed.sandbox.store.items import Item
from stash_typed.sandbox.store.kinds import TAG
from stash_typed.sandbox.store.tags import Tags

from ..graphql.inputs import changes_from, image_data
from .finding import find_items, find_one
from .ids import number, numbers
from .pictures import image_path

__all__: list[str] = []

_Input = Mapping[str, Any]
_Maybe = Mapping[str, Any] | None


def _tags(info: GraphQLResolveInfo) -> Tags:
    return context_of(info).store.tags


@query("findTag")
def find_tag(_parent: None, info: GraphQLResolveInfo, *, id: str) -> Item | None:
    """One tag."""
    return find_one(_tags(info), id)


@query("findTags")
def find_tags(
    _parent: None,
    info: GraphQLResolveInfo,
    *,
    filter: _Maybe = None,
    tag_filter: _Maybe = None,
    ids: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Tags that match, or those with some ids."""
    return find_items(info, _tags(info), "tags", tag_filter, filter, ids)


@query("allTags")
def all_tags(_parent: None, info: GraphQLResolveInfo) -> list[Item]:
    """All tags by name."""
    tags = _tags(info)
    return tags.read(
        tags.database.column(
            "select id from tags order by natural_key(coalesce(sort_name, name)), id"
        )
    )


field("Tag", "image_path")(image_path("tag"))


def _tag_changes(given: _Input, *, new: bool = False) -> Changes:
    changes = changes_from(TAG, given, new=new)
    if "image" in given:
        data = image_data(given["image"])
        if data or not new:
            changes.blobs["image"] = data
    return changes


@mutation("tagCreate")
def tag_create(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Add a tag."""
    tags = _tags(info)
    return tags.get(tags.create(_tag_changes(input, new=True)))


@mutation("tagUpdate")
def tag_update(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Change a tag."""
    tags = _tags(info)
    key = number(input["id"], "converting id")
    tags.update(key, _tag_changes(input))
    return tags.get(key)


@mutation("bulkTagUpdate")
def bulk_tag_update(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> list[Item] | None:
    """Change tags in the same way, all or none."""
    tags = _tags(info)
    keys = numbers(input.get("ids"), "converting ids")
    changes = _tag_changes(input)
    with tags.database.transaction():
        for key in keys:
            tags.update(key, changes)
    return tags.read(keys) or None


@mutation("tagDestroy")
def tag_destroy(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Destroy a tag."""
    _tags(info).destroy([number(input["id"], "converting id")])
    return True


@mutation("tagsDestroy")
def tags_destroy(_parent: None, info: GraphQLResolveInfo, *, ids: Sequence[str]) -> bool:
    """Destroy tags, all or none."""
    _tags(info).destroy(numbers(ids, "converting ids"))
    return True


@mutation("tagsMerge")
def tags_merge(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Merge tags into another."""
    tags = _tags(info)
    sources = numbers(input["source"], "converting source ids")
    destination = number(input["destination"], "converting destination id")
    if not sources:
        return None
    tags.merge(sources, destination)
    return tags.get(destination)
