"""Objects as the files of an export have them: JSON with the names of what they refer to."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..store import Item, Store
from ..store.blobs import read_blob
from ..store.kind import Kind
from ..store.kinds import GALLERY, GROUP, IMAGE, KINDS, MARKER, PERFORMER, SCENE, STUDIO, TAG

EXPORTED = (TAG, STUDIO, PERFORMER, GROUP, GALLERY, IMAGE, SCENE)
"""All kinds, each after those that it refers to."""

SPELT: Mapping[str, str] = {"rating100": "rating", "height_cm": "height", "alias_list": "aliases"}
"""Field to its name in an export, where that is another."""

PICTURES: Mapping[str, str] = {
    "image": "image",
    "front_image": "front",
    "back_image": "back",
    "cover": "cover",
}
"""A picture's name in an export to its name in the data."""


def folder_of(kind: Kind) -> str:
    return "movies" if kind is GROUP else kind.table


def references(store: Store, kind: Kind, key: int) -> Iterator[tuple[Kind, int]]:
    queries = [
        (link.of, f"select {link.member} from {link.table} where {link.owner} = ?")
        for link in kind.id_lists
        if link.name not in ("child_ids", "scene_ids")
    ]
    queries += [
        ("studio", f"select {column.column} from {kind.table} where id = ?")
        for column in kind.columns
        if column.of == "studio"
    ]
    if kind is SCENE:
        queries.append(("group", "select group_id from groups_scenes where scene_id = ?"))
    for other, sql in queries:
        for found in store.column(sql, (key,)):
            if found is not None:
                yield KINDS[other], found


def to_json(item: Item) -> dict[str, Any]:
    """Return an object's JSON, without empty values."""
    page, kind = item.page, item.page.kind
    content: dict[str, Any] = {}
    for column in kind.columns:
        value = item[column.name]
        if column.of == "studio" and value is not None:
            studios = page.referred(column.name, STUDIO)
            content[column.answer or "studio"] = studios[value]["name"]
        elif column.type != "ref" and value not in ("", False, 0):
            content[SPELT.get(column.name, column.name)] = value
    if content.get("height"):
        content["height"] = str(content["height"])
    for texts in kind.text_lists:
        rows = page.texts(texts).get(item.key, [])
        content[SPELT.get(texts.name, texts.name)] = [text for (text,) in rows]
    for link in kind.id_lists:
        if link.of in ("tag", "performer") and link.name != "child_ids":
            linked = sorted(page.linked(link).get(item.key, []), key=lambda each: each.key)
            content[link.answer] = [each["name"] for each in linked]
    content.update(_more(item))
    for label, name in PICTURES.items():
        if name in kind.blobs:
            picture = read_blob(page.database, kind, item.key, name)
            content[label] = None if picture is None else base64.b64encode(picture).decode()
    kept = {name: value for name, value in content.items() if value not in (None, [], {})}
    return {**kept, "created_at": item["created_at"], "updated_at": item["updated_at"]}


def file_name(item: Item) -> str:
    title = str(item.get("name") or item.get("title") or "")
    short = re.sub(r"[^\w.-]+", "_", title)[:40]
    digest = hashlib.sha1(title.encode(), usedforsecurity=False).hexdigest()[:8]
    number = f".{item.key}" if item.page.kind.files else ""
    return f"{short}-{digest}{number}.json"


def _more(item: Item) -> Mapping[str, Any]:
    page, kind = item.page, item.page.kind
    more: dict[str, Any] = {}
    if kind.stash_ids:
        more["stash_ids"] = page.stash_ids().get(item.key, [])
    if kind.files:
        paths = [file["path"] for file in page.files().get(item.key, [])]
        more["zip_files" if kind is GALLERY else "files"] = paths
    if kind.custom_fields:
        more["custom_fields"] = dict(page.custom_fields().get(item.key, []))
    if kind is SCENE:
        more.update(_of_scene(item))
    return more


def _of_scene(item: Item) -> dict[str, Any]:
    database = item.page.database
    key = (item.key,)
    (tags,) = MARKER.id_lists
    markers = item.page.members(
        "exported markers",
        MARKER,
        "select scene_id, id from scene_markers where scene_id in {ids} order by seconds, id",
    )
    return {
        "movies": [
            {"movieName": name, "scene_index": index}
            for name, index in database.rows(
                "select g.name, j.scene_index from groups_scenes j"
                " join groups g on g.id = j.group_id where j.scene_id = ? order by g.id",
                key,
            )
        ],
        "markers": [
            {
                "title": marker["title"],
                "seconds": str(marker["seconds"]),
                "end_seconds": None
                if marker["end_seconds"] is None
                else str(marker["end_seconds"]),
                "primary_tag": marker.page.referred("primary_tag_id", TAG)[
                    marker["primary_tag_id"]
                ]["name"],
                "tags": [tag["name"] for tag in marker.page.linked(tags).get(marker.key, [])],
                "created_at": marker["created_at"],
                "updated_at": marker["updated_at"],
            }
            for marker in markers.get(item.key, [])
        ],
        "play_history": database.column(
            "select view_date from scenes_view_dates where scene_id = ? order by view_date", key
        ),
        "o_history": database.column(
            "select o_date from scenes_o_dates where scene_id = ? order by o_date", key
        ),
    }
