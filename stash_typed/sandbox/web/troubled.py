"""ASGI middleware that applies the faults of connections."""

from __future__ import annotations

import asyncio

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..faults import Faults
from .refusal import answer_instead

_BAD_GATEWAY = """<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>proxy</center></body>
</html>
"""


class _CutError(Exception):
    """Cuts a response short: the web server closes the connection on it."""


class Troubled:
    def __init__(self, app: ASGIApp, *, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        faults = self._faults
        if scope["type"] == "websocket" and faults.websockets_refused:
            refusal = Response(b"WebSockets are not passed on\n", 400)
            await answer_instead(refusal, scope, receive, send)
            return
        if scope["type"] == "http":
            if faults.delay:
                await asyncio.sleep(faults.delay)
            if faults.take_bad_gateway():
                await HTMLResponse(_BAD_GATEWAY, 502)(scope, receive, send)
                return
            path: str = HTTPConnection(scope).url.path
            if (path.endswith("/graphql") or "/downloads/" in path) and faults.take_drop():
                send = _cut(send)
        await self._app(scope, receive, send)


def _cut(send: Send) -> Send:
    async def send_half(message: Message) -> None:
        if message["type"] == "http.response.body":
            body: bytes = message.get("body", b"")
            await send({**message, "body": body[: len(body) // 2], "more_body": True})
            raise _CutError
        if message["type"] == "http.response.pathsend":
            raise _CutError
        await send(message)

    return send_half
