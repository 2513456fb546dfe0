"""The server's own address as a request has it."""

from __future__ import annotations

from starlette.requests import HTTPConnection

__all__ = ["base_url", "proxy_prefix"]


def proxy_prefix(connection: HTTPConnection) -> str:
    """Give the path under which a proxy or a mount serves, without a slash at the end."""
    forwarded = connection.headers.get("x-forwarded-prefix", "").rstrip("/")
    root = str(connection.scope.get("root_path", "")).rstrip("/")
    return forwarded + root


def base_url(connection: HTTPConnection) -> str:
    """Give scheme, host and path under which links of an answer to this request lie."""
    forwarded = connection.headers.get("x-forwarded-proto")
    secure = connection.url.scheme in ("https", "wss") or forwarded == "https"
    host = connection.headers.get("host", connection.url.netloc)
    return f"{'https' if secure else 'http'}://{host}{proxy_prefix(connection)}"
