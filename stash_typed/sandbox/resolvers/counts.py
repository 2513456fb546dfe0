"""Fields that count related objects, with or without a hierarchy below."""

from __future__ import annotations

from collections.abc import Callable

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.registry import field
from stash_typed.sandbox.store.items import Item
from stash_typed.sandbox.store.objects import Objects

__all__: list[str] = []

_STUDIO_PERFORMERS = " union ".join(
    f"select o.studio_id as owner, l.performer_id as member from {table} o"
    f" join {links} l on l.{owner} = o.id where o.studio_id in {{ids}}"
    for table, links, owner in (
        ("scenes", "performers_scenes", "scene_id"),
        ("images", "performers_images", "image_id"),
        ("galleries", "performers_galleries", "gallery_id"),
    )
)
_APPEARS_WITH = " union ".join(
    f"select a.performer_id as owner, b.performer_id as member from {links} a"
    f" join {links} b on a.{owner} = b.{owner} and a.performer_id != b.performer_id"
    " where a.performer_id in {ids}"
    for links, owner in (
        ("performers_scenes", "scene_id"),
        ("performers_images", "image_id"),
        ("performers_galleries", "gallery_id"),
    )
)


def _rows(table: str, owner: str) -> str:
    return f"select {owner}, count(*) from {table} where {owner} in {{ids}} group by {owner}"


def _pairs(pairs: str) -> str:
    return f"select owner, count(distinct member) from ({pairs}) group by owner"


_COUNTS: dict[tuple[str, str], tuple[str, str, str]] = {
    ("Tag", "scene_count"): (_rows("scenes_tags", "tag_id"), "scenes", "tags"),
    ("Tag", "image_count"): (_rows("images_tags", "tag_id"), "images", "tags"),
    ("Tag", "gallery_count"): (_rows("galleries_tags", "tag_id"), "galleries", "tags"),
    ("Tag", "performer_count"): (_rows("performers_tags", "tag_id"), "performers", "tags"),
    ("Tag", "studio_count"): (_rows("studios_tags", "tag_id"), "studios", "tags"),
    ("Tag", "group_count"): (_rows("groups_tags", "tag_id"), "groups", "tags"),
    ("Tag", "movie_count"): (_rows("groups_tags", "tag_id"), "groups", "tags"),
    ("Tag", "scene_marker_count"): (
        _pairs(
            "select tag_id as owner, scene_marker_id as member from scene_markers_tags"
            " where tag_id in {ids} union select primary_tag_id, id from scene_markers"
            " where primary_tag_id in {ids}"
        ),
        "markers",
        "tags",
    ),
    ("Tag", "parent_count"): (_rows("tags_relations", "child_id"), "", ""),
    ("Tag", "child_count"): (_rows("tags_relations", "parent_id"), "", ""),
    ("Studio", "scene_count"): (_rows("scenes", "studio_id"), "scenes", "studios"),
    ("Studio", "image_count"): (_rows("images", "studio_id"), "images", "studios"),
    ("Studio", "gallery_count"): (_rows("galleries", "studio_id"), "galleries", "studios"),
    ("Studio", "group_count"): (_rows("groups", "studio_id"), "groups", "studios"),
    ("Studio", "movie_count"): (_rows("groups", "studio_id"), "groups", "studios"),
    ("Studio", "performer_count"): (_pairs(_STUDIO_PERFORMERS), "performers", "studios"),
    ("Performer", "scene_count"): (_rows("performers_scenes", "performer_id"), "", ""),
    ("Performer", "image_count"): (_rows("performers_images", "performer_id"), "", ""),
    ("Performer", "gallery_count"): (_rows("performers_galleries", "performer_id"), "", ""),
    ("Performer", "performer_count"): (_pairs(_APPEARS_WITH), "", ""),
    ("Performer", "group_count"): (
        "select p.performer_id, count(distinct g.group_id) from performers_scenes p"
        " join groups_scenes g on g.scene_id = p.scene_id where p.performer_id in {ids}"
        " group by p.performer_id",
        "",
        "",
    ),
    ("Group", "scene_count"): (_rows("groups_scenes", "group_id"), "scenes", "groups"),
    ("Group", "sub_group_count"): (
        _rows("groups_relations", "containing_id"),
        "groups",
        "containing_groups",
    ),
    ("Group", "performer_count"): (
        "select g.group_id, count(distinct p.performer_id) from groups_scenes g"
        " join performers_scenes p on p.scene_id = g.scene_id where g.group_id in {ids}"
        " group by g.group_id",
        "performers",
        "groups",
    ),
}
"""Type and field to: the count for a page of objects; the kind and criterion for a depth."""

_SAME = {
    ("Performer", "movie_count"): ("Performer", "group_count"),
    ("Movie", "scene_count"): ("Group", "scene_count"),
}


def _counter(name: str, sql: str, kind: str, criterion: str) -> Callable[..., int]:
    def resolve(parent: Item, info: GraphQLResolveInfo, *, depth: int | None = None) -> int:
        if not depth:
            rows = parent.page.rows(name, sql).get(parent.key)
            return rows[0][0] if rows else 0
        objects: Objects = getattr(context_of(info).store, kind)
        wanted = {"value": [str(parent.key)], "modifier": "INCLUDES", "depth": depth}
        return objects.find({criterion: wanted}, {"per_page": 0}).count

    return resolve


for (_type, _name), (_sql, _kind, _criterion) in _COUNTS.items():
    field(_type, _name)(_counter(_name, _sql, _kind, _criterion))
for (_type, _name), _source in _SAME.items():
    field(_type, _name)(_counter(_name, *_COUNTS[_source]))

_O_COUNTS = {
    "Performer": (
        "select l.performer_id, count(*) from performers_scenes l"
        " join scenes_o_dates d on d.scene_id = l.scene_id where l.performer_id in {ids}"
        " group by l.performer_id",
        "select l.performer_id, sum(i.o_counter) from performers_images l"
        " join images i on i.id = l.image_id where l.performer_id in {ids}"
        " group by l.performer_id",
    ),
    "Studio": (
        "select s.studio_id, count(*) from scenes s join scenes_o_dates d on d.scene_id = s.id"
        " where s.studio_id in {ids} group by s.studio_id",
        "select studio_id, sum(o_counter) from images where studio_id in {ids} group by studio_id",
    ),
    "Group": (
        "select l.group_id, count(*) from groups_scenes l"
        " join scenes_o_dates d on d.scene_id = l.scene_id where l.group_id in {ids}"
        " group by l.group_id",
    ),
}


def _o_counter(queries: tuple[str, ...]) -> Callable[[Item, GraphQLResolveInfo], int]:
    def resolve(parent: Item, _info: GraphQLResolveInfo) -> int:
        found = [
            parent.page.rows(f"o-count {place}", sql).get(parent.key)
            for place, sql in enumerate(queries)
        ]
        return sum(rows[0][0] or 0 for rows in found if rows)

    return resolve


for _type, _queries in _O_COUNTS.items():
    field(_type, "o_counter")(_o_counter(_queries))
