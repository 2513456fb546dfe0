# Written from stash_typed/client.py by `make generate`. Do not edit.

"""`SyncStashClient`: every operation of the server, and what a generator cannot know."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, overload

from stash_typed_graphql.sync_client import SyncOperations

from .._runtime.endpoint import without_key
from .._runtime.http.answer_body import DEFAULT_SIZE
from .._runtime.http.sync_transport import SyncTransport
from .._runtime.keyword_input import given
from .._runtime.operation import Operation
from .._runtime.secret import HiddenMapping
from .._runtime.steps import perform_sync
from .._runtime.tracebacks import emptied_frames
from ..config import Config
from ..files.archives import import_input
from ..jobs.watch import JobRecord, named_job
from ..library import kinds
from . import downloads
from .job_ledger import JobLedger
from .jobs import SyncJob

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    import httpx
    from pydantic import BaseModel
    from stash_typed_graphql.task_arguments import ExportObjectsArguments, ScanMetadataArguments
    from typing_extensions import Self, Unpack

    from .. import enums, models
    from .._runtime.sync_base_client import SyncBaseClient
    from .._runtime.upload import Upload
    from ..compatibility import Compatibility
    from ..files.partial_file import StrPath
    from ..library.found_at import FoundAt
    from . import by_kind
    from .freeones import SyncFreeones

    _Model = TypeVar("_Model", bound=BaseModel)
    Variables = Mapping[str, object] | None
    _Client = TypeVar("_Client", bound=SyncBaseClient[object])

__all__ = ["SyncStashClient"]


class SyncStashClient(SyncOperations[SyncJob]):
    """A connection to one Stash server, synchronous.

    Every root field of the schema is a typed method of its name; besides there are tasks (`scan` …),
    files (`backup` …), collections (`scenes` …), `freeones`, and `graphql` for any other document.

    Use it with `with`, or call `close` when done. One client serves any number of tasks.

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
        http_client: httpx.Client | None = None,
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
        self._connection = SyncTransport(
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
        self._jobs = JobLedger(self)
        self.url: str = config.endpoint.url
        self.graphql_url: str = config.endpoint.graphql_url
        self.playground_url: str = config.endpoint.playground_url

    def __repr__(self) -> str:
        # It is shown in the traceback of its own making, too.
        return f"<SyncStashClient {self.url if hasattr(self, 'url') else 'in the making'}>"

    @staticmethod
    def _all(kind: kinds.Kind) -> cached_property[Any]:
        """Return an attribute whose collection is made when it is first used."""

        def collection(self: SyncStashClient) -> object:
            from .by_kind import collection_of

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
    def freeones(self) -> SyncFreeones:
        """Performers of Freeones, through the server's built-in scraper."""
        from .freeones import SyncFreeones

        return SyncFreeones(self._connection)

    def _started(self, send: Callable[[], str]) -> SyncJob:
        record = self._jobs.start(send)
        return SyncJob(self, record.job_id, record=record, ledger=self._jobs)

    def job(self, job_id: str, *, add_time: datetime | None = None) -> SyncJob:
        """Return a handle on a job that was started before, here or elsewhere. Nothing is sent.

        Args:
            job_id: as `job_queue()` lists it.
            add_time: when it was added, as `job_queue()` or a handle on it told. The server counts
                anew when it starts: without it whatever job has that id is meant.

        Raises:
            JobUnknownError: the id is empty.
        """
        record = JobRecord(named_job(job_id), add_time)
        return SyncJob(self, job_id, record=record, ledger=self._jobs)

    def run_plugin_task(
        self,
        plugin_id: str,
        task_name: str | None = None,
        args: Mapping[str, object] | None = None,
        *,
        description: str | None = None,
    ) -> SyncJob:
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
        return self._start(OPERATION, RunPluginTaskData, sent, lambda data: data.run_plugin_task)

    def import_objects(
        self,
        source: str | Path | bytes | Upload,
        *,
        duplicate_behaviour: enums.ImportDuplicateEnum | None = None,
        missing_ref_behaviour: enums.ImportMissingRefEnum | None = None,
    ) -> SyncJob:
        """Import an archive that `export_objects` made (`importObjects`), and return the job of it.

        Args:
            source: path of a zip file, its bytes, or an `Upload`.
            duplicate_behaviour: what to do with objects that exist; by default IGNORE.
            missing_ref_behaviour: what to do with references to none that exist; by default IGNORE.
        """
        from stash_typed_graphql.import_objects import OPERATION, ImportObjectsData

        chosen = import_input(source, duplicate_behaviour, missing_ref_behaviour)
        return self._start(
            OPERATION, ImportObjectsData, {"input": chosen}, lambda data: data.import_objects
        )

    def export_objects(
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
        return downloads.export_objects(self._connection, options, to, overwrite)

    def download(self, url: str, *, to: StrPath, overwrite: bool = False) -> Path:
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
        return downloads.download(self._connection, url, to, overwrite)

    @overload
    def backup(self, to: None = None, *, overwrite: bool = False) -> None: ...
    @overload
    def backup(self, to: StrPath, *, overwrite: bool = False) -> Path: ...
    def backup(self, to: StrPath | None = None, *, overwrite: bool = False) -> Path | None:
        """Back the database up (`backupDatabase`), and return the path of the file if it is fetched.

        Args:
            to: a file or a folder here to stream the backup into; None stores it beside the
                database on the server.
            overwrite: as for `download`.

        Raises:
            StashError: see `download`. When `to` is no place for a file, nothing is asked for.
        """
        return downloads.backup(self._connection, to, overwrite)

    @overload
    def anonymise(self, to: None = None, *, overwrite: bool = False) -> None: ...
    @overload
    def anonymise(self, to: StrPath, *, overwrite: bool = False) -> Path: ...
    def anonymise(self, to: StrPath | None = None, *, overwrite: bool = False) -> Path | None:
        """Copy the database without names and paths (`anonymiseDatabase`), as `backup` does."""
        return downloads.anonymise(self._connection, to, overwrite)

    def scan_and_get(self, path: str, **options: Unpack[ScanMetadataArguments]) -> FoundAt:
        """Scan a path, wait for it, and return the scenes, images and galleries found there.

        Args:
            path: a file, an archive, or a folder with all below it, as the server names it; outside
                of the library's folders nothing is found.
            **options: as for `scan`.

        Raises:
            JobFailedError: the scan failed.
        """
        from ..library.found_at import found_at

        options["paths"] = [path]
        job = self.scan(**options)
        job.wait()
        return perform_sync(self._connection, found_at(path))

    def suspend_hooks(self) -> AbstractContextManager[list[str]]:
        """Keep plugin hooks from running inside the block (`setPluginsEnabled`), for bulk changes.

        The plugins that have hooks are disabled, for everybody, and enabled again afterwards,
        whatever happens. The context manager, for `with`, gives their ids.

        Raises:
            StashError: a plugin could not be enabled again; names it.
        """
        from ..hooks import suspend_hooks_sync

        return suspend_hooks_sync(self._connection)

    def wait_until_ready(self, timeout: float = 60.0) -> models.SystemStatus:
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
        from ..readiness import until_ready

        return perform_sync(self._connection, until_ready(self.url, timeout))

    def check_compatibility(self) -> Compatibility:
        """Return what this server lacks of the shipped operations; `.ok` when all of them work."""
        from ..compatibility import compatibility

        return perform_sync(self._connection, compatibility())

    @overload
    def graphql(self, document: str, variables: Variables = None) -> dict[str, Any]: ...
    @overload
    def graphql(
        self, document: str, variables: Variables = None, *, as_: type[_Model]
    ) -> _Model: ...
    def graphql(
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
            return self._connection.execute_raw(operation, variables)
        return self._connection.execute(operation, as_, variables)

    def bind(self, client: type[_Client]) -> _Client:
        """Make a `Client` that was generated from your own operations, on this same connection.

        Close this client, not that one.
        """
        return client(self._connection)

    def close(self) -> None:
        """Close the connections."""
        self._jobs.close()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()
