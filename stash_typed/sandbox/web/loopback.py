"""The web server around the application, set up for one process and quick to stop."""

from __future__ import annotations

import asyncio
import logging

import uvicorn
from starlette.applications import Starlette

__all__ = ["LoopbackServer"]

_MOST_BYTES = 16 << 20  # of one WebSocket message
_TICK_SECONDS = 1.0
_TICKS_BETWEEN_HEADERS = 10


class LoopbackServer(uvicorn.Server):
    """Serves an application on given sockets until it is told to leave, without a delay."""

    def __init__(self, app: Starlette) -> None:
        """Set it up; nothing starts yet.

        Args:
            app: the application.
        """
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                log_level=logging.CRITICAL,
                access_log=False,
                lifespan="off",
                ws="websockets-sansio",
                ws_max_size=_MOST_BYTES,
                ws_ping_interval=None,
                timeout_graceful_shutdown=1,
                server_header=False,
            )
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._left: asyncio.Event | None = None

    def leave(self) -> None:
        """Make it stop soon; may be called from any thread."""
        self.should_exit = True
        loop, left = self._loop, self._left
        if loop is not None and left is not None and not loop.is_closed():
            loop.call_soon_threadsafe(left.set)

    async def main_loop(self) -> None:
        """Keep the `date` header right until it is time to leave.

        The original looks ten times a second whether to stop; this one is woken.
        """
        self._left = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        while not self.should_exit:
            await self.on_tick(_TICKS_BETWEEN_HEADERS)
            try:
                await asyncio.wait_for(self._left.wait(), _TICK_SECONDS)
            except asyncio.TimeoutError:
                continue
