"""The course of a request: sign in, send, sign in again, try again, learn the server's version."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ..auth.credentials import (
    Credentials,
    Password,
    authentication_error,
    cookie_from_reply,
    login_form,
)
from ..auth.sign_in import ActiveCredentials, SignIn
from ..deadline import in_time
from ..endpoint import Endpoint, without_key
from ..errors import AuthenticationError, ResponseFormatError, StashError, ValidationFailedError
from ..log import logger
from ..messages import Outgoing, Reply
from ..mocked import refuse_subscription, retry_wait
from ..multipart import MultipartBody
from ..operation import Operation, OperationKind
from ..retry import RetryPolicy
from ..secret import HiddenMapping
from ..steps import Lock, Locked, Procedure, Send, Sleep
from ..tracebacks import behind, conceal
from ..versions.compat import refuses_credentials
from ..versions.learning import Attempts, Versions
from .request import build_request
from .response import decode, decode_raw
from .status import http_status_error, leads_to_login

T = TypeVar("T")

_ACCEPT = "application/graphql-response+json, application/json"
_EXPIRED_LINK = "Links for download die 30 seconds after their first use: ask for a new one."
_FOREIGN = "The link leads to another server than the client's; credentials are not sent there."


class Exchange:
    """The state shared by the requests of one transport."""

    def __init__(
        self,
        endpoint: Endpoint,
        credentials: Credentials,
        *,
        retry: RetryPolicy,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.headers: Mapping[str, str] = HiddenMapping(headers or {})
        self._sign_in = SignIn(credentials)
        self._signing_in = Lock("sign-in", endpoint.url)
        self._retry = retry
        self._versions = Versions(endpoint)

    def execute(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> Procedure[T]:
        def read(reply: Reply, credentials: Credentials) -> T:
            return decode(operation, result, reply, endpoint=self.endpoint, credentials=credentials)

        attempts = self.attempts(operation, variables)
        while True:
            try:
                answer = yield from self._request(attempts.operation, variables, read)
            except ValidationFailedError as error:
                refusal = error
            else:
                attempts.succeeded()
                return answer
            yield from attempts.adapt(refusal)

    def attempts(self, operation: Operation, variables: Mapping[str, object]) -> Attempts:
        """Return what to try for an operation: the whole of it, or what this server knows."""
        refuse_subscription(operation, self.endpoint)
        return Attempts(self._versions, operation, variables)

    def execute_raw(
        self, operation: Operation, variables: Mapping[str, object]
    ) -> Procedure[dict[str, Any]]:
        def read(reply: Reply, credentials: Credentials) -> dict[str, Any]:
            return decode_raw(operation, reply, endpoint=self.endpoint, credentials=credentials)

        return self._request(operation, variables, read)

    def _request(
        self,
        operation: Operation,
        variables: Mapping[str, object],
        read: Callable[[Reply, Credentials], T],
    ) -> Procedure[T]:
        body = build_request(operation, variables)
        request = Outgoing(
            operation.name or "graphql",
            "POST",
            self.endpoint.graphql_url,
            {"Accept": _ACCEPT, "Content-Type": body.content_type},
            body.content,
        )
        return (yield from self._retried(operation, request, read))

    def open(self, method: str, url: str) -> Procedure[Reply]:
        """Begin a download from a url or a path; only the client's own server gets credentials."""
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
            raise http_status_error(reply, operation=name, url=target, hint=hints.get(reply.status))

        request = Outgoing(name, method, target, {"Accept": "*/*"}, own=own, download=True)
        operation = Operation(name, kind, root_field="", text="")
        return (yield from self._retried(operation, request, read))

    def _retried(
        self,
        operation: Operation,
        request: Outgoing,
        read: Callable[[Reply, Credentials], T],
    ) -> Procedure[T]:
        attempt = 0
        while True:
            attempt += 1
            try:
                reply, credentials = yield from self._send(request, attempt)
                return read(reply, credentials)
            except StashError as error:
                self.conceal(error)
                seconds = retry_wait(self._retry.wait_before(operation, error, attempt=attempt))
                if seconds is None or not in_time(seconds) or not _replayable(request):
                    error.tried(attempt)
                    raise
            yield Sleep(seconds)

    def _send(self, request: Outgoing, attempt: int) -> Procedure[tuple[Reply, Credentials]]:
        """Send with credentials; when they are refused and there are others, once more.

        A request that was refused with 401 was not carried out, so this holds for mutations too.
        """
        if not request.own:
            reply = yield from _sent(request, attempt)
            return reply, self._sign_in.active().credentials
        active = yield from self.active_credentials()
        reply = yield from _sent(self._with(active, request), attempt)
        if refuses_credentials(reply.status, reply.content) and _replayable(request):
            active = yield from self.replacement(active, request.operation)
            reply = yield from _sent(self._with(active, request), attempt)
        self._sign_in.renew(active, reply.set_cookies)
        return reply, active.credentials

    def _with(self, active: ActiveCredentials, request: Outgoing) -> Outgoing:
        return replace(
            request,
            headers=HiddenMapping({**request.headers, **self.headers}),
            api_key=active.api_key,
            cookie=active.cookie,
        )

    def conceal(self, error: StashError) -> None:
        """Remove the credentials in use from an error, and from those that it was raised from."""
        secrets = self._sign_in.secrets
        for one in behind(error):
            if isinstance(one, StashError):
                one.conceal(secrets)
            else:
                conceal(one, secrets)

    def active_credentials(self) -> Procedure[ActiveCredentials]:
        """Return the credentials for the next request, signing in first if needed."""
        if self._sign_in.password is not None:
            yield Locked(self._sign_in_once(self._sign_in.attempts), self._signing_in)
        return self._sign_in.active()

    def replacement(
        self, refused: ActiveCredentials, operation: str
    ) -> Procedure[ActiveCredentials]:
        """Return others for credentials that the server refused, or raise AuthenticationError."""
        yield Locked(self._replace(refused, operation, self._sign_in.attempts), self._signing_in)
        return self._sign_in.active()

    def _replace(
        self, refused: ActiveCredentials, operation: str, attempts: int
    ) -> Procedure[None]:
        if not self._sign_in.drop(refused):
            raise authentication_error(
                refused.credentials, url=self.endpoint.url, operation=operation
            )
        yield from self._sign_in_once(attempts)

    def _sign_in_once(self, attempts: int) -> Procedure[None]:
        password = self._sign_in.password
        if password is None:
            return
        failure = self._sign_in.failure_since(attempts)
        if failure is not None:
            raise failure
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        headers = HiddenMapping({"Accept": "*/*", **self.headers, **form})
        url = self.endpoint.login_url
        login = Outgoing("login", "POST", url, headers, login_form(password))
        try:
            reply = yield from _sent(login, 1)
            self._sign_in.signed_in(_session_of(reply, password, self.endpoint))
        except StashError as error:
            self._sign_in.failed(error)
            raise


def _sent(request: Outgoing, attempt: int) -> Procedure[Reply]:
    started = time.monotonic()
    status: int | str = "no answer"
    try:
        reply: Reply = yield Send(request)
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
    """Return the new session that the reply to a sign-in sets."""
    if reply.status == 401:
        raise AuthenticationError(
            f"the server refuses the password of user {password.username!r}",
            operation="login",
            url=endpoint.login_url,
            hint="Check username=… and password=… (or STASH_USERNAME and STASH_PASSWORD).",
        )
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
    raise http_status_error(reply, operation="login", url=endpoint.login_url)


def _replayable(request: Outgoing) -> bool:
    return not isinstance(request.content, MultipartBody) or request.content.replayable
