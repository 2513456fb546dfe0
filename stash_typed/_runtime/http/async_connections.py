"""The httpx clients of an async transport, one set for the event loop that it works in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

import httpx

from ..ending import running_loop
from ..errors import ConfigurationError
from .cancellation import Interruptible, to_the_end
from .client import NO_BOUND
from .failures import closed_error
from .gate import Gate, checked_limit, gates
from .multipart import MultipartBody
from .pools import foreign_connections, lost_places, places_of
from .proxies import proxy_error
from .trust import Verify, trust, trust_for

if TYPE_CHECKING:
    import ssl

    from ..endpoint import Endpoint
    from .messages import Outgoing

__all__ = ["Connections", "Home", "Line"]


class Line:
    """One httpx client, and who uses it."""

    def __init__(self, client: httpx.AsyncClient, *, given: bool = False) -> None:
        self.client = client
        self.given = given
        self.users = 0
        self.pooled = False
        self.replaced = False

    def limit(self, seconds: float | None) -> float | None:
        """Return the time limit that is kept here: of a caller's own client, which has limits for
        each step, that of the wait for a connection.
        """
        return self.client.timeout.pool if self.given else seconds

    def request(self, outgoing: Outgoing, seconds: float | None) -> Interruptible:
        """Prepare for a request."""
        if self.given:
            limit = self.limit(seconds) if self.pooled else None
            return Interruptible(limit, "pool", pooled=self.pooled)
        upload = isinstance(outgoing.content, MultipartBody)
        return Interruptible(seconds, "answer" if upload else "all")

    def prepare(self, built: httpx.Request, request: Interruptible) -> None:
        """Keep httpcore from ending the wait for a connection, which may lose one."""
        if request.pooled or not self.given:
            limits = cast("dict[str, object]", built.extensions.get("timeout", {}))
            built.extensions["timeout"] = {**limits, "pool": None}

    @property
    def lost(self) -> int:
        """How many connections of a caller's own client are lost."""
        return lost_places(self.client) if self.given else 0


class Home:
    """What belongs to one event loop: clients and gates."""

    def __init__(self, loop: asyncio.AbstractEventLoop, gates: tuple[Gate, Gate]) -> None:
        self.loop = loop
        self.requests, self.downloads = gates
        self.lines: list[Line] = []
        self.own: Line | None = None
        self.foreign: Line | None = None

    async def close(self) -> None:
        """Close the clients that were made here."""
        lines, self.lines, self.own, self.foreign = self.lines, [], None, None
        for line in lines:
            if not line.given:
                await to_the_end(line.client.aclose())

    def abandon(self) -> None:
        """Let it be closed in its own loop, if that runs again; nothing else can be done from here."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(lambda: self.loop.create_task(self.close()))


class Connections:
    """Gives out httpx clients."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        timeout: float | None,
        verify: Verify,
        given: httpx.AsyncClient | None,
        limit: int | None,
    ) -> None:
        self._endpoint = endpoint
        self._timeout = timeout
        self._verify = verify
        self._given = given
        self._limit = checked_limit(limit)
        self._context: ssl.SSLContext | None = None
        self._home: Home | None = None
        self._closed = False

    def here(self, operation: str) -> Home:
        """Return what belongs to the running event loop; in a new loop it is made anew."""
        if self._closed or (self._given is not None and self._given.is_closed):
            raise closed_error(operation, self._endpoint)
        loop = running_loop(operation)
        home = self._home
        if home is None or home.loop is not loop:
            self._move(home, loop, operation)
            places = None if self._given is None else places_of(self._given)
            home = self._home = Home(loop, gates(self._limit, places))
        return home

    def _move(self, home: Home | None, loop: asyncio.AbstractEventLoop, operation: str) -> None:
        if home is not None and home.loop.is_running():
            raise ConfigurationError(
                "the client is in use in another event loop, which is running in another thread",
                operation=operation,
                hint="Make one client for each loop, or use SyncStashClient, which serves any number"
                " of threads.",
            )
        if self._given is not None and foreign_connections(
            self._given, loop, moved=home is not None
        ):
            raise ConfigurationError(
                "the http_client has connections that belong to another event loop",
                operation=operation,
                hint="Make a new httpx.AsyncClient for each loop, or give none: the client then makes"
                " its own.",
            )
        if home is not None:
            home.abandon()

    @asynccontextmanager
    async def line(self, gate: Gate, home: Home, outgoing: Outgoing) -> AsyncGenerator[Line, None]:
        """Return a client for one request, when it is its turn."""
        async with _place(gate):
            line = self._line(home, outgoing)
            line.users += 1
            try:
                yield line
            except BaseException:
                if not line.given and lost_places(line.client):
                    _replace(line, home)
                raise
            finally:
                line.users -= 1
                if line.replaced and not line.users and line in home.lines:
                    home.lines.remove(line)
                    await to_the_end(line.client.aclose())

    async def aclose(self) -> None:
        """Close the connections, but not a caller's own client."""
        self._closed = True
        home, self._home = self._home, None
        if home is None:
            return
        if home.loop is asyncio.get_running_loop():
            await home.close()
        else:
            home.abandon()

    def tls(self) -> ssl.SSLContext:
        """Return the TLS settings for the server."""
        if self._context is None:
            self._context = trust_for(self._endpoint, self._verify)
        return self._context

    def _line(self, home: Home, outgoing: Outgoing) -> Line:
        self.here(outgoing.operation)  # it may have been closed while this request waited
        if self._given is not None:
            if home.own is None:
                home.own = Line(self._given, given=True)
            return home.own
        if outgoing.own:
            home.own = home.own or self._made(home, self.tls())
            return home.own
        home.foreign = home.foreign or self._made(home, trust(True))
        return home.foreign

    def _made(self, home: Home, secure: ssl.SSLContext) -> Line:
        try:
            client = httpx.AsyncClient(verify=secure, timeout=self._timeout, limits=NO_BOUND)
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise proxy_error(error, self._endpoint.url) from error
        line = Line(client)
        home.lines.append(line)
        return line


@asynccontextmanager
async def _place(gate: Gate) -> AsyncGenerator[None, None]:
    """Hold a place; wait for one first."""
    turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def call() -> None:
        if not turn.done():
            turn.set_result(None)

    try:
        if not gate.enter(turn, call):
            await turn
        yield
    finally:
        gate.leave(turn)


def _replace(line: Line, home: Home) -> None:
    """Let the next request have another client; this one is closed when its last request ends."""
    line.replaced = True
    if home.own is line:
        home.own = None
    if home.foreign is line:
        home.foreign = None
