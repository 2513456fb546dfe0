# Written from stash_typed/_runtime/websocket/async_socket.py by `make generate`. Do not edit.

"""One end of a subscription. Imported when one is opened."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, cast

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from ..errors import StashError
from ..http.failures import timeout_error
from ..log import socket_logger
from . import protocol as protocol
from .sync_connection import LATE, SyncConnection, connect

if TYPE_CHECKING:
    import ssl

    from ..auth.sign_in import ActiveCredentials


class SyncSocket:
    """One socket with one subscription on it, created by `open`."""

    def __init__(
        self,
        connection: SyncConnection,
        target: protocol.SubscriptionTarget,
        active: ActiveCredentials,
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
        """Open a socket; raise HandshakeRefused when the server asks for other credentials."""
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
                create_connection=SyncConnection,
            )
        except LATE as error:
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
        # Newer releases want the connection entered before it is used.
        connection.__enter__()
        return cls(cast("SyncConnection", connection), target, active)

    def payloads(self, payload: Mapping[str, object]) -> Generator[object, None, None]:
        """Subscribe, and yield the payload of each result until the server completes."""
        try:
            self._connection.send(protocol.INIT)
            self._acknowledged()
            self._connection.send(protocol.subscribe(payload))
            self._subscribed = True
            self._connection.tell_when_read()
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
            left = None if end is None else max(0.0, end - time.monotonic())
            try:
                kind, _ = self._receive(left)
            except TimeoutError:
                raise timeout_error("acknowledgement", seconds, self._target.where) from None

    def _receive(self, seconds: float | None = None) -> protocol.Message:
        """Read one message, answering a ping if it is one."""
        received = self._connection.receive(seconds)
        message = protocol.interpret(received, self._target)
        if message[0] == "ping":
            self._connection.send(protocol.PONG)
        return message

    def leave(self) -> None:
        """End the subscription on the server, if it has not ended, and close the socket."""
        self._connection.leave(protocol.COMPLETE if self._subscribed else None)
