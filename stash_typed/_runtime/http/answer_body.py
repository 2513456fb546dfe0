"""The body of a response, decompressed here and never beyond a limit.

httpx unpacks whatever an answer says it is packed with, as often as it says, and each piece at once:
1.8 kB of gzip within gzip become 1 GB. A server of Stash packs nothing, a proxy before it may; gzip
is what it is offered.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..errors import ResponseFormatError

if TYPE_CHECKING:
    from ..stash_error import Where

DEFAULT_SIZE = 256 * 1024 * 1024
"""Bytes of an answer."""

_GZIP = ("gzip", "x-gzip")
_WITH_GZIP_HEADER = zlib.MAX_WBITS | 16


class AnswerBody:
    def __init__(self, headers: Mapping[str, str], largest: int | None, where: Where) -> None:
        self._largest = largest
        self._where = where
        self._content = bytearray()
        packing = _packing(headers)
        if packing and packing not in ([name] for name in _GZIP):
            raise self._unpackable(f"is packed as {', '.join(packing)!r}, which was not offered")
        self._unpacker = zlib.decompressobj(_WITH_GZIP_HEADER) if packing else None
        length = headers.get("content-length", "")
        if length.isdigit() and largest is not None and int(length) > largest:
            raise self._too_large(f"has {length} bytes")

    def add(self, piece: bytes) -> None:
        if self._unpacker is None:
            self._content += piece
            self._check()
            return
        while piece:
            if self._unpacker.eof:
                self._unpacker = zlib.decompressobj(_WITH_GZIP_HEADER)
            room = 0 if self._largest is None else self._largest - len(self._content) + 1
            try:
                self._content += self._unpacker.decompress(piece, room)
            except zlib.error as error:
                raise self._unpackable(f"is damaged: {error}") from None
            self._check()
            piece = self._unpacker.unconsumed_tail or self._unpacker.unused_data

    def whole(self) -> bytes:
        if self._unpacker is not None and self._content and not self._unpacker.eof:
            raise self._unpackable("breaks off")
        return bytes(self._content)

    def _check(self) -> None:
        if self._largest is not None and len(self._content) > self._largest:
            raise self._too_large(f"has more than {self._largest} bytes")

    def _too_large(self, what: str) -> ResponseFormatError:
        return ResponseFormatError(
            f"the answer {what}",
            hint=f"max_answer_size={self._largest} of the client is the bound: ask for less at once,"
            " or raise it.",
            **self._where,
        )

    def _unpackable(self, what: str) -> ResponseFormatError:
        return ResponseFormatError(
            f"the answer {what}",
            hint="Look at the proxy in front of the server: Stash itself packs no answer.",
            **self._where,
        )


def check_packing(headers: Mapping[str, str], where: Where) -> None:
    """Refuse a file that is packed: httpx has no bound for some ways, and takes what breaks off for whole."""
    packing = _packing(headers)
    if packing:
        raise ResponseFormatError(
            f"the file is packed as {', '.join(packing)!r}, which was not asked for",
            hint="Look at the proxy in front of the server: Stash itself packs no file.",
            **where,
        )


def _packing(headers: Mapping[str, str]) -> list[str]:
    names = [name.strip().lower() for name in headers.get("content-encoding", "").split(",")]
    return [name for name in names if name not in ("", "identity")]
