"""A small folder of synthetic media, for a sandbox to scan."""

from __future__ import annotations

import zipfile
from base64 import b64decode
from pathlib import Path

_VIDEO = b"\x00\x00\x00\x14ftypisom\x00\x00\x02\x00mp41"
"""The beginning of an MP4 file without any frames."""

_PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAKAAAABaAQAAAAAXvWD/AAAAHUlEQVR42mMIxQIYRgVHBUcFRwVHBUcFRwUpEwQA"
    "ucxVx5ROwa4AAAAASUVORK5CYII="
)
"""A PNG of 160 by 90 pixels, with stripes."""


def make_media(folder: Path, *, videos: int = 6, pictures: int = 6) -> int:
    """Create files with different contents in a folder, and return their number."""
    for number in range(1, videos + 1):
        (folder / f"clip-{number}.mp4").write_bytes(_VIDEO + bytes([number]) * 80_000)
    for number in range(1, pictures + 1):
        (folder / f"picture-{number}.png").write_bytes(_PICTURE + bytes([number]))
    with zipfile.ZipFile(folder / "album.zip", "w") as album:
        for number in range(1, pictures + 1):
            album.writestr(f"page-{number}.png", _PICTURE + bytes([number + pictures]))
    return videos + pictures + 1
