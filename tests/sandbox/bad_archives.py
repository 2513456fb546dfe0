"""Zip archives written by hand, so that their headers can say what is not so."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from functools import cache

__all__ = ["Entry", "archive", "deflated", "gigabyte_of_zeros"]


@dataclass(frozen=True)
class Entry:
    """One file of an archive.

    Attributes:
        name: its name.
        packed: its bytes in the archive.
        size: how many it says that they unpack to.
        crc: the checksum that it says.
        method: how it says that they are packed; 8 is deflate, 0 not at all.
        flags: 1 for encrypted.
        mode: the type and rights of a file as on a Unix.
        extra: bytes of the field that may hold anything.
    """

    name: str
    packed: bytes = b""
    size: int = 0
    crc: int = 0
    method: int = 8
    flags: int = 0x800
    mode: int = 0o100644
    extra: bytes = b""


def archive(*entries: Entry, share: bool = False) -> bytes:
    """Write an archive.

    Args:
        entries: its files.
        share: whether all of them have the bytes of the first.
    """
    content, directory = bytearray(), bytearray()
    first = 0
    for number, each in enumerate(entries):
        name = each.name.encode()
        place = first if share else len(content)
        sizes = (each.crc, len(each.packed), each.size)
        if number == 0 or not share:
            content += struct.pack(
                "<4s5H3L2H", b"PK\3\4", 20, each.flags, each.method, 0, 33, *sizes, len(name), 0
            )
            content += name + each.packed
        directory += struct.pack(
            "<4s6H3L5H2L",
            *(b"PK\1\2", 0x31E, 20, each.flags, each.method, 0, 33),
            *(*sizes, len(name), len(each.extra), 0, 0, 0, each.mode << 16, place),
        )
        directory += name + each.extra
    count = min(len(entries), 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(content), 0)
    return bytes(content + directory + end)


def deflated(data: bytes) -> bytes:
    """Pack bytes as an archive does."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


@cache
def gigabyte_of_zeros() -> bytes:
    """Give about a megabyte that unpacks to a gigabyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b"\0" * (1 << 25)) + packer.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    return block * 32 + last.flush()
