"""`StashClient`: every operation of the server, and what a generator cannot know."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, overload

from stash_typed_graphql.client import Operations

from ._runtime.base_model import UNSET
from ._runtime.endpoint import without_key
from ._runtime.errors import ConfigurationError
from ._runtime.http.answer_body import DEFAULT_SIZE
from ._runtime.http.async_transport import AsyncTransport
from ._runtime.keyword_input import input_of
from ._runtime.operation import Operation
from ._runtime.secret import HiddenMapping
from ._runtime.steps import perform
from ._runtime.tracebacks import emptied_frames
from .config import Config
from .files.fetching import fetch
from .files.partial_file import Destination
from .jobs.job import Job
from .jobs.watch import JobRecord, named_job
from .library import kinds

if TYPE_CHECKING:
    import os
    import ssl
    from collections.abc import Awaitable, Callable, Mapping
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    import httpx
    from pydantic import BaseModel
    from stash_typed_graphql.task_arguments import ExportObjectsArguments, ScanMetadataArguments
    from typing_extensions import Self, Unpack

    from . import enums, models
    from ._runtime.base_client import AsyncBaseClient
    from ._runtime.upload import Upload
    from .compatibility import Compatibility
    from .freeones import Freeones
    from .jobs.feed import JobFeed
    from .library import by_kind
    from .library.found_at import FoundAt
    from .library.kinds import Kind

    _Model = TypeVar("_Model", bound=BaseModel)
    _Client = TypeVar("_Client", bound=AsyncBaseClient[object])

__all__ = ["StashClient"]


class StashClient(Operations[Job]):
    """A connection to one Stash server, asynchronous.

    Every root field of the schema is a typed method of its name; besides there are tasks (`scan`,
    `generate` …), files (`backup`, `download` …), collections (`scenes`, `tags` …), `freeones`, and
    `graphql` for any other document.

    Use it with `async with`, or call `aclose` when done. One client serves any number of tasks.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        api_key: str | None = None,
        username: str | None = None,
        password: str | None = None,
        session_cookie: str | None = None,
        timeout: float | None = None,
        verify: bool | str | ssl.SSLContext | None = None,
        headers: Mapping[str, str] | None = None,
        http_client: httpx.AsyncClient | None = None,
        limit: int | None = 20,
        max_answer_size: int | None = DEFAULT_SIZE,
    ) -> None:
        """Prepare a connection; nothing is sent before the first call.

        What is not given comes from STASH_URL, STASH_API_KEY, STASH_USERNAME, STASH_PASSWORD,
        STASH_VERIFY and STASH_TIMEOUT, and at last from the defaults.

        Args:
            url: the server: `http://localhost:9999` (the default), `nas:9999`, `https://host/stash`.
            api_key: the key from Stash's security settings.
            username: the name to sign in with, together with `password`.
            password: the password.
            session_cookie: the value of a `session` cookie, as a plugin gets it.
            timeout: seconds that one answer may take in all; 30 when not given. Waiting for a turn
                (see `limit`) and for the next attempt does not count, nor does sending an upload.
                A download may take so long until it begins, and between two pieces.
            verify: whether to check the certificate of an https server, or a file of certificates
                to check it with, or an SSL context.
            headers: more headers for each request to the server.
            http_client: an httpx client to use and to leave open; the other settings of the
                connection (`timeout`, `verify`, proxies) are then its own.
            limit: how many requests may be under way at once, and how many downloads besides; the
                others wait for their turn, without a connection and for any time. None lets as many
                through as httpx has connections, 100.
            max_answer_size: bytes that one answer may have, unpacked; None sets no bound. Downloads
                go to disk and have none.

        Raises:
            ConfigurationError: the url or the settings make no sense.
        """
        try:
            with emptied_frames():
                config = Config.resolve(
                    url,
                    api_key=api_key,
                    username=username,
                    password=password,
                    session_cookie=session_cookie,
                    timeout=timeout,
                    verify=verify,
                    headers=headers,
                )
        finally:
            # A traceback may show the variables of this frame too.
            url = api_key = password = session_cookie = headers = None
        self._connection = AsyncTransport(
            config.endpoint,
            config.credentials,
            timeout=config.timeout,
            verify=config.verify,
            headers=config.headers,
            http_client=http_client,
            limit=limit,
            max_answer_size=max_answer_size,
        )
        super().__init__(self._connection)

    def __repr__(self) -> str:
        # It is shown in the traceback of its own making, too.
        return f"<StashClient {self.url if hasattr(self, '_connection') else 'in the making'}>"

    @property
    def url(self) -> str:
        """The server's base url."""
        return self._connection.endpoint.url

    @property
    def graphql_url(self) -> str:
        """Where GraphQL requests go."""
        return self._connection.endpoint.graphql_url

    @property
    def playground_url(self) -> str:
        """The server's page for trying out queries."""
        return self._connection.endpoint.playground_url

    @staticmethod
    def _all(kind: Kind) -> cached_property[Any]:
        """Return an attribute whose collection is made when it is first used."""

        def collection(self: StashClient) -> object:
            from .library.by_kind import collection_of

            return collection_of(self._connection, kind)

        collection.__doc__ = f"All {kind.items}."
        return cached_property(collection)

    scenes: cached_property[by_kind.Scenes] = _all(kinds.SCENES)
    images: cached_property[by_kind.Images] = _all(kinds.IMAGES)
    galleries: cached_property[by_kind.Galleries] = _all(kinds.GALLERIES)
    performers: cached_property[by_kind.Performers] = _all(kinds.PERFORMERS)
    studios: cached_property[by_kind.Studios] = _all(kinds.STUDIOS)
    tags: cached_property[by_kind.Tags] = _all(kinds.TAGS)
    groups: cached_property[by_kind.Groups] = _all(kinds.GROUPS)
    markers: cached_property[by_kind.Markers] = _all(kinds.MARKERS)

    @cached_property
    def freeones(self) -> Freeones:
        """Performers of Freeones, through the server's built-in scraper."""
        from .freeones import Freeones

        return Freeones(self._connection)

    @cached_property
    def _jobs(self) -> JobFeed:
        from .jobs.feed import JobFeed

        return JobFeed(self)

    async def _started(self, send: Callable[[], Awaitable[str]]) -> Job:
        record = await self._jobs.start(send)
        return Job(self, record.job_id, record=record, feed=self._jobs)

    def job(self, job_id: str, *, add_time: datetime | None = None) -> Job:
        """Return a handle on a job that was started before, here or elsewhere. Nothing is sent.

        Args:
            job_id: as `job_queue()` lists it.
            add_time: when it was added, as `job_queue()` lists that, or a handle on it knew. The
                server counts anew when it starts: without it whatever job has that id is meant.

        Raises:
            JobUnknownError: the id is empty.
        """
        record = JobRecord(named_job(job_id), add_time)
        return Job(self, job_id, record=record, feed=self._jobs)

    async def run_plugin_task(
        self,
        plugin_id: str,
        task_name: str | None = None,
        args: Mapping[str, object] | None = None,
        *,
        description: str | None = None,
    ) -> Job:
        """Run a task of a plugin (`runPluginTask`).

        Args:
            plugin_id: the plugin's id, as `plugins()` lists it.
            task_name: the task's name; None runs the plugin with `args` alone.
            args: what the plugin gets as its arguments.
            description: what the job queue shows; the server's words when not given.

        Returns:
            The job that runs it.
        """
        from stash_typed_graphql.run_plugin_task import OPERATION, RunPluginTaskData

        variables = {
            "plugin_id": plugin_id,
            "task_name": UNSET if task_name is None else task_name,
            "description": UNSET if description is None else description,
            "args_map": UNSET if args is None else dict(args),
        }
        return await self._start(
            OPERATION, RunPluginTaskData, variables, lambda data: data.run_plugin_task
        )

    async def import_objects(
        self,
        source: str | Path | bytes | Upload,
        *,
        duplicate_behaviour: enums.ImportDuplicateEnum | None = None,
        missing_ref_behaviour: enums.ImportMissingRefEnum | None = None,
    ) -> Job:
        """Import an archive of objects, such as `export_objects` makes (`importObjects`).

        Args:
            source: path of a zip file, its bytes, or an `Upload`.
            duplicate_behaviour: what to do with objects that exist; IGNORE when not given.
            missing_ref_behaviour: what to do with references to objects that do not exist; IGNORE
                when not given.

        Returns:
            The job that imports.
        """
        from stash_typed_graphql.import_objects import OPERATION, ImportObjectsData

        from .files.archives import import_input

        chosen = import_input(source, duplicate_behaviour, missing_ref_behaviour)
        return await self._start(
            OPERATION, ImportObjectsData, {"input": chosen}, lambda data: data.import_objects
        )

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

        from .inputs import ExportObjectsInput

        given = input_of(ExportObjectsInput, "export_objects", options)
        place = Destination(to, overwrite=overwrite)
        data = await self._execute(OPERATION, ExportObjectsData, {"input": given})
        return await fetch(self._connection, data.export_objects, place, "export")

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
        url = without_key(url)  # in place of the argument: the server puts the key into its links
        return await fetch(self._connection, url, Destination(to, overwrite=overwrite))

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
        from .inputs import BackupDatabaseInput

        if to is None:
            await self.backup_database(BackupDatabaseInput(download=False))
            return None
        place = Destination(to, overwrite=overwrite)
        given = BackupDatabaseInput(download=True)
        return await fetch(self._connection, await self.backup_database(given), place, "backup")

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
        from .inputs import AnonymiseDatabaseInput

        if to is None:
            await self.anonymise_database(AnonymiseDatabaseInput(download=False))
            return None
        place = Destination(to, overwrite=overwrite)
        given = AnonymiseDatabaseInput(download=True)
        return await fetch(
            self._connection, await self.anonymise_database(given), place, "anonymised copy"
        )

    async def scan_and_get(self, path: str, **options: Unpack[ScanMetadataArguments]) -> FoundAt:
        """Scan a path, wait for it, and read what was found there.

        Args:
            path: a file, an archive or a folder, as the server names it.
            **options: as for `scan`.

        Returns:
            The scenes, images and galleries with a file at the path or below it; none for a path
            outside the library's folders, which the server does not look at.

        Raises:
            JobFailedError: the scan failed.
        """
        from .library.found_at import found_at

        options["paths"] = [path]
        job = await self.scan(**options)
        await job.wait()
        return await perform(self._connection, found_at(path))

    def suspend_hooks(self) -> AbstractAsyncContextManager[list[str]]:
        """Keep plugin hooks from running inside the block (`setPluginsEnabled`), for bulk changes.

        The plugins that have hooks are disabled, for everybody, and enabled again afterwards,
        whatever happens.

        Returns:
            A context manager for `async with`; it gives the ids of the plugins that it disabled.

        Raises:
            StashError: a plugin could not be enabled again; names it.
        """
        from .hooks import suspend_hooks

        return suspend_hooks(self._connection)

    async def wait_until_ready(self, timeout: float = 60.0) -> models.SystemStatus:
        """Wait until the server answers and is set up (`systemStatus`).

        No connection or answer, HTTP 5xx, 408, 425 and 429 are waited out; any other error is raised
        at once, since waiting does not help against it.

        Args:
            timeout: seconds to wait at most in all.

        Returns:
            The system's status, which is OK.

        Raises:
            NotReadyError: the server waits for somebody: for its setup or a migration.
            AuthenticationError: the credentials are wrong.
            StashTimeoutError: it did not answer in time.
            StashError: it answered otherwise than a server that starts.
        """
        from .readiness import until_ready

        return await perform(self._connection, until_ready(self.url, timeout))

    async def check_compatibility(self) -> Compatibility:
        """Hold every shipped operation against the server, for the start of a service.

        Returns:
            What is left out, and what is impossible, with this server; `.ok` when nothing is.
        """
        from .compatibility import compatibility

        return await perform(self._connection, compatibility())

    @overload
    async def graphql(
        self, document: str, variables: Mapping[str, object] | None = None
    ) -> dict[str, Any]: ...
    @overload
    async def graphql(
        self, document: str, variables: Mapping[str, object] | None = None, *, as_: type[_Model]
    ) -> _Model: ...
    async def graphql(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        as_: type[_Model] | None = None,
    ) -> dict[str, Any] | _Model:
        """Run any GraphQL document.

        Args:
            document: one query or mutation; for a subscription use its method.
            variables: its variables: plain values, inputs, enums, aware datetimes, uploads.
            as_: a pydantic model for the answer's `data`; `stash_typed.selection` writes what a
                model asks for.

        Returns:
            The answer's `data` as a dictionary, or as `as_`.

        Raises:
            ConfigurationError: it is a subscription.
            GraphQLError: the server refused the document, or could not answer all of it.
            ResponseFormatError: the answer does not fit `as_`.
        """
        variables = HiddenMapping(variables or {})
        operation = Operation.from_document(document)
        if operation.kind == "subscription":
            raise ConfigurationError(
                "graphql() asks once; a subscription answers for as long as it lasts",
                hint="Iterate over its method: jobs_subscribe(), logging_subscribe() or"
                " scan_complete_subscribe().",
            )
        if as_ is None:
            return await self._connection.execute_raw(operation, variables)
        return await self._connection.execute(operation, as_, variables)

    def bind(self, client: type[_Client]) -> _Client:
        """Return a client that was generated from your own operations, on this same connection.

        Args:
            client: the generated `Client` class.

        Returns:
            An instance of it; close this client, not that one.
        """
        return client(self._connection)

    async def aclose(self) -> None:
        """Close the connections."""
        if "_jobs" in self.__dict__:
            await self._jobs.aclose()
        await self._connection.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()
