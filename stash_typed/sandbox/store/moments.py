"""Dates and times of inputs: RFC 3339, days, and relative times."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

from stash_typed.sandbox.clock import format_time
from stash_typed.sandbox.errors import AnswerError

_LAYOUT = "2006-01-02T15:04:05.999999999Z07:00"
_PARTS = (
    *(("2006", r"\d{4}"), ("-", "-"), ("01", r"\d\d"), ("-", "-"), ("02", r"\d\d")),
    *(("T", "T"), ("15", r"\d\d"), (":", ":"), ("04", r"\d\d"), (":", ":"), ("05", r"\d\d")),
    *((".999999999", r"([.,]\d+)?"), ("Z07:00", r"Z|[+-]\d\d:\d\d")),
)
_DATE_PARTS = (("2006", r"\d{4}"), ("-", "-"), ("01", r"\d\d"))
_LENGTHS = (10, 7, 4)  # how much of "YYYY-MM-DD" is shown: day, month, year
_MOMENT = re.compile("".join(f"({pattern})" for _, pattern in _PARTS), re.ASCII)
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}
_AMOUNT = re.compile(r"(\d+\.?\d*|\.\d+)([^\d.]*)", re.ASCII)


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _misfit(text: str, layout: str, parts: Iterable[tuple[str, str]]) -> str:
    """Say in Go's words why a text does not have a layout: its parts, each with a pattern."""
    rest = text
    for part, pattern in parts:
        match = re.match(pattern, rest, re.ASCII)
        if match is None:
            return f'parsing time {_quote(text)} as "{layout}": cannot parse {_quote(rest)} as "{part}"'
        rest = rest[match.end() :]
    return f"parsing time {_quote(text)}: extra text: {_quote(rest)}"


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
    year = _misfit(text, "2006", _DATE_PARTS[:1])
    month = _misfit(text, "2006-01", _DATE_PARTS)
    if re.match(r"\d{4}-(00|1[3-9]|[2-9]\d)", text, re.ASCII):
        month = f"parsing time {_quote(text)}: month out of range"
    reasons = f"ParseDateStringAsTime failed: dateString <{text}> {month} {year}"
    raise AnswerError(f"failed to parse date {_quote(text)}: [{reasons}]")


def format_date(day: str | None, precision: int | None) -> str | None:
    return None if not day else day[: _LENGTHS[precision or 0]]


def parse_time(text: str) -> str:
    """Read a `Time` of an input, and give it in UTC."""
    if _MOMENT.fullmatch(text) is None:
        raise AnswerError(_misfit(text, _LAYOUT, _PARTS))
    try:
        whole = datetime.fromisoformat(text[:19] + re.sub("Z$", "+00:00", text)[-6:])
    except ValueError as problem:
        raise AnswerError(f"parsing time {_quote(text)}: day out of range") from problem
    fraction = re.sub(r".{19}([.,]\d{1,9})?.*", r"\1", text).rstrip("0")
    return format_time(whole)[:-1] + (f".{fraction[1:]}" if fraction[1:] else "") + "Z"


def parse_timestamp(text: str) -> str:
    """Read a `Timestamp` of an input, and give it in UTC, in whole seconds."""
    if not text:
        raise AnswerError("cannot parse Timestamp: empty string")
    if text[0] in "<>":
        try:
            seconds = _duration(text[1:])
        except AnswerError as problem:
            sign = ord(text[0])
            doing = f"cannot parse Timestamp: cannot parse {sign}-duration"
            raise AnswerError(f"{doing}: {problem}") from problem
        distance = timedelta(seconds=-seconds if text[0] == "<" else seconds)
        return _whole(datetime.now(timezone.utc) + distance)
    if _MOMENT.fullmatch(text):
        try:
            return re.sub(r"\.\d+", "", parse_time(text))
        except AnswerError:
            pass
    for layout in ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S"):
        try:
            moment = datetime.strptime(text, layout).replace(tzinfo=timezone.utc)
        except ValueError:
            continue
        if moment.strftime(layout) == text:
            return _whole(moment)
    raise AnswerError(f"ParseDateStringAsTime failed: dateString <{text}>")


def _whole(moment: datetime) -> str:
    return format_time(moment.replace(microsecond=0))


def _duration(text: str) -> float:
    """Read a length of time such as `1h30m`, in seconds."""
    quoted = _quote(text)
    sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if rest == "0":
        return 0
    total, place = 0.0, 0
    while place < len(rest) or not rest:
        match = _AMOUNT.match(rest, place)
        if match is None:
            raise AnswerError(f"time: invalid duration {quoted}")
        amount, unit = match.groups()
        if unit not in _UNITS:
            if not unit:
                raise AnswerError(f"time: missing unit in duration {quoted}")
            raise AnswerError(f'time: unknown unit "{unit}" in duration {quoted}')
        total += float(amount) * _UNITS[unit]
        place = match.end()
    return sign * total
