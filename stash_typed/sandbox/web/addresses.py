"""The server's own address, as a request sees it."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from ..graphql.context import SandboxContext


def proxy_prefix(connection: HTTPConnection) -> str:
    """Return the path prefix of a proxy or a mount, without a trailing slash."""
    forwarded = connection.headers.get("x-forwarded-prefix", "").rstrip("/")
    root = str(connection.scope.get("root_path", "")).rstrip("/")
    return forwarded + root


def context_for(connection: HTTPConnection) -> SandboxContext:
    """Return the resolvers' context, with URLs that start at this request's address."""
    forwarded = connection.headers.get("x-forwarded-proto")
    secure = connection.url.scheme in ("https", "wss") or forwarded == "https"
    host = connection.headers.get("host", connection.url.netloc)
    url = f"{'https' if secure else 'http'}://{host}{proxy_prefix(connection)}"
    return SandboxContext(connection.app.state.server, request_base_url=url)
