"""Natural order of names: "clip 2" before "clip 12", letters without regard to case.

SQLite sorts by bytes, so a text is turned into a key whose bytes sort as the texts should. A key
is cheaper than a collation: it is made once per row instead of at each comparison.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["natural_key"]

_Value = str | int | float | bytes | None
_DIGITS = re.compile(rb"[0-9]+")


@lru_cache(maxsize=512)  # a title is asked for twice in a row, and a folder again and again
def natural_key(value: _Value) -> _Value:
    if not isinstance(value, str):
        return value
    folded = value.upper().encode() if value.isascii() else _fold(value).encode()
    return _DIGITS.sub(_number_key, folded)


def _number_key(match: re.Match[bytes]) -> bytes:
    """Write a number so that bytes compare as values do; fewer leading zeros come first.

    The first byte is the digit zero, which keeps numbers between the signs below and above the
    digits.
    """
    digits = match.group()
    significant = digits.lstrip(b"0")
    zeros = len(digits) - len(significant)
    return (
        b"0"
        + min(len(significant), 0xFFFF).to_bytes(2, "big")
        + significant
        + min(zeros, 0xFFFF).to_bytes(2, "big")
    )


def _fold(text: str) -> str:
    return "".join([_lowest(character) for character in text])


@lru_cache(maxsize=4096)
def _lowest(character: str) -> str:
    """Return the character with the lowest number among those that differ in case alone."""
    lower, upper = character.lower(), character.upper()
    family = (character, lower, upper, lower.upper(), upper.lower())
    return min(each for each in family if len(each) == 1)
