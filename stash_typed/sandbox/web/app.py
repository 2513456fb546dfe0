"""The web application: routes and middleware around a server's state."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from ..graphql.execution import Executor
from ..state import ServerState
from .auth import Authentication, log_in, log_out, show_login
from .bodies import Bounded
from .file_answer import file_answer
from .graphql import GraphQLEndpoint
from .guard import Guard
from .media import media_routes
from .origins import read_hosts, read_origins
from .playground import FRONT_PAGE, PAGE_POLICY, PLAYGROUND_PAGE
from .troubled import Troubled
from .websocket import GraphQLSocket

__all__ = ["build_app"]

_ANY: dict[str, Any] = {"allow_methods": ["*"], "allow_headers": ["*"]}


def build_app(state: ServerState, executor: Executor, *, closes: bool = True) -> Starlette:
    """Make the application around a state.

    Args:
        state: the server's state.
        executor: runs GraphQL operations.
        closes: whether the end of the application closes the state.
    """

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        yield
        if closes:
            state.close()

    async def download(request: Request) -> Response:
        file = state.downloads.use(request.path_params["token"])
        if file is None:
            return PlainTextResponse("404 page not found\n", 404, {"vary": "Origin"})
        headers = {"cache-control": "no-store", "vary": "Origin"}
        return file_answer(state.folders, file.path, media_type=file.content_type, headers=headers)

    graphql = GraphQLEndpoint(state, executor)
    origins = sorted(read_origins(state.options.allowed_origins))
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    app = Starlette(
        routes=[
            Route("/graphql", graphql.__call__, methods=methods),
            WebSocketRoute("/graphql", GraphQLSocket(state, executor).__call__),
            Route("/healthz", _healthy, methods=methods),
            Route("/login", show_login, methods=["GET"]),
            Route("/login", log_in, methods=["POST"]),
            Route("/logout", log_out),
            Route("/playground", _playground),
            Route("/downloads/{token}/{name:path}", download),
            *media_routes(state),
            Route("/css", _no_style),
            Route("/{path:path}", _front),
        ],
        middleware=[
            Middleware(Guard, hosts=read_hosts(state.options.allowed_hosts), origins=origins),
            # A page that is named may read the answers; no other is told that it may.
            *([Middleware(CORSMiddleware, allow_origins=origins, **_ANY)] if origins else ()),
            Middleware(Troubled, faults=state.faults),
            Middleware(Bounded),
            Middleware(Authentication, state=state),
        ],
        lifespan=lifespan,
    )
    app.state.server = state
    return app


async def _healthy(_request: Request) -> Response:
    return Response(b".", 200, {"content-type": "text/plain"})


async def _playground(_request: Request) -> Response:
    return HTMLResponse(PLAYGROUND_PAGE, headers=PAGE_POLICY)


async def _no_style(_request: Request) -> Response:
    return Response(b"", 200, {"content-type": "text/css"})


async def _front(request: Request) -> Response:
    # As on the server, whose web page has addresses of its own: only files can be missing.
    name = str(request.path_params["path"]).rpartition("/")[2]
    if "." in name and not name.endswith(".html"):
        return PlainTextResponse("404 page not found\n", 404, {"vary": "Origin"})
    return HTMLResponse(FRONT_PAGE, headers=PAGE_POLICY)
