"""Downloading files that the server has or creates on request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .._runtime.steps import Procedure, perform
from . import links
from .fetching import fetch
from .partial_file import Destination, StrPath

if TYPE_CHECKING:
    from .._runtime.http.async_transport import AsyncTransport

__all__ = ["anonymise", "backup", "download", "export_objects"]


async def download(connection: AsyncTransport, link: str, to: StrPath, overwrite: bool) -> Path:
    """Fetch a URL of the server."""
    return await fetch(connection, link, Destination(to, overwrite=overwrite))


async def backup(connection: AsyncTransport, to: StrPath | None, overwrite: bool) -> Path | None:
    """Back up the database."""
    return await _copy(connection, links.backup, to, overwrite)


async def anonymise(connection: AsyncTransport, to: StrPath | None, overwrite: bool) -> Path | None:
    """Copy the database without names and paths."""
    return await _copy(connection, links.anonymised, to, overwrite)


async def export_objects(
    connection: AsyncTransport, options: Mapping[str, object], to: StrPath, overwrite: bool
) -> Path:
    """Export objects as an archive."""
    place = Destination(to, overwrite=overwrite)
    return await fetch(connection, await perform(connection, links.export(options)), place)


async def _copy(
    connection: AsyncTransport,
    link: Callable[[bool], Procedure[str]],
    to: StrPath | None,
    overwrite: bool,
) -> Path | None:
    if to is None:
        await perform(connection, link(False))
        return None
    place = Destination(to, overwrite=overwrite)
    return await fetch(connection, await perform(connection, link(True)), place)
