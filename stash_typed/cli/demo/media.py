"""A small folder of synthetic media, for a sandbox to scan."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

__all__ = ["make_media"]


def make_media(folder: Path, *, videos: int = 6, pictures: int = 6) -> int:
    """Fill a folder and return the number of files.

    There are as many pictures again in a zip archive. No two files are the same, so that each
    becomes an object of its own.
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
    """Return the boxes of an MP4 file; there is no picture in them."""
    content = bytes((position * number) % 251 for position in range(4096)) * 20
    kind = b"isom\x00\x00\x02\x00isomiso2mp41"
    boxes = ((b"ftyp", kind), (b"free", b""), (b"mdat", content))
    return b"".join(struct.pack(">I", len(data) + 8) + name + data for name, data in boxes)


def _picture(number: int, width: int = 160, height: int = 90) -> bytes:
    """Return a PNG of one colour."""
    rows = (b"\x00" + bytes((number * 20, 90, 160)) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
