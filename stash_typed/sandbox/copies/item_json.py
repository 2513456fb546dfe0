"""Objects as the files of an export have them: JSON with the names of what they refer to."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..store import Item, Store
from ..store.kind import Kind
from ..store.kinds import GALLERY, GROUP, IMAGE, PERFORMER, SCENE, STUDIO, TAG

__all__ = ["EXPORTED", "PICTURES", "SPELT", "Exported", "file_name", "references", "to_json"]


@dataclass(frozen=True)
class Exported:
    """How a kind is exported."""

    kind: Kind
    argument: str
    folder: str


EXPORTED = (
    Exported(TAG, "tags", "tags"),
    Exported(STUDIO, "studios", "studios"),
    Exported(PERFORMER, "performers", "performers"),
    Exported(GROUP, "groups", "movies"),
    Exported(GALLERY, "galleries", "galleries"),
    Exported(IMAGE, "images", "images"),
    Exported(SCENE, "scenes", "scenes"),
)
"""All kinds, each after those that it refers to."""

SPELT: Mapping[str, str] = {"rating100": "rating", "height_cm": "height", "alias_list": "aliases"}
"""Field to its name in an export, where that is another."""

_NAMES = {"tag_ids": "tags", "performer_ids": "performers", "parent_ids": "parents"}
PICTURES: Mapping[str, str] = {
    "image": "image",
    "front_image": "front",
    "back_image": "back",
    "cover": "cover",
}
"""A picture's name in an export to its name in the data."""


def references(store: Store, kind: Kind, key: int) -> Iterator[tuple[Kind, int]]:
    """Return what an object refers to, as kinds and ids."""
    for link in kind.id_lists:
        if link.name in ("child_ids", "scene_ids"):
            continue
        other = next(each.kind for each in EXPORTED if each.kind.name == link.of)
        for found in _linked(store, kind, link.name, key):
            yield other, found
    for column in kind.columns:
        if column.name in ("studio_id", "parent_id"):
            found = store.value(f"select {column.column} from {kind.table} where id = ?", (key,))
            if found is not None:
                yield STUDIO, int(found)
    if kind is SCENE:
        for found in store.column("select group_id from groups_scenes where scene_id = ?", (key,)):
            yield GROUP, int(found)


def to_json(store: Store, kind: Kind, item: Item) -> dict[str, Any]:
    """Return an object's JSON; what is empty is left out."""
    content: dict[str, Any] = {}
    for column in kind.columns:
        value = item[column.name]
        if column.type != "ref" and value not in (None, "", False, 0, 0.0):
            content[SPELT.get(column.name, column.name)] = value
    if "height" in content:
        content["height"] = str(content["height"])
    for texts in kind.text_lists:
        order = "position" if texts.ordered else texts.column
        found = store.column(
            f"select {texts.column} from {texts.table} where {texts.owner} = ? order by {order}",
            (item.key,),
        )
        content[SPELT.get(texts.name, texts.name)] = found
    for link in kind.id_lists:
        if link.name in _NAMES:
            table = next(each.kind.table for each in EXPORTED if each.kind.name == link.of)
            content[_NAMES[link.name]] = [
                store.value(f"select name from {table} where id = ?", (key,))
                for key in _linked(store, kind, link.name, item.key)
            ]
    content.update(_more(store, kind, item))
    for name, blob in kind.blobs.items():
        picture = store.value(
            f"select b.blob from {kind.table} o join blobs b on b.checksum = o.{blob}"
            " where o.id = ?",
            (item.key,),
        )
        label = next(label for label, each in PICTURES.items() if each == name)
        content[label] = None if picture is None else base64.b64encode(picture).decode()
    kept = {name: value for name, value in content.items() if value not in (None, [], {})}
    return {**kept, "created_at": item["created_at"], "updated_at": item["updated_at"]}


def file_name(store: Store, kind: Kind, item: Item) -> str:
    """Return the name of an object's file in an export."""
    title = str(item.get("name") or item.get("title") or "")
    short = re.sub(r"[^\w.-]+", "_", title)[:40]
    digest = hashlib.sha1(title.encode(), usedforsecurity=False).hexdigest()[:8]
    if kind.name in ("scene", "image", "gallery"):
        return f"{short}-{digest}.{item.key}.json"
    return f"{short}-{digest}.json"


def _linked(store: Store, kind: Kind, name: str, key: int) -> list[int]:
    link = next(each for each in kind.id_lists if each.name == name)
    return store.column(
        f"select {link.member} from {link.table} where {link.owner} = ? order by {link.member}",
        (key,),
    )


def _more(store: Store, kind: Kind, item: Item) -> Mapping[str, Any]:
    more: dict[str, Any] = {}
    for name, label in (("studio_id", "studio"), ("parent_id", "parent_studio")):
        if item.get(name) is not None:
            more[label] = store.value("select name from studios where id = ?", (item[name],))
    if kind.stash_ids:
        more["stash_ids"] = [
            {"endpoint": endpoint, "stash_id": stash_id, "updated_at": updated_at}
            for endpoint, stash_id, updated_at in store.rows(
                f"select endpoint, stash_id, updated_at from {kind.stash_ids}"
                f" where {kind.owner} = ? order by endpoint, stash_id",
                (item.key,),
            )
        ]
    if kind.files:
        paths = store.column(
            "select rtrim(d.path, '/') || '/' || f.basename from files f"
            f" join folders d on d.id = f.parent_folder_id join {kind.files} j on j.file_id = f.id"
            f' where j.{kind.owner} = ? order by j."primary" desc, f.id',
            (item.key,),
        )
        more["zip_files" if kind is GALLERY else "files"] = paths
    if kind is PERFORMER:
        more["custom_fields"] = dict(
            store.rows(
                "select field, value from performer_custom_fields where performer_id = ?",
                (item.key,),
            )
        )
    if kind is SCENE:
        more.update(_of_scene(store, item.key))
    return more


def _of_scene(store: Store, key: int) -> dict[str, Any]:
    markers = store.rows(
        "select m.id, m.title, m.seconds, m.end_seconds, t.name, m.created_at, m.updated_at"
        " from scene_markers m join tags t on t.id = m.primary_tag_id"
        " where m.scene_id = ? order by m.seconds, m.id",
        (key,),
    )
    tags_of = (
        "select t.name from tags t join scene_markers_tags j on j.tag_id = t.id"
        " where j.scene_marker_id = ? order by t.name"
    )
    return {
        "movies": [
            {"movieName": name, "scene_index": index}
            for name, index in store.rows(
                "select g.name, j.scene_index from groups_scenes j"
                " join groups g on g.id = j.group_id where j.scene_id = ? order by g.id",
                (key,),
            )
        ],
        "markers": [
            {
                "title": title,
                "seconds": str(seconds),
                "end_seconds": None if end is None else str(end),
                "primary_tag": primary,
                "tags": store.column(tags_of, (marker,)),
                "created_at": created,
                "updated_at": updated,
            }
            for marker, title, seconds, end, primary, created, updated in markers
        ],
        "play_history": store.column(
            "select view_date from scenes_view_dates where scene_id = ? order by view_date", (key,)
        ),
        "o_history": store.column(
            "select o_date from scenes_o_dates where scene_id = ? order by o_date", (key,)
        ),
    }
