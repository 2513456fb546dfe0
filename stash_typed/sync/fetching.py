"""Streaming a file from the server to disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._runtime.endpoint import without_key
from ..files.partial_file import CHUNK, Destination

if TYPE_CHECKING:
    from pathlib import Path

    from .._runtime.http.sync_transport import SyncTransport

__all__ = ["fetch"]


def fetch(connection: SyncTransport, link: str, place: Destination) -> Path:
    """Fetch a URL of the connection's own server, and return the path of the file."""
    link = without_key(link)  # in place of the argument, before anything is raised
    link = connection.endpoint.rebase(link)
    with (
        connection.stream("GET", link) as response,
        place.receive(link, response.status_code, response.headers) as file,
    ):
        for chunk in response.iter_bytes(CHUNK):
            file.write(chunk)
        return file.commit()
