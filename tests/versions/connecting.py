"""Clients of servers whose schemas a test decides, which count what they send."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from stash_typed import StashClient
from stash_typed.sandbox import Sandbox


def own_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a test a cache folder of its own; it does not exist yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setattr("sys.platform", "linux")
    return folder / "stash-typed"


class Counted:
    """An httpx client that counts the operations it sends."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.http = httpx.AsyncClient(event_hooks={"request": [self._count]})

    async def _count(self, request: httpx.Request) -> None:
        if request.method == "POST":
            body = request.content.decode()
            self.sent.append(body.partition('"operationName":"')[2].partition('"')[0])


@asynccontextmanager
async def connected(schema: str, scenes: int = 3) -> AsyncGenerator[tuple[StashClient, Counted]]:
    counted = Counted()
    with Sandbox(scenes=scenes, schema=schema) as server:
        async with counted.http, StashClient(server.url, http_client=counted.http) as stash:
            yield stash, counted


@asynccontextmanager
async def again(url: str) -> AsyncGenerator[tuple[StashClient, Counted]]:
    """Another process's client of the same server."""
    counted = Counted()
    async with counted.http, StashClient(url, http_client=counted.http) as stash:
        yield stash, counted
