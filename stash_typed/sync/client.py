# Written from stash_typed/client.py by `make generate`. Do not edit.

"""`SyncStashClient`: every operation of the server, and hand-written methods for common workflows."""

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
from .freeones import SyncFreeones
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

    _Model = TypeVar("_Model", bound=BaseModel)
    Variables = Mapping[str, object] | None
    _Client = TypeVar("_Client", bound=SyncBaseClient[object])

__all__ = ["SyncStashClient"]


class SyncStashClient(SyncOperations[SyncJob]):
    """A connection to one Stash server, synchronous.

    Every root field of the schema is a typed method of the same name. There are also tasks (`scan`),
    files (`backup`), collections (`scenes`), `freeones`, and `graphql` for any other document.

    Use it with `with`, or call `close` when done. One client serves any number of tasks.

    Attributes:
        url: the base URL of the server.
        graphql_url, playground_url: the URLs of the GraphQL endpoint and of its playground.
        freeones: performers on Freeones, read through the server's built-in scraper.
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
        """Create a client; nothing is sent before the first call.

        Settings that are not given come from STASH_URL, STASH_API_KEY, STASH_USERNAME,
        STASH_PASSWORD, STASH_VERIFY and STASH_TIMEOUT, or else have their defaults.

        Args:
            url: the server: `http://localhost:9999` (the default), `nas:9999`, `https://host/stash`.
            api_key: the key from Stash's security settings.
            username, password: the username and password to sign in with.
            session_cookie: the value of a `session` cookie, as a plugin receives it.
            timeout: the maximum seconds for a whole response, 30 by default. Waiting for a slot (see
                `limit`), retry delays and sending an upload do not count. For a download it limits
                the wait for the first bytes and between two chunks.
            verify: whether to verify the server's TLS certificate, or a file of certificates to
                verify it with, or an SSL context.
            headers: additional headers for each request to the server.
            http_client: an httpx client to use, which is not closed; its own connection settings
                (`timeout`, `verify`, proxies) then apply.
            limit: the maximum number of concurrent requests, and separately of downloads; others
                wait for a slot without a time limit. None: the limit of httpx, 100.
            max_answer_size: the maximum bytes of a decompressed response, except downloads; or None.

        Raises:
            ConfigurationError: the URL or the settings are invalid.
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
        # Not when it is first used: two threads would have one each, and both would set the pace.
        self.freeones: SyncFreeones = SyncFreeones(self._connection)
        self.url: str = config.endpoint.url
        self.graphql_url: str = config.endpoint.graphql_url
        self.playground_url: str = config.endpoint.playground_url

    def __repr__(self) -> str:
        # A traceback from the constructor shows it, too.
        return f"<SyncStashClient {self.url if hasattr(self, 'url') else 'in the making'}>"

    @staticmethod
    def _all(kind: kinds.Kind) -> cached_property[Any]:
        """Return a property whose collection is created on first use."""

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

    def _started(self, send: Callable[[], str]) -> SyncJob:
        record = self._jobs.start(send)
        return SyncJob(self, record.job_id, record=record, ledger=self._jobs)

    def job(self, job_id: str, *, add_time: datetime | None = None) -> SyncJob:
        """Return a handle on a job that was started earlier, by any client. Nothing is sent.

        Args:
            job_id: the id that `job_queue()` lists.
            add_time: when the job was added, as reported by `job_queue()` or a handle. Job ids
                start again with the server: without it, any job with that id is meant.

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
            args: the arguments for the plugin.
            description: the description in the job queue; by default the server's own.
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
        """Import an archive created by `export_objects` (`importObjects`), and return the job.

        Args:
            source: the path of a zip file, its bytes, or an `Upload`.
            duplicate_behaviour: what to do with objects that exist; by default IGNORE.
            missing_ref_behaviour: what to do with references to missing objects; by default IGNORE.
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
            **options: the fields of `ExportObjectsInput`: `scenes`, `tags` and so on, each an
                `ExportObjectTypeInput`, and `include_dependencies`.

        Raises:
            TypeError: an option is misspelt.
            StashError: as for `backup`.
        """
        return downloads.export_objects(self._connection, options, to, overwrite)

    def download(self, url: str, *, to: StrPath, overwrite: bool = False) -> Path:
        """Stream any URL of the server to disk with this client's credentials, and return the path.

        The origin of the URL is replaced by this client's: behind a proxy or in a container the
        server does not know its public address.

        Args:
            url: a URL that the server returned (`paths.screenshot`, `sceneStreams.url`), or a path
                on the server.
            to: a file, which is replaced, or a folder in which the file gets the server's name,
                made valid for any system. A folder with a trailing slash is created.
            overwrite: whether to replace an existing file in the folder.

        Raises:
            HTTPStatusError: there is no such file (any more).
            StashConnectionError: the connection was lost before the whole file was received.
            ResponseFormatError: the response is not a whole file: wrong length, partial, empty, or
                a web page. Nothing is kept.
            StashError: the file exists in the folder, or `to` is not writable.
        """
        url = without_key(url)  # replaces the argument: the server puts the key into its URLs
        return downloads.download(self._connection, url, to, overwrite)

    @overload
    def backup(self, to: None = None, *, overwrite: bool = False) -> None: ...
    @overload
    def backup(self, to: StrPath, *, overwrite: bool = False) -> Path: ...
    def backup(self, to: StrPath | None = None, *, overwrite: bool = False) -> Path | None:
        """Back up the database (`backupDatabase`), and return the path of the file if downloaded.

        Args:
            to: a local file or folder to stream the backup to; None stores it next to the database
                on the server.
            overwrite: as for `download`.

        Raises:
            StashError: as for `download`. If `to` is not a valid target, nothing is sent.
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
            path: a file, an archive, or a folder including its subfolders, on the server; outside
                the library's folders nothing is found.
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
        """Disable plugin hooks inside the block (`setPluginsEnabled`), for bulk changes.

        Plugins that have hooks are disabled for all clients, and always enabled again at the end.
        The context manager, for `with`, yields their ids.

        Raises:
            StashError: a plugin could not be enabled again; names it.
        """
        from ..hooks import suspend_hooks_sync

        return suspend_hooks_sync(self._connection)

    def wait_until_ready(self, timeout: float = 60.0) -> models.SystemStatus:
        """Wait until the server responds and is set up (`systemStatus`), and return its status.

        No connection or response, HTTP 5xx, 408, 425 and 429 are waited out; other errors are raised.

        Args:
            timeout: the maximum seconds to wait in all.

        Raises:
            NotReadyError: the server needs its setup or a migration, which a user must start.
            AuthenticationError: the credentials are wrong.
            StashTimeoutError: the server did not respond in time.
            StashError: the server responded with an error that is not expected of one starting.
        """
        from ..readiness import until_ready

        return perform_sync(self._connection, until_ready(self.url, timeout))

    def check_compatibility(self) -> Compatibility:
        """Return which shipped operations this server does not support; `.ok` if it supports all."""
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
            variables: the variables: plain values, inputs, enums, aware datetimes, uploads.
            as_: a pydantic model for `data`; `stash_typed.selection` writes its selection set.

        Raises:
            ConfigurationError: the document is a subscription.
            GraphQLError: the server rejected the document, or could not resolve all of it.
            ResponseFormatError: the response does not match `as_`.
        """
        variables = HiddenMapping(variables or {})
        operation = Operation.answered_once(document)
        if as_ is None:
            return self._connection.execute_raw(operation, variables)
        return self._connection.execute(operation, as_, variables)

    def bind(self, client: type[_Client]) -> _Client:
        """Return a `Client` generated from your own operations that uses this connection.

        Close this client, not the generated one.
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
