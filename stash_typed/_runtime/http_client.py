"""What the two transports need of httpx: options, headers, replies, and what its exceptions mean."""

from __future__ import annotations

import os
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, cast

import httpx

from .connection_trouble import connection_error, timeout_error
from .errors import ConfigurationError, StashConnectionError, StashError
from .multipart import MultipartBody
from .response import Reply

if TYPE_CHECKING:
    from .endpoint import Endpoint
    from .exchange import Outgoing

__all__ = [
    "TROUBLE",
    "Verify",
    "checked_limit",
    "closed_error",
    "explain",
    "finish_request",
    "forget_session",
    "outgoing_headers",
    "proxy_error",
    "to_reply",
    "trust_for",
]

Verify = bool | str | ssl.SSLContext
"""True: check against known authorities; a file or folder of certificates; False: do not check."""

TROUBLE = (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, httpx.StreamError)
"""All that httpx raises. `explain` has a `StashError` for each."""

_WAITED_FOR: dict[type[httpx.TimeoutException], tuple[str, str]] = {
    httpx.ConnectTimeout: ("connect", "connection"),
    httpx.ReadTimeout: ("read", "answer"),
    httpx.WriteTimeout: ("write", "chance to send on"),
    httpx.PoolTimeout: ("pool", "free connection"),
}


def _trust(verify: Verify) -> ssl.SSLContext:
    """Build the TLS settings.

    Args:
        verify: see `Verify`.

    Returns:
        An SSL context.

    Raises:
        ConfigurationError: there are no readable certificates at that path.
    """
    if isinstance(verify, ssl.SSLContext):
        return verify
    if isinstance(verify, bool):
        return httpx.create_ssl_context(verify=verify)
    try:
        if os.path.isdir(verify):
            return ssl.create_default_context(capath=verify)
        return ssl.create_default_context(cafile=verify)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(
            f"verify={verify!r} cannot be used: {error.strerror or error}",
            hint="Give a file of certificates in PEM form, or True, or False.",
        ) from error


def trust_for(endpoint: Endpoint, verify: Verify) -> ssl.SSLContext:
    """Build the TLS settings for one server, at once when it needs none.

    Reading all known authorities takes longer than a whole request. A context without any trusts
    nobody, so that leaving them out is safe.
    """
    if isinstance(verify, ssl.SSLContext) or endpoint.scheme == "https" or _https_proxy():
        return _trust(verify)
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _https_proxy() -> bool:
    return any(
        name.lower().endswith("_proxy") and value.lower().startswith("https:")
        for name, value in os.environ.items()
    )


def checked_limit(limit: int | None) -> int | None:
    """Give the number of requests that may be under way at once.

    Args:
        limit: as the caller gave it; None sets no limit.

    Raises:
        ConfigurationError: no request could ever be sent.
    """
    if limit is not None and limit < 1:
        raise ConfigurationError(
            f"limit={limit} lets no request through",
            hint="Give how many requests may be under way at once, 1 or more, or None.",
        )
    return limit


def outgoing_headers(outgoing: Outgoing) -> dict[str, str]:
    """Give the headers of a request, its length included when it is known beforehand."""
    headers = dict(outgoing.headers)
    if isinstance(outgoing.content, MultipartBody):
        size = outgoing.content.size
        if size is not None:
            headers["Content-Length"] = str(size)
    return headers


def finish_request(request: httpx.Request, outgoing: Outgoing) -> httpx.Request:
    """Add the session cookie, in place of one that the httpx client may have kept."""
    if outgoing.cookie is None:
        return request
    name = outgoing.cookie.partition("=")[0]
    others = [
        pair.strip()
        for header in request.headers.get_list("cookie")
        for pair in header.split(";")
        if pair.strip() and pair.strip().partition("=")[0] != name
    ]
    request.headers["Cookie"] = "; ".join([*others, outgoing.cookie])
    return request


def forget_session(cookies: httpx.Cookies, endpoint: Endpoint) -> None:
    """Take the session cookie out of an httpx client, which would send it to any port of the host."""
    hosts = {endpoint.host, f"{endpoint.host}.local"}
    for cookie in list(cookies.jar):
        if cookie.name == "session" and cookie.domain.lstrip(".") in hosts:
            with suppress(KeyError):
                cookies.jar.clear(cookie.domain, cookie.path, cookie.name)


def to_reply(response: httpx.Response, content: bytes) -> Reply:
    """Give a response as plain data."""
    headers = response.headers
    return Reply(
        response.status_code,
        content,
        headers.get("content-type", ""),
        headers.get("location"),
        tuple(headers.get_list("set-cookie")),
    )


def proxy_error(error: Exception, endpoint: Endpoint) -> ConfigurationError:
    """Say that httpx cannot work with the proxy that the environment names."""
    return ConfigurationError(
        f"the proxy cannot be used: {error}",
        url=endpoint.url,
        hint="Check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY in the environment.",
    )


def closed_error(operation: str, endpoint: Endpoint) -> StashConnectionError:
    """Say that the client was closed before."""
    return StashConnectionError(
        "the client is closed",
        operation=operation,
        url=endpoint.url,
        hint="Make a new one, or keep it open (with `with` or `async with`) while it is used.",
        transient=False,
    )


def explain(error: Exception, outgoing: Outgoing, endpoint: Endpoint) -> StashError:
    """Give the error to raise for one of httpx.

    Args:
        error: one of `TROUBLE`.
        outgoing: what was sent.
        endpoint: the server.

    Returns:
        A `StashConnectionError`; a `ConfigurationError` when the url is none.
    """
    operation, url = outgoing.operation, outgoing.url
    if isinstance(error, httpx.TimeoutException):
        kind, waited_for = _WAITED_FOR.get(type(error), ("read", "answer"))
        return timeout_error(
            operation=operation, url=url, seconds=_limit(error, kind), waited_for=waited_for
        )
    if isinstance(error, httpx.InvalidURL):
        return ConfigurationError(
            f"not a url that can be asked: {error}",
            operation=operation,
            url=url,
            hint="Give an http:// or https:// url.",
        )
    if isinstance(error, httpx.ProxyError):
        return StashConnectionError(
            f"the proxy refuses: {error}",
            operation=operation,
            url=url,
            hint="Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY in the environment.",
        )
    trouble = connection_error(error, operation=operation, url=url, endpoint=endpoint)
    if not isinstance(error, (httpx.NetworkError, httpx.RemoteProtocolError)):
        trouble.transient = False
    return trouble


def _limit(error: httpx.TimeoutException, kind: str) -> float | None:
    try:
        limits = error.request.extensions.get("timeout")
    except RuntimeError:
        return None
    seconds = cast("dict[str, object]", limits).get(kind) if isinstance(limits, dict) else None
    return seconds if isinstance(seconds, (int, float)) else None
