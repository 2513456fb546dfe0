"""A file that is sent to the server: from a path, from bytes, or from an open stream."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator
from typing import Protocol

from .errors import InvalidVariableError
from .foreign_text import one_line
from .whole_file import open_ordinary

_CHUNK = 64 * 1024


class BinaryStream(Protocol):
    """The methods shared by an open binary file, a socket's file and an `io.BytesIO`."""

    def read(self, size: int, /) -> bytes: ...


class Upload:
    """A value of the schema's scalar `Upload`.

    Contents are read while they are sent, never whole into memory. A path, bytes, or a stream that
    can seek may be sent again when the server asks for a new sign-in; any other stream only once.

    Args:
        content: the path of a file (text or path-like), bytes, or a binary stream, which is read
            from where it stands and is not closed.
        filename: the file name sent to the server; by default that of the path, or `upload`.
        content_type: the media type; guessed from the name by default.

    Raises:
        InvalidVariableError: the content is none of these.
    """

    def __init__(
        self,
        content: str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryStream,
        *,
        filename: str | None = None,
        content_type: str | None = None,
    ) -> None:
        self._path: str | None = None
        self._bytes: bytes | None = None
        self._stream: BinaryStream | None = None
        self._start: int | None = None
        self._sent = False
        if isinstance(content, (str, os.PathLike)):
            self._path = os.fspath(content)
        elif isinstance(content, (bytes, bytearray, memoryview)):
            self._bytes = bytes(content)
        elif not callable(getattr(content, "read", None)):
            raise InvalidVariableError(
                f"a value of type {type(content).__name__} cannot be uploaded",
                hint="Give a path, bytes, or an open binary file.",
            )
        else:
            self._stream = content
            try:
                self._start = _position(content)
            except (OSError, ValueError) as error:
                raise _unusable(error) from error
        self.filename: str = filename or os.path.basename(self._path or "") or "upload"
        self.content_type: str = content_type or _guess(self.filename)

    def __repr__(self) -> str:
        return f"Upload(filename={self.filename!r}, content_type={self.content_type!r})"

    @property
    def size(self) -> int | None:
        """The number of bytes to send; None for a stream of unknown length.

        Raises:
            InvalidVariableError: the path cannot be read, or is no file; the stream is closed.
        """
        if self._bytes is not None:
            return len(self._bytes)
        try:
            if self._path is not None:
                return self._length_of(os.stat(self._path))
            return _remaining(self._stream, self._start)
        except InvalidVariableError:
            raise
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from error

    @property
    def replayable(self) -> bool:
        """Whether the contents can be sent again."""
        return self._stream is None or self._start is not None or not self._sent

    @property
    def waits(self) -> bool:
        """Whether reading may take a while, as it does from a disk or a network."""
        return self._bytes is None

    def chunks(self) -> Generator[bytes, None, None]:
        """Read the contents from the start.

        Returns:
            Pieces of at most 64 KiB.

        Raises:
            InvalidVariableError: the path cannot be read, or is no file; the stream fails, or was
                read already and cannot go back.
        """
        if not self.replayable:
            raise InvalidVariableError(
                f"the stream of {self.filename!r} was sent once and cannot be read again",
                hint="Give a path or bytes instead.",
            )
        self._sent = True
        try:
            if self._bytes is not None:
                for start in range(0, len(self._bytes), _CHUNK):
                    yield self._bytes[start : start + _CHUNK]
            elif self._path is not None:
                self._length_of(os.stat(self._path))
                with open_ordinary(self._path) as file:
                    yield from _read(file)
            elif self._stream is not None:
                if self._start is not None:
                    _seek(self._stream, self._start)
                yield from _read(self._stream)
        except InvalidVariableError:
            raise
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from error

    def _length_of(self, status: os.stat_result) -> int:
        if not stat.S_ISREG(status.st_mode):
            kind = next((name for is_it, name in _KINDS if is_it(status.st_mode)), "no file")
            raise InvalidVariableError(
                f"{one_line(self._path or '', 200)!r} cannot be uploaded: it is {kind}",
                hint="Give the path of a file, or an open binary stream.",
            )
        return status.st_size

    def _unreadable(self, error: OSError | ValueError) -> InvalidVariableError:
        if self._path is None:
            return _unusable(error, self.filename)
        reason = error.strerror if isinstance(error, OSError) else None
        return InvalidVariableError(
            f"the file {one_line(self._path or '', 200)!r} cannot be read: {reason or error}",
            hint="Give a path that this process may read.",
        )


_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe (FIFO)"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def _unusable(error: OSError | ValueError, name: str = "") -> InvalidVariableError:
    which = f" of {name!r}" if name else ""
    return InvalidVariableError(
        f"the stream{which} cannot be read: {error}", hint="Give an open binary stream."
    )


def _read(stream: BinaryStream) -> Generator[bytes, None, None]:
    while (chunk := stream.read(_CHUNK)) != b"":
        if chunk is None:  # pyright: ignore[reportUnnecessaryComparison]  # one that does not wait
            raise InvalidVariableError(
                "the stream to upload has nothing to read yet, and does not wait for it",
                hint="Give a stream that blocks.",
            )
        if not isinstance(chunk, bytes):  # pyright: ignore[reportUnnecessaryIsInstance]  # a text file
            raise InvalidVariableError(
                "the stream to upload gives text", hint='Open the file in binary mode, "rb".'
            )
        yield chunk


def _position(stream: BinaryStream) -> int | None:
    if not getattr(stream, "seekable", bool)():
        return None
    position = getattr(stream, "tell", lambda: None)()
    return position if isinstance(position, int) else None


def _seek(stream: BinaryStream, position: int, whence: int = os.SEEK_SET) -> int:
    moved = getattr(stream, "seek")(position, whence)  # noqa: B009  (not every stream has it)
    return moved if isinstance(moved, int) else position


def _remaining(stream: BinaryStream | None, start: int | None) -> int | None:
    if stream is None or start is None:
        return None
    end = _seek(stream, 0, os.SEEK_END)
    _seek(stream, start)
    return max(0, end - start)


def _guess(filename: str) -> str:
    import mimetypes

    return mimetypes.guess_type(filename)[0] or "application/octet-stream"
