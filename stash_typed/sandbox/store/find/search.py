"""The search text `q`: words that all must be there, "phrases", -unwanted and this OR that."""

from __future__ import annotations

from collections.abc import Sequence

from .builder import Builder


def add_search(builder: Builder, query: str, columns: Sequence[str]) -> None:
    words, choices = _take_choices(_join_phrases(query.strip().split(" ")))
    for word in words:
        if len(word) > 1 and word.startswith("-"):
            unwanted = _bare(word[1:])
            if unwanted:
                for column in columns:
                    builder.require(f"coalesce({column}, '') not like ?", f"%{unwanted}%")
        elif _bare(word):
            _require_any(builder, columns, [_bare(word)])
    for choice in choices:
        _require_any(builder, columns, choice)


def _require_any(builder: Builder, columns: Sequence[str], words: Sequence[str]) -> None:
    patterns = [f"%{word}%" for word in words]
    condition = " or ".join(f"{column} like ?" for column in columns for _ in patterns)
    builder.require(condition, *(pattern for _ in columns for pattern in patterns))


def _bare(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] == '"' else word


def _join_phrases(words: Sequence[str]) -> list[str]:
    """Join the words from an opening quotation mark to a closing one."""
    joined: list[str] = []
    start: int | None = None
    for place, word in enumerate(words):
        if start is None:
            text = word.removeprefix("-")
            if text.startswith('"') and (len(text) < 2 or not text.endswith('"')):
                start = place
            else:
                joined.append(word)
        elif word.endswith('"'):
            joined.append(" ".join(words[start : place + 1]))
            start = None
    return joined if start is None else [*joined, *words[start:]]


def _take_choices(words: list[str]) -> tuple[list[str], list[list[str]]]:
    """Take the chains `a OR b OR c` out of the words."""
    choices: list[list[str]] = []
    place = 1
    while place < len(words) - 1:
        if words[place].upper() != "OR" and words[place] != "|":
            place += 1
            continue
        end = place + 2
        while end < len(words) and words[end].upper() == "OR":
            end += 2
        members = [_bare(word) for word in words[place - 1 : end : 2]]
        choices.append([member for member in members if member])
        words = words[: place - 1] + words[end:]
        place = 1
    return words, choices
