"""Streaming a file from the server to disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._runtime.endpoint import without_key
from .partial_file import CHUNK, Destination

if TYPE_CHECKING:
    from pathlib import Path

    from .._runtime.http.async_transport import AsyncTransport

__all__ = ["fetch"]


async def fetch(connection: AsyncTransport, link: str, place: Destination) -> Path:
    """Fetch a URL of the connection's own server, and return the path of the file."""
    import asyncio

    link = without_key(link)  # in place of the argument, before anything is raised
    link = connection.endpoint.rebase(link)
    async with connection.stream("GET", link) as response:
        with place.receive(link, response.status_code, response.headers) as file:
            async for chunk in response.aiter_bytes(CHUNK):
                await asyncio.to_thread(file.write, chunk)
            return await asyncio.to_thread(file.commit)
