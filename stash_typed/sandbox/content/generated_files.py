"""Where generated files lie below the generated folder, and what the sandbox writes there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from .folders import Folders
from .pictures import plain_png

__all__ = ["GeneratedFiles", "synthetic_phash", "write_picture"]


@dataclass(frozen=True)
class GeneratedFiles:
    """The places of one scene's or image's generated files.

    Attributes:
        root: the generated folder.
        checksum: the file's oshash or md5, which names them all.
    """

    root: Path
    checksum: str

    @property
    def preview(self) -> Path:
        """The moving preview."""
        return self.root / "screenshots" / f"{self.checksum}.mp4"

    @property
    def webp(self) -> Path:
        """The preview as a moving picture."""
        return self.root / "screenshots" / f"{self.checksum}.webp"

    @property
    def sprite(self) -> Path:
        """The sheet of small pictures."""
        return self.root / "vtt" / f"{self.checksum}_sprite.jpg"

    @property
    def sprite_text(self) -> Path:
        """Which part of the sheet shows which moment."""
        return self.root / "vtt" / f"{self.checksum}_thumbs.vtt"

    @property
    def heatmap(self) -> Path:
        """The picture of an interactive scene's speeds."""
        return self.root / "interactive_heatmaps" / f"{self.checksum}.png"

    @property
    def transcode(self) -> Path:
        """The video in another format."""
        return self.root / "transcodes" / f"{self.checksum}.mp4"

    @property
    def thumbnail(self) -> Path:
        """A picture's small copy."""
        folder = self.root / "thumbnails" / self.checksum[:2] / self.checksum[2:4]
        return folder / f"{self.checksum}_640.jpg"

    def marker(self, seconds: float, suffix: str) -> Path:
        """A marker's preview (`.mp4`, `.webp`) or picture (`.jpg`)."""
        return self.root / "markers" / self.checksum / f"{int(seconds)}{suffix}"


def write_picture(folders: Folders, path: Path, number: int) -> None:
    """Write a small picture where a real server writes one that it made of the media.

    Args:
        folders: what may be written to.
        path: the file; its folder is made.
        number: chooses the colour.
    """
    folders.write(path, plain_png(32, 18, number))


def synthetic_phash(checksum: str) -> str:
    """Give sixteen hexadecimal digits that stand in for a perceptual hash.

    The sandbox looks at no pictures: equal files get equal hashes, others get hashes that are
    nowhere near each other.
    """
    return hashlib.sha256(checksum.encode()).hexdigest()[:16]
