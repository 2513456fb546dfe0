"""A WebSocket server on loopback that plays its part of a conversation."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

Part = Callable[["Partner"], Awaitable[None]]


@dataclass
class Partner:
    """The server's end of one socket."""

    connection: ServerConnection
    heard: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def hear(self, kind: str) -> dict[str, Any]:
        """Wait for a message of the client, which must be of that kind."""
        message: dict[str, Any] = json.loads(await self.connection.recv())
        self.heard.append(message)
        assert message["type"] == kind, message
        return message

    async def say(self, kind: str, **more: object) -> None:
        await self.connection.send(json.dumps({"type": kind, **more}))

    async def begin(self) -> dict[str, Any]:
        """Shake hands; gives the subscription's payload."""
        await self.hear("connection_init")
        await self.say("connection_ack")
        subscribed = await self.hear("subscribe")
        assert subscribed["id"] == "1"
        payload: dict[str, Any] = subscribed["payload"]
        return payload

    async def next(self, data: object) -> None:
        await self.say("next", id="1", payload={"data": data})


@dataclass
class Server:
    """A running server: its url, the handshakes it saw, the partners it was, what went wrong."""

    url: str
    handshakes: list[Headers] = field(default_factory=list[Headers])
    partners: list[Partner] = field(default_factory=list[Partner])
    failures: list[BaseException] = field(default_factory=list[BaseException])
    ended: asyncio.Queue[Partner] = field(default_factory=asyncio.Queue[Partner])


@asynccontextmanager
async def socket_server(
    part: Part,
    *,
    refuse: Callable[[Request], tuple[int, dict[str, str]] | None] = lambda _: None,
    secure: ssl.SSLContext | None = None,
) -> AsyncGenerator[Server, None]:
    """Run a server while the block runs.

    `part` is played on each socket; `refuse` may answer a handshake with a status and headers.
    """

    listener = socket.create_server(("127.0.0.1", 0))
    scheme = "http" if secure is None else "https"
    server = Server(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}")

    def process(connection: ServerConnection, request: Request) -> Response | None:
        server.handshakes.append(request.headers)
        refusal = refuse(request)
        if refusal is None:
            return None
        status, headers = refusal
        response = connection.respond(status, "")
        for name, value in headers.items():
            response.headers[name] = value
        return response

    async def play(connection: ServerConnection) -> None:
        partner = Partner(connection)
        server.partners.append(partner)
        try:
            await part(partner)
        except ConnectionClosed:
            pass
        except Exception as error:  # noqa: BLE001  (handed to the test)
            server.failures.append(error)
        finally:
            server.ended.put_nowait(partner)

    async with serve(
        play,
        sock=listener,
        subprotocols=[Subprotocol("graphql-transport-ws")],
        process_request=process,
        ssl=secure,
        close_timeout=0.2,
        ping_interval=None,
    ):
        yield server
    with suppress(IndexError):
        raise server.failures[0]
