"""Finding scenes, and their fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.registry import field, query
from stash_typed.sandbox.store.duplicates import find_duplicates
from stash_typed.sandbox.store.items import Item
from stash_typed.sandbox.store.kinds import GROUP, MARKER
from stash_typed.sandbox.store.scenes import Scenes

from .finding import find_items, find_one
from .relations import unix_time

__all__ = ["primary_file"]

_Maybe = Mapping[str, Any] | None


def _scenes(info: GraphQLResolveInfo) -> Scenes:
    return context_of(info).store.scenes


@query("findScene")
def find_scene(
    _parent: None, info: GraphQLResolveInfo, *, id: str | None = None, checksum: str | None = None
) -> Item | None:
    """One scene by id, or by the md5 of a file."""
    scenes = _scenes(info)
    if id is not None:
        return find_one(scenes, id)
    key = scenes.by_fingerprint("md5", checksum) if checksum is not None else None
    return None if key is None else scenes.get(key)


@query("findSceneByHash")
def find_scene_by_hash(
    _parent: None, info: GraphQLResolveInfo, *, input: Mapping[str, str | None]
) -> Item | None:
    """One scene by the md5 or oshash of a file."""
    scenes = _scenes(info)
    for name, kind in (("checksum", "md5"), ("oshash", "oshash")):
        value = input.get(name)
        key = None if value is None else scenes.by_fingerprint(kind, value)
        if key is not None:
            return scenes.get(key)
    return None


@query("findScenes")
def find_scenes(
    _parent: None,
    info: GraphQLResolveInfo,
    *,
    filter: _Maybe = None,
    scene_filter: _Maybe = None,
    ids: Sequence[str] | None = None,
    scene_ids: Sequence[int] | None = None,
) -> dict[str, Any]:
    """Scenes that match, or those with some ids."""
    return find_items(info, _scenes(info), "scenes", scene_filter, filter, ids, scene_ids)


@query("findScenesByPathRegex")
def find_scenes_by_path(
    _parent: None, info: GraphQLResolveInfo, *, filter: _Maybe = None
) -> dict[str, Any]:
    """Scenes with a file whose path matches the search text, a regular expression."""
    options = dict(filter or {})
    pattern = options.pop("q", None)
    criteria = None
    if pattern is not None:
        criteria = {"path": {"modifier": "MATCHES_REGEX", "value": f"(?i){pattern}"}}
    return find_items(info, _scenes(info), "scenes", criteria, options, None)


@query("allScenes")
def all_scenes(_parent: None, info: GraphQLResolveInfo) -> list[Item]:
    """All scenes, by the path of their first file."""
    scenes = _scenes(info)
    return scenes.read(scenes.by_path())


@query("sceneWall")
def scene_wall(_parent: None, info: GraphQLResolveInfo, *, q: str | None = None) -> list[Item]:
    """Up to 80 scenes in random order whose details hold a text."""
    scenes = _scenes(info)
    keys = scenes.database.column(
        "select id from scenes where details like ? order by random() limit 80", (f"%{q or ''}%",)
    )
    return scenes.read(keys)


@query("findDuplicateScenes")
def find_duplicate_scenes(
    _parent: None,
    info: GraphQLResolveInfo,
    *,
    distance: int | None = None,
    duration_diff: float | None = None,
) -> list[list[Item]]:
    """Groups of scenes whose files look alike."""
    scenes = _scenes(info)
    limit = -1.0 if duration_diff is None else duration_diff
    return [scenes.read(keys) for keys in find_duplicates(scenes.database, distance or 0, limit)]


def primary_file(item: Item) -> Item | None:
    """Return the first file of an object, or None."""
    files = item.page.files().get(item.key)
    return files[0] if files else None


def fingerprint(file: Item, kind: str) -> str:
    """Return a file's fingerprint of a kind, or an empty text."""
    rows = file.page.rows(
        kind,
        "select file_id, fingerprint from files_fingerprints"
        f" where file_id in {{ids}} and type = '{kind}'",
    ).get(file.key)
    return str(rows[0][0]) if rows else ""


@field("Scene", "files")
def files(parent: Item, _info: GraphQLResolveInfo) -> list[Item]:
    """A scene's files, the primary one first."""
    return parent.page.files().get(parent.key, [])


@field("Scene", "interactive")
def interactive(parent: Item, _info: GraphQLResolveInfo) -> bool:
    """Whether the first file has a script."""
    file = primary_file(parent)
    return bool(file and file["interactive"])


@field("Scene", "interactive_speed")
def interactive_speed(parent: Item, _info: GraphQLResolveInfo) -> int | None:
    """The speed of the first file's script."""
    file = primary_file(parent)
    return file["interactive_speed"] if file else None


@field("Scene", "captions")
def captions(parent: Item, _info: GraphQLResolveInfo) -> list[dict[str, str]] | None:
    """The captions of the first file; null without."""
    rows = parent.page.rows(
        "captions",
        "select l.scene_id, c.language_code, c.caption_type from scenes_files l"
        " join video_captions c on c.file_id = l.file_id"
        ' where l.scene_id in {ids} and l."primary" = 1',
    ).get(parent.key)
    if not rows:
        return None
    return [{"language_code": language, "caption_type": kind} for language, kind in rows]


@field("Scene", "scene_markers")
def scene_markers(parent: Item, _info: GraphQLResolveInfo) -> list[Item]:
    """A scene's markers, by their moments."""
    return parent.page.members(
        "markers",
        MARKER,
        "select scene_id, id from scene_markers where scene_id in {ids} order by seconds, id",
    ).get(parent.key, [])


def _grouped(parent: Item) -> list[tuple[Item, int | None]]:
    sql = (
        "select scene_id, group_id, scene_index from groups_scenes where scene_id in {ids}"
        " order by rowid"
    )
    rows = parent.page.rows("groups and places", sql).get(parent.key, [])
    groups = parent.page.members("groups", GROUP, sql).get(parent.key, [])
    by_key = {group.key: group for group in groups}
    return [(by_key[key], index) for key, index in rows]


@field("Scene", "groups")
def groups(parent: Item, _info: GraphQLResolveInfo) -> list[dict[str, Any]]:
    """The groups that a scene is in, and its number in them."""
    return [{"group": group, "scene_index": index} for group, index in _grouped(parent)]


@field("Scene", "movies")
def movies(parent: Item, _info: GraphQLResolveInfo) -> list[dict[str, Any]]:
    """The same under the old name."""
    return [{"movie": group, "scene_index": index} for group, index in _grouped(parent)]


def _moments(parent: Item, table: str, column: str) -> list[str]:
    sql = f"select scene_id, {column} from {table} where scene_id in {{ids}} order by {column} desc"
    return [row[0] for row in parent.page.rows(table, sql).get(parent.key, [])]


@field("Scene", "o_history")
def o_history(parent: Item, _info: GraphQLResolveInfo) -> list[str]:
    """The moments of a scene's o-count, the latest first."""
    return _moments(parent, "scenes_o_dates", "o_date")


@field("Scene", "o_counter")
def o_counter(parent: Item, _info: GraphQLResolveInfo) -> int:
    """A scene's o-count."""
    return len(_moments(parent, "scenes_o_dates", "o_date"))


@field("Scene", "play_history")
def play_history(parent: Item, _info: GraphQLResolveInfo) -> list[str]:
    """When a scene was played, the latest first."""
    return _moments(parent, "scenes_view_dates", "view_date")


@field("Scene", "play_count")
def play_count(parent: Item, _info: GraphQLResolveInfo) -> int:
    """How often a scene was played."""
    return len(_moments(parent, "scenes_view_dates", "view_date"))


@field("Scene", "last_played_at")
def last_played_at(parent: Item, _info: GraphQLResolveInfo) -> str | None:
    """When a scene was played last."""
    moments = _moments(parent, "scenes_view_dates", "view_date")
    return moments[0] if moments else None


@field("Scene", "paths")
def paths(parent: Item, info: GraphQLResolveInfo) -> dict[str, str]:
    """Links to a scene's media; the stream's carries the server's key."""
    context = context_of(info)
    base = context.request_base_url
    start = f"{base}/scene/{parent.key}"
    file = primary_file(parent)
    naming = str(context.state.config.general["videoFileNamingAlgorithm"]).lower()
    name = fingerprint(file, naming) if file else ""
    key = context.api_key_for_links
    return {
        "screenshot": f"{start}/screenshot?t={unix_time(parent)}",
        "preview": f"{start}/preview",
        "stream": f"{start}/stream" + (f"?apikey={key}" if key else ""),
        "webp": f"{start}/webp",
        "vtt": f"{base}/scene/{name}_thumbs.vtt",
        "sprite": f"{base}/scene/{name}_sprite.jpg",
        "funscript": f"{start}/funscript",
        "interactive_heatmap": f"{start}/interactive_heatmap",
        "caption": f"{start}/caption",
    }
