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

_DEPTH = 3
_INNER = ("_connection", "_network_stream", "_stream", "transport_stream", "_transport")


class _Connection(Protocol):
    def is_idle(self) -> bool: ...
    def is_closed(self) -> bool: ...


class _Request(Protocol):
    connection: _Connection | None


def pools_of(client: httpx.Client | httpx.AsyncClient) -> Iterator[object]:
    """Return the pools of a client, those for proxies and inside other transports included."""
    mounts = cast("dict[object, object]", getattr(client, "_mounts", {}))
    for transport in (getattr(client, "_transport", None), *mounts.values()):
        yield from _pools_in(transport, _DEPTH)


def _pools_in(transport: object, depth: int) -> Iterator[object]:
    pool: object = getattr(transport, "_pool", None)
    if pool is not None:
        yield pool
    elif depth and isinstance(transport, (httpx.BaseTransport, httpx.AsyncBaseTransport)):
        for inner in vars(transport).values():
            yield from _pools_in(inner, depth - 1)


def places_of(client: httpx.Client | httpx.AsyncClient) -> int | None:
    """Return how many connections a client may have at once, if there is a limit to see."""
    found = [getattr(pool, "_max_connections", None) for pool in pools_of(client)]
    limits = [limit for limit in found if isinstance(limit, int) and 0 < limit < sys.maxsize]
    return min(limits, default=None)


def foreign_connections(client: httpx.AsyncClient, loop: object, *, moved: bool) -> bool:
    """Whether there are connections, in use or not, that belong to another event loop."""
    loops = [_loop_of(each) for pool in pools_of(client) for each in _connections(pool)]
    return any(moved if found is None else found is not loop for found in loops)


def _loop_of(connection: object) -> object:
    """Follow a connection through httpcore and anyio to asyncio's transport."""
    thing: object = connection
    for _ in range(_DEPTH * 3):
        loop: object = getattr(thing, "_loop", None)
        if loop is not None:
            return loop
        inner = (getattr(thing, name, None) for name in _INNER)
        thing = next((found for found in inner if found is not None), None)
    return None


def lost_places(client: httpx.Client | httpx.AsyncClient) -> int:
    """Count the connections that are neither idle nor closed, and that no request has."""
    lost = 0
    for pool in pools_of(client):
        lock: object = getattr(pool, "_optional_thread_lock", None)
        with cast("AbstractContextManager[Any]", lock or nullcontext()):
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
