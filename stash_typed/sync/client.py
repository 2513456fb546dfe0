"""`SyncStashClient`: the same client for code that does not wait for events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from .._runtime.errors import ConfigurationError
from .._runtime.http.answer_body import DEFAULT_SIZE
from .._runtime.http.sync_transport import SyncTransport
from .._runtime.operation import Operation
from .._runtime.secret import HiddenMapping
from .._runtime.tracebacks import emptied_frames
from ..config import Config
from .library import SyncLibraryClient

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from types import TracebackType

    import httpx
    from pydantic import BaseModel
    from typing_extensions import Self

    from .. import models
    from .._runtime.base_client import SyncBaseClient
    from ..compatibility import Compatibility
    from .freeones import SyncFreeones

    _Model = TypeVar("_Model", bound=BaseModel)
    _Client = TypeVar("_Client", bound=SyncBaseClient[object])

__all__ = ["SyncStashClient"]


class SyncStashClient(SyncLibraryClient):
    """A connection to one Stash server, synchronous.

    Every root field of the schema is a typed method of its name; besides there are tasks (`scan`,
    `generate` …), files (`backup`, `download` …), `freeones`, and `graphql` for any other document.

    Use it with `with`, or call `close` when done. One client serves any number of tasks.
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
        super().__init__(
            SyncTransport(
                config.endpoint,
                config.credentials,
                timeout=config.timeout,
                verify=config.verify,
                headers=config.headers,
                http_client=http_client,
                limit=limit,
                max_answer_size=max_answer_size,
            )
        )
        self._config = config
        self._freeones: SyncFreeones | None = None

    def __repr__(self) -> str:
        # It is shown in the traceback of its own making, too.
        return f"<SyncStashClient {self.url if hasattr(self, '_config') else 'in the making'}>"

    @property
    def url(self) -> str:
        """The server's base url."""
        return self._config.endpoint.url

    @property
    def graphql_url(self) -> str:
        """Where GraphQL requests go."""
        return self._config.endpoint.graphql_url

    @property
    def playground_url(self) -> str:
        """The server's page for trying out queries."""
        return self._config.endpoint.playground_url

    @property
    def freeones(self) -> SyncFreeones:
        """Performers of Freeones, through the server's built-in scraper."""
        if self._freeones is None:
            from .freeones import SyncFreeones

            self._freeones = SyncFreeones(self._connection)
        return self._freeones

    def wait_until_ready(self, timeout: float = 60.0) -> models.SystemStatus:
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
        from .._runtime.steps import perform_sync
        from ..readiness import until_ready

        return perform_sync(self._connection, until_ready(self.url, timeout))

    def check_compatibility(self) -> Compatibility:
        """Hold every shipped operation against the server. As `StashClient.check_compatibility`."""
        from .._runtime.steps import perform_sync
        from ..compatibility import compatibility

        return perform_sync(self._connection, compatibility())

    @overload
    def graphql(
        self, document: str, variables: Mapping[str, object] | None = None
    ) -> dict[str, Any]: ...
    @overload
    def graphql(
        self, document: str, variables: Mapping[str, object] | None = None, *, as_: type[_Model]
    ) -> _Model: ...
    def graphql(
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
            return self._connection.execute_raw(operation, variables)
        return self._connection.execute(operation, as_, variables)

    def bind(self, client: type[_Client]) -> _Client:
        """Give a client that was generated from your own operations, on this same connection.

        Args:
            client: the generated `Client` class.

        Returns:
            An instance of it; close this client, not that one.
        """
        return client(self._connection)

    def close(self) -> None:
        """Close the connections."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
