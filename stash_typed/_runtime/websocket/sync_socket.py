"""The sync end of a subscription, on websockets' threaded client. Imported when one is opened."""

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
from ..http.trouble import timeout_error
from ..log import socket_logger
from . import protocol as protocol

if TYPE_CHECKING:
    import ssl

    from websockets.datastructures import HeadersLike

    from ..auth.sign_in import ActiveCredentials

__all__ = ["SyncSocket"]


class _Refused(Exception):
    """A handshake that was not accepted; not one of websockets' own, so that no redirect is followed."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


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
        raise _Refused(status)


class SyncSocket:
    """One socket with one subscription on it. Made by `SyncSocket.open`."""

    def __init__(
        self, connection: Connection, dial: protocol.Dial, active: ActiveCredentials
    ) -> None:
        self._connection = connection
        self._dial = dial
        self._ticket = active
        self._subscribed = False

    @classmethod
    def open(
        cls,
        dial: protocol.Dial,
        headers: Mapping[str, str],
        active: ActiveCredentials,
        secure: ssl.SSLContext | None,
    ) -> SyncSocket:
        """Open a socket."""
        try:
            connection = connect(
                dial.endpoint.websocket_url,
                ssl=secure,
                subprotocols=[Subprotocol(protocol.SUBPROTOCOL)],
                additional_headers=protocol.handshake_headers(headers, active),
                compression=None,
                open_timeout=dial.timeout,
                ping_interval=dial.ping_interval,
                ping_timeout=dial.ping_interval,
                close_timeout=protocol.CLOSE_TIMEOUT,
                max_size=protocol.LONGEST_MESSAGE,
                logger=socket_logger(),
                create_connection=_Connection,
            )
        except (_Refused, WebSocketException, OSError, EOFError, ValueError, ImportError) as error:
            status = error.status if isinstance(error, _Refused) else None
            raise protocol.open_error(error, dial, status=status) from error
        # Newer releases want the connection entered before it is used.
        return cls(connection.__enter__(), dial, active)

    def payloads(self, payload: Mapping[str, object]) -> Iterator[object]:
        """Subscribe, and give the payload of each result until the server completes."""
        try:
            self._connection.send(protocol.init())
            self._acknowledged()
            self._connection.send(protocol.subscribe(payload))
            self._subscribed = True
            while True:
                event = self._receive(None)
                if isinstance(event, protocol.Completed):
                    self._subscribed = False
                    return
                if isinstance(event, protocol.Next):
                    yield event.payload
        except StashError:
            self._subscribed = False
            raise
        except ConnectionClosed as closed:
            self._subscribed = False
            received = closed.rcvd
        # Not raised from websockets' own error, which repeats the server's reason unredacted.
        raise protocol.closed_error(
            self._dial,
            self._ticket,
            code=None if received is None else received.code,
            reason="" if received is None else received.reason,
        )

    def _acknowledged(self) -> None:
        seconds = self._dial.timeout
        end = None if seconds is None else time.monotonic() + seconds
        while True:
            try:
                event = self._receive(None if end is None else max(0.0, end - time.monotonic()))
            except TimeoutError:
                raise timeout_error(
                    operation=self._dial.operation.name,
                    url=self._dial.endpoint.websocket_url,
                    seconds=self._dial.timeout,
                    waited_for="acknowledgement",
                ) from None
            if isinstance(event, protocol.Acknowledged):
                return

    def _receive(
        self, timeout: float | None
    ) -> protocol.Acknowledged | protocol.Next | protocol.Completed | protocol.Ignored:
        """Read one message; a ping is answered on the way."""
        event = protocol.interpret(self._connection.recv(timeout), self._dial)
        if isinstance(event, protocol.Answer):
            self._connection.send(event.text)
            return protocol.Ignored()
        return event

    def leave(self) -> None:
        """End the subscription on the server, if it has not ended, and close the socket."""
        if self._subscribed:
            with suppress(ConnectionClosed):
                self._connection.send(protocol.complete())
        self._connection.close()
