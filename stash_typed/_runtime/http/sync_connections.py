"""The connections of a synchronous transport."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

import httpx

from ..deadline import no_time_error
from .client import checked_client
from .failures import closed_error
from .gate import NoTurnError, gates, thread_place
from .pools import places_of
from .shared_clients import ClientFactory, SharedClient, SharedClients
from .sync_request import keep_time
from .trust import Verify

if TYPE_CHECKING:
    from ..endpoint import Endpoint
    from ..messages import Outgoing


class SyncConnections:
    """Provides httpx clients to any number of threads."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        timeout: float | None,
        verify: Verify,
        given: httpx.Client | None,
        limit: int | None,
    ) -> None:
        self._endpoint = endpoint
        self._given = checked_client(given, httpx.Client)
        self._closed = False
        factory = ClientFactory(httpx.Client, endpoint, timeout, verify, keep_time)
        self._clients = SharedClients(factory, self._given)
        self.tls = factory.tls
        places = None if self._given is None else places_of(self._given)
        self._requests, self._downloads = gates(limit, places)

    def check(self, operation: str) -> None:
        if self._closed or (self._given is not None and self._given.is_closed):
            raise closed_error(operation, self._endpoint)

    @contextmanager
    def client(self, outgoing: Outgoing) -> Generator[SharedClient[httpx.Client], None, None]:
        """Wait for a turn, then hold a client for one request."""
        self.check(outgoing.operation)
        with ExitStack() as place:
            try:
                gate = self._downloads if outgoing.download else self._requests
                place.enter_context(thread_place(gate))
            except NoTurnError:
                raise no_time_error(outgoing.operation, self._endpoint.url) from None
            # It may have been closed while this request waited.
            check = partial(self.check, outgoing.operation)
            shared = self._clients.enter(check, own=outgoing.own)
            failed = True
            try:
                yield shared
                failed = False
            finally:
                for client in self._clients.leave(shared, failed=failed):
                    client.close()

    def close(self) -> None:
        """Close the connections, but not a caller's own client."""
        self._closed = True
        for client in self._clients.drain():
            client.close()
