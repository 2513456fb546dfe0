"""Refusing a request, or a handshake before it becomes a WebSocket."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


async def answer_instead(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a response; for a handshake the web server sets the length itself."""
    if scope["type"] == "websocket":
        del response.headers["content-length"]
    await response(scope, receive, send)
