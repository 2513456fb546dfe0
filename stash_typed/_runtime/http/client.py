"""Conversion of our requests to httpx's, and of its responses to our replies.

Credentials are put on a request while httpx sends it, so that no frame of ours holds them there.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, TypeVar

import httpx

from ..deadline import time_left
from ..errors import ConfigurationError
from ..foreign_text import one_line
from ..messages import Reply
from ..multipart import MultipartBody

if TYPE_CHECKING:
    from ..endpoint import Endpoint
    from ..messages import Outgoing

C = TypeVar("C", httpx.AsyncClient, httpx.Client)

_SENDABLE = re.compile(r"[\x20-\x7e]*")


def outgoing_headers(outgoing: Outgoing) -> dict[str, str]:
    """Return the headers of a request, its length included when it is known beforehand.

    A proxy may pack answers, as long as it is a way that `AnswerBody` unpacks; files are to come as
    they are.
    """
    packing = "gzip" if outgoing.method == "POST" else "identity"
    headers = {"Accept-Encoding": packing, **outgoing.headers}
    if isinstance(outgoing.content, MultipartBody):
        size = outgoing.content.size
        if size is not None:
            headers["Content-Length"] = str(size)
    return headers


def checked_client(given: object, kind: type[C]) -> C | None:
    if given is not None and not isinstance(given, kind):
        raise ConfigurationError(
            f"http_client must be an httpx.{kind.__name__}, not a {type(given).__name__}",
            hint="The async client wants an httpx.AsyncClient, the sync one an httpx.Client.",
        )
    return given


def checked_bound(name: str, bound: object, lets: str, counts: str) -> int | None:
    """Check a bound that must let something through; None sets none."""
    if bound is None:
        return None
    if not isinstance(bound, int) or isinstance(bound, bool) or bound < 1:
        raise ConfigurationError(
            f"{name}={one_line(repr(bound))} lets no {lets} through",
            hint=f"Give how many {counts}, 1 or more, or None.",
        )
    return bound


def finish_request(request: httpx.Request, outgoing: Outgoing) -> httpx.Request:
    """Add key and session cookie, the latter in place of one that the httpx client may have kept."""
    if outgoing.api_key is not None:
        request.headers["ApiKey"] = outgoing.api_key
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


def forget_cookies(cookies: httpx.Cookies, outgoing: Outgoing, endpoint: Endpoint) -> None:
    """Take out of an httpx client what it must not send, or cannot: that would end each request.

    Its session cookie would go to any port of the host, in place of ours; a cookie beyond ASCII, or
    with control characters, fits into no header.
    """
    signed_in = outgoing.cookie is not None or outgoing.operation == "login"
    hosts = {endpoint.host, f"{endpoint.host}.local"} if signed_in else set[str]()
    for cookie in list(cookies.jar):
        ours = cookie.name == "session" and cookie.domain.lstrip(".") in hosts
        if ours or not _SENDABLE.fullmatch(f"{cookie.name}{cookie.value}"):
            with suppress(KeyError):
                cookies.jar.clear(cookie.domain, cookie.path, cookie.name)


def to_reply(response: httpx.Response, content: bytes) -> Reply:
    headers = response.headers
    return Reply(
        response.status_code,
        content,
        headers.get("content-type", ""),
        headers.get("location"),
        tuple(headers.get_list("set-cookie")),
    )


def shortened(limits: httpx.Timeout) -> dict[str, dict[str, float | None]]:
    """Return the extension that cuts a request's time limits to what its caller has left."""
    left = time_left()
    if left is None:
        return {}
    # A socket without any time to wait would not wait at all, and say something else.
    left = max(left, 0.001)
    cut: dict[str, float | None] = {
        stage: left if limit is None else min(limit, left)
        for stage, limit in limits.as_dict().items()
    }
    return {"timeout": cut}


def auth_for(outgoing: Outgoing, own: httpx.Auth | None) -> httpx.Auth | None:
    """Return the authentication of a request, around the httpx client's own."""
    return _Credited(outgoing, own or httpx.Auth()) if outgoing.own else own


class _Credited(httpx.Auth):
    def __init__(self, outgoing: Outgoing, own: httpx.Auth) -> None:
        self._outgoing = outgoing
        self._own = own

    def sync_auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        finish_request(request, self._outgoing)
        yield from self._own.sync_auth_flow(request)

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        finish_request(request, self._outgoing)
        async with aclosing(self._own.async_auth_flow(request)) as flow:
            with suppress(StopAsyncIteration):
                wanted = await anext(flow)
                while True:
                    wanted = await flow.asend((yield wanted))
