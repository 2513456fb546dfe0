"""The server's SQL functions that SQLite lacks."""

from __future__ import annotations

import math
import re
import sqlite3
from functools import lru_cache

from .patterns import compile_pattern

_Value = str | int | float | bytes | None
_DIGITS = re.compile(rb"[0-9]+")
_PHASH = re.compile(r"0*[0-9A-Fa-f]{1,16}")


def add_functions(connection: sqlite3.Connection) -> None:
    """Add `regexp`, `natural_key`, `phash_distance`, `basename` and `shuffled` to a connection."""
    connection.create_function("regexp", 2, _regexp, deterministic=True)
    connection.create_function("natural_key", 1, natural_key, deterministic=True)
    connection.create_function("phash_distance", 2, _phash_distance, deterministic=True)
    connection.create_function("basename", 1, _basename, deterministic=True)
    connection.create_function("shuffled", 2, _shuffled, deterministic=True)


def phash_to_text(stored: int) -> str:
    """Write a perceptual hash as answers show it: hexadecimal, without leading zeros."""
    return f"{stored & 0xFFFF_FFFF_FFFF_FFFF:x}"


def phash_from_text(text: str) -> int | None:
    """Read a perceptual hash as the database keeps it: 64 bits with a sign."""
    if _PHASH.fullmatch(text) is None:
        return None
    value = int(text, 16)
    return value - (1 << 64) if value >= 1 << 63 else value


def _regexp(pattern: str, value: object) -> bool | None:
    if value is None:
        return None
    return compile_pattern(pattern).search(str(value)) is not None


def _phash_distance(first: int, second: int) -> int:
    return bin((first ^ second) & 0xFFFF_FFFF_FFFF_FFFF).count("1")


def _shuffled(key: int, seed: int) -> float:
    """Return a place in the order of a seed, computed with the precision that SQLite has."""
    moved = key + seed
    product: float = moved * moved * 52959209
    if product >= 1 << 63:
        product = float(moved * moved) * 52959209.0
    return math.fmod(float(product + moved * 1047483763), 2147483647.0)


def _basename(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2] or ("/" if path else ".")


@lru_cache(maxsize=512)  # a title is asked for twice in a row, and a folder again and again
def natural_key(value: _Value) -> _Value:
    """Return the key by which SQLite sorts "clip 2" before "clip 12", whatever the case.

    A key is cheaper than a collation: it is made once per row instead of at each comparison.
    """
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
