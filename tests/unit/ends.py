"""The async and the sync transport under one face, so that a test is written once for both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Literal, TypeVar

import httpx

from stash_typed._runtime.auth.credentials import Credentials, NoCredentials
from stash_typed._runtime.endpoint import Endpoint
from stash_typed._runtime.http.async_transport import AsyncTransport
from stash_typed._runtime.http.sync_transport import SyncTransport
from stash_typed._runtime.operation import Operation
from stash_typed._runtime.retry import RetryPolicy

T = TypeVar("T")

End = Literal["async", "sync"]
ENDS: tuple[End, ...] = ("async", "sync")

NO_RETRY = RetryPolicy(retries=0)
AT_ONCE = RetryPolicy(delay=0.0, locked_delay=0.0)


class Connection:
    """A transport whose sync methods run in a thread, so that both kinds can be awaited."""

    def __init__(self, transport: AsyncTransport | SyncTransport) -> None:
        self.transport = transport

    async def execute(
        self, operation: Operation, result: type[T], variables: Mapping[str, object] | None = None
    ) -> T:
        if isinstance(self.transport, AsyncTransport):
            return await self.transport.execute(operation, result, variables or {})
        return await asyncio.to_thread(self.transport.execute, operation, result, variables or {})

    async def execute_raw(
        self, operation: Operation, variables: Mapping[str, object] | None = None
    ) -> dict[str, Any]:
        if isinstance(self.transport, AsyncTransport):
            return await self.transport.execute_raw(operation, variables or {})
        return await asyncio.to_thread(self.transport.execute_raw, operation, variables or {})

    async def login(self) -> None:
        if isinstance(self.transport, AsyncTransport):
            await self.transport.login()
        else:
            await asyncio.to_thread(self.transport.login)

    async def download(self, url: str, method: str = "GET") -> bytes:
        """Read a whole file through `stream`."""
        if isinstance(self.transport, AsyncTransport):
            async with self.transport.stream(method, url) as response:
                return b"".join([chunk async for chunk in response.aiter_bytes()])
        return await asyncio.to_thread(_download, self.transport, method, url)

    async def collect(
        self, operation: Operation, result: type[T], *, at_most: int | None = None
    ) -> list[T]:
        """Read a subscription to its end, or leave it after so many items."""
        if isinstance(self.transport, SyncTransport):
            return await asyncio.to_thread(_collect, self.transport, operation, result, at_most)
        items: list[T] = []
        stream = self.transport.subscribe(operation, result, {})
        try:
            async for item in stream:
                items.append(item)
                if len(items) == at_most:
                    break
        finally:
            await stream.aclose()
        return items


def _download(transport: SyncTransport, method: str, url: str) -> bytes:
    with transport.stream(method, url) as response:
        return b"".join(response.iter_bytes())


def _collect(
    transport: SyncTransport, operation: Operation, result: type[T], at_most: int | None
) -> list[T]:
    items: list[T] = []
    stream = transport.subscribe(operation, result, {})
    try:
        for item in stream:
            items.append(item)
            if len(items) == at_most:
                break
    finally:
        stream.close()
    return items


@asynccontextmanager
async def connect(
    end: End,
    url: str,
    credentials: Credentials | None = None,
    *,
    retry: RetryPolicy = AT_ONCE,
    timeout: float | None = 5.0,
    headers: Mapping[str, str] | None = None,
    verify: bool | str = True,
    limit: int | None = None,
    ping_interval: float = 20.0,
    http_client: httpx.AsyncClient | httpx.Client | None = None,
) -> AsyncGenerator[Connection, None]:
    """Open a transport of one kind and close it afterwards."""
    endpoint = Endpoint.parse(url)
    credentials = credentials or NoCredentials()
    if end == "async":
        assert not isinstance(http_client, httpx.Client)
        async with AsyncTransport(
            endpoint,
            credentials,
            retry=retry,
            timeout=timeout,
            headers=headers,
            verify=verify,
            limit=limit,
            ping_interval=ping_interval,
            http_client=http_client,
        ) as transport:
            yield Connection(transport)
    else:
        assert not isinstance(http_client, httpx.AsyncClient)
        with SyncTransport(
            endpoint,
            credentials,
            retry=retry,
            timeout=timeout,
            headers=headers,
            verify=verify,
            limit=limit,
            ping_interval=ping_interval,
            http_client=http_client,
        ) as transport:
            yield Connection(transport)
