# Written from stash_typed/_runtime/http/async_transport.py by `make generate`. Do not edit.

"""Performs the steps of `exchange` on httpx and websockets."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

import httpx

from ..auth.credentials import Credentials, authentication_error
from ..errors import StashError, ValidationFailedError
from ..log import guard_other_logs
from ..messages import Outgoing, Reply
from ..retry import RetryPolicy
from ..steps import Procedure, perform_sync
from ..tracebacks import emptied_frames, empty_frames
from .answer_body import DEFAULT_SIZE, AnswerBody, check_packing
from .client import checked_bound, forget_cookies, to_reply
from .exchange import Exchange
from .failures import HTTPX_ERRORS, UNSENDABLE, map_error
from .request import build_payload
from .response import decode_payload
from .sync_connections import SyncConnections
from .sync_request import SyncRequest
from .trust import Verify

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from ..endpoint import Endpoint
    from ..operation import Operation

    _Pieces = Generator[bytes, None, None]

T = TypeVar("T")


class SyncTransport:
    """Executes operations on one server; may be shared by any number of tasks or threads."""

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
        self._largest = checked_bound(
            "max_answer_size", max_answer_size, "answer", "bytes an answer may have"
        )
        self._connections = SyncConnections(
            endpoint,
            timeout=timeout,
            verify=verify,
            given=http_client,
            limit=checked_bound("limit", limit, "request", "requests may be under way at once"),
        )
        self._ping_interval = ping_interval

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.endpoint.url}>"

    def execute(self, operation: Operation, result: type[T], variables: Mapping[str, object]) -> T:
        return self._perform(self._exchange.execute(operation, result, variables))

    def execute_raw(self, operation: Operation, variables: Mapping[str, object]) -> dict[str, Any]:
        return self._perform(self._exchange.execute_raw(operation, variables))

    def subscribe(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> Generator[T, None, None]:
        """Listen to a subscription, on a WebSocket of its own that is opened at the first item."""
        attempts = self._exchange.attempts(operation, variables)
        while True:
            try:
                with (
                    emptied_frames(),
                    closing(self._listen(attempts.operation, result, variables)) as items,
                ):
                    for item in items:
                        attempts.succeeded()
                        yield item
                return
            except StashError as error:
                self._exchange.conceal(error)
                if not isinstance(error, ValidationFailedError):
                    raise
                refusal = error
            self._perform(attempts.adapt(refusal))

    def _listen(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> Generator[T, None, None]:
        from ..websocket.protocol import HandshakeRefused, SubscriptionTarget
        from ..websocket.sync_socket import SyncSocket

        self._connections.check(operation.name)
        payload = build_payload(operation, variables)
        target = SubscriptionTarget(self.endpoint, operation, self._timeout, self._ping_interval)
        secure = self._connections.tls() if self.endpoint.scheme == "https" else None
        active = self._perform(self._exchange.active_credentials())
        try:
            opened = SyncSocket.open(target, self._exchange.headers, active, secure)
        except HandshakeRefused:
            active = self._perform(self._exchange.replacement(active, operation.name))
            try:
                opened = SyncSocket.open(target, self._exchange.headers, active, secure)
            except HandshakeRefused:
                raise authentication_error(active.credentials, **target.where) from None
        try:
            for item in opened.payloads(payload):
                yield decode_payload(operation, result, item, endpoint=self.endpoint)
        finally:
            opened.leave()

    @contextmanager
    def stream(self, method: str, url: str) -> Generator[httpx.Response, None, None]:
        """Request a file, and yield its response before its body is read."""
        with ExitStack() as held:
            opened: list[tuple[SyncRequest, httpx.Response]] = []

            def send(outgoing: Outgoing) -> Reply:
                if not outgoing.download:
                    return self._ask(outgoing)
                with ExitStack() as attempt:
                    shared = attempt.enter_context(self._connections.client(outgoing))
                    request = SyncRequest(shared, outgoing, self._timeout)
                    reply, response = request.run(self._begin, request, attempt)
                    if response is not None:
                        opened.append((request, response))
                        held.push(attempt.pop_all())
                    return reply

            self._perform(self._exchange.open(method, url), send)
            request, response = opened[-1]
            try:
                yield response
            except HTTPX_ERRORS as error:
                empty_frames(error, below="httpx")
                raise map_error(error, request.outgoing, request.course, reading=True) from error

    def _begin(
        self, request: SyncRequest, attempt: ExitStack
    ) -> tuple[Reply, httpx.Response | None]:
        response = self._send(request)
        if not response.is_success:
            return to_reply(response, self._read(request, response)), None
        attempt.callback(response.close)
        check_packing(response.headers, request.outgoing.where)
        request.guard(response)
        return to_reply(response, b""), response

    def login(self) -> None:
        """Sign in now, rather than with the first request; nothing to do without a password."""
        self._perform(self._exchange.active_credentials())

    def close(self) -> None:
        """Close the connections, but not an httpx client passed by the caller."""
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

    def _perform(
        self,
        procedure: Procedure[T],
        send: Callable[[Outgoing], Reply] | None = None,
    ) -> T:
        return perform_sync(self, procedure, send or self._ask)

    def _ask(self, outgoing: Outgoing) -> Reply:
        with self._connections.client(outgoing) as shared:
            request = SyncRequest(shared, outgoing, self._timeout)
            return request.run(self._whole, request)

    def _whole(self, request: SyncRequest) -> Reply:
        response = self._send(request)
        return to_reply(response, self._read(request, response))

    def _send(self, request: SyncRequest) -> httpx.Response:
        shared, outgoing = request.shared, request.outgoing
        try:
            response = request.send()
        except (*HTTPX_ERRORS, *UNSENDABLE) as error:
            raise map_error(error, outgoing, request.course, shared.lost) from error
        forget_cookies(shared.client.cookies, outgoing, self.endpoint)
        return response

    def _read(self, request: SyncRequest, response: httpx.Response) -> bytes:
        where = request.outgoing.where
        try:
            if response.is_stream_consumed:  # by a hook of the caller's own client, or a mock
                body = AnswerBody({}, self._largest, where)
                body.add(response.read())
                return body.whole()
            body = AnswerBody(response.headers, self._largest, where)
            with closing(cast("_Pieces", response.iter_raw())) as pieces:
                for piece in pieces:
                    body.add(piece)
            return body.whole()
        except HTTPX_ERRORS as error:
            raise map_error(error, request.outgoing, request.course, reading=True) from error
        finally:
            response.close()
