"""Authentication: key, session cookie, sign-in, sign-out, and the refusal of other requests."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..sessions import COOKIE
from ..state import ServerState
from .addresses import proxy_prefix
from .playground import LOGIN_PAGE, PAGE_POLICY
from .refusal import answer_instead

_OPEN = ("/login", "/logout", "/css")


class Authentication:
    """ASGI middleware that admits requests with the API key or a session."""

    def __init__(self, app: ASGIApp, *, state: ServerState) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")).rstrip("/"))
        if path == "/healthz":
            await self._app(scope, receive, send)
            return
        config, sessions = self._state.config, self._state.sessions
        key = connection.headers.get("apikey") or connection.query_params.get("apikey")
        if key and key != config.api_key:
            await answer_instead(_unauthorized(), scope, receive, send)
            return
        user = config.username if key else sessions.user(connection.cookies.get(COOKIE))
        is_open = path in _OPEN or path.startswith("/assets")
        if config.has_credentials and not user and not is_open:
            await answer_instead(_refusal(connection, path), scope, receive, send)
            return
        if user is not None and not key:
            send = _with_cookie(send, sessions.new_cookie(user))
        await self._app(scope, receive, send)


def _unauthorized() -> Response:
    return Response(b"", 401, {"www-authenticate": "FormBased", "vary": "Origin"})


def _refusal(connection: HTTPConnection, path: str) -> Response:
    name = path.rpartition("/")[2]
    is_page = "." not in name or name.endswith((".", ".html"))
    if connection.scope["type"] == "websocket" or path == "/graphql" or not is_page:
        return _unauthorized()
    prefix = proxy_prefix(connection)
    query = f"?{connection.url.query}" if connection.url.query else ""
    return _found(f"{prefix}/login?{urlencode({'returnURL': prefix + path + query})}")


def _found(location: str) -> Response:
    response = RedirectResponse(location, 302, {"vary": "Origin"})
    response.body = f'<a href="{location}">Found</a>.\n\n'.encode()
    response.headers["content-length"] = str(len(response.body))
    response.headers["content-type"] = "text/html; charset=utf-8"
    return response


def _with_cookie(send: Send, cookie: str) -> Send:
    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).setdefault("set-cookie", cookie)
        await send(message)

    return send_with_cookie


async def show_login(request: Request) -> Response:
    """Answer `GET /login`: the form, or a redirect if no credentials are set."""
    state: ServerState = request.app.state.server
    if not state.config.has_credentials:
        return _found(f"{proxy_prefix(request)}/")
    return HTMLResponse(LOGIN_PAGE, headers=PAGE_POLICY)


async def log_in(request: Request) -> Response:
    state: ServerState = request.app.state.server
    form = await request.form()
    username, password = str(form.get("username", "")), str(form.get("password", ""))
    if not state.config.check_login(username, password):
        return PlainTextResponse("Username or password is invalid\n", 401, {"vary": "Origin"})
    state.log.add("Info", "User logged in")
    headers = {"set-cookie": state.sessions.new_cookie(username), "vary": "Origin"}
    return Response(b"", headers=headers)


async def log_out(request: Request) -> Response:
    """Answer `/logout`: expire the cookie and redirect to the sign-in page."""
    state: ServerState = request.app.state.server
    state.log.add("Info", "User logged out")
    response = _found(f"{proxy_prefix(request)}/login")
    response.headers["set-cookie"] = state.sessions.ended_cookie()
    return response
