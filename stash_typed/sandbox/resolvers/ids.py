"""Ids as inputs give them: texts that are numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stash_typed.sandbox.errors import AnswerError

__all__ = ["number", "numbers", "unique_numbers"]

_NUMBER = re.compile(r"[+-]?[0-9]+", re.ASCII)


def number(text: str, doing: str = "") -> int:
    """Read an id."""
    problem = "invalid syntax"
    if _NUMBER.fullmatch(text):
        value = int(text)
        if -(1 << 63) <= value < 1 << 63:
            return value
        problem = "value out of range"
    start = f"{doing}: " if doing else ""
    raise AnswerError(f'{start}strconv.Atoi: parsing "{text}": {problem}')


def numbers(texts: Sequence[str] | None, doing: str = "") -> list[int]:
    """Read a list of ids; see `number`."""
    return [number(text, doing) for text in texts or ()]


def unique_numbers(texts: Sequence[str]) -> list[int]:
    """Read the ids of a find query: none may be given twice."""
    seen: set[str] = set()
    for text in texts:
        if text in seen:
            raise AnswerError(f"validating ids: duplicate id found: {text}")
        seen.add(text)
    return numbers(texts, "converting ids")
