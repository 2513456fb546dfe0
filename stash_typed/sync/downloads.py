# Written from stash_typed/files/downloads.py by `make generate`. Do not edit.

"""Downloading files that the server has or creates on request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .._runtime.steps import Procedure, perform_sync
from ..files import links
from ..files.partial_file import Destination, StrPath
from .fetching import fetch

if TYPE_CHECKING:
    from .._runtime.http.sync_transport import SyncTransport

__all__ = ["anonymise", "backup", "download", "export_objects"]


def download(connection: SyncTransport, link: str, to: StrPath, overwrite: bool) -> Path:
    """Fetch a URL of the server."""
    return fetch(connection, link, Destination(to, overwrite=overwrite))


def backup(connection: SyncTransport, to: StrPath | None, overwrite: bool) -> Path | None:
    """Back up the database."""
    return _copy(connection, links.backup, to, overwrite)


def anonymise(connection: SyncTransport, to: StrPath | None, overwrite: bool) -> Path | None:
    """Copy the database without names and paths."""
    return _copy(connection, links.anonymised, to, overwrite)


def export_objects(
    connection: SyncTransport, options: Mapping[str, object], to: StrPath, overwrite: bool
) -> Path:
    """Export objects as an archive."""
    place = Destination(to, overwrite=overwrite)
    return fetch(connection, perform_sync(connection, links.export(options)), place)


def _copy(
    connection: SyncTransport,
    link: Callable[[bool], Procedure[str]],
    to: StrPath | None,
    overwrite: bool,
) -> Path | None:
    if to is None:
        perform_sync(connection, link(False))
        return None
    place = Destination(to, overwrite=overwrite)
    return fetch(connection, perform_sync(connection, link(True)), place)
