"""Files from the server: backups, exports, screenshots, streams, to disk and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from ._runtime.endpoint import without_key
from .files import CHUNK, PartialFile, announced_length, link_or_raise, suggested_name
from .maintenance import MaintenanceClient
from .task_input import task_input

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from stash_typed_graphql.task_arguments import ExportObjectsArguments
    from typing_extensions import Unpack

    from ._runtime.transport import AsyncTransport

__all__ = ["DownloadClient"]


class DownloadClient(MaintenanceClient):
    """The client with its tasks, and what comes from the server as a file."""

    def __init__(self, transport: AsyncTransport) -> None:
        super().__init__(transport)
        self._connection = transport

    async def download(self, url: str, *, to: str | os.PathLike[str]) -> Path:
        """Fetch any link of the server, streamed to disk, with this client's credentials.

        The link's origin is replaced by this client's own: behind a proxy or in a container the
        server does not know the address that it is reached by.

        Args:
            url: a link as the server gives it (`paths.screenshot`, `sceneStreams.url` …), or a
                path on the server.
            to: a file, or a folder that keeps the server's name for it.

        Returns:
            The path of the file.

        Raises:
            HTTPStatusError: there is no such file (any more).
            ResponseFormatError: fewer bytes came than were announced; nothing is kept.
            StashError: the target cannot be written to.
        """
        import asyncio

        url = without_key(url)
        async with self._connection.stream(
            "GET", self._connection.endpoint.rebase(url)
        ) as response:
            name = suggested_name(url, response.headers.get("content-disposition"))
            with PartialFile(to, name) as file:
                async for chunk in response.aiter_bytes(CHUNK):
                    await asyncio.to_thread(file.write, chunk)
                return await asyncio.to_thread(file.commit, announced_length(response.headers), url)

    @overload
    async def backup(self, to: None = None) -> None: ...
    @overload
    async def backup(self, to: str | os.PathLike[str]) -> Path: ...
    async def backup(self, to: str | os.PathLike[str] | None = None) -> Path | None:
        """Back the database up (`backupDatabase`).

        Args:
            to: a file or a folder here to stream the backup into; None stores it beside the
                database on the server.

        Returns:
            The path of the file; None when it stayed on the server.

        Raises:
            StashError: see `download`.
        """
        from .inputs import BackupDatabaseInput

        link = without_key(
            await self.backup_database(BackupDatabaseInput(download=to is not None)) or ""
        )
        return None if to is None else await self._fetch_link(link, to, "backup")

    @overload
    async def anonymise(self, to: None = None) -> None: ...
    @overload
    async def anonymise(self, to: str | os.PathLike[str]) -> Path: ...
    async def anonymise(self, to: str | os.PathLike[str] | None = None) -> Path | None:
        """Make a copy of the database without names and paths (`anonymiseDatabase`).

        Args:
            to: as for `backup`.

        Returns:
            The path of the file; None when it stayed on the server.
        """
        from .inputs import AnonymiseDatabaseInput

        link = without_key(
            await self.anonymise_database(AnonymiseDatabaseInput(download=to is not None)) or ""
        )
        return None if to is None else await self._fetch_link(link, to, "anonymised copy")

    async def export_objects(  # type: ignore[override]  # the root field's input as keyword arguments, and a file
        self, *, to: str | os.PathLike[str], **options: Unpack[ExportObjectsArguments]
    ) -> Path:
        """Export chosen objects as a zip archive (`exportObjects`).

        Args:
            to: a file or a folder here.
            **options: the fields of `ExportObjectsInput`: `scenes`, `tags`, … each an
                `ExportObjectTypeInput`, and `include_dependencies`.

        Returns:
            The path of the archive.

        Raises:
            TypeError: an option is misspelt.
            StashError: see `download`.
        """
        from .inputs import ExportObjectsInput

        model = task_input(ExportObjectsInput, "export_objects", options)
        link = without_key(await super().export_objects(model) or "")
        return await self._fetch_link(link, to, "export")

    async def _fetch_link(self, link: str | None, to: str | os.PathLike[str], what: str) -> Path:
        return await self.download(link_or_raise(link, what), to=to)
