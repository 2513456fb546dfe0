"""Subscriptions by the protocol graphql-transport-ws: its messages, and what its failures mean.

No I/O, and nothing of the websockets package: the async and the sync end stand on this. Each
subscription has a socket of its own, opened when it is used and closed when it is left. The server
does not ping, so the client does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pydantic_core import from_json, to_json

from ..auth.credentials import authentication_error
from ..errors import AuthenticationError, ResponseFormatError, StashConnectionError, StashError
from ..foreign_text import one_line
from ..http.proxies import websocket_proxy
from ..http.response import decode_errors
from ..http.trouble import connection_error, timeout_error
from ..secret import HiddenMapping, Secret

if TYPE_CHECKING:
    from ..auth.sign_in import ActiveCredentials
    from ..endpoint import Endpoint
    from ..operation import Operation

__all__ = [
    "CLOSE_TIMEOUT",
    "LONGEST_MESSAGE",
    "SUBPROTOCOL",
    "Acknowledged",
    "Answer",
    "Completed",
    "Dial",
    "HandshakeRefused",
    "Ignored",
    "Next",
    "closed_error",
    "complete",
    "handshake_headers",
    "init",
    "interpret",
    "open_error",
    "pong",
    "subscribe",
]

SUBPROTOCOL = "graphql-transport-ws"
LONGEST_MESSAGE = 64 * 1024 * 1024
"""Bytes of one message; a burst of log lines is larger than the default of the library."""
CLOSE_TIMEOUT = 2.0
"""Seconds to wait for the server's goodbye."""

_ID = "1"
_BLOCKED = "A proxy in front of the server may not pass WebSockets on; let it, or do without subscriptions."


@dataclass(frozen=True)
class Dial:
    """What a socket is opened for."""

    endpoint: Endpoint
    operation: Operation
    timeout: float | None
    ping_interval: float


class HandshakeRefused(Exception):
    """The server asks for other credentials before it opens a socket."""

    def __init__(self, dial: Dial) -> None:
        super().__init__("401")
        self.dial = dial

    def final(self, active: ActiveCredentials) -> AuthenticationError:
        """Return the error to raise when there are no others."""
        return authentication_error(
            active.credentials,
            url=self.dial.endpoint.websocket_url,
            operation=self.dial.operation.name,
        )


@dataclass(frozen=True)
class Acknowledged:
    """The server is ready for the subscription."""


@dataclass(frozen=True)
class Next:
    """One result, undecoded."""

    payload: object


@dataclass(frozen=True)
class Completed:
    """The server has no more results."""


@dataclass(frozen=True)
class Answer:
    """A message that must be sent at once."""

    text: str


@dataclass(frozen=True)
class Ignored:
    """Nothing to do."""


def init() -> str:
    """Return the message that opens the conversation."""
    return _message("connection_init")


def subscribe(payload: Mapping[str, object]) -> str:
    """Return the message that subscribes."""
    return to_json({"id": _ID, "type": "subscribe", "payload": payload}).decode()


def complete() -> str:
    """Return the message that ends the subscription."""
    return to_json({"id": _ID, "type": "complete"}).decode()


def pong() -> str:
    """Return the answer to a ping."""
    return _message("pong")


def _message(kind: str) -> str:
    return to_json({"type": kind}).decode()


def interpret(
    message: str | bytes, dial: Dial
) -> Acknowledged | Next | Completed | Answer | Ignored:
    """Read one message of the server."""
    try:
        decoded: object = from_json(message)
    except ValueError:
        decoded = None
    fields = cast("dict[str, object]", decoded) if isinstance(decoded, dict) else {}
    kind = fields.get("type")
    if kind == "next":
        return Next(fields.get("payload"))
    if kind == "complete":
        return Completed()
    if kind == "connection_ack":
        return Acknowledged()
    if kind == "ping":
        return Answer(pong())
    if kind == "pong":
        return Ignored()
    if kind == "error":
        raise decode_errors(dial.operation, fields.get("payload"), endpoint=dial.endpoint)
    raise ResponseFormatError(
        f"expected a message of {SUBPROTOCOL}, got {one_line(repr(kind or 'something else'))}",
        operation=dial.operation.name,
        url=dial.endpoint.websocket_url,
        hint="Is this a Stash server?",
    )


def handshake_headers(headers: Mapping[str, str], active: ActiveCredentials) -> Mapping[str, str]:
    """Return the headers of the request that opens a socket."""
    named = {name: value for name, value in headers.items() if name.lower() != "cookie"}
    if active.api_key is not None:
        named["ApiKey"] = active.api_key
    cookies = [value for name, value in headers.items() if name.lower() == "cookie"]
    if active.cookie is not None:
        cookies.append(active.cookie)
    if cookies:
        named["Cookie"] = Secret("; ".join(cookies))
    return HiddenMapping(named)


def open_error(error: Exception, dial: Dial, *, status: int | None) -> Exception:
    """Say why a socket could not be opened."""
    if status == 401:
        return HandshakeRefused(dial)
    name, url = dial.operation.name, dial.endpoint.websocket_url
    via = websocket_proxy(url)
    if isinstance(error, TimeoutError):
        return timeout_error(
            operation=name, url=url, seconds=dial.timeout, waited_for="connection", via=via
        )
    if status is not None:
        return StashConnectionError(
            f"the WebSocket was refused with HTTP {status}", operation=name, url=url, hint=_BLOCKED
        )
    if isinstance(error, OSError):
        return connection_error(error, operation=name, url=url, endpoint=dial.endpoint, via=via)
    trouble = connection_error(error, operation=name, url=url, endpoint=dial.endpoint)
    return StashConnectionError(
        f"the WebSocket could not be opened: {trouble.message}",
        operation=name,
        url=url,
        hint=_BLOCKED,
        transient=trouble.transient,
    )


def closed_error(
    dial: Dial, active: ActiveCredentials, *, code: int | None, reason: str
) -> StashError:
    """Say why a socket was closed while results were still to come."""
    if code in (4401, 4403):
        return HandshakeRefused(dial).final(active)
    how = "the connection was lost" if code is None else f"the server closed it with code {code}"
    return StashConnectionError(
        f"the subscription ended early: {how}{f' ({one_line(reason)})' if reason else ''}",
        operation=dial.operation.name,
        url=dial.endpoint.websocket_url,
        hint="Subscribe again, and look up what happened in between.",
    )
