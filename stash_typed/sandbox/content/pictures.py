"""Small synthetic pictures: what the server shows where nothing was uploaded or generated."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

__all__ = ["default_svg", "plain_png", "png"]

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90" width="160" height="90">'
    '<rect width="160" height="90" fill="#456"/>'
    '<text x="80" y="50" fill="#fff" font-family="sans-serif" font-size="14"'
    ' text-anchor="middle">{}</text></svg>'
)


def default_svg(kind: str) -> bytes:
    """Give the picture of an object that has none.

    Args:
        kind: a word to be shown, such as `studio`.
    """
    return _SVG.format(kind).encode()


def plain_png(width: int, height: int, number: int) -> bytes:
    """Give a PNG of one colour.

    Args:
        width: pixels.
        height: pixels.
        number: chooses the colour, so that pictures of different objects differ.
    """
    colour = ((number * 53) % 256, (number * 97) % 256, (number * 193) % 256)
    return png(width, height, lambda _x, _y: colour)


def png(width: int, height: int, pixel: Callable[[int, int], tuple[int, int, int]]) -> bytes:
    """Give a PNG.

    Args:
        width: pixels.
        height: pixels.
        pixel: gives red, green and blue of a place, 0..255 each.
    """
    rows = b"".join(
        b"\0" + bytes(value for x in range(width) for value in pixel(x, y)) for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
