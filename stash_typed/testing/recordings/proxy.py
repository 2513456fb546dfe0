"""A proxy in front of a server that records requests and responses."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, contextmanager

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from stash_typed._runtime.auth.credentials import secrets_of
from stash_typed.config import Config
from stash_typed.sandbox.web.loopback import LoopbackServer, listen

from .cassette import Cassette, Exchange
from .redaction import secrets_in

_NOT_PASSED_ON = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-encoding",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@contextmanager
def recording_proxy(config: Config, cassette: Cassette) -> Generator[str]:
    """Run a proxy for the server of a configuration, and yield its address."""
    base = config.endpoint.url
    cassette.learn(*secrets_of(config.credentials), *secrets_in(dict(config.headers)))
    # Each request closes its connection, so that nothing is left open when the proxy stops.
    limits = httpx.Limits(max_keepalive_connections=0)
    client = httpx.AsyncClient(verify=config.verify, timeout=config.timeout, limits=limits)

    async def forward(request: Request) -> Response:
        body = await request.body()
        query = f"?{request.url.query}" if request.url.query else ""
        headers = [pair for pair in request.headers.items() if pair[0] not in _NOT_PASSED_ON]
        outgoing = client.build_request(
            request.method,
            f"{base}{request.url.path}{query}",
            headers=[*headers, ("accept-encoding", "identity")],
            content=body,
        )
        try:
            answer = await client.send(outgoing, stream=True, follow_redirects=False)
        except httpx.TransportError as error:
            reason = f"{type(error).__name__}: {error}"
            return PlainTextResponse(f"record: no answer of {base}: {reason}", 502)
        exchange = cassette.begin(request.method, f"{request.url.path}{query}", headers, body)
        pieces = _passed_on(answer, exchange)
        # A response without a body is recorded before even its head is sent.
        response = StreamingResponse(_after(await anext(pieces), pieces), answer.status_code)
        response.raw_headers = [
            pair for pair in answer.headers.raw if pair[0].decode().lower() not in _NOT_PASSED_ON
        ]
        return response

    listener = listen()
    server = LoopbackServer(Starlette(routes=[Route("/{path:path}", forward, methods=_METHODS)]))
    server.start(listener)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.stop()


async def _passed_on(answer: httpx.Response, exchange: Exchange) -> AsyncGenerator[bytes]:
    """Yield a response in chunks, the last one once the exchange is written.

    A client that has the whole response may disconnect at once.
    """
    held = b""
    try:
        async for chunk in answer.aiter_raw():
            exchange.add(chunk)
            if held:
                yield held
            held = chunk
    finally:
        await answer.aclose()
    exchange.end(answer.status_code, answer.headers.multi_items())
    yield held


async def _after(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async with aclosing(rest):
        async for piece in rest:
            yield piece
