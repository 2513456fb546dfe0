"""The size limit of request bodies."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MIB = 1 << 20
_MOST = {"application/json": 64 * _MIB, "multipart/form-data": 256 * _MIB}
_MOST_OF_OTHERS = _MIB


class _TooLargeError(Exception):
    """The body is larger than the limit."""


class Bounded:
    """ASGI middleware that answers 413 to bodies that are too large, before or during reading."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = HTTPConnection(scope).headers
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        most = _MOST.get(media_type, _MOST_OF_OTHERS)
        announced = headers.get("content-length", "")
        came = 0
        started = False

        async def receive_counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise _TooLargeError
            return message

        async def send_noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            if announced.isdecimal() and int(announced) > most:
                raise _TooLargeError
            await self._app(scope, receive_counted, send_noted)
        except _TooLargeError:
            if started:
                raise
            text = f"the sandbox takes at most {most} bytes of {media_type or 'no media type'}\n"
            await PlainTextResponse(text, 413)(scope, receive, send)
