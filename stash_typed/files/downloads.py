"""Files from the server: backups, exports, screenshots, streams, to disk and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from .._runtime.endpoint import without_key
from ..jobs.task_input import task_input
from ..jobs.tasks import TaskClient
from .partial_file import CHUNK, Destination, link_or_raise

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from stash_typed_graphql.task_arguments import ExportObjectsArguments
    from typing_extensions import Unpack

    from .._runtime.http.transport import AsyncTransport

__all__ = ["DownloadClient"]


class DownloadClient(TaskClient):
    """The client with its tasks, and what comes from the server as a file."""

    def __init__(self, transport: AsyncTransport) -> None:
        super().__init__(transport)
        self._connection = transport

    async def download(
        self, url: str, *, to: str | os.PathLike[str], overwrite: bool = False
    ) -> Path:
        """Fetch any link of the server, streamed to disk, with this client's credentials.

        The link's origin is replaced by this client's own: behind a proxy or in a container the
        server does not know the address that it is reached by.

        Args:
            url: a link as the server gives it (`paths.screenshot`, `sceneStreams.url` …), or a
                path on the server.
            to: a file, which is replaced, or a folder that keeps the server's name for it (made
                when it ends in a slash). The name is made fit for any system.
            overwrite: whether a file in the folder that has the server's name is replaced.

        Returns:
            The path of the file.

        Raises:
            HTTPStatusError: there is no such file (any more).
            StashConnectionError: the connection was lost before the whole file had come; nothing
                is kept.
            ResponseFormatError: what came is no whole file: another length than was announced, a
                part, nothing, a web page; nothing is kept.
            StashError: a file of the server's name is there, or `to` cannot be written to.
        """
        # In place of the argument: the server puts the key into its links.
        url = without_key(url)
        url = self._connection.endpoint.rebase(url)
        return await self._fetch(url, Destination(to, overwrite=overwrite))

    @overload
    async def backup(self, to: None = None, *, overwrite: bool = False) -> None: ...
    @overload
    async def backup(self, to: str | os.PathLike[str], *, overwrite: bool = False) -> Path: ...
    async def backup(
        self, to: str | os.PathLike[str] | None = None, *, overwrite: bool = False
    ) -> Path | None:
        """Back the database up (`backupDatabase`).

        Args:
            to: a file or a folder here to stream the backup into; None stores it beside the
                database on the server.
            overwrite: as for `download`.

        Returns:
            The path of the file; None when it stayed on the server.

        Raises:
            StashError: see `download`. When `to` is no place for a file, nothing is asked for.
        """
        from ..inputs import BackupDatabaseInput

        if to is None:
            await self.backup_database(BackupDatabaseInput(download=False))
            return None
        place = Destination(to, overwrite=overwrite)
        chosen = BackupDatabaseInput(download=True)
        link = self._own(await self.backup_database(chosen), "backup")
        return await self._fetch(link, place)

    @overload
    async def anonymise(self, to: None = None, *, overwrite: bool = False) -> None: ...
    @overload
    async def anonymise(self, to: str | os.PathLike[str], *, overwrite: bool = False) -> Path: ...
    async def anonymise(
        self, to: str | os.PathLike[str] | None = None, *, overwrite: bool = False
    ) -> Path | None:
        """Make a copy of the database without names and paths (`anonymiseDatabase`).

        Args:
            to, overwrite: as for `backup`.

        Returns:
            The path of the file; None when it stayed on the server.

        Raises:
            StashError: as for `backup`.
        """
        from ..inputs import AnonymiseDatabaseInput

        if to is None:
            await self.anonymise_database(AnonymiseDatabaseInput(download=False))
            return None
        place = Destination(to, overwrite=overwrite)
        chosen = AnonymiseDatabaseInput(download=True)
        link = self._own(await self.anonymise_database(chosen), "anonymised copy")
        return await self._fetch(link, place)

    async def export_objects(
        self,
        *,
        to: str | os.PathLike[str],
        overwrite: bool = False,
        **options: Unpack[ExportObjectsArguments],
    ) -> Path:
        """Export chosen objects as a zip archive (`exportObjects`).

        Args:
            to: a file or a folder here.
            overwrite: as for `download`.
            **options: the fields of `ExportObjectsInput`: `scenes`, `tags`, … each an
                `ExportObjectTypeInput`, and `include_dependencies`.

        Returns:
            The path of the archive.

        Raises:
            TypeError: an option is misspelt.
            StashError: as for `backup`.
        """
        from stash_typed_graphql.export_objects import OPERATION, ExportObjectsData

        from ..inputs import ExportObjectsInput

        model = task_input(ExportObjectsInput, "export_objects", options)
        place = Destination(to, overwrite=overwrite)
        data = await self._execute(OPERATION, ExportObjectsData, {"input": model})
        return await self._fetch(self._own(data.export_objects, "export"), place)

    def _own(self, link: str | None, what: str) -> str:
        """Give a link on the client's own server, without the key that the server puts in."""
        link = without_key(link_or_raise(link, what))
        return self._connection.endpoint.rebase(link)

    async def _fetch(self, link: str, place: Destination) -> Path:
        import asyncio

        async with self._connection.stream("GET", link) as response:
            with place.receive(link, response.status_code, response.headers) as file:
                async for chunk in response.aiter_bytes(CHUNK):
                    await asyncio.to_thread(file.write, chunk)
                return await asyncio.to_thread(file.commit)
