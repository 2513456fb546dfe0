"""What a scan knows of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["FileFacts"]


@dataclass(frozen=True)
class FileFacts:
    """A file as it was found.

    Attributes:
        kind: `video`, `image`, `gallery` (a zip file with images) or `basic`.
        path: absolute; inside a zip file the zip file's path and the name in it.
        size: bytes.
        mod_time: RFC 3339.
        zip_file_id: the zip file that it lies in, or None.
        fingerprints: `oshash` and `md5` as they are, `phash` in hexadecimal.
        format: `mp4`, `png` and the like, of videos and images.
        width, height: pixels, of videos and images.
        duration: seconds, of videos.
        video_codec, audio_codec: names, of videos; empty for no sound.
        frame_rate: pictures per second, of videos.
        bit_rate: bits per second, of videos.
    """

    kind: Literal["video", "image", "gallery", "basic"]
    path: str
    size: int
    mod_time: str
    zip_file_id: int | None = None
    fingerprints: Mapping[str, str] = field(default_factory=dict[str, str])
    format: str = ""
    width: int = 0
    height: int = 0
    duration: float = 0.0
    video_codec: str = ""
    audio_codec: str = ""
    frame_rate: float = 0.0
    bit_rate: int = 0
