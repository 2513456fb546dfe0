"""Recording: a proxy in front of a server writes down what a command asks and what it is answered."""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from stash_typed._runtime.auth.credentials import secrets_of
from stash_typed.config import Config

from .recordings.cassette import Notebook, Page
from .recordings.redaction import secrets_in
from .recordings.serving import serving

__all__ = ["record", "recording_proxy"]

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
_HELD = 1 << 16
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def record(url: str | None, command: Sequence[str], to: str | Path) -> int:
    """Run a command against a server and write down its exchanges, without secrets.

    The command is led to a proxy by STASH_URL. The proxy speaks HTTP: subscriptions are refused, as
    by many a proxy, and the client looks tasks up instead.

    Args:
        url: the server; None for STASH_URL and its default.
        command: a program and its arguments.
        to: a folder, made if need be; numbers go on after those of the files in it.

    Returns:
        The command's exit code.

    Raises:
        ConfigurationError: the url makes no sense.
        OSError: the command cannot be run, or the folder not be written to.
    """
    config = Config.resolve(url)
    notebook = Notebook(Path(to))
    # The command signs in with what stands in the environment.
    notebook.learn(*(os.environ.get(f"STASH_{name}", "") for name in ("API_KEY", "PASSWORD")))
    with serving(recording_proxy(config, notebook)) as address:
        environment = {**os.environ, "STASH_URL": address}
        code = subprocess.run(list(command), env=environment, check=False).returncode
    if notebook.trouble is not None:
        raise notebook.trouble
    return code


def recording_proxy(config: Config, notebook: Notebook) -> Starlette:
    """Make the proxy as an application.

    Args:
        config: the server that it stands before; of it the url and the TLS settings count.
        notebook: what exchanges are written to.
    """
    base = config.endpoint.url
    notebook.learn(*secrets_of(config.credentials), *secrets_in(dict(config.headers)))
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
            return PlainTextResponse(f"stash-typed record: no answer of {base}: {reason}", 502)
        page = notebook.begin(request.method, f"{request.url.path}{query}", headers, body)
        response = await _passed_on(answer, page)
        response.raw_headers = [
            pair for pair in answer.headers.raw if pair[0].decode().lower() not in _NOT_PASSED_ON
        ]
        return response

    return Starlette(routes=[Route("/{path:path}", forward, methods=_METHODS)])


async def _passed_on(answer: httpx.Response, page: Page) -> Response:
    """Pass an answer on: piece by piece when it is long.

    The exchange is written before the last piece goes out: whoever has it all may hang up at once.
    """
    chunks = answer.aiter_raw()
    first = bytearray()

    def written() -> None:
        page.end(answer.status_code, answer.headers.multi_items())

    async for chunk in chunks:
        page.add(chunk)
        first += chunk
        if len(first) > _HELD:
            break
    else:
        await answer.aclose()
        written()
        return Response(bytes(first), answer.status_code)

    async def pieces() -> AsyncGenerator[bytes]:
        held = bytes(first)
        try:
            async for chunk in chunks:
                page.add(chunk)
                yield held
                held = chunk
        finally:
            await answer.aclose()
        written()
        yield held

    return StreamingResponse(pieces(), answer.status_code)
