"""Files that come from the server: what to call them, and how they come into their place whole."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ._runtime.errors import ResponseFormatError, StashError
from ._runtime.redact import redact_url

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

    from typing_extensions import Self

__all__ = ["CHUNK", "PartialFile", "announced_length", "link_or_raise", "suggested_name"]

CHUNK = 1 << 20
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")
_QUOTED_NAME = re.compile(r"filename=\"([^\"]+)\"|filename=([^;\s]+)", re.IGNORECASE)
_ENCODED_NAME = re.compile(r"filename\*=(?:UTF-8|utf-8)''([^;\s]+)")


def suggested_name(link: str, content_disposition: str | None = None) -> str:
    """Give the name that the server suggests for a file, without any way out of a folder.

    Args:
        link: the file's link.
        content_disposition: that header of the answer, if it came.

    Returns:
        A plain file name, never empty, never one that leads elsewhere.
    """
    name = ""
    if content_disposition:
        if match := _ENCODED_NAME.search(content_disposition):
            name = unquote(match.group(1))
        elif match := _QUOTED_NAME.search(content_disposition):
            name = match.group(1) or match.group(2)
    name = name or unquote(urlsplit(link).path.rstrip("/").rpartition("/")[2])
    # The last part of whatever path it was meant to be, on either kind of system.
    name = _UNSAFE.sub("_", re.split(r"[/\\]", name)[-1]).strip(" .")
    return name[:200] or "download"


class PartialFile:
    """A file that appears under its name only when it is whole.

    Used as a context manager: leaving it before `commit` removes what was written.

    Attributes:
        target: where the file will be.
    """

    def __init__(self, to: str | os.PathLike[str], name: str) -> None:
        """Open a temporary file beside the target.

        Args:
            to: a file, or an existing folder (or one that ends in a slash) for a file of that name.
            name: the name for a file in a folder.

        Raises:
            StashError: the target cannot be written to.
        """
        text = os.fspath(to)
        path = Path(text).expanduser()
        into = path.is_dir() or text.endswith(("/", os.sep))
        self.target: Path = path / name if into else path
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(
                dir=self.target.parent, prefix=f".{self.target.name[:80]}-", suffix=".part"
            )
        except OSError as error:
            raise StashError(
                f"Cannot write to {self.target}: {error.strerror}",
                hint="Give a file or folder that this user may write to.",
            ) from error
        self._temporary = Path(temporary)
        self._file: BinaryIO = os.fdopen(descriptor, "wb")
        self.written: int = 0

    def write(self, chunk: bytes) -> None:
        """Append some bytes."""
        try:
            self._file.write(chunk)
        except OSError as error:
            raise StashError(
                f"Cannot write to {self.target} after {self.written} bytes: {error.strerror}",
                hint="Is the disk full?",
            ) from error
        self.written += len(chunk)

    def commit(self, expected: int | None, link: str) -> Path:
        """Put the file in its place.

        Args:
            expected: how many bytes the server announced; None when it did not.
            link: where they came from, for the message.

        Returns:
            The file's path.

        Raises:
            ResponseFormatError: there are fewer or more bytes than announced.
            StashError: the target cannot be written to.
        """
        if expected is not None and expected != self.written:
            raise ResponseFormatError(
                f"The file came with {self.written} bytes, and {expected} were announced;"
                " nothing was kept",
                url=redact_url(link),
                hint="Try again; a proxy in between may cut long answers.",
            )
        try:
            self._file.close()
            # A temporary file is for its owner's eyes alone; a download is an ordinary file.
            umask = os.umask(0)
            os.umask(umask)
            self._temporary.chmod(0o666 & ~umask)
            os.replace(self._temporary, self.target)
        except OSError as error:
            raise StashError(
                f"Cannot write to {self.target}: {error.strerror}",
                hint="Is the disk full, or something else in that place?",
            ) from error
        return self.target

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._temporary.unlink(missing_ok=True)


def announced_length(headers: Mapping[str, str]) -> int | None:
    """Give the length that an answer announces, None when it is sent in pieces or compressed."""
    length = headers.get("content-length", "")
    return int(length) if length.isdigit() and not headers.get("content-encoding") else None


def link_or_raise(link: str | None, what: str) -> str:
    """Give the link that a mutation answered.

    Args:
        link: its answer.
        what: what was asked for, for the message.

    Raises:
        ResponseFormatError: there is none.
    """
    if not link:
        raise ResponseFormatError(f"The server answered no link for the {what}")
    return link
