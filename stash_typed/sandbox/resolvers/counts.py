"""Fields that count related objects, with or without a hierarchy below."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..graphql.context import Info, context_of
from ..graphql.registry import field
from ..store.items import Item
from ..store.kinds import PERFORMER, STUDIO, TAG, listing, referring
from ..store.objects import Objects
from .relations import spellings

_WORKS = tuple((kind, link) for kind, link in listing(PERFORMER))

_STUDIO_PERFORMERS = " union ".join(
    f"select o.studio_id as owner, l.performer_id as member from {kind.table} o"
    f" join {link.table} l on l.{link.owner} = o.id where o.studio_id in {{ids}}"
    for kind, link in _WORKS
)
_APPEARS_WITH = " union ".join(
    f"select a.performer_id as owner, b.performer_id as member from {link.table} a"
    f" join {link.table} b on a.{link.owner} = b.{link.owner} and a.performer_id != b.performer_id"
    " where a.performer_id in {ids}"
    for _, link in _WORKS
)
_MARKERS = (
    "select tag_id as owner, scene_marker_id as member from scene_markers_tags"
    " where tag_id in {ids} union select primary_tag_id, id from scene_markers"
    " where primary_tag_id in {ids}"
)


def _rows(table: str, owner: str) -> str:
    return f"select {owner}, count(*) from {table} where {owner} in {{ids}} group by {owner}"


def _pairs(pairs: str) -> str:
    return f"select owner, count(distinct member) from ({pairs}) group by owner"


def _through_scenes(links: str, owner: str, others: str, member: str) -> str:
    return (
        f"select l.{owner}, count(distinct o.{member}) from {links} l"
        f" join {others} o on o.scene_id = l.scene_id where l.{owner} in {{ids}} group by l.{owner}"
    )


_Count = tuple[str, str, str]


def _counts() -> Iterator[tuple[tuple[str, str], _Count]]:
    """Yield type and field, and the count for a page; with a depth the objects and criterion."""
    for kind, link in listing(TAG):
        yield ("Tag", f"{kind.noun}_count"), (_rows(link.table, "tag_id"), kind.table, "tags")
    for kind, _ in referring(STUDIO):
        sql = _rows(kind.table, "studio_id")
        yield ("Studio", f"{kind.noun}_count"), (sql, kind.table, "studios")
    for kind, link in listing(PERFORMER):
        yield ("Performer", f"{kind.noun}_count"), (_rows(link.table, "performer_id"), "", "")
    groups = _through_scenes("performers_scenes", "performer_id", "groups_scenes", "group_id")
    performers = _through_scenes("groups_scenes", "group_id", "performers_scenes", "performer_id")
    sub_groups = _rows("groups_relations", "containing_id")
    yield ("Tag", "scene_marker_count"), (_pairs(_MARKERS), "markers", "tags")
    yield ("Tag", "parent_count"), (_rows("tags_relations", "child_id"), "", "")
    yield ("Tag", "child_count"), (_rows("tags_relations", "parent_id"), "", "")
    yield ("Studio", "performer_count"), (_pairs(_STUDIO_PERFORMERS), "performers", "studios")
    yield ("Performer", "performer_count"), (_pairs(_APPEARS_WITH), "", "")
    yield ("Performer", "group_count"), (groups, "", "")
    yield ("Group", "scene_count"), (_rows("groups_scenes", "group_id"), "scenes", "groups")
    yield ("Group", "performer_count"), (performers, "performers", "groups")
    yield ("Group", "sub_group_count"), (sub_groups, "groups", "containing_groups")
    yield ("Gallery", "image_count"), (_rows("galleries_images", "gallery_id"), "", "")


def _counter(name: str, sql: str, kind: str, criterion: str) -> Callable[..., int]:
    def resolve(parent: Item, info: Info, *, depth: int | None = None) -> int:
        if not depth:
            rows = parent.page.rows(name, sql).get(parent.key)
            return rows[0][0] if rows else 0
        objects: Objects = getattr(context_of(info).store, kind)
        wanted = {"value": [str(parent.key)], "modifier": "INCLUDES", "depth": depth}
        return objects.find({criterion: wanted}, {"per_page": 0}).count

    return resolve


for (_type, _name), _count in dict(_counts()).items():  # what comes later holds
    for _names in spellings(_type, _name):
        field(*_names)(_counter(_name, *_count))


def _o_counts(links: str, owner: str) -> str:
    return (
        f"select l.{owner}, count(*) from {links} l"
        f" join scenes_o_dates d on d.scene_id = l.scene_id where l.{owner} in {{ids}}"
        f" group by l.{owner}"
    )


_O_COUNTS = {
    "Performer": (
        _o_counts("performers_scenes", "performer_id"),
        "select l.performer_id, sum(i.o_counter) from performers_images l"
        " join images i on i.id = l.image_id where l.performer_id in {ids}"
        " group by l.performer_id",
    ),
    "Studio": (
        _o_counts("(select studio_id, id as scene_id from scenes)", "studio_id"),
        "select studio_id, sum(o_counter) from images where studio_id in {ids} group by studio_id",
    ),
    "Group": (_o_counts("groups_scenes", "group_id"),),
}


def _o_counter(queries: tuple[str, ...]) -> Callable[[Item, Info], int]:
    def resolve(parent: Item, _info: Info) -> int:
        found = [
            parent.page.rows(f"o-count {place}", sql).get(parent.key)
            for place, sql in enumerate(queries)
        ]
        return sum(rows[0][0] or 0 for rows in found if rows)

    return resolve


for _type, _queries in _O_COUNTS.items():
    field(_type, "o_counter")(_o_counter(_queries))
