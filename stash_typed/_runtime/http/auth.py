"""Puts the credentials on a request while httpx sends it, so that no frame of ours holds them there."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

import httpx

from .client import finish_request

if TYPE_CHECKING:
    from .messages import Outgoing

__all__ = ["auth_for"]


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
