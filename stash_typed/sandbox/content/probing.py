"""What a file is: its kind, size, fingerprints, and what ffprobe or its first bytes say of it."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
import struct
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from ..errors import AnswerError
from ..store import FileFacts
from .folders import Folders

__all__ = ["FileKind", "kind_of", "md5", "picture_facts", "pieces", "video_facts"]

FileKind = Literal["video", "image", "gallery"]

_CHUNK = 64 * 1024
_HEAD_BYTES = 1 << 20  # of a picture, in which its size stands
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
    """Tell a file's kind by its extension.

    Args:
        name: the file's name.
        general: the settings that list the extensions.

    Returns:
        The kind; None for a file that a scan passes over.
    """
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    kinds: tuple[tuple[FileKind, str], ...] = (
        ("video", "videoExtensions"),
        ("image", "imageExtensions"),
        ("gallery", "galleryExtensions"),
    )
    return next((kind for kind, setting in kinds if extension in general[setting]), None)


def _oshash(file: BinaryIO, size: int) -> str:
    """Give the hash of a video: its size and the sums of its first and last 64 KiB."""
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
    """Read a file from its start, piece by piece."""
    file.seek(0)
    while piece := file.read(_CHUNK):
        yield piece


def md5(content: Iterable[bytes]) -> str:
    """Give the MD5 of a file's pieces, the fingerprint of pictures and archives."""
    digest = hashlib.md5(usedforsecurity=False)
    for piece in content:
        digest.update(piece)
    return digest.hexdigest()


def picture_facts(
    path: str, content: Iterable[bytes], *, mod_time: str, zip_file_id: int | None = None
) -> FileFacts:
    """Give the facts of a picture.

    Args:
        path: its path, that of its archive first if it lies in one.
        content: its bytes, piece by piece.
        mod_time: RFC 3339 text.
        zip_file_id: the id of the archive that it lies in.

    Raises:
        AnswerError: it says of itself what no picture is.
    """
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
    """Give the facts of a video: what ffprobe says where it is installed, else size and hash.

    Args:
        folders: what may be read.
        path: the file.
        mod_time: RFC 3339 text.
        with_md5: whether its MD5 is wanted as well.

    Raises:
        AnswerError: it cannot be read.
    """
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
    """Read one of ffprobe's numbers; what it does not know (`N/A`) is 0."""
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


def _picture_size(data: bytes) -> tuple[str, int, int]:
    try:
        return _told_size(data)
    except (struct.error, IndexError):
        # It ends before it has said how large it is.
        return "", 0, 0


def _told_size(data: bytes) -> tuple[str, int, int]:
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        width, height = struct.unpack(">II", data[16:24])
        return "png", width, height
    if data[:3] == b"GIF":
        width, height = struct.unpack("<HH", data[6:10])
        return "gif", width, height
    if data[:2] == b"\xff\xd8":
        return ("jpeg", *_jpeg_size(data))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ("webp", *_webp_size(data))
    return "", 0, 0


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data):
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    return 0, 0


def _webp_size(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        return width, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0
