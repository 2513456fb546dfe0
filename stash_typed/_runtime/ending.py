"""Awaiting with a timeout, and cancelling tasks reliably."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from .errors import ConfigurationError

T = TypeVar("T")


class NotInTimeError(Exception):
    """The awaited operation exceeded its timeout."""


def running_loop(operation: str) -> asyncio.AbstractEventLoop:
    """Return asyncio's running loop; without one, raise ConfigurationError."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise ConfigurationError(
            "the asynchronous client works in an event loop of asyncio, and none is running"
            " (trio has loops of its own)",
            operation=operation,
            hint="Run it with asyncio.run(…) or anyio's asyncio backend, or use SyncStashClient.",
        ) from None


async def in_all(seconds: float | None, work: Coroutine[Any, Any, T]) -> T:
    """Await something with a timeout, and cancel it when that passes.

    Not `asyncio.wait_for`: before Python 3.12 it swallows a cancellation that comes with the end."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=seconds)
        late = not task.done()
    finally:
        await end(task)
    if late and task.cancelled():
        raise NotInTimeError(f"no answer within {seconds:g} seconds")
    return task.result()


async def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Await something to completion, and only then raise a pending cancellation."""
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            cancelled = True
    task.result()
    if cancelled:
        raise asyncio.CancelledError


async def end(task: asyncio.Task[Any]) -> None:
    """Cancel a task until it has ended: before Python 3.12 one cancellation may get lost in it."""
    # Also when this is cancelled itself: the outcome of the task no longer matters then.
    task.add_done_callback(_looked_at)
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=1.0)


def _looked_at(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()
