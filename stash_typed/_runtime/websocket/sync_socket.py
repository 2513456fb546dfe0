"""The synchronous end of a subscription. Imported when one is opened."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.sync.connection import Connection
from websockets.typing import Subprotocol

from ..errors import StashError
from ..log import socket_logger
from . import protocol as protocol

if TYPE_CHECKING:
    import ssl

    from websockets.datastructures import HeadersLike

    from ..auth.sign_in import ActiveCredentials

__all__ = ["SyncSocket"]


class _Connection(ClientConnection):
    """Follows no redirect: the credentials belong to one origin."""

    def handshake(
        self,
        additional_headers: HeadersLike | None = None,
        user_agent_header: str | None = None,
        timeout: float | None = None,
    ) -> None:
        try:
            super().handshake(additional_headers, user_agent_header, timeout)
            return
        except InvalidStatus as error:
            status = error.response.status_code
        # Not raised from websockets' own error, whose repr shows the cookies of the answer.
        raise protocol.HandshakeRefused(status)


class SyncSocket:
    """One socket with one subscription on it. Made by `SyncSocket.open`."""

    def __init__(
        self, connection: Connection, target: protocol.SubscriptionTarget, active: ActiveCredentials
    ) -> None:
        self._connection = connection
        self._target = target
        self._active = active
        self._subscribed = False

    @classmethod
    def open(
        cls,
        target: protocol.SubscriptionTarget,
        headers: Mapping[str, str],
        active: ActiveCredentials,
        secure: ssl.SSLContext | None,
    ) -> SyncSocket:
        """Open a socket."""
        try:
            connection = connect(
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
        except (
            protocol.HandshakeRefused,
            WebSocketException,
            OSError,
            EOFError,
            ValueError,
            ImportError,
        ) as error:
            raise protocol.open_error(error, target) from error
        # Newer releases want the connection entered before it is used.
        return cls(connection.__enter__(), target, active)

    def payloads(self, payload: Mapping[str, object]) -> Iterator[object]:
        """Subscribe, and give the payload of each result until the server completes."""
        try:
            self._connection.send(protocol.INIT)
            self._acknowledged()
            self._connection.send(protocol.subscribe(payload))
            self._subscribed = True
            while True:
                kind, result = self._receive()
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

    def _acknowledged(self) -> None:
        seconds = self._target.timeout
        end = None if seconds is None else time.monotonic() + seconds
        kind = ""
        while kind != "connection_ack":
            try:
                kind, _ = self._receive(None if end is None else max(0.0, end - time.monotonic()))
            except TimeoutError:
                raise protocol.late_error(self._target) from None

    def _receive(self, timeout: float | None = None) -> protocol.Message:
        """Read one message; a ping is answered on the way."""
        message = protocol.interpret(self._connection.recv(timeout), self._target)
        if message[0] == "ping":
            self._connection.send(protocol.PONG)
        return message

    def leave(self) -> None:
        """End the subscription on the server, if it has not ended, and close the socket."""
        if self._subscribed:
            with suppress(ConnectionClosed):
                self._connection.send(protocol.COMPLETE)
        self._connection.close()
