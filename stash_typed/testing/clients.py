"""Clients for tests: they hold nothing that an event loop would have to close."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

from stash_typed.client import StashClient
from stash_typed.sync.client import SyncStashClient

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["client_of", "sync_client_of"]

_LIMITS = httpx.Limits(max_keepalive_connections=0)


def client_of(url: str, api_key: str | None) -> StashClient:
    """Make an asynchronous client for any event loop, or several one after the other.

    Each request closes its connection, so that nothing is left to be closed when the loop is gone.
    Proxies of the environment are not used.

    Args:
        url: the server.
        api_key: its key.

    Returns:
        The client; closing it is possible, but not needed.
    """
    http = httpx.AsyncClient(limits=_LIMITS, trust_env=False, verify=False, timeout=30.0)
    return StashClient(url, api_key=api_key, http_client=http)


@contextmanager
def sync_client_of(url: str, api_key: str | None) -> Generator[SyncStashClient, None, None]:
    """Make a synchronous client, closed at the end. Proxies of the environment are not used.

    Args:
        url: the server.
        api_key: its key.
    """
    with (
        httpx.Client(trust_env=False, verify=False, timeout=30.0) as http,
        SyncStashClient(url, api_key=api_key, http_client=http) as client,
    ):
        yield client
