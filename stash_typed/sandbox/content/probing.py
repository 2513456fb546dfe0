"""The facts of a file: kind, size, fingerprints, and metadata from ffprobe or its header."""

from __future__ import annotations

import hashlib
import json
import math
import re
import shutil
import struct
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from ..errors import AnswerError
from ..store import FileFacts
from .folders import Folders

FileKind = Literal["video", "image", "gallery"]

_imagesize = cast("Any", import_module("imagesize"))  # it has no types

_CHUNK = 64 * 1024
_HEAD_BYTES = 1 << 20  # of a picture, in which its size stands
_SHAPES = {
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "gif": re.compile(rb"GIF"),
    "jpeg": re.compile(rb"\xff\xd8"),
    "webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
_MOST_PIXELS = 1_000_000  # of a side
_MOST_BITS = (1 << 63) - 1
_MOST_SIDE = (1 << 31) - 1
_PROBE_SECONDS = 60

# Formats whose files lead to no others: a playlist that calls itself a video is not followed.
_CONTAINERS = (
    "asf,avi,flv,gif,h264,hevc,ivf,m4v,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,"
    "mpegvideo,mxf,ogg,rm,wav"
)


def kind_of(name: str, general: Mapping[str, Any]) -> FileKind | None:
    """Return a file's kind by its extension and the settings; None if a scan skips it."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    kinds: tuple[FileKind, ...] = ("video", "image", "gallery")
    return next((kind for kind in kinds if extension in general[f"{kind}Extensions"]), None)


def _oshash(file: BinaryIO, size: int) -> str:
    """Return the hash of a video: its size and the sums of its first and last 64 KiB."""
    length = min(_CHUNK, size)
    head = file.read(length)
    file.seek(-length, 2)
    tail = file.read(length)
    total = size
    for part in (head, tail):
        usable = len(part) // 8 * 8
        total += sum(struct.unpack(f"<{usable // 8}Q", part[:usable]))
    return f"{total & 0xFFFFFFFFFFFFFFFF:016x}"


def pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_CHUNK):
        yield piece


def md5(content: Iterable[bytes]) -> str:
    """Return the MD5 of a file's pieces, the fingerprint of pictures and archives."""
    digest = hashlib.md5(usedforsecurity=False)
    for piece in content:
        digest.update(piece)
    return digest.hexdigest()


def picture_facts(
    path: str, content: Iterable[bytes], *, mod_time: str, zip_file_id: int | None = None
) -> FileFacts:
    """Return the facts of a picture; in an archive, the path begins with the archive's."""
    head, size = bytearray(), 0

    def noted() -> Iterator[bytes]:
        nonlocal size
        for piece in content:
            size += len(piece)
            head.extend(piece[: _HEAD_BYTES - len(head)])
            yield piece

    digest = md5(noted())
    shape, width, height = _picture_size(bytes(head))
    if max(width, height) > _MOST_PIXELS:
        raise AnswerError(f"it says that it has {width} x {height} pixels, which no picture has")
    return FileFacts(
        kind="image",
        path=path,
        size=size,
        mod_time=mod_time,
        zip_file_id=zip_file_id,
        fingerprints={"md5": digest},
        format=shape or path.rpartition(".")[2].lower(),
        width=width,
        height=height,
    )


def video_facts(folders: Folders, path: Path, *, mod_time: str, with_md5: bool) -> FileFacts:
    """Return the facts of a video: from ffprobe if it is installed, else size and hash."""
    size = folders.status(path).st_size
    with folders.open(path) as file:
        fingerprints = {"oshash": _oshash(file, size)}
        if with_md5:
            fingerprints["md5"] = md5(pieces(file))
    probe = _ffprobe(folders.inside(path))
    streams = {each.get("codec_type"): each for each in reversed(probe.get("streams", []))}
    picture: dict[str, Any] = streams.get("video", {})
    sound: dict[str, Any] = streams.get("audio", {})
    container: dict[str, Any] = probe.get("format", {})
    return FileFacts(
        kind="video",
        path=str(path),
        size=size,
        mod_time=mod_time,
        fingerprints=fingerprints,
        format=_container(str(container.get("format_name", "")), path),
        width=_whole(picture.get("width"), _MOST_SIDE),
        height=_whole(picture.get("height"), _MOST_SIDE),
        duration=_number(container.get("duration")),
        video_codec=str(picture.get("codec_name", "")),
        audio_codec=str(sound.get("codec_name", "")),
        frame_rate=_ratio(str(picture.get("avg_frame_rate", "0/1"))),
        bit_rate=_whole(container.get("bit_rate"), _MOST_BITS),
    )


def _ffprobe(path: Path) -> dict[str, Any]:
    program = shutil.which("ffprobe")
    if program is None:
        return {}
    safely = ["-protocol_whitelist", "file", "-format_whitelist", _CONTAINERS]
    asked = ["-v", "quiet", "-print_format", "json", "-show_format", "-show_streams"]
    try:
        done = subprocess.run(
            [program, *safely, *asked, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=_PROBE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise AnswerError(f"ffprobe did not end within {_PROBE_SECONDS} seconds") from None
    if done.returncode != 0:
        return {}
    try:
        return cast("dict[str, Any]", json.loads(done.stdout or "{}"))
    except ValueError as problem:
        raise AnswerError(f"ffprobe wrote no JSON: {problem}") from None


def _container(names: str, path: Path) -> str:
    extension = path.suffix.lstrip(".").lower()
    known = names.split(",") if names else []
    return extension if not known or extension in known else known[0]


def _number(given: object) -> float:
    """Parse one of ffprobe's numbers; an unknown one (`N/A`) is 0."""
    try:
        number = float(str(given))
    except ValueError:
        return 0.0
    return round(number, 2) if math.isfinite(number) else 0.0


def _whole(given: object, most: int) -> int:
    number = int(_number(given))
    return number if 0 <= number <= most else 0


def _ratio(text: str) -> float:
    above, _, below = text.partition("/")
    divisor = _number(below or 1)
    return round(_number(above) / divisor, 2) if divisor else 0.0


def _picture_size(head: bytes) -> tuple[str, int, int]:
    shape = next((shape for shape, start in _SHAPES.items() if start.match(head)), "")
    if not shape:  # imagesize knows more formats, but reads some of them in quadratic time
        return "", 0, 0
    width, height = _imagesize.get(BytesIO(head), exif_rotation=False)
    return (shape, width, height) if min(width, height) > 0 else (shape, 0, 0)
