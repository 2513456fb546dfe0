"""The sync end of the client: performs the steps of `exchange` on httpx and websockets."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

import httpx

from ..errors import StashError, ValidationFailedError
from ..exchange import Exchange, Outgoing, Send, Sleep, Steps
from ..log import guard_other_logs
from ..retry import RetryPolicy
from ..tracebacks import emptied_frames, empty_frames
from .answer_body import DEFAULT_SIZE, AnswerBody, check_packing, checked_size
from .auth import auth_for
from .client import (
    TROUBLE,
    UNSENDABLE,
    checked_client,
    explain,
    forget_cookies,
    no_time_error,
    outgoing_headers,
    shortened,
    to_reply,
)
from .course import Course
from .deadline import time_left
from .request import build_payload
from .response import Reply, decode_payload
from .sync_connections import SyncConnections, SyncLine
from .time_limit import timed
from .trust import Verify

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from ..auth.credentials import Credentials
    from ..endpoint import Endpoint
    from ..operation import Operation

__all__ = ["SyncTransport"]

T = TypeVar("T")


class SyncTransport:
    """Sends operations to one server. Shared by any number of threads.

    Args:
        endpoint: the server.
        credentials: who the client is to it.
        timeout: seconds that one answer may take in all, from the moment when it is the request's
            turn; for an upload, from the moment when it was sent. A download may take so long
            until it begins, and between two pieces. None waits for ever.
        verify: True, False, a file or folder of certificates, or an SSL context.
        headers: more headers for each request to the server.
        http_client: an httpx client to use and to leave open; its own timeout, TLS settings and
            proxies are then used for all but subscriptions.
        retry: when a request is sent again.
        limit: how many requests may be under way at once, and how many downloads besides; the
            others wait in the order in which they came, without a connection and for any time.
            None lets as many through as httpx has connections, 100. Subscriptions do not count.
        max_answer_size: bytes that one answer may have, unpacked; None sets no bound. Downloads go
            to disk and have none.
        ping_interval: seconds between the pings that keep a subscription alive.

    Raises:
        ConfigurationError: `limit` or `max_answer_size` lets nothing through.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        credentials: Credentials,
        *,
        timeout: float | None = 30.0,
        verify: Verify = True,
        headers: Mapping[str, str] | None = None,
        http_client: httpx.Client | None = None,
        retry: RetryPolicy | None = None,
        limit: int | None = 20,
        max_answer_size: int | None = DEFAULT_SIZE,
        ping_interval: float = 20.0,
    ) -> None:
        guard_other_logs()
        self.endpoint = endpoint
        self._exchange = Exchange(
            endpoint, credentials, retry=retry or RetryPolicy(), headers=headers
        )
        self._timeout = timeout
        self._largest = checked_size(max_answer_size)
        self._connections = SyncConnections(
            endpoint,
            timeout=timeout,
            verify=verify,
            given=checked_client(http_client, httpx.Client),
            limit=limit,
        )
        self._ping_interval = ping_interval

    def __repr__(self) -> str:
        return f"<SyncTransport {self.endpoint.url}>"

    def execute(self, operation: Operation, result: type[T], variables: Mapping[str, object]) -> T:
        """Ask for a query or mutation.

        Args:
            operation: what to ask for.
            result: the type of the answer's data, a pydantic model for instance.
            variables: values by the names that the document gives them; `UNSET` is left out.

        Returns:
            The data as `result`.

        Raises:
            StashError: no answer, or another one than was asked for; see `response`.
        """
        return self._perform(self._exchange.execute(operation, result, variables), self._ask)

    def execute_raw(self, operation: Operation, variables: Mapping[str, object]) -> dict[str, Any]:
        """Ask for a query or mutation whose answer has no type.

        Args:
            operation, variables: as for `execute`.

        Returns:
            The data as plain JSON values.

        Raises:
            StashError: as for `execute`.
        """
        return self._perform(self._exchange.execute_raw(operation, variables), self._ask)

    def subscribe(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> Generator[T, None, None]:
        """Listen to a subscription, on a WebSocket of its own that is opened at the first item.

        Args:
            operation, result, variables: as for `execute`.

        Yields:
            Each result that the server sends, until it completes the subscription. Leaving the
            loop or closing the generator ends it on the server too.

        Raises:
            StashError: it could not be opened, was refused, or the connection was lost.
        """
        tried = self._exchange.adapted(operation, variables)
        while True:
            try:
                with emptied_frames():
                    yield from self._listen(tried, result, variables)
                return
            except StashError as refusal:
                self._exchange.conceal(refusal)
                if not isinstance(refusal, ValidationFailedError):
                    raise
                # It comes in place of the first item.
                steps = self._exchange.after(refusal, operation, variables, tried)
                tried = self._perform(steps, self._ask)

    def _listen(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> Generator[T, None, None]:
        from ..websocket.protocol import Dial, HandshakeRefused
        from ..websocket.sync_socket import SyncSocket

        self._connections.check(operation.name)
        payload = build_payload(operation, variables)
        dial = Dial(self.endpoint, operation, self._timeout, self._ping_interval)
        secure = self._connections.tls() if self.endpoint.scheme == "https" else None
        ticket = self._perform(self._exchange.ticket(), self._ask)
        try:
            opened = SyncSocket.open(dial, self._exchange.headers, ticket, secure)
        except HandshakeRefused:
            ticket = self._perform(self._exchange.replacement(ticket, operation.name), self._ask)
            try:
                opened = SyncSocket.open(dial, self._exchange.headers, ticket, secure)
            except HandshakeRefused as refused:
                raise refused.final(ticket) from None
        try:
            for item in opened.payloads(payload):
                yield decode_payload(operation, result, item, endpoint=self.endpoint)
        finally:
            opened.leave()

    @contextmanager
    def stream(self, method: str, url: str) -> Generator[httpx.Response, None, None]:
        """Ask for a file and read it piece by piece.

        Args:
            method: `GET` or `HEAD`.
            url: a link, or a path on the server. The client's own server is given credentials,
                no other one is, and redirects are not followed. An `apikey` in it is taken out.

        Yields:
            The response, a success whose body has not been read.

        Raises:
            StashError: no answer, no success, or the connection was lost while reading.
        """
        with ExitStack() as held:
            opened: list[tuple[httpx.Response, Outgoing, Course]] = []

            def begin(outgoing: Outgoing) -> Reply:
                with ExitStack() as attempt:
                    downloads = self._connections.downloads
                    line = attempt.enter_context(self._connections.line(downloads, outgoing))
                    course = Course()
                    with timed(line.limit(outgoing, self._timeout)):
                        response = self._send(outgoing, line, course)
                        if not response.is_success:
                            return to_reply(response, self._read(response, outgoing, course))
                    attempt.callback(response.close)
                    check_packing(response.headers, operation=outgoing.operation, url=outgoing.url)
                    opened.append((response, outgoing, course))
                    held.push(attempt.pop_all())
                    return to_reply(response, b"")

            self._perform(self._exchange.open(method, url), begin)
            response, outgoing, course = opened[-1]
            try:
                yield response
            except TROUBLE as error:
                empty_frames(error, below="httpx")
                raise explain(error, outgoing, self.endpoint, course) from error

    def login(self) -> None:
        """Sign in now, rather than with the first request; nothing to do without a password.

        Raises:
            AuthenticationError: the password is wrong.
            StashError: no answer.
        """
        self._perform(self._exchange.ticket(), self._ask)

    def close(self) -> None:
        """Close the connections, but not an httpx client that was handed in."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _perform(self, steps: Steps[T], send: Callable[[Outgoing], Reply]) -> T:
        answer: Reply | None = None
        failure: StashError | None = None
        with emptied_frames(), closing(steps):
            while True:
                try:
                    step = steps.send(answer) if failure is None else steps.throw(failure)
                except StopIteration as end:
                    result: T = end.value
                    return result
                answer, failure = None, None
                try:
                    if isinstance(step, Send):
                        answer = send(step.request)
                    elif isinstance(step, Sleep):
                        time.sleep(step.seconds)
                    else:
                        with self._connections.locked(step.lock):
                            self._perform(step.steps, self._ask)
                except StashError as error:
                    failure = error

    def _ask(self, outgoing: Outgoing) -> Reply:
        with self._connections.line(self._connections.requests, outgoing) as line:
            limit = line.limit(outgoing, self._timeout)
            course = Course(limit.step)
            with timed(limit):
                response = self._send(outgoing, line, course)
                return to_reply(response, self._read(response, outgoing, course))

    def _send(self, outgoing: Outgoing, line: SyncLine, course: Course) -> httpx.Response:
        """Send a request and wait for the head of its answer."""
        client = line.client
        if time_left() == 0:
            raise no_time_error(outgoing.operation, self.endpoint)
        try:
            request = client.build_request(
                outgoing.method,
                outgoing.url,
                headers=outgoing_headers(outgoing),
                content=outgoing.content,
                extensions={"trace": course.note, **shortened(client.timeout)},
            )
            response = client.send(
                request,
                auth=auth_for(outgoing, client.auth),
                stream=True,
                follow_redirects=False,
            )
        except (*TROUBLE, *UNSENDABLE) as error:
            raise explain(error, outgoing, self.endpoint, course, line.lost) from error
        forget_cookies(client.cookies, outgoing, self.endpoint)
        return response

    def _read(self, response: httpx.Response, outgoing: Outgoing, course: Course) -> bytes:
        try:
            if response.is_stream_consumed:  # by a hook of the caller's own client, or a mock
                body = self._body({}, outgoing)
                body.add(response.read())
                return body.whole()
            body = self._body(response.headers, outgoing)
            with closing(cast("Generator[bytes, None, None]", response.iter_raw())) as pieces:
                for piece in pieces:
                    body.add(piece)
            return body.whole()
        except TROUBLE as error:
            raise explain(error, outgoing, self.endpoint, course) from error
        finally:
            response.close()

    def _body(self, headers: Mapping[str, str], outgoing: Outgoing) -> AnswerBody:
        return AnswerBody(headers, self._largest, operation=outgoing.operation, url=outgoing.url)
