"""A look into the connection pools of an httpx client.

httpx does not show them, so they are looked for by the names that httpx 0.27 and 0.28 and httpcore 1
give them. Where there is no pool to be found, in a client with a transport of another kind, there
is nothing to be seen either, and nothing depends on it: the gate and the way in which requests are
ended keep places from being lost; this notices when one is lost all the same.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol, cast

import httpx

__all__ = ["holds_connections", "lost_places", "places_of", "pools_of"]


class _Connection(Protocol):
    def is_idle(self) -> bool: ...
    def is_closed(self) -> bool: ...


class _Request(Protocol):
    connection: _Connection | None


def pools_of(client: httpx.Client | httpx.AsyncClient) -> Iterator[object]:
    """Give the pools of a client, those for proxies included."""
    mounts = cast("dict[object, object]", getattr(client, "_mounts", {}))
    for transport in (getattr(client, "_transport", None), *mounts.values()):
        pool: object = getattr(transport, "_pool", None)
        if pool is not None:
            yield pool


def places_of(client: httpx.Client | httpx.AsyncClient) -> int | None:
    """Give how many connections a client may have at once; None when there is no limit to see."""
    found = [getattr(pool, "_max_connections", None) for pool in pools_of(client)]
    limits = [limit for limit in found if isinstance(limit, int) and 0 < limit < sys.maxsize]
    return min(limits, default=None)


def holds_connections(client: httpx.Client | httpx.AsyncClient) -> bool:
    """Whether there is any connection, in use or not."""
    return any(_connections(pool) for pool in pools_of(client))


def lost_places(client: httpx.Client | httpx.AsyncClient) -> int:
    """Count the connections that are neither idle nor closed, and that no request has."""
    lost = 0
    for pool in pools_of(client):
        with _lock_of(pool):
            requests = cast("list[_Request]", getattr(pool, "_requests", None))
            if not isinstance(requests, list):  # pyright: ignore[reportUnnecessaryIsInstance]  # what httpcore has today
                continue
            used = {id(request.connection) for request in requests}
            lost += sum(
                id(connection) not in used
                and not connection.is_idle()
                and not connection.is_closed()
                for connection in _connections(pool)
            )
    return lost


def _connections(pool: object) -> list[_Connection]:
    return cast("list[_Connection]", getattr(pool, "connections", []))


def _lock_of(pool: object) -> AbstractContextManager[Any]:
    lock: object = getattr(pool, "_optional_thread_lock", None)
    return cast("AbstractContextManager[Any]", lock) if lock is not None else nullcontext()
