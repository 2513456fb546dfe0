"""websockets' asynchronous connection, as `async_socket` uses it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from .protocol import SUBSCRIBED, HandshakeRefused

if TYPE_CHECKING:
    from websockets.datastructures import HeadersLike

LATE = (TimeoutError, asyncio.TimeoutError)
"""In Python 3.10 the second one is another class."""


class AsyncConnection(ClientConnection):
    """Follows no redirect: the credentials belong to one origin."""

    async def handshake(
        self,
        additional_headers: HeadersLike | None = None,
        user_agent_header: str | None = None,
    ) -> None:
        """Open the connection, or raise HandshakeRefused."""
        try:
            await super().handshake(additional_headers, user_agent_header)
            return
        except InvalidStatus as error:
            status = error.response.status_code
        # Not raised from websockets' own error, whose repr shows the cookies of the answer.
        raise HandshakeRefused(status)

    async def receive(self, seconds: float | None = None) -> str | bytes:
        """Return the next message, or break the connection off and raise TimeoutError."""
        if seconds is None:
            return await self.recv()
        # Not `asyncio.wait_for`: before Python 3.12 it can swallow a cancellation.
        late = False

        def give_up() -> None:
            nonlocal late
            late = True
            self.transport.abort()

        timer = asyncio.get_running_loop().call_later(seconds, give_up)
        try:
            return await self.recv()
        except ConnectionClosed:
            if late:
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()

    async def tell_when_read(self) -> None:
        """Notify the waiter once the server has read the request: it answers pings in order."""
        tell = SUBSCRIBED.get()
        if tell is None:
            return

        def answered(pong: asyncio.Future[float]) -> None:
            if not pong.cancelled() and pong.exception() is None:
                tell()

        asyncio.ensure_future(await self.ping()).add_done_callback(answered)

    async def leave(self, goodbye: str | None) -> None:
        try:
            if goodbye is not None:
                with suppress(ConnectionClosed):
                    await self.send(goodbye)
            await self.close()
        except BaseException:
            # Cancelled a second time: there is no time for a closing handshake.
            self.transport.abort()
            raise
