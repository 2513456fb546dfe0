"""A small folder of synthetic media, made of nothing but bytes."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

__all__ = ["make_media"]

_WIDTH, _HEIGHT = 160, 90
_COLOURS = ((200, 60, 60), (60, 160, 80), (60, 90, 200), (200, 160, 40))


def make_media(folder: Path, *, videos: int = 6, pictures: int = 6) -> int:
    """Fill a folder with files that a scan takes up.

    Args:
        folder: an existing folder.
        videos: how many videos; they have the shape of one, and no picture in it.
        pictures: how many PNG pictures; as many again lie in a zip archive.

    Returns:
        How many files there are, the archive counted as one.
    """
    for number in range(1, videos + 1):
        (folder / f"clip-{number}.mp4").write_bytes(_video(number))
    for number in range(1, pictures + 1):
        (folder / f"picture-{number}.png").write_bytes(_picture(number))
    with zipfile.ZipFile(folder / "album.zip", "w") as album:
        for number in range(1, pictures + 1):
            album.writestr(f"page-{number}.png", _picture(number + pictures))
    return videos + pictures + 1


def _video(number: int) -> bytes:
    """An MP4 file's boxes; what is in them differs from file to file, so that each is a scene."""
    kind = b"isom\x00\x00\x02\x00isomiso2mp41"
    content = bytes((position * number) % 251 for position in range(4096)) * 20
    return _box(b"ftyp", kind) + _box(b"free", b"") + _box(b"mdat", content)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def _picture(number: int) -> bytes:
    """A PNG of one colour with a stripe whose place tells one picture from another."""
    colour = bytes(_COLOURS[number % len(_COLOURS)])
    rows = [colour * _WIDTH for _ in range(_HEIGHT)]
    rows[number % _HEIGHT] = b"\xff\xff\xff" * _WIDTH
    raw = b"".join(b"\x00" + row for row in rows)
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(raw)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)
