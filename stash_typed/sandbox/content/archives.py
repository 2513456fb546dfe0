"""Untrusted zip archives, read within limits and never unpacked to disk.

An archive's declared sizes are checked before anything is unpacked; the actual ones are
counted while it is read, since an archive may declare anything.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from ..errors import AnswerError

_MIB: Final = 1 << 20
_CHUNK: Final = 256 * 1024
_DIRECTORY_BYTES: Final = 8 * _MIB
_RATIO: Final = 100
_RATIO_FREE_BYTES: Final = 64 * _MIB
_ENCRYPTED: Final = 0x1
_SHOWN: Final = 100

# The errors that zipfile raises for bytes that are not an archive, or a broken one.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    IndexError,
)


class ArchiveError(AnswerError):
    """An archive, or a file in it, cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Bounds:
    entries: int
    each: int  # bytes of one file, unpacked
    total: int  # bytes of all files that are read, unpacked


EXPORT: Final = Bounds(entries=50_000, each=16 * _MIB, total=256 * _MIB)
"""Limits for the objects of an export: small texts."""

GALLERY: Final = Bounds(entries=50_000, each=128 * _MIB, total=8192 * _MIB)
"""Limits for the pictures of a gallery: large, and hardly compressible."""


class Archive:
    """The wanted files of an open archive; an unusable one raises ArchiveError."""

    def __init__(self, file: BinaryIO, bounds: Bounds, wanted: Callable[[str], bool]) -> None:
        """Read the archive's directory, and skip files whose name is not wanted."""
        self._bounds = bounds
        try:
            self._zip = zipfile.ZipFile(_ShortReads(file))
        except _BROKEN as problem:
            raise ArchiveError("zip: not a valid zip file") from problem
        listed = self._zip.infolist()
        if len(listed) > bounds.entries:
            raise ArchiveError(f"it lists {len(listed)} files, more than {bounds.entries}")
        found = [
            each for each in listed if not each.filename.endswith("/") and wanted(each.filename)
        ]
        self.entries: list[zipfile.ZipInfo] = sorted(found, key=lambda each: each.filename)
        for entry in self.entries:
            _check_name(entry)
            self._check_size(shown_name(entry), entry.file_size, entry.compress_size, bounds.each)
        unpacked = sum(entry.file_size for entry in self.entries)
        packed = sum(entry.compress_size for entry in self.entries)
        self._check_size("it", unpacked, packed, bounds.total)

    def find(self, name: str) -> zipfile.ZipInfo:
        found = next((each for each in self.entries if each.filename == name), None)
        if found is None:
            raise ArchiveError(f"there is no {name!r} in it")
        return found

    def read(self, entry: zipfile.ZipInfo) -> bytes:
        return b"".join(self.chunks(entry))

    def chunks(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        if entry.flag_bits & _ENCRYPTED:
            raise ArchiveError(f"{shown_name(entry)} is encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ArchiveError(f"{shown_name(entry)}: zip: unsupported compression algorithm")
        came = 0
        try:
            with self._zip.open(entry) as content:
                while chunk := content.read(_CHUNK):
                    came += len(chunk)
                    if came > self._bounds.each:
                        most = self._bounds.each
                        raise ArchiveError(f"{shown_name(entry)} has more than {most} bytes")
                    yield chunk
        except _BROKEN as problem:
            raise ArchiveError(f"{shown_name(entry)} is damaged: {problem}") from problem

    @staticmethod
    def _check_size(what: str, unpacked: int, packed: int, most: int) -> None:
        if unpacked > most:
            raise ArchiveError(f"{what} has {unpacked} bytes unpacked, more than {most}")
        if unpacked > max(_RATIO_FREE_BYTES, packed * _RATIO):
            raise ArchiveError(
                f"{what} has {packed} bytes that unpack to {unpacked},"
                f" more than {_RATIO} times as many"
            )


class _ShortReads:
    """A file that refuses reads larger than any honest archive directory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek = file.seek
        self.tell = file.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size > _DIRECTORY_BYTES:
            raise ArchiveError(f"its list of files has {size} bytes, more than {_DIRECTORY_BYTES}")
        return self._file.read(min(size, _DIRECTORY_BYTES) if size >= 0 else _DIRECTORY_BYTES)


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    parts = name.replace("\\", "/").split("/")
    if name[:1] in ("/", "\\") or ".." in parts or parts[0].endswith(":"):
        raise ArchiveError(f"{shown_name(entry)} leads out of the archive")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ArchiveError(f"{shown_name(entry)} is a symbolic link")


def shown_name(entry: zipfile.ZipInfo) -> str:
    """Return the name of a file in an archive for use in a message: one short line."""
    name = entry.filename
    shown = name if name.isprintable() else repr(name)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
