"""Performs the steps of `exchange` on httpx and websockets."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

import httpx

from ..auth.credentials import Credentials, authentication_error
from ..errors import StashError, ValidationFailedError
from ..log import guard_other_logs
from ..messages import Outgoing, Reply
from ..retry import RetryPolicy
from ..steps import Procedure, perform
from ..tracebacks import emptied_frames, empty_frames
from .answer_body import DEFAULT_SIZE, AnswerBody, check_packing
from .async_connections import AsyncConnections
from .async_request import AsyncRequest
from .client import checked_bound, forget_cookies, to_reply
from .exchange import Exchange
from .failures import HTTPX_ERRORS, UNSENDABLE, map_error
from .request import build_payload
from .response import decode_payload
from .trust import Verify

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from ..endpoint import Endpoint
    from ..operation import Operation

    _Pieces = AsyncGenerator[bytes, None]

T = TypeVar("T")


class AsyncTransport:
    """Executes operations on one server; may be shared by any number of tasks or threads."""

    def __init__(
        self,
        endpoint: Endpoint,
        credentials: Credentials,
        *,
        timeout: float | None = 30.0,
        verify: Verify = True,
        headers: Mapping[str, str] | None = None,
        http_client: httpx.AsyncClient | None = None,
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
        self._connections = AsyncConnections(
            endpoint,
            timeout=timeout,
            verify=verify,
            given=http_client,
            limit=checked_bound("limit", limit, "request", "requests may be under way at once"),
        )
        self._ping_interval = ping_interval

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.endpoint.url}>"

    async def execute(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> T:
        return await self._perform(self._exchange.execute(operation, result, variables))

    async def execute_raw(
        self, operation: Operation, variables: Mapping[str, object]
    ) -> dict[str, Any]:
        return await self._perform(self._exchange.execute_raw(operation, variables))

    async def subscribe(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> AsyncGenerator[T, None]:
        """Listen to a subscription, on a WebSocket of its own that is opened at the first item."""
        attempts = self._exchange.attempts(operation, variables)
        while True:
            try:
                with emptied_frames():
                    async with aclosing(
                        self._listen(attempts.operation, result, variables)
                    ) as items:
                        async for item in items:
                            attempts.succeeded()
                            yield item
                return
            except StashError as error:
                self._exchange.conceal(error)
                if not isinstance(error, ValidationFailedError):
                    raise
                refusal = error
            await self._perform(attempts.adapt(refusal))

    async def _listen(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> AsyncGenerator[T, None]:
        from ..websocket.async_socket import AsyncSocket
        from ..websocket.protocol import HandshakeRefused, SubscriptionTarget

        self._connections.check(operation.name)
        payload = build_payload(operation, variables)
        target = SubscriptionTarget(self.endpoint, operation, self._timeout, self._ping_interval)
        secure = self._connections.tls() if self.endpoint.scheme == "https" else None
        active = await self._perform(self._exchange.active_credentials())
        try:
            opened = await AsyncSocket.open(target, self._exchange.headers, active, secure)
        except HandshakeRefused:
            active = await self._perform(self._exchange.replacement(active, operation.name))
            try:
                opened = await AsyncSocket.open(target, self._exchange.headers, active, secure)
            except HandshakeRefused:
                raise authentication_error(active.credentials, **target.where) from None
        try:
            async for item in opened.payloads(payload):
                yield decode_payload(operation, result, item, endpoint=self.endpoint)
        finally:
            await opened.leave()

    @asynccontextmanager
    async def stream(self, method: str, url: str) -> AsyncGenerator[httpx.Response, None]:
        """Request a file, and yield its response before its body is read."""
        async with AsyncExitStack() as held:
            opened: list[tuple[AsyncRequest, httpx.Response]] = []

            async def send(outgoing: Outgoing) -> Reply:
                if not outgoing.download:
                    return await self._ask(outgoing)
                async with AsyncExitStack() as attempt:
                    shared = await attempt.enter_async_context(self._connections.client(outgoing))
                    request = AsyncRequest(shared, outgoing, self._timeout)
                    reply, response = await request.run(self._begin, request, attempt)
                    if response is not None:
                        opened.append((request, response))
                        held.push_async_exit(attempt.pop_all())
                    return reply

            await self._perform(self._exchange.open(method, url), send)
            request, response = opened[-1]
            try:
                yield response
            except HTTPX_ERRORS as error:
                empty_frames(error, below="httpx")
                raise map_error(error, request.outgoing, request.course, reading=True) from error

    async def _begin(
        self, request: AsyncRequest, attempt: AsyncExitStack
    ) -> tuple[Reply, httpx.Response | None]:
        response = await self._send(request)
        if not response.is_success:
            return to_reply(response, await self._read(request, response)), None
        attempt.push_async_callback(response.aclose)
        check_packing(response.headers, request.outgoing.where)
        request.guard(response)
        return to_reply(response, b""), response

    async def login(self) -> None:
        """Sign in now, rather than with the first request; nothing to do without a password."""
        await self._perform(self._exchange.active_credentials())

    async def aclose(self) -> None:
        """Close the connections, but not an httpx client passed by the caller."""
        await self._connections.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _perform(
        self,
        procedure: Procedure[T],
        send: Callable[[Outgoing], Awaitable[Reply]] | None = None,
    ) -> T:
        return await perform(self, procedure, send or self._ask)

    async def _ask(self, outgoing: Outgoing) -> Reply:
        async with self._connections.client(outgoing) as shared:
            request = AsyncRequest(shared, outgoing, self._timeout)
            return await request.run(self._whole, request)

    async def _whole(self, request: AsyncRequest) -> Reply:
        response = await self._send(request)
        return to_reply(response, await self._read(request, response))

    async def _send(self, request: AsyncRequest) -> httpx.Response:
        shared, outgoing = request.shared, request.outgoing
        try:
            response = await request.send()
        except (*HTTPX_ERRORS, *UNSENDABLE) as error:
            raise map_error(error, outgoing, request.course, shared.lost) from error
        forget_cookies(shared.client.cookies, outgoing, self.endpoint)
        return response

    async def _read(self, request: AsyncRequest, response: httpx.Response) -> bytes:
        where = request.outgoing.where
        try:
            if response.is_stream_consumed:  # by a hook of the caller's own client, or a mock
                body = AnswerBody({}, self._largest, where)
                body.add(await response.aread())
                return body.whole()
            body = AnswerBody(response.headers, self._largest, where)
            async with aclosing(cast("_Pieces", response.aiter_raw())) as pieces:
                async for piece in pieces:
                    body.add(piece)
            return body.whole()
        except HTTPX_ERRORS as error:
            raise map_error(error, request.outgoing, request.course, reading=True) from error
        finally:
            await response.aclose()
