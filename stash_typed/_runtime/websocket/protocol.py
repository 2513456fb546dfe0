"""The protocol graphql-transport-ws: its messages, and the errors for its failures.

Each subscription has a socket of its own, opened when it is used and closed when it is left. The
server does not ping, so the client does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from pydantic_core import from_json, to_json

from ..auth.credentials import authentication_error
from ..errors import ResponseFormatError, StashConnectionError, StashError
from ..foreign_text import one_line
from ..http.failures import connection_error, timeout_error
from ..http.proxies import websocket_proxy
from ..http.response import decode_errors
from ..secret import HiddenMapping, Secret

if TYPE_CHECKING:
    from ..auth.sign_in import ActiveCredentials
    from ..endpoint import Endpoint
    from ..operation import Operation
    from ..stash_error import Where

SUBPROTOCOL = "graphql-transport-ws"
LONGEST_MESSAGE = 64 * 1024 * 1024
"""Bytes of one message; a burst of log lines is larger than the default of the library."""
CLOSE_TIMEOUT = 2.0
"""Seconds to wait for the closing handshake."""

_ID = "1"
INIT = to_json({"type": "connection_init"}).decode()
PONG = to_json({"type": "pong"}).decode()
COMPLETE = to_json({"id": _ID, "type": "complete"}).decode()

SUBSCRIBED: ContextVar[Callable[[], object] | None] = ContextVar(
    "stash_typed_subscribed", default=None
)
"""Called once the server has read the request of a subscription that is opened in this context: no
event tells that it stands before something happens."""

_BLOCKED = "A proxy in front of the server may not pass WebSockets on: allow it to, or do not use subscriptions."

Message = tuple[Literal["connection_ack", "next", "complete", "ping", "pong"], object]
"""The type of a message of the server, and its payload."""

_TYPES = frozenset({"connection_ack", "next", "complete", "ping", "pong"})


@dataclass(frozen=True)
class SubscriptionTarget:
    """The settings for opening a socket.

    `timeout` is for opening and for the acknowledgement, `ping_interval` for the answer to a ping
    too; both in seconds.
    """

    endpoint: Endpoint
    operation: Operation
    timeout: float | None
    ping_interval: float

    @property
    def where(self) -> Where:
        return {"operation": self.operation.name, "url": self.endpoint.websocket_url}


class HandshakeRefused(Exception):
    """The handshake was refused; not websockets' own error, so that no redirect is followed."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


def subscribe(payload: Mapping[str, object]) -> str:
    return to_json({"id": _ID, "type": "subscribe", "payload": payload}).decode()


def interpret(message: str | bytes, target: SubscriptionTarget) -> Message:
    """Read one message of the server; raise for an error of it."""
    try:
        decoded: object = from_json(message)
    except ValueError:
        decoded = None
    fields = cast("dict[str, object]", decoded) if isinstance(decoded, dict) else {}
    kind, payload = fields.get("type"), fields.get("payload")
    if kind in _TYPES:
        return cast("Message", (kind, payload))
    if kind == "error":
        raise decode_errors(target.operation, payload, endpoint=target.endpoint)
    raise ResponseFormatError(
        f"expected a message of {SUBPROTOCOL}, got {one_line(repr(kind or 'something else'))}",
        hint="Is this a Stash server?",
        **target.where,
    )


def handshake_headers(headers: Mapping[str, str], active: ActiveCredentials) -> Mapping[str, str]:
    named = {name: value for name, value in headers.items() if name.lower() != "cookie"}
    if active.api_key is not None:
        named["ApiKey"] = active.api_key
    cookies = [value for name, value in headers.items() if name.lower() == "cookie"]
    if active.cookie is not None:
        cookies.append(active.cookie)
    if cookies:
        named["Cookie"] = Secret("; ".join(cookies))
    return HiddenMapping(named)


def open_error(error: Exception, target: SubscriptionTarget) -> Exception:
    """Return the error for a socket that could not be opened; `HandshakeRefused` for a 401."""
    if isinstance(error, HandshakeRefused):
        if error.status == 401:
            return HandshakeRefused(401)
        return StashConnectionError(
            f"the WebSocket was refused with {error}", hint=_BLOCKED, **target.where
        )
    via = websocket_proxy(target.endpoint.websocket_url)
    if isinstance(error, TimeoutError):
        return timeout_error("connection", target.timeout, target.where, via)
    if isinstance(error, OSError):
        return connection_error(error, target.where, via)
    trouble = connection_error(error, target.where)
    return StashConnectionError(
        f"the WebSocket could not be opened: {trouble.message}",
        hint=_BLOCKED,
        transient=trouble.transient,
        **target.where,
    )


def closed_error(
    target: SubscriptionTarget, active: ActiveCredentials, *, code: int | None, reason: str
) -> StashError:
    """Return the error for a socket that was closed while results were still to come."""
    if code in (4401, 4403):
        return authentication_error(active.credentials, **target.where)
    how = "the connection was lost" if code is None else f"the server closed it with code {code}"
    return StashConnectionError(
        f"the subscription ended early: {how}{f' ({one_line(reason)})' if reason else ''}",
        hint="Subscribe again, and look up what happened in between.",
        **target.where,
    )
