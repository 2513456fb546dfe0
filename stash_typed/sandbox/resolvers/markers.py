"""Scene markers: finding, fields, changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.errors import PanicError
from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.registry import field, mutation, query
from stash_typed.sandbox.store.changes import Changes, ListChange
from stash_typed.sandbox.store.items import Item
from stash_typed.sandbox.store.kinds import MARKER, SCENE, TAG
from stash_typed.sandbox.store.markers import Markers

from ..graphql.inputs import changes_from
from .finding import find_items
from .ids import number, numbers

__all__: list[str] = []

_Input = Mapping[str, Any]
_Maybe = Mapping[str, Any] | None
_NEVER_NULL = ("scene_id", "primary_tag_id")


def _markers(info: GraphQLResolveInfo) -> Markers:
    return context_of(info).store.markers


@query("findSceneMarkers")
def find_scene_markers(
    _parent: None,
    info: GraphQLResolveInfo,
    *,
    filter: _Maybe = None,
    scene_marker_filter: _Maybe = None,
    ids: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Markers that match, or those with some ids."""
    return find_items(info, _markers(info), "scene_markers", scene_marker_filter, filter, ids)


@query("allSceneMarkers")
def all_scene_markers(_parent: None, info: GraphQLResolveInfo) -> list[Item]:
    """All markers."""
    markers = _markers(info)
    return markers.read(markers.all_ids())


@query("markerWall")
def marker_wall(_parent: None, info: GraphQLResolveInfo, *, q: str | None = None) -> list[Item]:
    """Up to 80 markers in random order whose title holds a text."""
    markers = _markers(info)
    keys = markers.database.column(
        "select id from scene_markers where title like ? order by random() limit 80",
        (f"%{q or ''}%",),
    )
    return markers.read(keys)


@query("markerStrings")
def marker_strings(
    _parent: None, info: GraphQLResolveInfo, *, q: str | None = None, sort: str | None = None
) -> list[dict[str, Any]]:
    """The titles that markers have, and how many have each."""
    return [
        {"count": count, "id": key, "title": title}
        for count, key, title in _markers(info).titles(q, sort)
    ]


@query("sceneMarkerTags")
def scene_marker_tags(
    _parent: None, info: GraphQLResolveInfo, *, scene_id: str
) -> list[dict[str, Any]]:
    """A scene's markers by their primary tags, in the order of their first moments."""
    markers = _markers(info)
    groups: dict[int, dict[str, Any]] = {}
    for item in markers.read([key for key, _ in markers.for_scene(number(scene_id))]):
        tag = item["primary_tag_id"]
        if tag not in groups:
            groups[tag] = {"tag": primary_tag(item, info), "scene_markers": []}
        groups[tag]["scene_markers"].append(item)
    return list(groups.values())


@field("SceneMarker", "scene")
def scene(parent: Item, _info: GraphQLResolveInfo) -> Item | None:
    """A marker's scene."""
    return parent.page.referred("scene_id", SCENE).get(parent["scene_id"])


@field("SceneMarker", "primary_tag")
def primary_tag(parent: Item, _info: GraphQLResolveInfo) -> Item | None:
    """A marker's primary tag."""
    return parent.page.referred("primary_tag_id", TAG).get(parent["primary_tag_id"])


def _link(name: str) -> Callable[[Item, GraphQLResolveInfo], str]:
    def resolve(parent: Item, info: GraphQLResolveInfo) -> str:
        base = context_of(info).request_base_url
        return f"{base}/scene/{parent['scene_id']}/scene_marker/{parent.key}/{name}"

    return resolve


for _name in ("stream", "preview", "screenshot"):
    field("SceneMarker", _name)(_link(_name))


def _marker_changes(given: _Input, *, new: bool = False) -> Changes:
    skip = _NEVER_NULL if new else ()
    changes = changes_from(MARKER, given, new=new, skip=skip)
    if "title" in given:  # a marker's title is never null
        changes.columns["title"] = (given["title"] or "").strip()
    for name in _NEVER_NULL:
        if new:
            changes.columns[name] = number(given[name], f"converting {name.replace('_', ' ')}")
        elif name in given and given[name] is None:
            raise PanicError("null value not allowed in optional int")
    return changes


@mutation("sceneMarkerCreate")
def scene_marker_create(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Add a marker."""
    markers = _markers(info)
    changes = _marker_changes(input, new=True)
    wanted = changes.ids.get("tag_ids")
    primary = changes.columns["primary_tag_id"]
    if wanted is not None:
        changes.ids["tag_ids"] = ListChange([tag for tag in wanted.values if tag != primary])
    return markers.get(markers.create(changes))


@mutation("sceneMarkerUpdate")
def scene_marker_update(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Change a marker."""
    markers = _markers(info)
    key = number(input["id"], "converting id")
    changes = _marker_changes(input)
    with markers.database.transaction():
        markers.check_edit(key, changes)
        markers.update(key, markers.with_tags(key, changes))
    return markers.get(key)


@mutation("bulkSceneMarkerUpdate")
def bulk_scene_marker_update(
    _parent: None, info: GraphQLResolveInfo, *, input: _Input
) -> list[Item] | None:
    """Change markers in the same way, all or none."""
    markers = _markers(info)
    keys = numbers(input.get("ids"), "converting ids")
    changes = _marker_changes(input)
    with markers.database.transaction():
        for key in keys:
            markers.update(key, markers.with_tags_of_many(key, changes))
    return markers.read(keys) or None


@mutation("sceneMarkerDestroy")
def scene_marker_destroy(_parent: None, info: GraphQLResolveInfo, *, id: str) -> bool:
    """Destroy a marker."""
    _markers(info).destroy([number(id, "converting ids")])
    return True


@mutation("sceneMarkersDestroy")
def scene_markers_destroy(_parent: None, info: GraphQLResolveInfo, *, ids: Sequence[str]) -> bool:
    """Destroy markers, all or none."""
    _markers(info).destroy(numbers(ids, "converting ids"))
    return True
