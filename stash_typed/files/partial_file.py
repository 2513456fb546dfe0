"""Downloaded files: their destination, and how they are put in place only when complete."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Union
from urllib.parse import urlsplit

from .._runtime.errors import ResponseFormatError, StashError
from .._runtime.foreign_text import one_line
from .._runtime.redact import redact_url
from .._runtime.whole_file import WholeFile, is_replaceable
from .names import suggested_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

__all__ = ["CHUNK", "Destination", "PartialFile", "StrPath", "link_or_raise"]

StrPath = Union[str, "os.PathLike[str]"]

CHUNK = 1 << 20
_PAGE_STARTS = (b"<!doctype html", b"<html")
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_PAGE_NAMES = (".html", ".htm", ".xhtml")


class Destination:
    """The target of a download, checked before anything is sent."""

    def __init__(self, to: StrPath, *, overwrite: bool = False) -> None:
        """Check the target, and raise if no file can be written there."""
        text = os.fsdecode(to)
        if not text:
            raise StashError(
                "to='' names no place for a file",
                hint="Give to=… a file or a folder; the working folder is '.'.",
            )
        try:
            self._path = Path(text).expanduser()
            self._into: bool = _is_folder(self._path, text.endswith(("/", os.sep)))
            fits = self._into or is_replaceable(self._path)
        except (OSError, ValueError, RuntimeError) as error:
            raise _unwritable(text, error) from error
        if not fits:
            raise StashError(
                f"Cannot write to {text!r}: it is a device, a pipe or a socket",
                hint="Give to=… an ordinary file or a folder.",
            )
        self._overwrite = overwrite

    def receive(self, link: str, status: int, headers: Mapping[str, str]) -> PartialFile:
        """Start receiving a file."""
        _check_head(link, status, headers)
        if not self._into:
            return PartialFile(self._path, link, _announced_length(headers))
        name = suggested_name(link, headers.get("content-disposition"))
        target = self._path / name
        if not self._overwrite and os.path.lexists(target):
            raise _taken(target)
        return PartialFile(target, link, _announced_length(headers), replace=self._overwrite)


class PartialFile:
    """A file that appears under its name only when it is complete.

    Used as a context manager: leaving it before `commit` removes what was written, and the folders
    that were made for it.
    """

    def __init__(
        self, target: Path, link: str, expected: int | None, *, replace: bool = True
    ) -> None:
        """Open a temporary file beside the target."""
        self._target = target
        self._link = link
        self._expected = expected
        self._written = 0
        self._made: list[Path] = []
        try:
            self._make_folders()
            self._file = WholeFile(target, replace=replace)
        except (OSError, ValueError) as error:
            self._remove_folders()
            raise _unwritable(target, error) from error

    def write(self, chunk: bytes) -> None:
        """Append some bytes."""
        if not self._written and _is_page(chunk) and not _may_be_page(self._link):
            raise _page_error(self._link)
        try:
            self._file.write(chunk)
        except OSError as error:
            raise StashError(
                f"Cannot write to {self._target} after {self._written} bytes: {error.strerror}",
                hint="Is the disk full?",
            ) from error
        self._written += len(chunk)

    def commit(self) -> Path:
        """Move the file to its target, and return its path."""
        if self._expected is None and not self._written:
            raise _not_whole("The file came without a single byte", self._link)
        if self._expected is not None and self._expected != self._written:
            raise _not_whole(
                f"The file came with {self._written} bytes, and {self._expected} were announced",
                self._link,
            )
        try:
            self._file.commit()
        except FileExistsError as error:
            raise _taken(self._target) from error
        except OSError as error:
            raise StashError(
                f"Cannot write to {self._target}: {error.strerror}",
                hint="Is the disk full, or something else in that place?",
            ) from error
        self._made.clear()
        return self._target

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.__exit__()
        self._remove_folders()

    def _make_folders(self) -> None:
        missing = [folder for folder in self._target.parents if not os.path.lexists(folder)]
        for folder in reversed(missing):
            with contextlib.suppress(FileExistsError):
                folder.mkdir()
                self._made.insert(0, folder)

    def _remove_folders(self) -> None:
        for folder in self._made:
            with contextlib.suppress(OSError):
                folder.rmdir()


def link_or_raise(link: str | None, what: str) -> str:
    """Return the URL in the response of a mutation, or raise if there is none."""
    if not link:
        raise ResponseFormatError(f"The server answered no link for the {what}")
    return link


def _is_folder(path: Path, meant: bool) -> bool:
    """Whether a path is a folder, or is to become one."""
    try:
        return stat.S_ISDIR(os.stat(f"{path}{os.sep}" if meant else path).st_mode)
    except FileNotFoundError:
        return meant


def _check_head(link: str, status: int, headers: Mapping[str, str]) -> None:
    """Check that a response is the whole file, as stored on the server."""
    if status != 200:
        raise _not_whole(f"The answer's status is {status}, and a whole file comes with 200", link)
    content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type in _PAGE_TYPES and not _may_be_page(link):
        raise _page_error(link)


def _is_page(start: bytes) -> bool:
    return start[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGE_STARTS)


def _may_be_page(link: str) -> bool:
    return urlsplit(link).path.lower().endswith(_PAGE_NAMES)


def _announced_length(headers: Mapping[str, str]) -> int | None:
    """Return the announced length of a response, or None if it is chunked."""
    length = headers.get("content-length", "").strip()
    # Longer ones are no lengths, and no numbers that Python reads.
    return int(length) if re.fullmatch("[0-9]{1,20}", length) else None


def _not_whole(what: str, link: str) -> ResponseFormatError:
    return ResponseFormatError(
        f"{what}; nothing was kept",
        url=one_line(redact_url(link)),
        hint="Try again; a proxy in between may cut or change answers.",
    )


def _page_error(link: str) -> ResponseFormatError:
    return ResponseFormatError(
        "A web page came in place of the file; nothing was kept",
        url=one_line(redact_url(link)),
        hint="It looks like the sign-in page of a proxy: open the link in a browser to see it.",
    )


def _taken(target: Path) -> StashError:
    return StashError(
        f"{target} is there already, under the name that the server gives to the file",
        hint="Give overwrite=True to replace it, or to=… a file of another name.",
    )


def _unwritable(place: object, error: Exception) -> StashError:
    reason = (error.strerror if isinstance(error, OSError) else None) or error
    return StashError(
        f"Cannot write to {one_line(str(place))}: {reason}",
        hint="Give to=… a file or folder that this user may write to.",
    )
