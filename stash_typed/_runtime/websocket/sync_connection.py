"""websockets' synchronous connection, as `sync_socket` uses it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as connect

from .protocol import HandshakeRefused

if TYPE_CHECKING:
    from websockets.datastructures import HeadersLike

LATE = (TimeoutError,)


class SyncConnection(ClientConnection):
    """Follows no redirect: the credentials belong to one origin."""

    def handshake(
        self,
        additional_headers: HeadersLike | None = None,
        user_agent_header: str | None = None,
        timeout: float | None = None,
    ) -> None:
        """Open the connection, or raise HandshakeRefused."""
        try:
            super().handshake(additional_headers, user_agent_header, timeout)
            return
        except InvalidStatus as error:
            status = error.response.status_code
        # Not raised from websockets' own error, whose repr shows the cookies of the answer.
        raise HandshakeRefused(status)

    def receive(self, seconds: float | None = None) -> str | bytes:
        """Return the next message, or raise TimeoutError."""
        return self.recv(seconds)

    def tell_when_read(self) -> None:
        """Do nothing: a listening thread has no waiter to notify."""

    def leave(self, goodbye: str | None) -> None:
        if goodbye is not None:
            with suppress(ConnectionClosed):
                self.send(goodbye)
        self.close()
