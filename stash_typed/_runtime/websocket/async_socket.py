"""The asynchronous end of a subscription. Imported when one is opened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.typing import Subprotocol

from ..errors import StashError
from ..log import socket_logger
from . import protocol as protocol
from .subscribed import SUBSCRIBED

if TYPE_CHECKING:
    import ssl

    from websockets.datastructures import HeadersLike

    from ..auth.sign_in import ActiveCredentials

__all__ = ["AsyncSocket"]


class _Connection(ClientConnection):
    """Follows no redirect: the credentials belong to one origin."""

    async def handshake(
        self,
        additional_headers: HeadersLike | None = None,
        user_agent_header: str | None = None,
    ) -> None:
        try:
            await super().handshake(additional_headers, user_agent_header)
            return
        except InvalidStatus as error:
            status = error.response.status_code
        # Not raised from websockets' own error, whose repr shows the cookies of the answer.
        raise protocol.HandshakeRefused(status)


class AsyncSocket:
    """One socket with one subscription on it. Made by `AsyncSocket.open`."""

    def __init__(
        self,
        connection: ClientConnection,
        target: protocol.SubscriptionTarget,
        active: ActiveCredentials,
    ) -> None:
        self._connection = connection
        self._target = target
        self._active = active
        self._subscribed = False

    @classmethod
    async def open(
        cls,
        target: protocol.SubscriptionTarget,
        headers: Mapping[str, str],
        active: ActiveCredentials,
        secure: ssl.SSLContext | None,
    ) -> AsyncSocket:
        """Open a socket."""
        try:
            connection = await connect(
                target.endpoint.websocket_url,
                ssl=secure,
                subprotocols=[Subprotocol(protocol.SUBPROTOCOL)],
                additional_headers=protocol.handshake_headers(headers, active),
                compression=None,
                open_timeout=target.timeout,
                ping_interval=target.ping_interval,
                ping_timeout=target.ping_interval,
                close_timeout=protocol.CLOSE_TIMEOUT,
                max_size=protocol.LONGEST_MESSAGE,
                logger=socket_logger(),
                create_connection=_Connection,
            )
        except asyncio.TimeoutError as error:
            # In Python 3.10 this is another class than the TimeoutError that an OSError is.
            raise protocol.open_error(TimeoutError(), target) from error
        except (
            protocol.HandshakeRefused,
            WebSocketException,
            OSError,
            EOFError,
            ValueError,
            ImportError,
        ) as error:
            raise protocol.open_error(error, target) from error
        return cls(connection, target, active)

    async def payloads(self, payload: Mapping[str, object]) -> AsyncIterator[object]:
        """Subscribe, and give the payload of each result until the server completes."""
        try:
            await self._connection.send(protocol.INIT)
            await self._acknowledged()
            await self._connection.send(protocol.subscribe(payload))
            self._subscribed = True
            await self._tell_when_read()
            while True:
                kind, result = await self._receive()
                if kind == "complete":
                    self._subscribed = False
                    return
                if kind == "next":
                    yield result
        except StashError:
            self._subscribed = False
            raise
        except ConnectionClosed as closed:
            self._subscribed = False
            received = closed.rcvd
        # Not raised from websockets' own error, which repeats the server's reason unredacted.
        raise protocol.closed_error(
            self._target,
            self._active,
            code=None if received is None else received.code,
            reason="" if received is None else received.reason,
        )

    async def _tell_when_read(self) -> None:
        """Tell who wants to know that the server has read what was sent: it answers pings in turn."""
        tell = SUBSCRIBED.get()
        if tell is None:
            return

        def answered(pong: asyncio.Future[float]) -> None:
            if not pong.cancelled() and pong.exception() is None:
                tell()

        pong = await self._connection.ping()
        asyncio.ensure_future(pong).add_done_callback(answered)

    async def _acknowledged(self) -> None:
        # Not `asyncio.wait_for`: before Python 3.12 it can swallow a cancellation.
        late = False

        def give_up() -> None:
            nonlocal late
            late = True
            self._connection.transport.abort()

        loop = asyncio.get_running_loop()
        seconds = self._target.timeout
        timer = None if seconds is None else loop.call_later(seconds, give_up)
        try:
            while (await self._receive())[0] != "connection_ack":
                pass
        except ConnectionClosed:
            if not late:
                raise
            raise protocol.late_error(self._target) from None
        finally:
            if timer is not None:
                timer.cancel()

    async def _receive(self) -> protocol.Message:
        """Read one message; a ping is answered on the way."""
        message = protocol.interpret(await self._connection.recv(), self._target)
        if message[0] == "ping":
            await self._connection.send(protocol.PONG)
        return message

    async def leave(self) -> None:
        """End the subscription on the server, if it has not ended, and close the socket."""
        try:
            if self._subscribed:
                with suppress(ConnectionClosed):
                    await self._connection.send(protocol.COMPLETE)
            await self._connection.close()
        except BaseException:
            # Cancelled a second time: there is no time for goodbyes.
            self._connection.transport.abort()
            raise
