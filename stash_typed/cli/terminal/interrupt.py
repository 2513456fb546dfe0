"""Runs a command's coroutine, so that Ctrl-C ends it in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

__all__ = ["run_to_end"]

T = TypeVar("T")


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in an event loop of its own.

    Ctrl-C cancels it, so that it can tidy up and talk to the server, and raises KeyboardInterrupt
    here; a second one cancels the tidying up.
    """

    async def cancellable() -> T:
        task = asyncio.current_task()
        assert task is not None
        # Python 3.10 would raise KeyboardInterrupt wherever the loop is at that moment, amid the
        # parser of a socket for instance, which then waits for ever. Where there are no such
        # handlers (on Windows, and outside the main thread) it stays at what asyncio does.
        with suppress(NotImplementedError, RuntimeError, ValueError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, task.cancel)
        return await work

    try:
        return asyncio.run(cancellable())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
