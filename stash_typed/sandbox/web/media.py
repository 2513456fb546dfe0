"""Pictures and videos: real files if they exist, small synthetic pictures otherwise."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from ..content.archives import GALLERY, Archive, ArchiveError
from ..content.generated_files import GeneratedFiles
from ..content.pictures import default_svg, plain_png
from ..errors import refuse
from ..state import ServerState
from ..store import Store
from ..store.kinds import KINDS

_Answer = Callable[[ServerState, Store, int, Request], Response]
_NO_PAGE = "404 page not found\n"


async def download(request: Request) -> Response:
    state: ServerState = request.app.state.server
    file = state.downloads.use(request.path_params["token"])
    if file is None:
        return _missing(_NO_PAGE)
    headers = {"cache-control": "no-store", "vary": "Origin"}
    return _file(state, file.path, file.content_type, headers)


def media_routes() -> list[Route]:
    answers: dict[str, _Answer] = {
        "/scene/{id}/screenshot": _scene_cover,
        "/scene/{id}/stream": _scene_stream,
        "/scene/{id}/stream.mp4": _scene_stream,
        "/scene/{id}/preview": partial(_generated, "preview"),
        "/scene/{id}/webp": partial(_generated, "webp"),
        "/scene/{id}/interactive_heatmap": partial(_generated, "heatmap"),
        "/scene/{id}/vtt/chapter": _chapters,
        "/scene/{id}/scene_marker/{marker}/stream": partial(_marker, ".mp4"),
        "/scene/{id}/scene_marker/{marker}/preview": partial(_marker, ".webp"),
        "/scene/{id}/scene_marker/{marker}/screenshot": partial(_marker, ".jpg"),
        "/image/{id}/image": _image,
        "/image/{id}/thumbnail": _thumbnail,
        "/gallery/{id}/cover": _gallery_picture,
        "/gallery/{id}/preview/{number:int}": _gallery_picture,
        "/performer/{id}/image": partial(_blob, "performer", "image"),
        "/studio/{id}/image": partial(_blob, "studio", "image"),
        "/tag/{id}/image": partial(_blob, "tag", "image"),
        "/group/{id}/frontimage": partial(_blob, "group", "front"),
        "/group/{id}/backimage": partial(_blob, "group", "back"),
    }
    converted = ("stream.webm", "stream.m3u8", "stream.mpd")
    kinds = ("scene", "image", "gallery", "performer", "studio", "tag", "group")
    return [
        *(Route(f"/scene/{{id}}/{name}", _refused) for name in converted),
        *(
            Route(path, partial(_answered, path.split("/")[1], answer))
            for path, answer in answers.items()
        ),
        Route("/scene/{checksum}_thumbs.vtt", partial(_by_checksum, "sprite_text")),
        Route("/scene/{checksum}_sprite.jpg", partial(_by_checksum, "sprite")),
        *(Route(f"/{kind}/{{rest:path}}", _nothing) for kind in kinds),
    ]


async def _refused(request: Request) -> Response:
    name = request.url.path.rpartition("/")[2]
    return PlainTextResponse(f"{refuse(name)}\n", 501)


async def _nothing(_request: Request) -> Response:
    return _missing(_NO_PAGE)


async def _answered(kind: str, answer: _Answer, request: Request) -> Response:
    state: ServerState = request.app.state.server
    text: str = request.path_params["id"]
    if not text.isdecimal():
        return PlainTextResponse("Bad Request", 400)
    store, key = state.store, _key(text)
    known = store and store.row(f"select 1 from {KINDS[kind].table} where id = ?", (key,))
    return answer(state, store, key, request) if store and known else _missing()


async def _by_checksum(name: str, request: Request) -> Response:
    state: ServerState = request.app.state.server
    places = GeneratedFiles(state.generated_path, request.path_params["checksum"])
    return _file(state, getattr(places, name))


def _key(digits: str) -> int:
    """Parse an id; 0, which no object has, for more digits than the database can hold."""
    return int(digits) if len(digits) <= 18 else 0


def _missing(text: str = "Not Found") -> Response:
    return PlainTextResponse(text, 404, {"vary": "Origin"})


def _type_of(path: Path) -> str:
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _file(
    state: ServerState,
    path: Path,
    media_type: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a file, or a 404 if there is none or it is outside the allowed folders."""
    if not state.folders.is_file(path):
        return _missing(_NO_PAGE)
    return FileResponse(
        state.folders.inside(path), headers=headers, media_type=media_type or _type_of(path)
    )


def _picture(data: bytes, media_type: str) -> Response:
    return Response(data, headers={"cache-control": "no-cache", "content-type": media_type})


def _blob(
    kind: str, name: str, state: ServerState, store: Store, key: int, request: Request
) -> Response:
    found = store.blob(kind, key, name)
    if found is None or request.query_params.get("default") == "true":
        return _picture(default_svg(kind), "image/svg+xml")
    return _picture(*found)


def _scene_cover(state: ServerState, store: Store, key: int, _request: Request) -> Response:
    found = store.blob("scene", key, "cover")
    return _picture(*(found or (default_svg("scene"), "image/svg+xml")))


def _scene_stream(state: ServerState, store: Store, key: int, _request: Request) -> Response:
    file = store.scenes.primary_file(key)
    return _missing(_NO_PAGE) if file is None else _file(state, Path(str(file["path"])))


def _places(state: ServerState, store: Store, key: int) -> GeneratedFiles | None:
    file = store.scenes.primary_file(key)
    if file is None:
        return None
    fingerprints: Mapping[str, str] = file["fingerprints"]
    checksum = fingerprints.get("oshash") or fingerprints.get("md5") or str(key)
    return GeneratedFiles(state.generated_path, checksum)


def _generated(
    name: str, state: ServerState, store: Store, key: int, _request: Request
) -> Response:
    places = _places(state, store, key)
    return _missing() if places is None else _file(state, getattr(places, name))


def _marker(suffix: str, state: ServerState, store: Store, key: int, request: Request) -> Response:
    marker: str = request.path_params["marker"]
    places = _places(state, store, key)
    item = store.markers.get(_key(marker)) if marker.isdecimal() else None
    if places is None or item is None:
        return _missing()
    return _file(state, places.marker(float(item["seconds"]), suffix))


def _chapters(state: ServerState, store: Store, key: int, _request: Request) -> Response:
    lines = ["WEBVTT"]
    marks = store.rows(
        "select title, seconds from scene_markers where scene_id = ? order by seconds", (key,)
    )
    for title, seconds in marks:
        start = f"{int(seconds) // 3600:02d}:{int(seconds) // 60 % 60:02d}:{seconds % 60:06.3f}"
        lines += ["", f"{start} --> {start}", title]
    return _picture("\n".join(lines).encode(), "text/vtt")


def _image(state: ServerState, store: Store, key: int, _request: Request) -> Response:
    file = store.images.primary_file(key)
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
    return _picture(data, _type_of(path))


def _thumbnail(state: ServerState, store: Store, key: int, _request: Request) -> Response:
    file = store.images.primary_file(key)
    if file is None:
        return _missing()
    checksum = str(file["fingerprints"].get("md5") or key)
    place = GeneratedFiles(state.generated_path, checksum).thumbnail
    if state.folders.is_file(place):
        return _file(state, place)
    return _picture(plain_png(32, 18, key), "image/png")


def _gallery_picture(state: ServerState, store: Store, key: int, request: Request) -> Response:
    number: int = request.path_params.get("number", 0)
    images = store.galleries.image_ids(key)
    return (
        _missing() if number >= len(images) else _thumbnail(state, store, images[number], request)
    )
