"""Refusing a WebSocket before it is one: an HTTP answer to its handshake."""

from __future__ import annotations

from starlette.types import Send

__all__ = ["refuse_handshake"]


async def refuse_handshake(
    send: Send, status: int, headers: dict[str, str] | None = None, body: bytes = b""
) -> None:
    """Answer a handshake by a status instead of accepting it.

    Args:
        send: the application's.
        status: such as 401.
        headers: without `content-length`, which the web server writes itself.
        body: the answer's text.
    """
    pairs = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    start = {"type": "websocket.http.response.start", "status": status, "headers": pairs}
    await send(start)
    await send({"type": "websocket.http.response.body", "body": body})
