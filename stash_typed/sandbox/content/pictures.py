"""Small synthetic pictures, shown if nothing was uploaded or generated."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90" width="160" height="90">'
    '<rect width="160" height="90" fill="#456"/>'
    '<text x="80" y="50" fill="#fff" font-family="sans-serif" font-size="14"'
    ' text-anchor="middle">{}</text></svg>'
)


def default_svg(kind: str) -> bytes:
    """Return the default picture of an object, which shows a word such as `studio`."""
    return _SVG.format(kind).encode()


def plain_png(width: int, height: int, number: int) -> bytes:
    colour = ((number * 53) % 256, (number * 97) % 256, (number * 193) % 256)
    return png(width, height, lambda _x, _y: colour)


def png(width: int, height: int, pixel: Callable[[int, int], tuple[int, int, int]]) -> bytes:
    """Return a PNG whose `pixel(x, y)` is red, green and blue."""
    rows = b"".join(
        b"\0" + bytes(value for x in range(width) for value in pixel(x, y)) for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
