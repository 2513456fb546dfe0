"""Moments as the server writes them: RFC 3339 in UTC."""

from __future__ import annotations

import time
from datetime import datetime, timezone


def format_time(moment: datetime) -> str:
    """Return RFC 3339 text in UTC, without a fraction where there is none."""
    text = moment.astimezone(timezone.utc).isoformat()
    return text.removesuffix("+00:00") + "Z"


def now_seconds() -> str:
    """Return the present moment in whole seconds, as the server keeps `created_at`."""
    return format_time(datetime.now(timezone.utc).replace(microsecond=0))


def now_nanoseconds() -> str:
    """Return the present moment in nanoseconds, as the server writes jobs and logs."""
    nanoseconds = time.time_ns()
    whole = datetime.fromtimestamp(nanoseconds // 1_000_000_000, timezone.utc)
    fraction = f"{nanoseconds % 1_000_000_000:09d}".rstrip("0")
    return format_time(whole).removesuffix("Z") + (f".{fraction}" if fraction else "") + "Z"
