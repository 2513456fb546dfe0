"""What the facade's tests share: where their server is, and what they put on it."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from stash_typed.inputs import SceneFilterType
from stash_typed.sandbox import Sandbox


@dataclass(frozen=True)
class Server:
    """Where a test's server is.

    Attributes:
        url, api_key: how to reach it.
        media: a folder that it scans; None when the server is not ours.
        sandbox: the server itself, when it is one.
    """

    url: str
    api_key: str | None
    media: Path | None = None
    sandbox: Sandbox | None = None


def png(shade: int) -> bytes:
    """A picture of four by four pixels in one shade of grey."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\x00" + bytes([shade] * 4) for _ in range(4))
    header = struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def make_media(folder: Path) -> Path:
    """A folder with three clips, two pictures and an archive of two more."""
    folder.mkdir()
    for n in range(3):
        (folder / f"clip-{n}.mp4").write_bytes(f"synthetic clip {n} ".encode() * 9000)
    for n in range(2):
        (folder / f"picture-{n}.png").write_bytes(png(40 * n))
    with zipfile.ZipFile(folder / "album.zip", "w") as archive:
        for n in range(2):
            archive.writestr(f"sheet-{n}.png", png(100 + 40 * n))
    return folder


@dataclass(frozen=True)
class SomeScenes:
    """Scenes of one test.

    Attributes:
        ids: their ids, in the order of their titles.
        where: a filter that finds them and nothing else.
    """

    ids: list[str]
    where: SceneFilterType
