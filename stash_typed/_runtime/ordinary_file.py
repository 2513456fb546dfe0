"""Opens files for reading that are ordinary ones: a pipe in the place would hang, a device never end."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["open_ordinary"]

# Windows has neither pipes nor links of this kind at a path, and its text mode changes line ends.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_ordinary(path: str | os.PathLike[str], *, links: bool = True) -> BinaryIO:
    """Open an ordinary file for reading."""
    descriptor = os.open(path, _READ | (0 if links else getattr(os, "O_NOFOLLOW", 0)))
    file = os.fdopen(descriptor, "rb")
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "Not an ordinary file")
    return file
