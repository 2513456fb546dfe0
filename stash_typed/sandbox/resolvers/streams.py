"""The links that a scene can be streamed from."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from ..content.generated_files import GeneratedFiles
from ..graphql.context import Info, context_of
from ..graphql.inputs import number
from ..graphql.registry import field, query
from ..store.find.criteria import RESOLUTIONS
from ..store.items import Item
from .scenes import fingerprint, primary_file

_Way = tuple[str, str, str]
"""A way to stream: its name, its media type, and what the link ends in."""

_DIRECT = ("Direct stream", "video/mp4", "")
_MKV = ("MKV", "video/mp4", ".mkv")
_CONVERTED = (
    ("MP4", "video/mp4", ".mp4"),
    ("WEBM", "video/webm", ".webm"),
    ("HLS", "application/vnd.apple.mpegurl", ".m3u8"),
    ("DASH", "application/dash+xml", ".mpd"),
)
_SIZES = {
    "FOUR_K": " 4K (2160p)",
    "FULL_HD": " Full HD (1080p)",
    "STANDARD_HD": " HD (720p)",
    "STANDARD": " Standard (480p)",
    "LOW": " Low (240p)",
}
_AUDIO = {
    "matroska": ("aac", "mp3", "vorbis", "opus"),
    "webm": ("vorbis", "opus"),
    "mp4": ("aac", "mp3", "opus"),
}


@field("Scene", "sceneStreams")
def scene_streams(parent: Item, info: Info) -> list[dict[str, str]]:
    """Return all ways to stream a scene; a scene without a file has none."""
    context = context_of(info)
    file = primary_file(parent)
    if file is None:
        return []
    start = f"{context.request_base_url}/scene/{parent.key}/stream"
    key = {"apikey": context.api_key_for_links} if context.api_key_for_links else {}

    def link(way: _Way, size: str = "") -> dict[str, str]:
        label, media_type, suffix = way
        values = {**key, "resolution": size} if size else key
        url = start + suffix + (f"?{urlencode(values)}" if values else "")
        return {"url": url, "mime_type": media_type, "label": label + _SIZES.get(size, "")}

    general = context.state.config.general
    ways: list[dict[str, str]] = []
    audio = file["audio_codec"] or ""
    container = file["format"] or ""
    fits = not audio or audio in _AUDIO.get(container, ())
    naming = str(general["videoFileNamingAlgorithm"]).lower()
    checksum = fingerprint(file, naming)
    transcode = GeneratedFiles(context.state.generated_path, checksum).transcode
    if (container in _AUDIO and fits) or (checksum and context.state.folders.is_file(transcode)):
        ways.append(link(_DIRECT))
    if container == "matroska":
        ways.append(link(_MKV))
    sizes = _sizes(file, str(general["maxStreamingTranscodeSize"] or "ORIGINAL"))
    return [*ways, *(link(way, size) for way in _CONVERTED for size in sizes)]


def _sizes(file: Item, largest: str) -> list[str]:
    """Return the sizes that a file is converted to: none above its own or the largest allowed."""
    own = min(file["width"], file["height"])
    limit = None if largest == "ORIGINAL" else RESOLUTIONS[largest][0]
    sizes = ["ORIGINAL"] if limit is None or limit >= own else []
    for size in _SIZES:
        low = RESOLUTIONS[size][0]
        if (not own or own >= low) and (limit is None or limit >= low):
            sizes.append(size)
    return sizes


@query("sceneStreams")
def streams_of(_parent: None, info: Info, *, id: str | None = None) -> list[dict[str, Any]]:
    return scene_streams(context_of(info).store.scenes.require(number(id or "")), info)
