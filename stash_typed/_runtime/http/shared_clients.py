"""The httpx clients that the requests of a transport share: which there are, and who uses them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

import httpx

from .pools import lost_places
from .proxies import proxy_error
from .trust import Verify, trust, trust_for

if TYPE_CHECKING:
    import ssl

    from ..endpoint import Endpoint

C = TypeVar("C", bound=httpx.AsyncClient | httpx.Client)

_NO_BOUND = httpx.Limits(max_connections=None, max_keepalive_connections=None)
"""Requests are counted in front of the pool."""


class ClientFactory(Generic[C]):
    """Makes httpx clients, for the client's own server and for others that links lead to."""

    def __init__(
        self,
        kind: type[C],
        endpoint: Endpoint,
        timeout: float | None,
        verify: Verify,
        prepare: Callable[[C], None] | None = None,
    ) -> None:
        self._kind = kind
        self._prepare = prepare
        self._endpoint = endpoint
        self._timeout = timeout
        self._verify = verify
        self._context: ssl.SSLContext | None = None

    def tls(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = trust_for(self._endpoint, self._verify)
        return self._context

    def make(self, *, own: bool) -> C:
        secure = self.tls() if own else trust(True)
        try:
            client = self._kind(verify=secure, timeout=self._timeout, limits=_NO_BOUND)
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise proxy_error(error, self._endpoint.url) from error
        if self._prepare is not None:
            self._prepare(client)
        return client


class SharedClient(Generic[C]):
    """One httpx client; `given` says that it is the caller's own."""

    def __init__(self, client: C, *, given: bool = False) -> None:
        self.client = client
        self.given = given
        self.users = 0
        self.pooled = False
        """Whether it is known to work through httpcore."""

    @property
    def lost(self) -> int:
        return lost_places(self.client) if self.given else 0


class SharedClients(Generic[C]):
    """Provides clients, also to several threads, and replaces those that lost a connection."""

    def __init__(self, factory: ClientFactory[C], given: C | None) -> None:
        self._factory = factory
        self._given = None if given is None else SharedClient(given, given=True)
        self._current: dict[bool, SharedClient[C]] = {}
        self._all: list[SharedClient[C]] = []
        self._lock = threading.RLock()

    @property
    def clients(self) -> list[C]:
        return [shared.client for shared in self._all]

    def enter(self, check: Callable[[], object], *, own: bool) -> SharedClient[C]:
        """Return the client for a request, which ends with `leave`, if `check` raises nothing."""
        with self._lock:
            check()
            shared = self._given or self._current.get(own)
            if shared is None:
                shared = self._current[own] = SharedClient(self._factory.make(own=own))
                self._all.append(shared)
            shared.users += 1
            return shared

    def leave(self, shared: SharedClient[C], *, failed: bool) -> list[C]:
        """End a request; return the client if it was the last of one that was replaced."""
        with self._lock:
            shared.users -= 1
            if failed and not shared.given and lost_places(shared.client):
                self._current = {k: v for k, v in self._current.items() if v is not shared}
            if shared.users or shared in self._current.values() or shared not in self._all:
                return []
            self._all.remove(shared)
            return [shared.client]

    def drain(self) -> list[C]:
        """Forget all clients; return those that are to be closed."""
        with self._lock:
            clients, self._all, self._current = self.clients, [], {}
            return clients
