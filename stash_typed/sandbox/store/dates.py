"""Dates as the server keeps them: a day, and how much of it is meant."""

from __future__ import annotations

import json
from datetime import date, datetime

from stash_typed.sandbox.errors import AnswerError

__all__ = ["format_date", "parse_date"]

_LENGTHS = (10, 7, 4)  # how much of "YYYY-MM-DD" is shown: day, month, year


def parse_date(text: str) -> tuple[str, int]:
    """Read a date of an input."""
    for precision, length in enumerate(_LENGTHS):
        if len(text) == length:
            try:
                return date.fromisoformat(text + "-01-01"[: 10 - length]).isoformat(), precision
            except ValueError:
                break
    if len(text) > 10:
        try:
            return datetime.fromisoformat(text.replace("Z", "+00:00")).date().isoformat(), 0
        except ValueError:
            pass
    reasons = f"ParseDateStringAsTime failed: dateString <{text}> {_month(text)} {_year(text)}"
    raise AnswerError(f"failed to parse date {_quoted(text)}: [{reasons}]")


def format_date(day: str | None, precision: int | None) -> str | None:
    """Write a stored date as an answer shows it."""
    return None if not day else day[: _LENGTHS[precision or 0]]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _month(text: str) -> str:
    """Say, in the server's words, why a text is not `YYYY-MM`."""
    whole = _quoted(text)
    start = f'parsing time {whole} as "2006-01": cannot parse'
    if not _digits(text[:4], 4):
        return f'{start} {whole} as "2006"'
    if not text[4:].startswith("-"):
        return f'{start} {_quoted(text[4:])} as "-"'
    if not _digits(text[5:7], 2):
        return f'{start} {_quoted(text[5:])} as "01"'
    if not 1 <= int(text[5:7]) <= 12:
        return f"parsing time {whole}: month out of range"
    return f"parsing time {whole}: extra text: {_quoted(text[7:])}"


def _year(text: str) -> str:
    """Say, in the server's words, why a text is not `YYYY`."""
    whole = _quoted(text)
    if not _digits(text[:4], 4):
        return f'parsing time {whole} as "2006": cannot parse {whole} as "2006"'
    return f"parsing time {whole}: extra text: {_quoted(text[4:])}"


def _digits(text: str, count: int) -> bool:
    return len(text) == count and text.isascii() and text.isdigit()
