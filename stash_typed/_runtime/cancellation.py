"""Cancelling a request at a moment from which httpcore recovers.

A task that is cancelled while httpcore hands it a connection, or takes one back, leaves that
connection in the pool for good, neither usable nor closed; once all places are taken by such, every
request ends in a timeout (httpcore 1.0.9, its issues 658, 830 and 1093). Cancelled while it waits
for the network, httpcore closes the connection as it should. So a request runs in a task of its
own, and a cancellation is handed on to it there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

__all__ = ["Interruptible", "to_the_end"]

T = TypeVar("T")

_NETWORK = frozenset(
    {
        "connect_tcp",
        "start_tls",
        "send_request_headers",
        "send_request_body",
        "receive_response_headers",
        "receive_response_body",
    }
)
_TURNS = 50
"""Turns of the event loop after which a request that still does not wait for the network waits for
something else: for a place in a pool that is full, or in a transport that is not httpcore's."""


class Interruptible:
    """One request, and whether it waits for the network just now."""

    def __init__(self) -> None:
        self._waits = False

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Hear from httpcore what it is about to do, as the request's `trace` extension."""
        name, _, stage = event.rpartition(".")
        self._waits = stage == "started" and name.rpartition(".")[2] in _NETWORK

    async def run(self, request: Coroutine[Any, Any, T]) -> T:
        """Perform the request.

        Args:
            request: sends with `trace` as an extension, and reads.

        Returns:
            What it returns.

        Raises:
            asyncio.CancelledError: this task was cancelled; the request has ended before that.
            Exception: what the request raised.
        """
        task = asyncio.ensure_future(request)
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            await to_the_end(self._interrupt(task))
            raise
        return task.result()

    async def _interrupt(self, task: asyncio.Task[Any]) -> None:
        for _ in range(_TURNS):
            if self._waits or task.done():
                break
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # looked at: what it came to concerns nobody any more


async def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Await something to its end, and only then let a cancellation have its way.

    Args:
        work: what must not be left half done.

    Raises:
        asyncio.CancelledError: this task was cancelled meanwhile.
        Exception: what the work raised.
    """
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
