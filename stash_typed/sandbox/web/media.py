"""Pictures and videos: real files where they are there, small synthetic pictures elsewhere."""

from __future__ import annotations

import mimetypes
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ..content.archives import GALLERY, Archive, ArchiveError
from ..content.generated_files import GeneratedFiles
from ..content.pictures import default_svg, plain_png
from ..errors import refuse
from ..state import ServerState
from ..store.kinds import KINDS
from .file_answer import file_answer

__all__ = ["media_routes"]

_Answer = Callable[[ServerState, int, Request], Response]


def media_routes(state: ServerState) -> list[Route]:
    """Give the routes of everything that links in answers point at.

    Args:
        state: the server.
    """
    answers: dict[str, _Answer] = {
        "/scene/{id}/screenshot": _scene_cover,
        "/scene/{id}/stream": _scene_stream,
        "/scene/{id}/stream.mp4": _scene_stream,
        "/scene/{id}/preview": _generated("preview"),
        "/scene/{id}/webp": _generated("webp"),
        "/scene/{id}/interactive_heatmap": _generated("heatmap"),
        "/scene/{id}/vtt/chapter": _chapters,
        "/scene/{id}/scene_marker/{marker}/stream": _marker(".mp4"),
        "/scene/{id}/scene_marker/{marker}/preview": _marker(".webp"),
        "/scene/{id}/scene_marker/{marker}/screenshot": _marker(".jpg"),
        "/image/{id}/image": _image,
        "/image/{id}/thumbnail": _thumbnail,
        "/gallery/{id}/cover": _gallery_picture,
        "/gallery/{id}/preview/{number:int}": _gallery_picture,
        "/performer/{id}/image": _blob("performer", "image"),
        "/studio/{id}/image": _blob("studio", "image"),
        "/tag/{id}/image": _blob("tag", "image"),
        "/group/{id}/frontimage": _blob("group", "front"),
        "/group/{id}/backimage": _blob("group", "back"),
    }
    named = {"_thumbs.vtt": "sprite_text", "_sprite.jpg": "sprite"}
    converted = ("stream.webm", "stream.m3u8", "stream.mpd")
    return [
        *(Route(f"/scene/{{id}}/{name}", _refused) for name in converted),
        *(Route(path, _endpoint(state, answer)) for path, answer in answers.items()),
        *(
            Route(f"/scene/{{checksum}}{suffix}", _by_checksum(state, place))
            for suffix, place in named.items()
        ),
        *(
            Route(f"/{kind}/{{rest:path}}", _nothing)
            for kind in ("scene", "image", "gallery", "performer", "studio", "tag", "group")
        ),
    ]


async def _refused(request: Request) -> Response:
    name = request.url.path.rpartition("/")[2]
    return PlainTextResponse(f"{refuse(name)}\n", 501)


async def _nothing(_request: Request) -> Response:
    return _missing("404 page not found\n")


def _endpoint(state: ServerState, answer: _Answer) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        text: str = request.path_params["id"]
        if not text.isdecimal():
            return PlainTextResponse("Bad Request", 400)
        if state.store is None:
            return _missing()
        return answer(state, _key(text), request)

    return endpoint


def _by_checksum(state: ServerState, place: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        files = GeneratedFiles(state.generated_path, request.path_params["checksum"])
        return _file(state, getattr(files, place))

    return endpoint


def _key(digits: str) -> int:
    """Read an id; 0, which is nobody's, for more digits than the database can look for."""
    return int(digits) if len(digits) <= 18 else 0


def _missing(text: str = "Not Found") -> Response:
    return PlainTextResponse(text, 404, {"vary": "Origin"})


def _file(state: ServerState, path: Path) -> Response:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return file_answer(state.folders, path, media_type=kind)


def _picture(data: bytes, media_type: str) -> Response:
    return Response(data, 200, {"cache-control": "no-cache", "content-type": media_type})


def _blob(kind: str, name: str) -> _Answer:
    def answer(state: ServerState, key: int, request: Request) -> Response:
        store = state.require_store()
        if store.row(f"select 1 from {KINDS[kind].table} where id = ?", (key,)) is None:
            return _missing()
        found = store.blob(kind, key, name)
        if found is None or request.query_params.get("default") == "true":
            return _picture(default_svg(kind), "image/svg+xml")
        return _picture(*found)

    return answer


def _scene_cover(state: ServerState, key: int, _request: Request) -> Response:
    store = state.require_store()
    if store.scenes.get(key) is None:
        return _missing()
    found = store.blob("scene", key, "cover")
    return _picture(*(found or (default_svg("scene"), "image/svg+xml")))


def _scene_stream(state: ServerState, key: int, _request: Request) -> Response:
    store = state.require_store()
    if store.scenes.get(key) is None:
        return _missing()
    file = store.scenes.primary_file(key)
    if file is None:
        return _missing("404 page not found\n")
    return _file(state, Path(str(file["path"])))


def _places(state: ServerState, key: int) -> GeneratedFiles | None:
    file = state.require_store().scenes.primary_file(key)
    if file is None:
        return None
    fingerprints: dict[str, Any] = dict(file["fingerprints"])
    checksum = fingerprints.get("oshash") or fingerprints.get("md5") or str(key)
    return GeneratedFiles(state.generated_path, str(checksum))


def _generated(name: str) -> _Answer:
    def answer(state: ServerState, key: int, _request: Request) -> Response:
        places = _places(state, key)
        return _missing() if places is None else _file(state, getattr(places, name))

    return answer


def _marker(suffix: str) -> _Answer:
    def answer(state: ServerState, key: int, request: Request) -> Response:
        marker: str = request.path_params["marker"]
        places = _places(state, key)
        item = state.require_store().markers.get(_key(marker)) if marker.isdecimal() else None
        if places is None or item is None:
            return _missing()
        return _file(state, places.marker(float(item["seconds"]), suffix))

    return answer


def _chapters(state: ServerState, key: int, _request: Request) -> Response:
    store = state.require_store()
    if store.scenes.get(key) is None:
        return _missing()
    lines = ["WEBVTT"]
    marks = store.rows(
        "select title, seconds from scene_markers where scene_id = ? order by seconds", (key,)
    )
    for title, seconds in marks:
        start = f"{int(seconds) // 3600:02d}:{int(seconds) // 60 % 60:02d}:{seconds % 60:06.3f}"
        lines += ["", f"{start} --> {start}", title]
    text = "\n".join(lines).encode()
    return Response(text, 200, {"content-type": "text/vtt", "cache-control": "no-cache"})


def _image(state: ServerState, key: int, _request: Request) -> Response:
    file = state.require_store().images.primary_file(key)
    if file is None:
        return _missing()
    path = Path(str(file["path"]))
    folders = state.folders
    archive = next((each for each in path.parents if folders.is_file(each)), None)
    if archive is None:
        return _file(state, path)
    name = path.relative_to(archive).as_posix()
    try:
        with folders.open(archive) as opened:
            content = Archive(opened, GALLERY, name.__eq__)
            data = content.read(content.find(name))
    except ArchiveError as problem:
        return _missing(f"{problem}\n")
    return _picture(data, mimetypes.guess_type(path.name)[0] or "application/octet-stream")


def _thumbnail(state: ServerState, key: int, request: Request) -> Response:
    file = state.require_store().images.primary_file(key)
    if file is None:
        return _missing()
    checksum = str(file["fingerprints"].get("md5") or key)
    place = GeneratedFiles(state.generated_path, checksum).thumbnail
    if state.folders.is_file(place):
        return _file(state, place)
    return _picture(plain_png(32, 18, key), "image/png")


def _gallery_picture(state: ServerState, key: int, request: Request) -> Response:
    store = state.require_store()
    if store.galleries.get(key) is None:
        return _missing()
    number: int = request.path_params.get("number", 0)
    images = store.galleries.image_ids(key)
    if number >= len(images):
        return _missing()
    return _thumbnail(state, images[number], request)
