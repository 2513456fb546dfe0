"""The schema's scalars as Python types, one name for both directions on the wire.

`Int64` is `int` and dates such as `Scene.date` are `str` (they may be a year or a year and
month), so neither needs a name here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, PlainSerializer


def encode_time(value: datetime) -> str:
    """Return the RFC 3339 text of an aware datetime; raise ValueError for a naive one."""
    if value.tzinfo is None:
        raise ValueError(
            f"{value.isoformat()} has no time zone; give an aware datetime, for instance"
            " datetime.now(timezone.utc) or value.astimezone()"
        )
    return value.isoformat()


def encode_timestamp(value: datetime | timedelta) -> str:
    """Return a moment as text, or a distance from now: `<90s` is ninety seconds ago."""
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
