"""Files from the server, for `SyncStashClient`."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from .._runtime.endpoint import without_key
from ..files.partial_file import CHUNK, Destination, link_or_raise
from ..jobs.task_input import task_input
from .tasks import SyncTaskClient

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from stash_typed_graphql.task_arguments import ExportObjectsArguments
    from typing_extensions import Unpack

    from .._runtime.http.sync_transport import SyncTransport

__all__ = ["SyncDownloadClient"]


class SyncDownloadClient(SyncTaskClient):
    """The client with its tasks, and what comes from the server as a file."""

    def __init__(self, transport: SyncTransport) -> None:
        super().__init__(transport)
        self._connection = transport

    def download(self, url: str, *, to: str | os.PathLike[str], overwrite: bool = False) -> Path:
        """Fetch any link of the server, streamed to disk, with this client's credentials. As `StashClient.download`."""
        # In place of the argument: the server puts the key into its links.
        url = without_key(url)
        url = self._connection.endpoint.rebase(url)
        return self._fetch(url, Destination(to, overwrite=overwrite))

    @overload
    def backup(self, to: None = None, *, overwrite: bool = False) -> None: ...
    @overload
    def backup(self, to: str | os.PathLike[str], *, overwrite: bool = False) -> Path: ...
    def backup(
        self, to: str | os.PathLike[str] | None = None, *, overwrite: bool = False
    ) -> Path | None:
        """Back the database up (`backupDatabase`). As `StashClient.backup`."""
        from ..inputs import BackupDatabaseInput

        if to is None:
            self.backup_database(BackupDatabaseInput(download=False))
            return None
        place = Destination(to, overwrite=overwrite)
        chosen = BackupDatabaseInput(download=True)
        link = self._own(self.backup_database(chosen), "backup")
        return self._fetch(link, place)

    @overload
    def anonymise(self, to: None = None, *, overwrite: bool = False) -> None: ...
    @overload
    def anonymise(self, to: str | os.PathLike[str], *, overwrite: bool = False) -> Path: ...
    def anonymise(
        self, to: str | os.PathLike[str] | None = None, *, overwrite: bool = False
    ) -> Path | None:
        """Make a copy of the database without names and paths (`anonymiseDatabase`). As `StashClient.anonymise`."""
        from ..inputs import AnonymiseDatabaseInput

        if to is None:
            self.anonymise_database(AnonymiseDatabaseInput(download=False))
            return None
        place = Destination(to, overwrite=overwrite)
        chosen = AnonymiseDatabaseInput(download=True)
        link = self._own(self.anonymise_database(chosen), "anonymised copy")
        return self._fetch(link, place)

    def export_objects(
        self,
        *,
        to: str | os.PathLike[str],
        overwrite: bool = False,
        **options: Unpack[ExportObjectsArguments],
    ) -> Path:
        """Export chosen objects as a zip archive (`exportObjects`). As `StashClient.export_objects`."""
        from stash_typed_graphql.export_objects import OPERATION, ExportObjectsData

        from ..inputs import ExportObjectsInput

        model = task_input(ExportObjectsInput, "export_objects", options)
        place = Destination(to, overwrite=overwrite)
        data = self._execute(OPERATION, ExportObjectsData, {"input": model})
        return self._fetch(self._own(data.export_objects, "export"), place)

    def _own(self, link: str | None, what: str) -> str:
        """Give a link on the client's own server, without the key that the server puts in."""
        link = without_key(link_or_raise(link, what))
        return self._connection.endpoint.rebase(link)

    def _fetch(self, link: str, place: Destination) -> Path:
        with (
            self._connection.stream("GET", link) as response,
            place.receive(link, response.status_code, response.headers) as file,
        ):
            for chunk in response.iter_bytes(CHUNK):
                file.write(chunk)
            return file.commit()
