"""The httpx clients of a sync transport."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import httpx

from ..deadline import no_time_error
from .client import NO_BOUND
from .failures import closed_error
from .gate import Gate, NoTurnError, checked_limit, gates, thread_place
from .multipart import MultipartBody
from .pools import lost_places, places_of
from .proxies import proxy_error
from .time_limit import TimeLimit, keep_time
from .trust import Verify, trust, trust_for

if TYPE_CHECKING:
    import ssl

    from ..endpoint import Endpoint
    from .messages import Outgoing

__all__ = ["SyncConnections", "SyncLine"]


class SyncLine:
    """One httpx client, and who uses it."""

    def __init__(self, client: httpx.Client, *, given: bool = False) -> None:
        self.client = client
        self.given = given
        self.users = 0
        self.replaced = False

    def limit(self, outgoing: Outgoing, seconds: float | None) -> TimeLimit:
        """Begin the time of a request; that of a caller's own client is httpx's to keep."""
        return TimeLimit(
            None if self.given else seconds, uploads=isinstance(outgoing.content, MultipartBody)
        )

    @property
    def lost(self) -> int:
        """How many connections of a caller's own client are lost."""
        return lost_places(self.client) if self.given else 0


class SyncConnections:
    """Gives out httpx clients, to any number of threads."""

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
        self._timeout = timeout
        self._verify = verify
        self._given = None if given is None else SyncLine(given, given=True)
        self._context: ssl.SSLContext | None = None
        self._own: SyncLine | None = None
        self._foreign: SyncLine | None = None
        self._lines: list[SyncLine] = []
        self._lock = threading.RLock()
        self._closed = False
        places = None if given is None else places_of(given)
        self.requests, self.downloads = gates(checked_limit(limit), places)

    def check(self, operation: str) -> None:
        """Raise StashConnectionError when the client was closed."""
        if self._closed or (self._given is not None and self._given.client.is_closed):
            raise closed_error(operation, self._endpoint)

    @contextmanager
    def line(self, gate: Gate, outgoing: Outgoing) -> Generator[SyncLine, None, None]:
        """Return a client for one request, when it is its turn."""
        self.check(outgoing.operation)
        with ExitStack() as place:
            try:
                place.enter_context(thread_place(gate))
            except NoTurnError:
                raise no_time_error(outgoing.operation, self._endpoint.url) from None
            line = self._enter(outgoing)
            try:
                yield line
            except BaseException:
                if not line.given and lost_places(line.client):
                    self._replace(line)
                raise
            finally:
                self._leave(line)

    def close(self) -> None:
        """Close the connections, but not a caller's own client."""
        self._closed = True
        with self._lock:
            lines, self._lines = self._lines, []
            self._own = self._foreign = None
        for line in lines:
            line.client.close()

    def tls(self) -> ssl.SSLContext:
        """Return the TLS settings for the server."""
        if self._context is None:
            self._context = trust_for(self._endpoint, self._verify)
        return self._context

    def _enter(self, outgoing: Outgoing) -> SyncLine:
        with self._lock:
            self.check(outgoing.operation)  # it may have been closed while this request waited
            line = self._given or self._line(outgoing)
            line.users += 1
            return line

    def _leave(self, line: SyncLine) -> None:
        with self._lock:
            line.users -= 1
            over = line.replaced and not line.users and line in self._lines
            if over:
                self._lines.remove(line)
        if over:
            line.client.close()

    def _line(self, outgoing: Outgoing) -> SyncLine:
        if outgoing.own:
            self._own = self._own or self._made(self.tls())
            return self._own
        self._foreign = self._foreign or self._made(trust(True))
        return self._foreign

    def _made(self, secure: ssl.SSLContext) -> SyncLine:
        try:
            client = httpx.Client(verify=secure, timeout=self._timeout, limits=NO_BOUND)
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise proxy_error(error, self._endpoint.url) from error
        keep_time(client)
        line = SyncLine(client)
        self._lines.append(line)
        return line

    def _replace(self, line: SyncLine) -> None:
        """Let the next request have another client; this one is closed when its last request ends."""
        with self._lock:
            line.replaced = True
            if self._own is line:
                self._own = None
            if self._foreign is line:
                self._foreign = None
