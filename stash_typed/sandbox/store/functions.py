"""What the server's SQL can call beyond SQLite's own functions."""

from __future__ import annotations

import math
import re
import sqlite3

from .natural import natural_key
from .patterns import compile_pattern

__all__ = ["add_functions", "phash_from_text", "phash_to_text"]

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
