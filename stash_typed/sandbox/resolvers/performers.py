"""Performers: finding and fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.registry import field, query
from stash_typed.sandbox.store.items import Item
from stash_typed.sandbox.store.kinds import GROUP, PERFORMER, SCENE
from stash_typed.sandbox.store.performers import Performers

from .finding import find_items, find_one
from .pictures import image_path

__all__ = ["INSTAGRAM", "TWITTER"]

_Maybe = Mapping[str, Any] | None

TWITTER = re.compile(r"https?://(?:www\.)?twitter\.com/")
"""What makes a link one to Twitter."""
INSTAGRAM = re.compile(r"https?://(?:www\.)?instagram\.com/")
"""What makes a link one to Instagram."""

_URLS = next(each for each in PERFORMER.text_lists if each.name == "urls")


def _performers(info: GraphQLResolveInfo) -> Performers:
    return context_of(info).store.performers


@query("findPerformer")
def find_performer(_parent: None, info: GraphQLResolveInfo, *, id: str) -> Item | None:
    """One performer."""
    return find_one(_performers(info), id)


@query("findPerformers")
def find_performers(
    _parent: None,
    info: GraphQLResolveInfo,
    *,
    filter: _Maybe = None,
    performer_filter: _Maybe = None,
    ids: Sequence[str] | None = None,
    performer_ids: Sequence[int] | None = None,
) -> dict[str, Any]:
    """Performers that match, or those with some ids."""
    objects = _performers(info)
    return find_items(info, objects, "performers", performer_filter, filter, ids, performer_ids)


@query("allPerformers")
def all_performers(_parent: None, info: GraphQLResolveInfo) -> list[Item]:
    """All performers by name."""
    performers = _performers(info)
    return performers.read(performers.database.column("select id from performers order by name"))


field("Performer", "image_path")(image_path("performer"))


def _link(parent: Item, pattern: re.Pattern[str]) -> str | None:
    rows = parent.page.texts(_URLS).get(parent.key, [])
    return next((row[0] for row in rows if pattern.match(row[0])), None)


@field("Performer", "twitter")
def twitter(parent: Item, _info: GraphQLResolveInfo) -> str | None:
    """The first link to Twitter."""
    return _link(parent, TWITTER)


@field("Performer", "instagram")
def instagram(parent: Item, _info: GraphQLResolveInfo) -> str | None:
    """The first link to Instagram."""
    return _link(parent, INSTAGRAM)


@field("Performer", "custom_fields")
def custom_fields(parent: Item, _info: GraphQLResolveInfo) -> dict[str, Any]:
    """The custom fields, sorted by name."""
    rows = parent.page.rows(
        "custom fields",
        "select performer_id, field, value from performer_custom_fields"
        " where performer_id in {ids} order by field",
    )
    return dict(rows.get(parent.key, []))


@field("Performer", "scenes")
def scenes(parent: Item, _info: GraphQLResolveInfo) -> list[Item]:
    """The scenes that a performer appears in."""
    return parent.page.members(
        "scenes",
        SCENE,
        "select performer_id, scene_id from performers_scenes where performer_id in {ids}"
        " order by scene_id",
    ).get(parent.key, [])


@field("Performer", "groups", "movies")
def groups(parent: Item, _info: GraphQLResolveInfo) -> list[Item]:
    """The groups of a performer's scenes."""
    return parent.page.members(
        "groups",
        GROUP,
        "select distinct p.performer_id, g.group_id from performers_scenes p"
        " join groups_scenes g on g.scene_id = p.scene_id where p.performer_id in {ids}"
        " order by g.group_id",
    ).get(parent.key, [])
