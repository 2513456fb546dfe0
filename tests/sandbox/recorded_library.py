"""The library that the recorded server had: files of the same names, sizes and facts."""

from __future__ import annotations

import json
import struct
import sys
import zipfile
import zlib
from pathlib import Path

from stash_typed.sandbox.content.pictures import png

__all__ = ["make_ffprobe", "make_library"]

CLIPS = {
    "clip-1.mp4": (298596, 4),
    "clip-2.mp4": (379451, 5),
    "clip-3.mp4": (438692, 6),
    "clip-4.mp4": (671187, 7),
    "clip-5.mp4": (671187, 8),
    "clip-6.mp4": (671187, 9),
    "clip-7.mp4": (671187, 10),
    "clip-8.mp4": (671188, 11),
}
"""Name to bytes and seconds; the first three as recorded, all as their recorded sums."""

PICTURES = {
    "img-1.png": 14054,
    "img-2.png": 13776,
    "img-3.png": 14067,
    "img-4.png": 13791,
    "img-5.png": 13791,
}


def make_library(folder: Path) -> None:
    """Write eight clips, five pictures, the same five in a folder and in a zip file."""
    (folder / "gal").mkdir(parents=True)
    for number, (name, (size, _)) in enumerate(CLIPS.items(), 1):
        (folder / name).write_bytes(bytes([number]) * size)
    pictures = {
        name: _picture(size, number) for number, (name, size) in enumerate(PICTURES.items(), 1)
    }
    with zipfile.ZipFile(folder / "album.zip", "w") as album:
        for name, data in pictures.items():
            (folder / name).write_bytes(data)
            (folder / "gal" / name).write_bytes(data)
            album.writestr(name, data)


def make_ffprobe(folder: Path) -> None:
    """Write a program `ffprobe` that says of the clips what the recorded server's said."""
    folder.mkdir(parents=True)
    facts = {
        name: {
            "format": {
                "format_name": "mov,mp4,m4a,3gp,3g2,mj2",
                "duration": f"{seconds}.000000",
                "bit_rate": str(size * 8 // seconds),
            },
            "streams": [
                {
                    "codec_type": "video",
                    "codec_name": "h264",
                    "width": 320,
                    "height": 240,
                    "avg_frame_rate": "15/1",
                },
                {"codec_type": "audio", "codec_name": "aac"},
            ],
        }
        for name, (size, seconds) in CLIPS.items()
    }
    program = folder / "ffprobe"
    program.write_text(
        f"#!{sys.executable} -S\n"
        "import json, os, sys\n"
        f"facts = json.loads({json.dumps(json.dumps(facts))})\n"
        "print(json.dumps(facts[os.path.basename(sys.argv[-1])]))\n",
        encoding="utf-8",
    )
    program.chmod(0o755)


def _picture(size: int, number: int) -> bytes:
    """Make a PNG of 400 x 300 and exactly so many bytes: what is missing is a chunk of text."""
    data = png(400, 300, lambda _x, _y: (number * 40, 90, 160))
    missing = size - len(data) - 12
    text = b"Comment\0" + b"." * (missing - 8)
    check = zlib.crc32(b"tEXt" + text)
    chunk = struct.pack(">I", len(text)) + b"tEXt" + text + struct.pack(">I", check)
    return data[:-12] + chunk + data[-12:]
