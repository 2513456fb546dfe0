"""Fields that lead from one object to others, the same for every kind that has them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.graphql.registry import field
from stash_typed.sandbox.store.items import Item
from stash_typed.sandbox.store.kind import IdList, Kind, TextList
from stash_typed.sandbox.store.kinds import (
    GALLERY,
    GROUP,
    IMAGE,
    MARKER,
    PERFORMER,
    SCENE,
    STUDIO,
    TAG,
)

__all__ = ["unix_time"]

_TYPES = (
    ("Scene", SCENE),
    ("Image", IMAGE),
    ("Gallery", GALLERY),
    ("Performer", PERFORMER),
    ("Studio", STUDIO),
    ("Tag", TAG),
    ("Group", GROUP),
    ("Movie", GROUP),
    ("SceneMarker", MARKER),
)
_PLURALS = {
    "performer_ids": "performers",
    "tag_ids": "tags",
    "gallery_ids": "galleries",
    "scene_ids": "scenes",
    "parent_ids": "parents",
    "child_ids": "children",
}


def unix_time(item: Item) -> int:
    """Return the second in which an object was changed, as links carry it."""
    return int(datetime.fromisoformat(item["updated_at"].replace("Z", "+00:00")).timestamp())


def _linked(link: IdList) -> Callable[[Item, GraphQLResolveInfo], list[Item]]:
    def resolve(parent: Item, _info: GraphQLResolveInfo) -> list[Item]:
        return parent.page.linked(link).get(parent.key, [])

    return resolve


def _texts(link: TextList) -> Callable[[Item, GraphQLResolveInfo], list[str]]:
    def resolve(parent: Item, _info: GraphQLResolveInfo) -> list[str]:
        return [row[0] for row in parent.page.texts(link).get(parent.key, [])]

    return resolve


def _first(link: TextList) -> Callable[[Item, GraphQLResolveInfo], str | None]:
    def resolve(parent: Item, _info: GraphQLResolveInfo) -> str | None:
        rows = parent.page.texts(link).get(parent.key, [])
        return rows[0][0] if rows else None

    return resolve


def _stash_ids(kind: Kind) -> Callable[[Item, GraphQLResolveInfo], list[dict[str, Any]]]:
    order = "endpoint" if kind is SCENE else "rowid"
    sql = (
        f"select {kind.owner}, endpoint, stash_id, updated_at from {kind.stash_ids}"
        f" where {kind.owner} in {{ids}} order by {order}"
    )

    def resolve(parent: Item, _info: GraphQLResolveInfo) -> list[dict[str, Any]]:
        rows = parent.page.rows("stash ids", sql).get(parent.key, [])
        names = ("endpoint", "stash_id", "updated_at")
        return [dict(zip(names, row, strict=True)) for row in rows]

    return resolve


def _studio(parent: Item, _info: GraphQLResolveInfo) -> Item | None:
    key = parent["studio_id"]
    return None if key is None else parent.page.referred("studio_id", STUDIO).get(key)


for _type, _kind in _TYPES:
    for _link in _kind.id_lists:
        field(_type, _PLURALS[_link.name])(_linked(_link))
    for _list in _kind.text_lists:
        field(_type, _list.name)(_texts(_list))
        if _list.name == "urls":
            field(_type, "url")(_first(_list))
    if _kind.stash_ids:
        field(_type, "stash_ids")(_stash_ids(_kind))
    if any(column.name == "studio_id" for column in _kind.columns):
        field(_type, "studio")(_studio)
