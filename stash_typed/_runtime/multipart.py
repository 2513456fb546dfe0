"""The body of a GraphQL multipart request: text fields first, then the files, as a stream."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator, Sequence

from .upload import Upload

__all__ = ["MultipartBody"]


class MultipartBody:
    """`multipart/form-data` that is read from its files while it is sent.

    It can be iterated any number of times while `replayable` is true.

    Args:
        fields: names and texts, sent first and in this order.
        files: names and files, sent after them.
    """

    def __init__(
        self, fields: Sequence[tuple[str, str]], files: Sequence[tuple[str, Upload]]
    ) -> None:
        boundary = os.urandom(16).hex()
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._fields = b"".join(
            _head(boundary, f'form-data; name="{name}"') + text.encode() + b"\r\n"
            for name, text in fields
        )
        self._files = [
            (
                _head(
                    boundary,
                    f'form-data; name="{name}"; filename="{_escape(upload.filename)}"',
                    upload.content_type,
                ),
                upload,
            )
            for name, upload in files
        ]
        self._end = f"--{boundary}--\r\n".encode()

    @property
    def replayable(self) -> bool:
        """Whether it can be sent once more."""
        return all(upload.replayable for _, upload in self._files)

    @property
    def size(self) -> int | None:
        """The length in bytes; None when a stream does not tell its own.

        Raises:
            InvalidVariableError: a path cannot be read.
        """
        total = len(self._fields) + len(self._end)
        for head, upload in self._files:
            size = upload.size
            if size is None:
                return None
            total += len(head) + size + 2
        return total

    def __iter__(self) -> Iterator[bytes]:
        yield self._fields
        for head, upload in self._files:
            yield head
            yield from upload.chunks()
            yield b"\r\n"
        yield self._end

    async def stream(self) -> AsyncIterator[bytes]:
        """Give the same pieces to an async client.

        A piece of 64 KiB is read in less time than another thread would take to be asked for it.
        """
        for piece in self:
            yield piece


def _head(boundary: str, disposition: str, content_type: str | None = None) -> bytes:
    lines = [f"--{boundary}", f"Content-Disposition: {disposition}"]
    if content_type is not None:
        lines.append(f"Content-Type: {_escape(content_type)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _escape(text: str) -> str:
    """Keep a name inside its quotes and its line, the way browsers do."""
    text = text.encode("utf-8", "replace").decode()
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
