"""What a scan knows of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["FileFacts"]


@dataclass(frozen=True)
class FileFacts:
    """A file as it was found."""

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
