"""`StashClient`: every operation of the server, and what a generator cannot know."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, overload

from stash_typed_graphql.client import Operations

from ._runtime.endpoint import without_key
from ._runtime.http.answer_body import DEFAULT_SIZE
from ._runtime.http.async_transport import AsyncTransport
from ._runtime.keyword_input import given
from ._runtime.operation import Operation
from ._runtime.secret import HiddenMapping
from ._runtime.steps import perform
from ._runtime.tracebacks import emptied_frames
from .config import Config
from .files import downloads
from .files.archives import import_input
from .jobs.feed import JobFeed
from .jobs.job import Job
from .jobs.watch import JobRecord, named_job
from .library import kinds

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Mapping
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime
    from pathlib import Path

    import httpx
    from pydantic import BaseModel
    from stash_typed_graphql.task_arguments import ExportObjectsArguments, ScanMetadataArguments
    from typing_extensions import Self, Unpack

    from . import enums, models
    from ._runtime.base_client import AsyncBaseClient
    from ._runtime.upload import Upload
    from .compatibility import Compatibility
    from .files.partial_file import StrPath
    from .freeones import Freeones
    from .library import by_kind
    from .library.found_at import FoundAt

    _Model = TypeVar("_Model", bound=BaseModel)
    Variables = Mapping[str, object] | None
    _Client = TypeVar("_Client", bound=AsyncBaseClient[object])

__all__ = ["StashClient"]


class StashClient(Operations[Job]):
    """A connection to one Stash server, asynchronous.

    Every root field of the schema is a typed method of its name; besides there are tasks (`scan` …),
    files (`backup` …), collections (`scenes` …), `freeones`, and `graphql` for any other document.

    Use it with `async with`, or call `aclose` when done. One client serves any number of tasks.

    Attributes:
        url: the server's base url.
        graphql_url, playground_url: where GraphQL requests go, and its page for trying out queries.
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
            username, password: the name and the password to sign in with.
            session_cookie: the value of a `session` cookie, as a plugin gets it.
            timeout: seconds that one answer may take in all; 30 when not given. Waiting for a turn
                (see `limit`) and for the next attempt does not count, nor does sending an upload.
                A download may take so long until it begins, and between two pieces.
            verify: whether to check an https server's certificate, a file of certificates to check
                it with, or an SSL context.
            headers: more headers for each request to the server.
            http_client: an httpx client to use and to leave open; the other settings of the
                connection (`timeout`, `verify`, proxies) are then its own.
            limit: how many requests may be under way at once, and how many downloads besides; the
                others wait without a connection, for any time. None: as many as httpx has, 100.
            max_answer_size: bytes of one answer at most, unpacked, downloads aside; None: no bound.

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
        self._jobs = JobFeed(self)
        self.url: str = config.endpoint.url
        self.graphql_url: str = config.endpoint.graphql_url
        self.playground_url: str = config.endpoint.playground_url

    def __repr__(self) -> str:
        # It is shown in the traceback of its own making, too.
        return f"<StashClient {self.url if hasattr(self, 'url') else 'in the making'}>"

    @staticmethod
    def _all(kind: kinds.Kind) -> cached_property[Any]:
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

    async def _started(self, send: Callable[[], Awaitable[str]]) -> Job:
        record = await self._jobs.start(send)
        return Job(self, record.job_id, record=record, feed=self._jobs)

    def job(self, job_id: str, *, add_time: datetime | None = None) -> Job:
        """Return a handle on a job that was started before, here or elsewhere. Nothing is sent.

        Args:
            job_id: as `job_queue()` lists it.
            add_time: when it was added, as `job_queue()` or a handle on it told. The server counts
                anew when it starts: without it whatever job has that id is meant.

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
        """Run a task of a plugin (`runPluginTask`), and return the job that runs it.

        Args:
            plugin_id: the plugin's id, as `plugins()` lists it.
            task_name: the task's name; None runs the plugin with `args` alone.
            args: what the plugin gets as its arguments.
            description: what the job queue shows; the server's words when not given.
        """
        from stash_typed_graphql.run_plugin_task import OPERATION, RunPluginTaskData

        sent = given(
            plugin_id=plugin_id, task_name=task_name, description=description, args_map=args
        )
        return await self._start(
            OPERATION, RunPluginTaskData, sent, lambda data: data.run_plugin_task
        )

    async def import_objects(
        self,
        source: str | Path | bytes | Upload,
        *,
        duplicate_behaviour: enums.ImportDuplicateEnum | None = None,
        missing_ref_behaviour: enums.ImportMissingRefEnum | None = None,
    ) -> Job:
        """Import an archive that `export_objects` made (`importObjects`), and return the job of it.

        Args:
            source: path of a zip file, its bytes, or an `Upload`.
            duplicate_behaviour: what to do with objects that exist; by default IGNORE.
            missing_ref_behaviour: what to do with references to none that exist; by default IGNORE.
        """
        from stash_typed_graphql.import_objects import OPERATION, ImportObjectsData

        chosen = import_input(source, duplicate_behaviour, missing_ref_behaviour)
        return await self._start(
            OPERATION, ImportObjectsData, {"input": chosen}, lambda data: data.import_objects
        )

    async def export_objects(
        self,
        *,
        to: StrPath,
        overwrite: bool = False,
        **options: Unpack[ExportObjectsArguments],
    ) -> Path:
        """Export chosen objects as a zip archive (`exportObjects`), and return its path.

        Args:
            to, overwrite: as for `download`.
            **options: the fields of `ExportObjectsInput`: `scenes`, `tags`, … each an
                `ExportObjectTypeInput`, and `include_dependencies`.

        Raises:
            TypeError: an option is misspelt.
            StashError: as for `backup`.
        """
        return await downloads.export_objects(self._connection, options, to, overwrite)

    async def download(self, url: str, *, to: StrPath, overwrite: bool = False) -> Path:
        """Stream any link of the server to disk with this client's credentials; return the path.

        The link's origin is replaced by this client's own: behind a proxy or in a container the
        server does not know the address that it is reached by.

        Args:
            url: a link as the server gives it (`paths.screenshot`, `sceneStreams.url` …), or a
                path on the server.
            to: a file, which is replaced, or a folder that keeps the server's name for it (made
                when it ends in a slash). The name is made fit for any system.
            overwrite: whether a file in the folder that has the server's name is replaced.

        Raises:
            HTTPStatusError: there is no such file (any more).
            StashConnectionError: the connection was lost before the whole file had come.
            ResponseFormatError: what came is no whole file: another length than was announced, a
                part, nothing, a web page. Nothing is kept.
            StashError: a file of the server's name is there, or `to` cannot be written to.
        """
        url = without_key(url)  # in place of the argument: the server puts the key into its links
        return await downloads.download(self._connection, url, to, overwrite)

    @overload
    async def backup(self, to: None = None, *, overwrite: bool = False) -> None: ...
    @overload
    async def backup(self, to: StrPath, *, overwrite: bool = False) -> Path: ...
    async def backup(self, to: StrPath | None = None, *, overwrite: bool = False) -> Path | None:
        """Back the database up (`backupDatabase`), and return the path of the file if it is fetched.

        Args:
            to: a file or a folder here to stream the backup into; None stores it beside the
                database on the server.
            overwrite: as for `download`.

        Raises:
            StashError: see `download`. When `to` is no place for a file, nothing is asked for.
        """
        return await downloads.backup(self._connection, to, overwrite)

    @overload
    async def anonymise(self, to: None = None, *, overwrite: bool = False) -> None: ...
    @overload
    async def anonymise(self, to: StrPath, *, overwrite: bool = False) -> Path: ...
    async def anonymise(self, to: StrPath | None = None, *, overwrite: bool = False) -> Path | None:
        """Copy the database without names and paths (`anonymiseDatabase`), as `backup` does."""
        return await downloads.anonymise(self._connection, to, overwrite)

    async def scan_and_get(self, path: str, **options: Unpack[ScanMetadataArguments]) -> FoundAt:
        """Scan a path, wait for it, and return the scenes, images and galleries found there.

        Args:
            path: a file, an archive, or a folder with all below it, as the server names it; outside
                of the library's folders nothing is found.
            **options: as for `scan`.

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
        whatever happens. The context manager, for `async with`, gives their ids.

        Raises:
            StashError: a plugin could not be enabled again; names it.
        """
        from .hooks import suspend_hooks

        return suspend_hooks(self._connection)

    async def wait_until_ready(self, timeout: float = 60.0) -> models.SystemStatus:
        """Wait until the server answers and is set up (`systemStatus`), and return its status.

        No connection or answer, HTTP 5xx, 408, 425 and 429 are waited out; other errors are raised.

        Args:
            timeout: seconds to wait at most in all.

        Raises:
            NotReadyError: the server waits for somebody: for its setup or a migration.
            AuthenticationError: the credentials are wrong.
            StashTimeoutError: it did not answer in time.
            StashError: it answered otherwise than a server that starts.
        """
        from .readiness import until_ready

        return await perform(self._connection, until_ready(self.url, timeout))

    async def check_compatibility(self) -> Compatibility:
        """Return what this server lacks of the shipped operations; `.ok` when all of them work."""
        from .compatibility import compatibility

        return await perform(self._connection, compatibility())

    @overload
    async def graphql(self, document: str, variables: Variables = None) -> dict[str, Any]: ...
    @overload
    async def graphql(
        self, document: str, variables: Variables = None, *, as_: type[_Model]
    ) -> _Model: ...
    async def graphql(
        self, document: str, variables: Variables = None, *, as_: type[_Model] | None = None
    ) -> dict[str, Any] | _Model:
        """Run any GraphQL document, and return its `data`.

        Args:
            document: one query or mutation; for a subscription use its method.
            variables: its variables: plain values, inputs, enums, aware datetimes, uploads.
            as_: a pydantic model for it; `stash_typed.selection` writes what a model asks for.

        Raises:
            ConfigurationError: it is a subscription.
            GraphQLError: the server refused the document, or could not answer all of it.
            ResponseFormatError: the answer does not fit `as_`.
        """
        variables = HiddenMapping(variables or {})
        operation = Operation.answered_once(document)
        if as_ is None:
            return await self._connection.execute_raw(operation, variables)
        return await self._connection.execute(operation, as_, variables)

    def bind(self, client: type[_Client]) -> _Client:
        """Make a `Client` that was generated from your own operations, on this same connection.

        Close this client, not that one.
        """
        return client(self._connection)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._jobs.aclose()
        await self._connection.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.aclose()
