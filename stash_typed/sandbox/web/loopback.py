"""The web server around the application, set up for one process and quick to stop."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading

import uvicorn
from starlette.applications import Starlette

_MOST_BYTES = 16 << 20  # of one WebSocket message
_TICK_SECONDS = 1.0
_TICKS_BETWEEN_HEADERS = 10


def listen(port: int = 0) -> socket.socket:
    """Return a socket that listens on a port of 127.0.0.1; 0 for a free one."""
    # The event loop switches Nagle's delay off only where the protocol is named.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    return listener


class LoopbackServer(uvicorn.Server):
    """A server that runs an application in a thread, and stops without delay."""

    def __init__(self, app: Starlette) -> None:
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
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._left: asyncio.Event | None = None

    def start(self, listener: socket.socket) -> None:
        """Serve on a listening socket: from now on every connection is answered."""

        def serve() -> None:
            # A server that is stopped while it starts leaves its socket open.
            with listener:
                self.run(sockets=[listener])

        self._thread = threading.Thread(target=serve, name="sandbox-server", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, and return once the thread has ended; may be called from any other thread."""
        self.should_exit = True
        loop, left = self._loop, self._left
        if loop is not None and left is not None and not loop.is_closed():
            loop.call_soon_threadsafe(left.set)
        self.wait()

    def wait(self) -> None:
        if self._thread is not None:
            self._thread.join()

    async def main_loop(self) -> None:
        """Keep the `date` header current until the server stops.

        The original polls ten times a second whether to stop; this one is woken.
        """
        self._left = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        while not self.should_exit:
            await self.on_tick(_TICKS_BETWEEN_HEADERS)
            try:
                await asyncio.wait_for(self._left.wait(), _TICK_SECONDS)
            except asyncio.TimeoutError:
                continue
