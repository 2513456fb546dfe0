"""ASGI middleware that carries out the faults which concern a connection."""

from __future__ import annotations

import asyncio

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..faults import Faults
from .handshake import refuse_handshake

__all__ = ["Troubled"]

_BAD_GATEWAY = """<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>proxy</center></body>
</html>
"""


class _CutError(Exception):
    """Ends an answer half-way: the web server closes the connection on it."""


class Troubled:
    """Delays, cuts and replaces answers as the faults say."""

    def __init__(self, app: ASGIApp, *, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, in trouble or not."""
        if scope["type"] == "websocket" and self._faults.websockets_refused:
            await receive()
            await refuse_handshake(send, 400, body=b"WebSockets are not passed on\n")
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._faults.delay:
            await asyncio.sleep(self._faults.delay)
        if self._faults.take_bad_gateway():
            await HTMLResponse(_BAD_GATEWAY, 502)(scope, receive, send)
            return
        path: str = HTTPConnection(scope).url.path
        if path.endswith("/graphql") or "/downloads/" in path:
            if not self._faults.take_drop():
                await self._app(scope, receive, send)
                return
            await self._app(scope, receive, _cut(send))
            return
        await self._app(scope, receive, send)


def _cut(send: Send) -> Send:
    async def send_half(message: Message) -> None:
        if message["type"] == "http.response.body":
            body: bytes = message.get("body", b"")
            half = {**message, "body": body[: len(body) // 2], "more_body": True}
            await send(half)
            raise _CutError
        if message["type"] == "http.response.pathsend":
            raise _CutError
        await send(message)

    return send_half
