"""Scene markers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import PanicError
from ..graphql.context import Info, Input, context_of
from ..graphql.inputs import number
from ..graphql.registry import field, query
from ..store import Changes, Item, ListChange, Store
from ..store.kinds import MARKER, TAG
from .declaring import Declaration, Mode

_NEVER_NULL = ("scene_id", "primary_tag_id")


def _changes(changes: Changes, given: Input, mode: Mode) -> None:
    if "title" in given:  # a marker's title is never null
        changes.columns["title"] = (given["title"] or "").strip()
    for name in _NEVER_NULL:
        if name in given:
            if given[name] is None:
                raise PanicError("null value not allowed in optional int")
            doing = f"converting {name.replace('_', ' ')}"
            if mode != "create":
                doing = f"{doing}: converting {given[name]} to int"
            changes.columns[name] = number(given[name], doing)
    wanted = changes.ids.get("tag_ids")
    if mode == "create" and wanted is not None:
        primary = changes.columns["primary_tag_id"]
        changes.ids["tag_ids"] = ListChange([tag for tag in wanted.values if tag != primary])


def _with_tags(store: Store, key: int, changes: Changes, _given: Input, mode: Mode) -> Changes:
    markers = store.markers
    fit = markers.with_tags_of_many if mode == "bulk" else markers.with_tags
    return fit(key, changes)


Declaration(
    MARKER,
    "SceneMarkers",
    objects="markers",
    skip=_NEVER_NULL,
    changes=_changes,
    fitted=_with_tags,
).declare()


@query("markerWall")
def marker_wall(_parent: None, info: Info, *, q: str | None = None) -> list[Item]:
    """Return up to 80 markers in random order whose title holds a text."""
    markers = context_of(info).store.markers
    keys = markers.database.column(
        "select id from scene_markers where title like ? order by random() limit 80",
        (f"%{q or ''}%",),
    )
    return markers.read(keys)


@query("markerStrings")
def marker_strings(
    _parent: None, info: Info, *, q: str | None = None, sort: str | None = None
) -> list[dict[str, Any]]:
    condition, arguments = ("", ()) if q is None else (" where title like ?", (f"%{q}%",))
    order = "count(*) desc" if sort == "count" else "title"
    rows = context_of(info).store.rows(
        f"select count(*), id, title from scene_markers{condition} group by title order by {order}",
        arguments,
    )
    return [dict(zip(("count", "id", "title"), row, strict=True)) for row in rows]


@query("sceneMarkerTags")
def scene_marker_tags(_parent: None, info: Info, *, scene_id: str) -> list[dict[str, Any]]:
    """Return a scene's markers by their primary tags, in the order of their first moments."""
    markers = context_of(info).store.markers
    groups: dict[int, dict[str, Any]] = {}
    for item in markers.read([key for key, _ in markers.for_scene(number(scene_id))]):
        key = item["primary_tag_id"]
        tag = item.page.referred("primary_tag_id", TAG).get(key)
        groups.setdefault(key, {"tag": tag, "scene_markers": []})["scene_markers"].append(item)
    return list(groups.values())


def _link(name: str) -> Callable[[Item, Info], str]:
    def resolve(parent: Item, info: Info) -> str:
        base = context_of(info).request_base_url
        return f"{base}/scene/{parent['scene_id']}/scene_marker/{parent.key}/{name}"

    return resolve


for _name in ("stream", "preview", "screenshot"):
    field("SceneMarker", _name)(_link(_name))
