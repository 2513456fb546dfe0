"""The course of a request: sign in, send, sign in again, try again. No I/O.

Written as generators that yield what is to be done (`Send`, `Sleep`, `Locked`) and are given what
came of it. An async and a sync transport perform the same steps, so that each decision stands here
once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar, cast
from urllib.parse import urlsplit

from .auth.credentials import (
    Credentials,
    Password,
    authentication_error,
    cookie_from_reply,
    login_error,
    login_form,
)
from .auth.sign_in import SignIn, Ticket
from .endpoint import Endpoint, without_key
from .errors import ResponseFormatError, StashError, ValidationFailedError
from .http.deadline import in_time
from .http.multipart import MultipartBody
from .http.request import build_request
from .http.response import Reply, decode, decode_raw
from .http.status import http_status_error, leads_to_login
from .log import logger
from .operation import Operation, OperationKind
from .retry import RetryPolicy
from .secret import HiddenMapping
from .tracebacks import behind, conceal
from .versions.compat import refuses_credentials
from .versions.learning import Versions

__all__ = ["Exchange", "Locked", "Outgoing", "Send", "Sleep", "Step", "Steps"]

T = TypeVar("T")

_ACCEPT = "application/graphql-response+json, application/json"
_EXPIRED_LINK = "Links for download die 30 seconds after their first use: ask for a new one."
_FOREIGN = "The link leads to another server than the client's; credentials are not sent there."


@dataclass(frozen=True)
class Outgoing:
    """One HTTP request.

    Attributes:
        operation: what it is for, in errors and logs.
        method, url, headers, content: as in HTTP.
        api_key: the header `ApiKey`.
        cookie: the session cookie as `name=value`.
        own: whether it goes to the client's own server.
    """

    operation: str
    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    content: bytes | MultipartBody | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    cookie: str | None = field(default=None, repr=False)
    own: bool = True


@dataclass(frozen=True)
class Send:
    """Send a request; its `Reply` is wanted, or a `StashError`."""

    request: Outgoing


@dataclass(frozen=True)
class Sleep:
    """Wait so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Locked:
    """Perform these steps while no other request does what the lock is for."""

    steps: Steps[None]
    lock: Literal["sign-in", "schema"] = "sign-in"


Step = Send | Sleep | Locked
Steps = Generator[Step, Reply | None, T]


class Exchange:
    """What the requests of one transport have in common.

    Args:
        endpoint: the server.
        credentials: who the client is to it.
        retry: when a request is sent again.
        headers: more headers for each request to the server.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        credentials: Credentials,
        *,
        retry: RetryPolicy,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.endpoint = endpoint
        self._sign_in = SignIn(credentials)
        self._retry = retry
        self._headers = HiddenMapping(headers or {})
        self._versions = Versions(endpoint)

    def execute(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> Steps[T]:
        """Ask for an operation and read its answer as `result`."""

        def read(reply: Reply, credentials: Credentials) -> T:
            return decode(operation, result, reply, endpoint=self.endpoint, credentials=credentials)

        def send(operation: Operation, variables: Mapping[str, object]) -> Steps[T]:
            return self._ask(operation, variables, read)

        return self._versions.ask(send, _while_learning, self._fetch, operation, variables)

    def adapted(self, operation: Operation, variables: Mapping[str, object]) -> Operation:
        """Give what is known to be left of an operation for this server; all of it at first."""
        return self._versions.adapted(operation, variables)

    def after(
        self,
        refusal: ValidationFailedError,
        operation: Operation,
        variables: Mapping[str, object],
        tried: Operation,
    ) -> Steps[Operation]:
        """Find out what to subscribe to after the server refused what was tried."""
        return self._versions.after(
            refusal, _while_learning, self._fetch, operation, variables, tried
        )

    def _fetch(self, operation: Operation, result: type[T], /) -> Steps[T]:
        return self.execute(operation, result, {})

    def execute_raw(
        self, operation: Operation, variables: Mapping[str, object]
    ) -> Steps[dict[str, Any]]:
        """Ask for an operation and read its answer as plain JSON values."""

        def read(reply: Reply, credentials: Credentials) -> dict[str, Any]:
            return decode_raw(operation, reply, endpoint=self.endpoint, credentials=credentials)

        return self._ask(operation, variables, read)

    def _ask(
        self,
        operation: Operation,
        variables: Mapping[str, object],
        read: Callable[[Reply, Credentials], T],
    ) -> Steps[T]:
        body = build_request(operation, variables)
        request = Outgoing(
            operation.name or "graphql",
            "POST",
            self.endpoint.graphql_url,
            {"Accept": _ACCEPT, "Content-Type": body.content_type},
            body.content,
        )
        return (yield from self._attempts(operation, request, read))

    def open(self, method: str, url: str) -> Steps[Reply]:
        """Begin a download: the transport keeps the body of a success open.

        Args:
            method: the HTTP method.
            url: an absolute url, or a path on the server. Only the client's own server is given
                credentials; an `apikey` in the url is taken out.
        """
        own = url.startswith("/") or self.endpoint.is_same_origin(url)
        target = self.endpoint.rebase(url) if own else without_key(url)
        name = f"{method} {urlsplit(target).path}"
        kind: OperationKind = "query" if method in ("GET", "HEAD") else "mutation"

        def read(reply: Reply, credentials: Credentials) -> Reply:
            if 200 <= reply.status < 300:
                return reply
            login = leads_to_login(reply.status, reply.location)
            if own and (login or refuses_credentials(reply.status, reply.content)):
                raise authentication_error(credentials, url=target, operation=name)
            hints = {404: _EXPIRED_LINK} if own else {401: _FOREIGN, 403: _FOREIGN}
            raise http_status_error(
                reply.status,
                operation=name,
                url=target,
                content=reply.content,
                content_type=reply.content_type,
                location=reply.location,
                hint=hints.get(reply.status),
            )

        request = Outgoing(name, method, target, {"Accept": "*/*"}, own=own)
        operation = Operation(name, kind, root_field="", document="")
        return (yield from self._attempts(operation, request, read))

    def _attempts(
        self,
        operation: Operation,
        request: Outgoing,
        read: Callable[[Reply, Credentials], T],
    ) -> Steps[T]:
        attempt = 0
        while True:
            attempt += 1
            try:
                reply, credentials = yield from self._send(request, attempt)
                return read(reply, credentials)
            except StashError as error:
                self.conceal(error)
                seconds = self._retry.wait_before(operation, error, attempt=attempt)
                if seconds is None or not in_time(seconds) or not _replayable(request):
                    error.tried(attempt)
                    raise
            yield Sleep(seconds)

    def _send(self, request: Outgoing, attempt: int) -> Steps[tuple[Reply, Credentials]]:
        """Send with credentials; when they are refused and there are others, once more.

        A request that was refused with 401 was not carried out, so this holds for mutations too.
        """
        if not request.own:
            reply = yield from _sent(request, attempt)
            return reply, self._sign_in.ticket().credentials
        ticket = yield from self.ticket()
        reply = yield from _sent(self._with(ticket, request), attempt)
        if refuses_credentials(reply.status, reply.content) and _replayable(request):
            ticket = yield from self.replacement(ticket, request.operation)
            reply = yield from _sent(self._with(ticket, request), attempt)
        self._sign_in.renew(ticket, reply.set_cookies)
        return reply, ticket.credentials

    def _with(self, ticket: Ticket, request: Outgoing) -> Outgoing:
        return replace(
            request,
            headers=HiddenMapping({**request.headers, **self.headers}),
            api_key=ticket.api_key,
            cookie=ticket.cookie,
        )

    @property
    def headers(self) -> Mapping[str, str]:
        """The caller's own headers for the client's own server."""
        return self._headers

    def conceal(self, error: StashError) -> None:
        """Take the credentials in use out of an error's message, and of those that it was raised from."""
        secrets = self._sign_in.secrets
        for one in behind(error):
            if isinstance(one, StashError):
                one.conceal(secrets)
            else:
                conceal(one, secrets)

    def ticket(self) -> Steps[Ticket]:
        """Give what the next request is sent with, signing in first where that is needed."""
        if self._sign_in.password is not None:
            yield Locked(self._sign_in_once(self._sign_in.attempts))
        return self._sign_in.ticket()

    def replacement(self, refused: Ticket, operation: str) -> Steps[Ticket]:
        """Give another ticket for one that the server refused, or raise AuthenticationError."""
        yield Locked(self._replace(refused, operation, self._sign_in.attempts))
        return self._sign_in.ticket()

    def _replace(self, refused: Ticket, operation: str, attempts: int) -> Steps[None]:
        if not self._sign_in.drop(refused):
            raise authentication_error(
                refused.credentials, url=self.endpoint.url, operation=operation
            )
        yield from self._sign_in_once(attempts)

    def _sign_in_once(self, attempts: int) -> Steps[None]:
        password = self._sign_in.password
        if password is None:
            return
        failure = self._sign_in.failure_since(attempts)
        if failure is not None:
            raise failure
        try:
            reply = yield from _sent(self._login_request(password), 1)
            self._sign_in.signed_in(_session_of(reply, password, self.endpoint))
        except StashError as error:
            self._sign_in.failed(error)
            raise

    def _login_request(self, password: Password) -> Outgoing:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return Outgoing(
            "login",
            "POST",
            self.endpoint.login_url,
            HiddenMapping({"Accept": "*/*", **self._headers, **form}),
            login_form(password),
        )


def _while_learning(steps: Steps[None]) -> Steps[None]:
    yield Locked(steps, "schema")


def _sent(request: Outgoing, attempt: int) -> Steps[Reply]:
    started = time.monotonic()
    status: int | str = "no answer"
    try:
        reply = cast("Reply", (yield Send(request)))
        status = reply.status
        return reply
    finally:
        logger.debug(
            "%s: %s in %.0f ms, attempt %d",
            request.operation,
            status,
            (time.monotonic() - started) * 1000,
            attempt,
        )


def _session_of(reply: Reply, password: Password, endpoint: Endpoint) -> str:
    """Read the new session off the reply to a sign-in."""
    refused = login_error(password, reply.status, endpoint=endpoint)
    if refused is not None:
        raise refused
    cookie = cookie_from_reply(reply.set_cookies) if reply.status < 400 else None
    if cookie:
        return cookie
    if 200 <= reply.status < 300:
        raise ResponseFormatError(
            "the sign-in was answered without a session cookie that can be sent back",
            operation="login",
            url=endpoint.login_url,
            hint="Is this a Stash server, and does a proxy in front of it let cookies through?",
        )
    raise http_status_error(
        reply.status,
        operation="login",
        url=endpoint.login_url,
        content=reply.content,
        content_type=reply.content_type,
        location=reply.location,
    )


def _replayable(request: Outgoing) -> bool:
    return not isinstance(request.content, MultipartBody) or request.content.replayable
