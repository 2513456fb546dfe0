"""Times as the server writes them: RFC 3339 in UTC."""

from __future__ import annotations

import time
from datetime import datetime, timezone


def format_time(moment: datetime) -> str:
    """Format a time as RFC 3339 in UTC, without a fraction if it is zero."""
    text = moment.astimezone(timezone.utc).isoformat()
    return text.removesuffix("+00:00") + "Z"


def now_seconds() -> str:
    """Return the current time in whole seconds, as the server stores `created_at`."""
    return format_time(datetime.now(timezone.utc).replace(microsecond=0))


def now_nanoseconds() -> str:
    """Return the current time in nanoseconds, as the server writes it in jobs and logs."""
    nanoseconds = time.time_ns()
    whole = datetime.fromtimestamp(nanoseconds // 1_000_000_000, timezone.utc)
    fraction = f"{nanoseconds % 1_000_000_000:09d}".rstrip("0")
    return format_time(whole).removesuffix("Z") + (f".{fraction}" if fraction else "") + "Z"
