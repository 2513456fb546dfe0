"""The one gate to the disk: the folders a sandbox may access, the files it may delete.

Paths that clients name are read, written and deleted through here only. Links and `..` are resolved
first. All raise OutsideError for a path that is in none of the folders.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from ..errors import AnswerError

_MADE = ".made-by-sandbox"


class OutsideError(AnswerError):
    def __init__(self, path: str | Path) -> None:
        super().__init__(
            f"the sandbox does not touch {path}: it lies in none of the folders that it was given."
            " Start it with --allow-folder DIR (allowed_folders= in Python), or with --media DIR"
            " for a folder of the library"
        )


class DeletionError(AnswerError):
    """A file that the sandbox did not make would be lost."""

    def __init__(self, path: str | Path) -> None:
        super().__init__(
            f"the sandbox does not delete or overwrite {path}, which it did not make."
            " Start it with --allow-delete (allow_delete=True in Python) if it is to"
        )


class Folders:
    """The folders that a sandbox was given or made, and all that it does in them."""

    def __init__(
        self, given: Iterable[Path], *, own: Iterable[Path] = (), allow_delete: bool = False
    ) -> None:
        """Set the folders; files in `own` may always be deleted, others only with `allow_delete`."""
        self._given = [_real(each) for each in given]
        self._own = [_real(each) for each in own]
        self._allow_delete = allow_delete
        self._made: set[Path] = set()

    def inside(self, path: str | Path) -> Path:
        """Return the real path, with links resolved."""
        place = _real(path)
        if not _below(place, self._given):
            raise OutsideError(path)
        return place

    def holds(self, path: str | Path) -> bool:
        try:
            self.inside(path)
        except AnswerError:
            return False
        return True

    def exists(self, path: str | Path) -> bool:
        """Whether a path exists; outside the folders none does."""
        return self.holds(path) and os.path.exists(_real(path))

    def is_file(self, path: str | Path) -> bool:
        """Whether a path is a file; outside the folders none is."""
        return self.holds(path) and os.path.isfile(_real(path))

    def is_folder(self, path: str | Path) -> bool:
        """Whether a path is a folder; outside the folders none is."""
        return self.holds(path) and os.path.isdir(_real(path))

    def names(self, path: str | Path) -> list[str]:
        return sorted(os.listdir(self.inside(path)))

    def files_below(self, path: str | Path) -> list[Path]:
        """Return the files in a folder and in those below it, sorted; links to folders are left out."""
        place = self.inside(path)
        found = [Path(folder) / name for folder, _, names in os.walk(place) for name in names]
        return sorted(each for each in found if self.is_file(each))

    def status(self, path: str | Path) -> os.stat_result:
        return self.inside(path).stat()

    def open(self, path: str | Path) -> BinaryIO:
        """Open a file for reading; a pipe or device, which might never end, is none."""
        flags = os.O_RDONLY
        for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
            flags |= getattr(os, name, 0)
        number = os.open(self.inside(path), flags)
        if not stat.S_ISREG(os.fstat(number).st_mode):
            os.close(number)
            raise AnswerError(f"{path} is no file")
        return os.fdopen(number, "rb")

    def make(self, path: str | Path) -> Path:
        place = self.inside(path)
        place.mkdir(parents=True, exist_ok=True)
        return place

    def make_temporary(self, path: str | Path) -> Path:
        return Path(tempfile.mkdtemp(dir=self.make(path)))

    def place_for(self, path: str | Path) -> Path:
        """Return the path for a file that the caller writes, and create its folder.

        An existing file that the sandbox did not create raises DeletionError.
        """
        place = self.inside(path)
        if os.path.lexists(place) and not self._may_go(place):
            raise DeletionError(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        self._made.add(place)
        return place

    def write(self, path: str | Path, data: bytes) -> None:
        self.place_for(path).write_bytes(data)

    def check_removal(self, path: str | Path) -> Path:
        """Return the path of a file that may be deleted; of a link, the link itself."""
        place = self._entry(path)
        if os.path.lexists(place) and not self._may_go(place):
            raise DeletionError(path)
        return place

    def remove(self, path: str | Path) -> None:
        """Delete a file, if it exists and `check_removal` allows it."""
        place = self.check_removal(path)
        place.unlink(missing_ok=True)
        self._made.discard(place)

    def check_move(self, old: str | Path, new: str | Path) -> tuple[Path, Path]:
        """Return the source and target paths of a move.

        A DeletionError keeps it out of the folders in which the sandbox deletes freely.
        """
        place, target = self._entry(old), self._entry(new)
        self.inside(old)
        if os.path.lexists(target):
            raise AnswerError(f"file {new} already exists")
        if _below(target, self._own) and not self._may_go(place):
            raise DeletionError(old)
        return place, target

    def move(self, old: str | Path, new: str | Path) -> None:
        """Move a file if `check_move` allows it; create the new folder, overwrite nothing."""
        place, target = self.check_move(old, new)
        target.parent.mkdir(parents=True, exist_ok=True)
        place.rename(target)
        # A file that the sandbox created at the target before is gone, else the move would fail.
        self._made.discard(target)
        if place in self._made:
            self._made.remove(place)
            self._made.add(target)

    def _entry(self, path: str | Path) -> Path:
        """Return the path with links in its parents resolved, but not the last part."""
        _real(path)
        folder, name = os.path.split(path)
        if name in ("", os.curdir, os.pardir):
            raise AnswerError(f"{path} is no file")
        return self.inside(folder or os.curdir) / name

    def _may_go(self, place: Path) -> bool:
        return self._allow_delete or place in self._made or _below(place, self._own)


def made_folders(root: Path, names: Iterable[str]) -> list[Path]:
    """Create missing folders; return those that a sandbox created, now or earlier.

    A folder that existed before it kept a sandbox's data is the user's own: it has no mark.
    """
    made: list[Path] = []
    for folder in (root / name for name in names):
        if not os.path.lexists(folder):
            folder.mkdir()
            (folder / _MADE).touch()
        if (folder / _MADE).exists():
            made.append(folder)
    return made


def _real(path: str | Path) -> Path:
    text = os.fspath(path)
    if not text:
        raise AnswerError("an empty text is no path")
    try:
        return Path(os.path.realpath(text))
    except ValueError:
        raise AnswerError(f"{text!r} is no path") from None


def _below(place: Path, folders: Iterable[Path]) -> bool:
    return any(place.is_relative_to(each) for each in folders)
