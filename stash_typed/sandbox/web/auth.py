"""Who may ask: key, session cookie, sign-in and sign-out, and the answers to everybody else."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..sessions import COOKIE
from ..state import ServerState
from .addresses import proxy_prefix
from .handshake import refuse_handshake
from .playground import PAGE_POLICY

__all__ = ["Authentication", "log_in", "log_out", "show_login"]

_UNAUTHORIZED = {"www-authenticate": "FormBased", "vary": "Origin"}

_LOGIN_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Login</title></head>
<body><h1>Stand-in server</h1>
<form method="post" action="login">
<label>Name <input name="username" autocomplete="username"></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<button>Sign in</button></form></body></html>
"""


class Authentication:
    """ASGI middleware that lets through whoever has the key or a session."""

    def __init__(self, app: ASGIApp, *, state: ServerState) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        path = _path(connection)
        if path == "/healthz":
            await self._app(scope, receive, send)
            return
        config = self._state.config
        key = connection.headers.get("apikey") or connection.query_params.get("apikey") or ""
        user: str | None = None
        cookie: str | None = None
        if key:
            if key != config.api_key:
                await _refuse(connection, receive, send, _unauthorized())
                return
            user = config.username
        else:
            user = self._state.sessions.user(_session(connection))
            if user is not None:
                cookie = self._state.sessions.new_cookie(user)
        if config.has_credentials and not user and not _open(path):
            await _refuse(connection, receive, send, _refusal(connection, path))
            return
        await self._app(scope, receive, _with_cookie(send, cookie) if cookie else send)


def _path(connection: HTTPConnection) -> str:
    path: str = connection.scope["path"]
    return path.removeprefix(str(connection.scope.get("root_path", "")).rstrip("/"))


def _session(connection: HTTPConnection) -> str | None:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(connection.headers.get("cookie", ""))
    except CookieError:
        return None
    return jar[COOKIE].value if COOKIE in jar else None


def _open(path: str) -> bool:
    return path in ("/login", "/logout", "/css") or path.startswith("/assets")


async def _refuse(
    connection: HTTPConnection, receive: Receive, send: Send, response: Response
) -> None:
    if connection.scope["type"] == "http":
        await response(connection.scope, receive, send)
        return
    await receive()
    await refuse_handshake(send, 401, _UNAUTHORIZED)


def _unauthorized() -> Response:
    return Response(b"", 401, _UNAUTHORIZED)


def _refusal(connection: HTTPConnection, path: str) -> Response:
    name = path.rpartition("/")[2]
    suffix = name.rpartition(".")[2] if "." in name else ""
    if path == "/graphql" or suffix not in ("", "html"):
        return _unauthorized()
    prefix = proxy_prefix(connection)
    wanted = prefix + path
    if connection.url.query:
        wanted += f"?{connection.url.query}"
    return _found(f"{prefix}/login?{urlencode({'returnURL': wanted})}")


def _found(location: str) -> Response:
    response = RedirectResponse(location, 302)
    response.body = f'<a href="{location}">Found</a>.\n\n'.encode()
    response.headers["content-length"] = str(len(response.body))
    response.headers["content-type"] = "text/html; charset=utf-8"
    response.headers["vary"] = "Origin"
    return response


def _with_cookie(send: Send, cookie: str) -> Send:
    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if "set-cookie" not in headers:
                headers["set-cookie"] = cookie
        await send(message)

    return send_with_cookie


async def show_login(request: Request) -> Response:
    """Answer `GET /login`: the form, or the way on where no credentials are set."""
    state: ServerState = request.app.state.server
    if not state.config.has_credentials:
        return _found(f"{proxy_prefix(request)}/")
    return HTMLResponse(_LOGIN_PAGE, headers=PAGE_POLICY)


async def log_in(request: Request) -> Response:
    """Answer `POST /login` with a form of `username` and `password`."""
    state: ServerState = request.app.state.server
    form = await request.form()
    username, password = str(form.get("username", "")), str(form.get("password", ""))
    if not state.config.check_login(username, password):
        return PlainTextResponse("Username or password is invalid\n", 401, {"vary": "Origin"})
    state.log.add("Info", "User logged in")
    headers = {"set-cookie": state.sessions.new_cookie(username), "vary": "Origin"}
    return Response(b"", 200, headers)


async def log_out(request: Request) -> Response:
    """Answer `/logout`: the cookie ends, and the way leads to the sign-in page."""
    state: ServerState = request.app.state.server
    state.log.add("Info", "User logged out")
    response = _found(f"{proxy_prefix(request)}/login")
    response.headers["set-cookie"] = state.sessions.ended_cookie()
    return response
