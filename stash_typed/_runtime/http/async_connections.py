"""The connections of an asynchronous transport: one set for the event loop that it works in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import httpx

from ..ending import running_loop, to_the_end
from ..errors import ConfigurationError
from .client import checked_client
from .failures import closed_error
from .gate import Gate, gates
from .pools import foreign_connections, places_of
from .shared_clients import ClientFactory, SharedClient, SharedClients
from .trust import Verify

if TYPE_CHECKING:
    from ..endpoint import Endpoint
    from ..messages import Outgoing


class Home:
    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        gates: tuple[Gate, Gate],
        clients: SharedClients[httpx.AsyncClient],
    ) -> None:
        self.loop = loop
        self.requests, self.downloads = gates
        self.clients = clients

    async def close(self) -> None:
        for client in self.clients.drain():
            await to_the_end(client.aclose())

    def abandon(self) -> None:
        """Let it be closed in its own loop, if that runs again; nothing else can be done from here."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(lambda: self.loop.create_task(self.close()))


class AsyncConnections:
    """Provides httpx clients to the tasks of one event loop at a time."""

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
        self._given = checked_client(given, httpx.AsyncClient)
        self._limit = limit
        self._factory = ClientFactory(httpx.AsyncClient, endpoint, timeout, verify)
        self._home: Home | None = None
        self._closed = False
        self.tls = self._factory.tls

    def check(self, operation: str) -> Home:
        """Return what belongs to the running event loop; raise when the client was closed."""
        if self._closed or (self._given is not None and self._given.is_closed):
            raise closed_error(operation, self._endpoint)
        loop = running_loop(operation)
        home = self._home
        if home is None or home.loop is not loop:
            self._move(home, loop, operation)
            places = None if self._given is None else places_of(self._given)
            clients = SharedClients(self._factory, self._given)
            home = self._home = Home(loop, gates(self._limit, places), clients)
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
    async def client(
        self, outgoing: Outgoing
    ) -> AsyncGenerator[SharedClient[httpx.AsyncClient], None]:
        """Wait for a turn, then hold a client for one request."""
        home = self.check(outgoing.operation)
        async with _place(home.downloads if outgoing.download else home.requests):
            # It may have been closed while this request waited.
            check = partial(self.check, outgoing.operation)
            shared = home.clients.enter(check, own=outgoing.own)
            failed = True
            try:
                yield shared
                failed = False
            finally:
                for client in home.clients.leave(shared, failed=failed):
                    await to_the_end(client.aclose())

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


@asynccontextmanager
async def _place(gate: Gate) -> AsyncGenerator[None, None]:
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
