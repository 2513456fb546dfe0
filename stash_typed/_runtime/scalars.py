"""The schema's scalars as Python types, one name for both directions on the wire.

`Int64` is `int` and dates such as `Scene.date` are `str` (they may be a year or a year and
month), so neither needs a name here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, PlainSerializer

__all__ = [
    "BoolMap",
    "Map",
    "PluginConfigMap",
    "Time",
    "Timestamp",
    "encode_time",
    "encode_timestamp",
]


def encode_time(value: datetime) -> str:
    """Give the RFC 3339 text of an aware moment.

    Args:
        value: a datetime with a time zone.

    Returns:
        The text that the server reads, such as `2026-01-31T08:00:00+01:00`.

    Raises:
        ValueError: the datetime is naive: the server would read it as another moment.
    """
    if value.tzinfo is None:
        raise ValueError(
            f"{value.isoformat()} has no time zone; give an aware datetime, for instance"
            " datetime.now(timezone.utc) or value.astimezone()"
        )
    return value.isoformat()


def encode_timestamp(value: datetime | timedelta) -> str:
    """Give the text of a `Timestamp`: a moment, or a distance from the server's now.

    Args:
        value: an aware datetime, or a timedelta; a negative one lies in the past.

    Returns:
        RFC 3339 text, or `<90s` (ninety seconds ago) or `>90s` (ninety seconds ahead).
    """
    if isinstance(value, timedelta):
        seconds = value.total_seconds()
        return f"{'<' if seconds < 0 else '>'}{abs(seconds):g}s"
    return encode_time(value)


Time = Annotated[AwareDatetime, PlainSerializer(encode_time, when_used="json-unless-none")]
"""`Time`: an aware datetime. The server sends nanoseconds; what is finer than a microsecond is cut off."""

Timestamp = Annotated[
    AwareDatetime | timedelta, PlainSerializer(encode_timestamp, when_used="json-unless-none")
]
"""`Timestamp`: an aware datetime, or a timedelta from the server's now (negative: in the past)."""

Map = dict[str, Any]
"""`Map`: a JSON object of any shape."""

BoolMap = dict[str, bool]
"""`BoolMap`: names to booleans."""

PluginConfigMap = dict[str, dict[str, Any]]
"""`PluginConfigMap`: plugin ids to their settings."""
