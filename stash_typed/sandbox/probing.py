"""What a file is: its kind, size, fingerprints, and what ffprobe or its first bytes say of it."""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast

from .store import FileFacts

__all__ = ["FileKind", "kind_of", "md5", "oshash", "picture_facts", "video_facts"]

FileKind = Literal["video", "image", "gallery"]

_CHUNK = 64 * 1024


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


def oshash(path: Path) -> str:
    """Give the hash of a video: its size and the sums of its first and last 64 KiB."""
    size = path.stat().st_size
    length = min(_CHUNK, size)
    with path.open("rb") as file:
        head = file.read(length)
        file.seek(-length, 2)
        tail = file.read(length)
    total = size
    for part in (head, tail):
        usable = len(part) // 8 * 8
        total += sum(struct.unpack(f"<{usable // 8}Q", part[:usable]))
    return f"{total & 0xFFFFFFFFFFFFFFFF:016x}"


def md5(data: bytes) -> str:
    """Give the MD5 of bytes, the fingerprint of pictures and archives."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def picture_facts(
    path: str, data: bytes, *, mod_time: str, zip_file_id: int | None = None
) -> FileFacts:
    """Give the facts of a picture.

    Args:
        path: its path, that of its archive first if it lies in one.
        data: its bytes.
        mod_time: RFC 3339 text.
        zip_file_id: the id of the archive that it lies in.
    """
    shape, width, height = _picture_size(data)
    return FileFacts(
        kind="image",
        path=path,
        size=len(data),
        mod_time=mod_time,
        zip_file_id=zip_file_id,
        fingerprints={"md5": md5(data)},
        format=shape or path.rpartition(".")[2].lower(),
        width=width,
        height=height,
    )


def video_facts(path: Path, *, mod_time: str, with_md5: bool) -> FileFacts:
    """Give the facts of a video: what ffprobe says where it is installed, else size and hash.

    Args:
        path: the file.
        mod_time: RFC 3339 text.
        with_md5: whether its MD5 is wanted as well.
    """
    fingerprints = {"oshash": oshash(path)}
    if with_md5:
        fingerprints["md5"] = md5(path.read_bytes())
    size = path.stat().st_size
    probe = _ffprobe(path)
    streams = {each.get("codec_type"): each for each in reversed(probe.get("streams", []))}
    picture: dict[str, Any] = streams.get("video", {})
    sound: dict[str, Any] = streams.get("audio", {})
    container: dict[str, Any] = probe.get("format", {})
    duration = round(float(container.get("duration", 0.0)), 2)
    return FileFacts(
        kind="video",
        path=str(path),
        size=size,
        mod_time=mod_time,
        fingerprints=fingerprints,
        format=_container(str(container.get("format_name", "")), path),
        width=int(picture.get("width", 0)),
        height=int(picture.get("height", 0)),
        duration=duration,
        video_codec=str(picture.get("codec_name", "")),
        audio_codec=str(sound.get("codec_name", "")),
        frame_rate=_ratio(str(picture.get("avg_frame_rate", "0/1"))),
        bit_rate=int(container.get("bit_rate", 0)),
    )


def _ffprobe(path: Path) -> dict[str, Any]:
    program = shutil.which("ffprobe")
    if program is None:
        return {}
    asked = [program, "-v", "quiet", "-print_format", "json", "-show_format", "-show_streams"]
    done = subprocess.run([*asked, str(path)], capture_output=True, check=False, timeout=60)
    if done.returncode != 0:
        return {}
    return cast("dict[str, Any]", json.loads(done.stdout or "{}"))


def _container(names: str, path: Path) -> str:
    extension = path.suffix.lstrip(".").lower()
    known = names.split(",") if names else []
    return extension if not known or extension in known else known[0]


def _ratio(text: str) -> float:
    above, _, below = text.partition("/")
    divisor = float(below or 1)
    return round(float(above) / divisor, 2) if divisor else 0.0


def _picture_size(data: bytes) -> tuple[str, int, int]:
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
