"""The web application: a server's state, and routes and middleware around it."""

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
from ..options import Options
from ..origins import read_hosts, read_origins
from ..schema import executable_schema, load_sdl
from ..state import ServerState
from .auth import Authentication, log_in, log_out, show_login
from .bodies import Bounded
from .graphql import answer_graphql
from .guard import Guard
from .media import download, media_routes
from .playground import FRONT_PAGE, PAGE_POLICY, PLAYGROUND_PAGE
from .troubled import Troubled
from .websocket import GraphQLSocket

_ANY: dict[str, Any] = {"allow_methods": ["*"], "allow_headers": ["*"]}
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def build_app(options: Options) -> Starlette:
    """Create the application; `app.state.server` is its state, which its lifespan closes."""
    executor = Executor(executable_schema(load_sdl(options.schema)))
    state = ServerState(options)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        yield
        state.close()

    origins = sorted(read_origins(options.allowed_origins))
    app = Starlette(
        routes=[
            Route("/graphql", answer_graphql, methods=_METHODS),
            WebSocketRoute("/graphql", GraphQLSocket().__call__),
            Route("/healthz", _healthy, methods=_METHODS),
            Route("/login", show_login, methods=["GET"]),
            Route("/login", log_in, methods=["POST"]),
            Route("/logout", log_out),
            Route("/playground", _playground),
            Route("/downloads/{token}/{name:path}", download),
            *media_routes(),
            Route("/css", _no_style),
            Route("/{path:path}", _front),
        ],
        middleware=[
            Middleware(Guard, hosts=read_hosts(options.allowed_hosts), origins=origins),
            # Only pages of the allowed origins may read the responses.
            *([Middleware(CORSMiddleware, allow_origins=origins, **_ANY)] if origins else ()),
            Middleware(Troubled, faults=state.faults),
            Middleware(Bounded),
            Middleware(Authentication, state=state),
        ],
        lifespan=lifespan,
    )
    app.state.server = state
    app.state.executor = executor
    return app


async def _healthy(_request: Request) -> Response:
    return Response(b".", headers={"content-type": "text/plain"})


async def _playground(_request: Request) -> Response:
    return HTMLResponse(PLAYGROUND_PAGE, headers=PAGE_POLICY)


async def _no_style(_request: Request) -> Response:
    return Response(b"", headers={"content-type": "text/css"})


async def _front(request: Request) -> Response:
    # As on the server, whose web page has addresses of its own: only files can be missing.
    name = str(request.path_params["path"]).rpartition("/")[2]
    if "." in name and not name.endswith(".html"):
        return PlainTextResponse("404 page not found\n", 404, {"vary": "Origin"})
    return HTMLResponse(FRONT_PAGE, headers=PAGE_POLICY)
