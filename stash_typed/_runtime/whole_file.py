"""Atomic writing of files, and opening regular ones: a pipe would hang, a device never end."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

    from typing_extensions import Self

# Windows would otherwise change line ends; the other systems have no such flag.
_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)


# Windows has neither pipes nor links of this kind at a path, and its text mode changes line ends.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class WholeFile:
    """A file written next to its destination and moved there by `commit`.

    Used as a context manager: leaving it before `commit` removes what was written. A symbolic link
    at the destination is replaced, not followed."""

    def __init__(self, path: Path, *, mode: int | None = None, replace: bool = True) -> None:
        """Open a temporary file; without `mode`, permissions are kept or those of any new file."""
        self.path = path
        self._replace = replace
        if not is_replaceable(path):
            raise OSError(errno.EINVAL, "Not an ordinary file")
        kept = _mode_of(path) if mode is None else mode
        self._temporary = path.parent / f".stash-typed-{secrets.token_hex(8)}.part"
        # The kernel applies the umask: to ask for it is to change it, for other threads too.
        descriptor = os.open(self._temporary, _NEW, 0o666 if kept is None else 0o600)
        if kept is not None and hasattr(os, "fchmod"):
            # A file system without permissions refuses; then it is no more open than before.
            with contextlib.suppress(OSError):
                os.fchmod(descriptor, kept)
        self._file: BinaryIO = os.fdopen(descriptor, "wb")

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def commit(self) -> None:
        self._file.close()
        if self._replace:
            os.replace(self._temporary, self.path)
        else:
            _move_to_free(self._temporary, self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            self._temporary.unlink()


def write_whole(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Write a file, all of it or nothing."""
    with WholeFile(path, mode=mode) as file:
        file.write(data)
        file.commit()


def is_replaceable(path: Path) -> bool:
    """Whether a path is a regular file or does not exist: no device, pipe or folder."""
    # A link such as /dev/stdout may lead to an ordinary file, and is the system's all the same.
    if os.path.realpath(path.parent) == "/dev":
        return False
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        return True


def _mode_of(path: Path) -> int | None:
    with contextlib.suppress(FileNotFoundError):
        found = os.lstat(path).st_mode
        return stat.S_IMODE(found) & 0o777 if stat.S_ISREG(found) else None
    return None


def _move_to_free(source: Path, target: Path) -> None:
    """Move a file to an unused path, even if others want that path at the same moment."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        # No hard links on this file system: an empty file takes the place first.
        os.close(os.open(target, _NEW, 0o666))
        try:
            os.replace(source, target)
        except BaseException:
            os.unlink(target)
            raise


def open_ordinary(path: str | os.PathLike[str], *, links: bool = True) -> BinaryIO:
    """Open a regular file for reading."""
    descriptor = os.open(path, _READ | (0 if links else getattr(os, "O_NOFOLLOW", 0)))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Not an ordinary file")
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise
