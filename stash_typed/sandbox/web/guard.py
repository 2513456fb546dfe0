"""Protection against foreign web pages: only its own and those of allowed origins get in.

A browser can reach a server on this machine from any open page. The page's requests
carry its origin and the host name by which the browser found the server:
both are checked before anything else.
"""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..origins import Host, may_ask, read_host, read_origin
from .refusal import answer_instead

_PAGES = ("", "/", "/playground", "/login")
"""Paths that any page may link to: they change and reveal nothing."""

_SHOWN = 200
_NO_SCRIPT = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


class Guard:
    """ASGI middleware that refuses foreign host names and pages before any other handling."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], origins: Collection[str]) -> None:
        """Allow hosts and origins in addition to those of this machine and the sandbox itself."""
        self._app = app
        self._hosts = hosts
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(HTTPConnection(scope))
        if refusal is None:
            await self._app(scope, receive, self._safe(send))
        else:
            response = PlainTextResponse(f"{refusal}\n", 403)
            await answer_instead(response, scope, receive, self._safe(send))

    def _refusal(self, connection: HTTPConnection) -> str | None:
        given = connection.headers.getlist("host")
        host = read_host(given[0]) if len(given) == 1 else None
        if host is None or not self._is_own(host, connection):
            return (
                f"the sandbox does not answer to the name {_shown(given)}. Use 127.0.0.1 or"
                " localhost, or start it with --allow-host NAME (allowed_hosts= in Python)"
            )
        origins = connection.headers.getlist("origin")
        foreign = [each for each in origins if not self._may_ask(each, host)]
        if foreign:
            return _foreign_page(_shown(foreign))
        return None if origins else self._foreign_source(connection, host)

    def _is_own(self, host: Host, connection: HTTPConnection) -> bool:
        if host.is_loopback or host.name in self._hosts:
            return True
        # The address that the connection was made to, which no name server can make up. In a test
        # without sockets it is what the client's url has.
        server: tuple[str, int | None] | None = connection.scope.get("server")
        return server is not None and server[0].lower() == host.name

    def _may_ask(self, text: str, host: Host) -> bool:
        origin = read_origin(text)
        return origin is not None and (origin in self._origins or may_ask(origin, host))

    def _foreign_source(self, connection: HTTPConnection, host: Host) -> str | None:
        """Check a request that has no origin: a picture, a script, a frame or a link of a page."""
        headers = connection.headers
        site = headers.get("sec-fetch-site")
        page = "/".join(headers.get("referer", "").split("/", 3)[:3])
        if site in ("same-origin", "none") or (site is None and not page):
            return None
        named = read_origin(page) in self._origins
        if named or (site is None and self._may_ask(page, host)):
            return None
        root = str(connection.scope.get("root_path", ""))
        leads_to_a_page = (
            connection.scope.get("method") == "GET"
            and headers.get("sec-fetch-mode", "navigate") == "navigate"
            and headers.get("sec-fetch-dest", "document") == "document"
            and str(connection.scope["path"]).removeprefix(root) in _PAGES
        )
        return (
            None if leads_to_a_page else _foreign_page(_shown([page]) if page else "another site")
        )

    def _safe(self, send: Send) -> Send:
        async def send_with_rules(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-content-type-options"] = "nosniff"
                # What a library shows is no page: opened by itself it runs nothing. A video runs
                # nothing anyway, and a browser that opens one loads it from a page of its own.
                if not headers.get("content-type", "").startswith("video/"):
                    headers.setdefault("content-security-policy", _NO_SCRIPT)
                if not self._origins:
                    headers["cross-origin-resource-policy"] = "same-origin"
            await send(message)

        return send_with_rules


def _foreign_page(source: str) -> str:
    return (
        f"the sandbox answers no page of {source}. Start it with --allow-origin ORIGIN"
        " (allowed_origins= in Python) to let a page in, such as one of http://localhost:5173"
    )


def _shown(texts: list[str]) -> str:
    return repr(", ".join(texts)[:_SHOWN])
