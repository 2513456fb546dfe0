"""The deadline of a caller, in addition to the timeout of each request.

A task is cancelled at its deadline; a thread cannot be, so its calls check the time left.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from .errors import StashTimeoutError

LONGEST_TIMEOUT = 2_000_000.0
"""Seconds, about 23 days: sockets count milliseconds in 32 bits."""

_END: ContextVar[float | None] = ContextVar("stash_typed_deadline", default=None)


@contextmanager
def within(seconds: float | None) -> Generator[None, None, None]:
    """Limit everything in the block to a deadline: queueing, sending, retries.

    One that is further away than `LONGEST_TIMEOUT`, such as infinity, is none."""
    if seconds is not None and seconds > LONGEST_TIMEOUT:
        seconds = None
    end, outer = None if seconds is None else time.monotonic() + seconds, _END.get()
    if end is None or (outer is not None and outer < end):
        end = outer
    token = _END.set(end)
    try:
        yield
    finally:
        _END.reset(token)


def latest() -> float | None:
    """Return the deadline by the monotonic clock, if any."""
    return _END.get()


def time_left() -> float | None:
    """Return the seconds that are left, 0 when there are none; None without a deadline."""
    end = _END.get()
    return None if end is None else max(0.0, end - time.monotonic())


def at_most(seconds: float) -> float:
    """Return the given seconds, or the time left if that is less."""
    left = time_left()
    return seconds if left is None else min(seconds, left)


def in_time(seconds: float) -> bool:
    """Whether any time is left after a pause of the given seconds."""
    left = time_left()
    return left is None or seconds < left


def no_time_error(operation: str, url: str) -> StashTimeoutError:
    """Return the error for a deadline that passed before the request was sent."""
    return StashTimeoutError(
        "no time was left to send it",
        operation=operation,
        url=url,
        hint="Other requests, or their retries, took all of it.",
    )
