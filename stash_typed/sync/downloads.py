"""Files from the server, for `SyncStashClient`."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from .._runtime.endpoint import without_key
from ..files import CHUNK, PartialFile, announced_length, link_or_raise, suggested_name
from ..task_input import task_input
from .maintenance import SyncMaintenanceClient

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from stash_typed_graphql.task_arguments import ExportObjectsArguments
    from typing_extensions import Unpack

    from .._runtime.sync_transport import SyncTransport

__all__ = ["SyncDownloadClient"]


class SyncDownloadClient(SyncMaintenanceClient):
    """The client with its tasks, and what comes from the server as a file."""

    def __init__(self, transport: SyncTransport) -> None:
        super().__init__(transport)
        self._connection = transport

    def download(self, url: str, *, to: str | os.PathLike[str]) -> Path:
        """Fetch any link of the server, streamed to disk, with this client's credentials. As `StashClient.download`."""
        url = without_key(url)
        with self._connection.stream("GET", self._connection.endpoint.rebase(url)) as response:
            name = suggested_name(url, response.headers.get("content-disposition"))
            with PartialFile(to, name) as file:
                for chunk in response.iter_bytes(CHUNK):
                    file.write(chunk)
                return file.commit(announced_length(response.headers), url)

    @overload
    def backup(self, to: None = None) -> None: ...
    @overload
    def backup(self, to: str | os.PathLike[str]) -> Path: ...
    def backup(self, to: str | os.PathLike[str] | None = None) -> Path | None:
        """Back the database up (`backupDatabase`). As `StashClient.backup`."""
        from ..inputs import BackupDatabaseInput

        link = without_key(self.backup_database(BackupDatabaseInput(download=to is not None)) or "")
        return None if to is None else self._fetch_link(link, to, "backup")

    @overload
    def anonymise(self, to: None = None) -> None: ...
    @overload
    def anonymise(self, to: str | os.PathLike[str]) -> Path: ...
    def anonymise(self, to: str | os.PathLike[str] | None = None) -> Path | None:
        """Make a copy of the database without names and paths (`anonymiseDatabase`). As `StashClient.anonymise`."""
        from ..inputs import AnonymiseDatabaseInput

        link = without_key(
            self.anonymise_database(AnonymiseDatabaseInput(download=to is not None)) or ""
        )
        return None if to is None else self._fetch_link(link, to, "anonymised copy")

    def export_objects(  # type: ignore[override]  # the root field's input as keyword arguments, and a file
        self, *, to: str | os.PathLike[str], **options: Unpack[ExportObjectsArguments]
    ) -> Path:
        """Export chosen objects as a zip archive (`exportObjects`). As `StashClient.export_objects`."""
        from ..inputs import ExportObjectsInput

        model = task_input(ExportObjectsInput, "export_objects", options)
        link = without_key(super().export_objects(model) or "")
        return self._fetch_link(link, to, "export")

    def _fetch_link(self, link: str | None, to: str | os.PathLike[str], what: str) -> Path:
        return self.download(link_or_raise(link, what), to=to)
