"""The paths of generated files below the generated folder, and their synthetic content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from .folders import Folders
from .pictures import plain_png


class GeneratedFiles:
    """The paths of one scene's or image's generated files, named by its file's oshash or md5."""

    def __init__(self, root: Path, checksum: str) -> None:
        self.preview: Path = root / "screenshots" / f"{checksum}.mp4"
        self.webp: Path = root / "screenshots" / f"{checksum}.webp"
        self.sprite: Path = root / "vtt" / f"{checksum}_sprite.jpg"
        self.sprite_text: Path = root / "vtt" / f"{checksum}_thumbs.vtt"
        self.heatmap: Path = root / "interactive_heatmaps" / f"{checksum}.png"
        self.transcode: Path = root / "transcodes" / f"{checksum}.mp4"
        folder = root / "thumbnails" / checksum[:2] / checksum[2:4]
        self.thumbnail: Path = folder / f"{checksum}_640.jpg"
        self._markers = root / "markers" / checksum

    def marker(self, seconds: float, suffix: str) -> Path:
        """Return the path of a marker's preview (`.mp4`, `.webp`) or picture (`.jpg`)."""
        return self._markers / f"{int(seconds)}{suffix}"


def write_picture(folders: Folders, path: Path, number: int) -> None:
    folders.write(path, plain_png(32, 18, number))


def synthetic_phash(checksum: str) -> str:
    """Return a fake perceptual hash: the same for equal files, far apart for others."""
    return hashlib.sha256(checksum.encode()).hexdigest()[:16]
