"""Finding scenes in their own ways, and their fields."""

from __future__ import annotations

from typing import Any

from ..content.pictures import plain_png
from ..errors import AnswerError
from ..graphql.context import Info, Input, context_of
from ..graphql.registry import field, mutation, query
from ..jobs import JobHandle
from ..store.duplicates import find_duplicates
from ..store.items import Item
from ..store.kinds import GROUP
from .finding import find_items
from .pictures import unix_time
from .relations import joined


@query("findSceneByHash")
def find_scene_by_hash(_parent: None, info: Info, *, input: Input) -> Item | None:
    scenes = context_of(info).store.scenes
    for name, kind in (("checksum", "md5"), ("oshash", "oshash")):
        value = input.get(name)
        key = None if value is None else scenes.by_fingerprint(kind, value)
        if key is not None:
            return scenes.get(key)
    return None


@query("findScenesByPathRegex")
def find_scenes_by_path(
    _parent: None, info: Info, *, filter: Input | None = None
) -> dict[str, Any]:
    """Find scenes with a file whose path matches the search text, a regular expression."""
    options = dict(filter or {})
    pattern = options.pop("q", None)
    criteria = None
    if pattern is not None:
        criteria = {"path": {"modifier": "MATCHES_REGEX", "value": f"(?i){pattern}"}}
    return find_items(info, context_of(info).store.scenes, "scenes", criteria, options)


@query("sceneWall")
def scene_wall(_parent: None, info: Info, *, q: str | None = None) -> list[Item]:
    """Return up to 80 scenes in random order whose details hold a text."""
    scenes = context_of(info).store.scenes
    keys = scenes.database.column(
        "select id from scenes where details like ? order by random() limit 80", (f"%{q or ''}%",)
    )
    return scenes.read(keys)


@query("findDuplicateScenes")
def find_duplicate_scenes(
    _parent: None, info: Info, *, distance: int | None = None, duration_diff: float | None = None
) -> list[list[Item]]:
    scenes = context_of(info).store.scenes
    limit = -1.0 if duration_diff is None else duration_diff
    return [scenes.read(keys) for keys in find_duplicates(scenes.database, distance or 0, limit)]


@mutation("sceneGenerateScreenshot")
def scene_generate_screenshot(
    _parent: None, info: Info, *, id: str, at: float | None = None
) -> str:
    """Start making a scene's cover; the picture is synthetic, the moment only colours it."""
    context = context_of(info)
    store = context.store

    def task(job: JobHandle) -> None:
        try:
            scene = int(id)
            store.scenes.require(scene)
        except (ValueError, AnswerError) as problem:
            raise AnswerError(f"error finding scene for screenshot generation: {problem}") from None
        job.check()
        store.set_blob("scene", scene, "cover", plain_png(64, 36, scene + int(at or 0)))

    context.jobs.add(f"Generating screenshot for scene id {id}", task)
    return "todo"  # what the real server answers, word for word


def primary_file(item: Item) -> Item | None:
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


@field("Scene", "interactive")
def interactive(parent: Item, _info: Info) -> bool:
    file = primary_file(parent)
    return bool(file and file["interactive"])


@field("Scene", "interactive_speed")
def interactive_speed(parent: Item, _info: Info) -> int | None:
    file = primary_file(parent)
    return file["interactive_speed"] if file else None


@field("Scene", "captions")
def captions(parent: Item, _info: Info) -> list[dict[str, str]] | None:
    """Return the captions of the first file; null without."""
    rows = parent.page.rows(
        "captions",
        "select l.scene_id, c.language_code, c.caption_type from scenes_files l"
        " join video_captions c on c.file_id = l.file_id"
        ' where l.scene_id in {ids} and l."primary" = 1',
    ).get(parent.key)
    if not rows:
        return None
    return [{"language_code": language, "caption_type": kind} for language, kind in rows]


_GROUPED = (
    "select scene_id, group_id, scene_index from groups_scenes where scene_id in {ids}"
    " order by rowid"
)
field("Scene", "groups")(joined(GROUP, _GROUPED, "group", "scene_index"))
field("Scene", "movies")(joined(GROUP, _GROUPED, "movie", "scene_index"))


def _declare_history(history: str, count: str, table: str, column: str, latest: str = "") -> None:
    sql = f"select scene_id, {column} from {table} where scene_id in {{ids}} order by {column} desc"

    def moments(parent: Item, _info: Info) -> list[str]:
        return [row[0] for row in parent.page.rows(table, sql).get(parent.key, [])]

    def count_of(parent: Item, info: Info) -> int:
        return len(moments(parent, info))

    def last(parent: Item, info: Info) -> str | None:
        return next(iter(moments(parent, info)), None)

    field("Scene", history)(moments)
    field("Scene", count)(count_of)
    if latest:
        field("Scene", latest)(last)


_declare_history("o_history", "o_counter", "scenes_o_dates", "o_date")
_declare_history(
    "play_history", "play_count", "scenes_view_dates", "view_date", latest="last_played_at"
)


@field("Scene", "paths")
def paths(parent: Item, info: Info) -> dict[str, str]:
    """Return links to a scene's media; the stream's carries the server's key."""
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
