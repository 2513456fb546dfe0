"""Dates as the server keeps them: a day, and how much of it is meant."""

from __future__ import annotations

import re
from datetime import date, datetime

from stash_typed.sandbox.errors import AnswerError

from .moments import misfit, quote

__all__ = ["format_date", "parse_date"]

_PARTS = (("2006", r"\d{4}"), ("-", "-"), ("01", r"\d\d"))
_LENGTHS = (10, 7, 4)  # how much of "YYYY-MM-DD" is shown: day, month, year


def parse_date(text: str) -> tuple[str, int]:
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
    year = misfit(text, "2006", _PARTS[:1])
    month = misfit(text, "2006-01", _PARTS)
    if re.match(r"\d{4}-(00|1[3-9]|[2-9]\d)", text, re.ASCII):
        month = f"parsing time {quote(text)}: month out of range"
    reasons = f"ParseDateStringAsTime failed: dateString <{text}> {month} {year}"
    raise AnswerError(f"failed to parse date {quote(text)}: [{reasons}]")


def format_date(day: str | None, precision: int | None) -> str | None:
    """Write a stored date as an answer shows it."""
    return None if not day else day[: _LENGTHS[precision or 0]]
