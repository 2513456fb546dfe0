"""The finder of scene markers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.store.kinds import MARKER

from .builder import Builder, inner, left
from .common import plain_sorts
from .criteria import day, moment, number
from .finder import Finder, Sort, by_text, nested, register
from .relations import has_one_of, linked, or_none, split
from .trees import TAG_TREE, linked_tree, tree_values

_SCENE = inner("scenes", "scenes.id = scene_markers.scene_id")
_LINKS = left("scene_markers_tags", "scene_markers_tags.scene_marker_id = scene_markers.id")


@or_none("scene_markers_tags.tag_id", _LINKS)
def _tags(builder: Builder, criterion: Mapping[str, Any]) -> None:
    """Add the criterion on a marker's tags, its primary tag among them."""
    modifier, wanted, unwanted = split(criterion)
    depth = criterion.get("depth")
    if modifier == "EQUALS" and depth:
        raise AnswerError("depth is not supported for equals modifier for marker tag filtering")
    if wanted:
        if modifier == "NOT_EQUALS":
            raise AnswerError("not equals modifier is not supported for scene marker tags")
        values = tree_values(builder.database, TAG_TREE, wanted, depth)
        builder.define(
            "marker_tags",
            "select t.scene_marker_id, v.column1 as root_id from scene_markers_tags t"
            f" join ({values}) v on v.column2 = t.tag_id"
            " union select m.id, v.column1 from scene_markers m"
            f" join ({values}) v on v.column2 = m.primary_tag_id",
        )
        builder.join(left("marker_tags", "marker_tags.scene_marker_id = scene_markers.id"))
        if modifier in ("INCLUDES", "INCLUDES_ALL", "EQUALS"):
            builder.require("marker_tags.root_id is not null")
        if modifier in ("INCLUDES_ALL", "EQUALS"):
            builder.require_group(f"count(distinct marker_tags.root_id) is {len(wanted)}")
        if modifier == "EQUALS":  # one of them is the primary tag
            builder.require(
                "(select count(*) from scene_markers_tags t"
                " where t.scene_marker_id = scene_markers.id) = ?",
                len(wanted) - 1,
            )
    # The server looks at the list as it was given: EXCLUDES without it excludes nothing.
    if criterion.get("excludes"):
        values = tree_values(builder.database, TAG_TREE, unwanted, depth)
        builder.require(
            "scene_markers.id not in (select scene_marker_id from scene_markers_tags"
            f" where tag_id in (select column2 from ({values})))"
        )
        builder.require(f"scene_markers.primary_tag_id not in (select column2 from ({values}))")


_scene_tags_tree = linked_tree(
    "marker_scenes_tags",
    ("scenes_tags", "scene_id", "tag_id"),
    TAG_TREE,
    "scene_markers",
    key="scene_id",
)


def _scene_tags(builder: Builder, criterion: Mapping[str, Any]) -> None:
    builder.join(left("scenes_tags", "scene_markers.scene_id = scenes_tags.scene_id"))
    _scene_tags_tree(builder, criterion)


_scene_performers = linked(
    left(
        "performers_scenes",
        "performers_join.scene_id = scene_markers.scene_id",
        "performers_join",
    ),
    "performers_join.performer_id",
    ("performers_scenes", "scene_id", "performer_id"),
    "scenes",
)


def _performers(builder: Builder, criterion: Mapping[str, Any]) -> None:
    builder.join(_SCENE)
    _scene_performers(builder, criterion)


register(
    Finder(
        kind=MARKER,
        filters={
            "tags": _tags,
            "scene_tags": _scene_tags,
            "performers": _performers,
            "scenes": has_one_of(
                "markers_scenes.id",
                "not exists (select 1 from scene_markers s where s.id = scene_markers.id"
                " and s.scene_id in {ids})",
                left("scenes", "markers_scenes.id = scene_markers.scene_id", "markers_scenes"),
                none=("scene_markers.scene_id", ()),
            ),
            "duration": number("(scene_markers.end_seconds - scene_markers.seconds)"),
            "created_at": moment("scene_markers.created_at"),
            "updated_at": moment("scene_markers.updated_at"),
            "scene_date": day("scenes.date", _SCENE),
            "scene_created_at": moment("scenes.created_at", _SCENE),
            "scene_updated_at": moment("scenes.updated_at", _SCENE),
            "scene_filter": nested("scene", "scenes.id", _SCENE),
        },
        search=("scene_markers.title", "scenes.title", "tags.name"),
        search_joins=(
            left("scenes", "scenes.id = scene_markers.scene_id"),
            left("tags", "scene_markers.primary_tag_id = tags.id"),
        ),
        sorts={
            **plain_sorts(MARKER, "scene_id seconds"),
            "title": by_text(
                "coalesce(nullif(scene_markers.title, ''), tags.name)",
                left("tags", "scene_markers.primary_tag_id = tags.id"),
            ),
            "scenes_updated_at": Sort(
                "scenes.updated_at {direction}",
                (left("scenes", "scenes.id = scene_markers.scene_id"),),
            ),
            "duration": Sort("(scene_markers.end_seconds - scene_markers.seconds) {direction}"),
        },
        last="scene_markers.scene_id, scene_markers.seconds, scene_markers.id",
        default_sort="title",
    )
)
