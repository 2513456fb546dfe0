"""The body of a GraphQL multipart request: text fields first, then the files, as a stream."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Sequence
from contextlib import aclosing, closing

from .errors import InvalidVariableError
from .upload import Upload


class MultipartBody:
    """`multipart/form-data` that is read from its files while it is sent.

    It can be iterated any number of times while `replayable` is true."""

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
                upload.size,
            )
            for name, upload in files
        ]
        self._end = f"--{boundary}--\r\n".encode()

    @property
    def replayable(self) -> bool:
        return all(upload.replayable for _, upload, _ in self._files)

    @property
    def size(self) -> int | None:
        """The length in bytes; None when a stream does not tell its own."""
        total = len(self._fields) + len(self._end)
        for head, _, size in self._files:
            if size is None:
                return None
            total += len(head) + size + 2
        return total

    def __iter__(self) -> Generator[bytes, None, None]:
        yield self._fields
        for head, upload, size in self._files:
            yield head
            with closing(_announced(upload, size)) as pieces:
                yield from pieces
            yield b"\r\n"
        yield self._end

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield the same pieces to an async client, and let no other task wait for a disk."""
        if not any(upload.waits for _, upload, _ in self._files):
            for piece in self:
                yield piece
            return
        async with aclosing(_in_thread(self.__iter__())) as pieces:
            async for piece in pieces:
                yield piece


def _announced(upload: Upload, size: int | None) -> Generator[bytes, None, None]:
    """Read a file, which must be as long as it was when its length was announced."""
    read = 0
    with closing(upload.chunks()) as pieces:
        for piece in pieces:
            read += len(piece)
            if size is not None and read > size:
                raise _changed(upload, f"more than the {size} bytes that it had when it began")
            yield piece
    if size is not None and read < size:
        raise _changed(upload, f"{read} bytes, and had {size} when it began")


def _changed(upload: Upload, what: str) -> InvalidVariableError:
    return InvalidVariableError(
        f"{upload.filename!r} changed while it was sent: it has {what}",
        hint="Send it when nothing writes to it, or a copy of it.",
    )


async def _in_thread(pieces: Generator[bytes, None, None]) -> AsyncGenerator[bytes, None]:
    import asyncio

    reading: asyncio.Future[bytes] | None = None
    try:
        while True:
            reading = asyncio.ensure_future(asyncio.to_thread(next, pieces, b""))
            await asyncio.wait({reading})
            piece = reading.result()
            if not piece:
                return
            yield piece
    finally:
        # A thread cannot be interrupted: the file is closed when it comes back.
        if reading is None or reading.done():
            pieces.close()
        else:
            reading.add_done_callback(lambda _: pieces.close())


def _head(boundary: str, disposition: str, content_type: str | None = None) -> bytes:
    lines = [f"--{boundary}", f"Content-Disposition: {disposition}"]
    if content_type is not None:
        lines.append(f"Content-Type: {_escape(content_type)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _escape(text: str) -> str:
    """Keep a name inside its quotes and its line, the way browsers do."""
    text = text.encode("utf-8", "replace").decode()
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
