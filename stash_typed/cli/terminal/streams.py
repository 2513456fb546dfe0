"""Standard streams that are safe for foreign text."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any, TextIO, cast

from stash_typed._runtime.foreign_text import visible


class _Guarded:
    """A stream that escapes terminal control characters.

    All output passes through it, including warnings, logs and tracebacks. Only rich bypasses it,
    with text that has already passed `visible`.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def rich_proxied_file(self) -> TextIO:
        """The underlying stream, under the name that rich looks for."""
        return self._stream

    def write(self, text: str) -> int:
        self._stream.write(visible(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":  # bytes would bypass the escaping
            raise AttributeError(name)
        return getattr(self._stream, name)


@contextmanager
def guarded() -> Generator[None, None, None]:
    """Escape control characters, and characters that the streams' encodings lack."""
    before = sys.stdout, sys.stderr
    errors = [stream.errors for stream in before]
    for stream in before:
        _set_errors(stream, "backslashreplace")
    sys.stdout, sys.stderr = (cast("TextIO", _Guarded(stream)) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
        for stream, handler in zip(before, errors, strict=True):
            _set_errors(stream, handler)


def _set_errors(stream: TextIO, handler: str | None) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None and handler is not None:
        reconfigure(errors=handler)


def opened() -> None:
    """Open the standard streams that were closed at the start.

    Otherwise the first files and sockets of a command would get their file descriptors.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # It stays open until the process ends, as the others do.
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def settled(code: int) -> int:
    """Flush the streams and return the exit code, 1 instead of 0 if that fails."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = code or 1
            _discard(stream)
    return code


def _discard(stream: TextIO) -> None:
    """Redirect a broken stream to the null device, since the interpreter flushes it once more."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
