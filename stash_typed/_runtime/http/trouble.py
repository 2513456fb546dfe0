"""What it means that a connection failed, and what to do about it.

Each library wraps the system's own exceptions in its own way, so the whole chain is looked at.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import urlsplit

from ..errors import StashConnectionError, StashTimeoutError
from ..foreign_text import one_line
from ..redact import redact_text

if TYPE_CHECKING:
    from ..endpoint import Endpoint
    from .course import Wanted
    from .proxies import Proxy

__all__ = ["connection_error", "timeout_error"]

_DEPTH = 12
_PLAIN_HTTP = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER")


def connection_error(
    error: BaseException, *, operation: str, url: str, endpoint: Endpoint, via: Proxy | None = None
) -> StashConnectionError:
    """Explain why there was no answer."""
    chain = list(_chain(error, _DEPTH))
    if via is not None and not any(isinstance(cause, ssl.SSLError) for cause in chain):
        return _proxy_trouble(chain, via, operation=operation, url=url)
    peer = "the server" if via is None or via.reached else f"the proxy {via.address}"
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return StashConnectionError(
                f"{peer}'s certificate is not trusted: {_text(cause, cause.verify_message)}",
                operation=operation,
                url=url,
                hint=(
                    'Give the certificate of its authority as verify="ca.pem" (STASH_VERIFY=ca.pem),'
                    " or turn the check off with verify=False (STASH_VERIFY=0)."
                ),
                transient=False,
            )
        if isinstance(cause, ssl.SSLError):
            return _tls_error(cause, peer, operation=operation, url=url)
    for cause in chain:
        if isinstance(cause, socket.gaierror):
            host = urlsplit(url).hostname or endpoint.host
            return StashConnectionError(
                f"there is no host named {host!r}",
                operation=operation,
                url=url,
                hint="Check the spelling, and that this machine can look the name up.",
            )
        if isinstance(cause, ConnectionRefusedError):
            return StashConnectionError(
                "connection refused: nothing listens there",
                operation=operation,
                url=url,
                hint="Is the server running? Stash listens on port 9999 unless told otherwise.",
            )
    return StashConnectionError(
        f"no answer: {_text(error)}",
        operation=operation,
        url=url,
        hint="Is the server running, and can this machine reach it?",
    )


def timeout_error(
    *,
    operation: str,
    url: str,
    seconds: float | None,
    waited_for: Wanted | Literal["acknowledgement"],
    via: Proxy | None = None,
    lost: int = 0,
) -> StashTimeoutError:
    """Say that a time limit ran out."""
    limit = "the time limit" if seconds is None else f"{seconds:g} seconds"
    hints = {
        "connection": "Is the server running, and can this machine reach it?",
        "free connection": "Send fewer requests at once, or raise timeout=….",
    }
    if lost:
        hints["free connection"] = (
            f"{lost} connections of the http_client are in use by no request, and lost: give a new"
            " one, and cancel no request that it sends by itself."
        )
    to = ""
    if via is not None and not via.reached:
        to, hints["connection"] = f" to the proxy {via.address}", via.hint
    return StashTimeoutError(
        f"no {waited_for}{to} within {limit}",
        operation=operation,
        url=url,
        hint=hints.get(
            waited_for, "Raise timeout=… (STASH_TIMEOUT) when the server needs longer for this."
        ),
    )


def _proxy_trouble(
    chain: list[BaseException], via: Proxy, *, operation: str, url: str
) -> StashConnectionError:
    if via.reached:
        what = f"no answer through the proxy {via.address}: {_text(chain[0])}"
    elif any(isinstance(cause, socket.gaierror) for cause in chain):
        what = f"the proxy {via.address} has a name that no host has"
    elif any(isinstance(cause, ConnectionRefusedError) for cause in chain):
        what = f"the proxy {via.address} does not answer: connection refused"
    else:
        what = f"the proxy {via.address} does not answer: {_text(chain[0])}"
    return StashConnectionError(what, operation=operation, url=url, hint=via.hint)


def _tls_error(cause: ssl.SSLError, peer: str, *, operation: str, url: str) -> StashConnectionError:
    plain = any(word in f"{cause}".upper().replace(" ", "_") for word in _PLAIN_HTTP)
    return StashConnectionError(
        f"{peer} does not speak TLS on this port" if plain else f"TLS failed: {_text(cause)}",
        operation=operation,
        url=url,
        hint=(
            "Begin the url with http:// instead of https://."
            if plain
            else "Check the port, and the TLS settings of the server or of the proxy before it."
        ),
        transient=False,
    )


def _chain(error: BaseException, depth: int) -> Iterator[BaseException]:
    """The error, and all that it was raised from; groups included."""
    yield error
    if depth == 0:
        return
    members = getattr(error, "exceptions", ())
    inner = [error.__cause__ or error.__context__]
    if isinstance(members, tuple):
        inner += [m for m in cast("tuple[object, ...]", members) if isinstance(m, Exception)]
    for cause in inner:
        if cause is not None:
            yield from _chain(cause, depth - 1)


def _text(error: BaseException, said: str = "") -> str:
    return redact_text(one_line(said or str(error)) or type(error).__name__).rstrip(".")
