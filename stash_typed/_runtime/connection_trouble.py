"""What it means that a connection failed, and what to do about it.

Each library wraps the system's own exceptions in its own way, so the whole chain is looked at.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from .errors import StashConnectionError, StashTimeoutError
from .redact import redact_text

if TYPE_CHECKING:
    from .endpoint import Endpoint

__all__ = ["connection_error", "timeout_error"]

_DEPTH = 12
_PLAIN_HTTP = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER")


def connection_error(
    error: BaseException, *, operation: str, url: str, endpoint: Endpoint
) -> StashConnectionError:
    """Explain why there was no answer.

    Args:
        error: what a library raised.
        operation: what was tried.
        url: where.
        endpoint: the server.

    Returns:
        The error to raise instead; it is not transient when trying again cannot help.
    """
    chain = list(_chain(error, _DEPTH))
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return StashConnectionError(
                f"the server's certificate is not trusted: {cause.verify_message or cause}",
                operation=operation,
                url=url,
                hint=(
                    'Give the certificate of its authority as verify="ca.pem" (STASH_VERIFY=ca.pem),'
                    " or turn the check off with verify=False (STASH_VERIFY=0)."
                ),
                transient=False,
            )
        if isinstance(cause, ssl.SSLError):
            return _tls_error(cause, operation=operation, url=url)
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
    *, operation: str, url: str, seconds: float | None, waited_for: str
) -> StashTimeoutError:
    """Say that a time limit ran out.

    Args:
        operation: what was tried.
        url: where.
        seconds: the limit, when known.
        waited_for: what did not come, such as `connection` or `answer`.

    Returns:
        The error to raise.
    """
    limit = "the time limit" if seconds is None else f"{seconds:g} seconds"
    hints = {
        "connection": "Is the server running, and can this machine reach it?",
        "free connection": "Send fewer requests at once, or raise timeout=….",
    }
    return StashTimeoutError(
        f"no {waited_for} within {limit}",
        operation=operation,
        url=url,
        hint=hints.get(
            waited_for, "Raise timeout=… (STASH_TIMEOUT) when the server needs longer for this."
        ),
    )


def _tls_error(cause: ssl.SSLError, *, operation: str, url: str) -> StashConnectionError:
    plain = any(word in f"{cause}".upper().replace(" ", "_") for word in _PLAIN_HTTP)
    return StashConnectionError(
        "the server does not speak TLS on this port" if plain else f"TLS failed: {_text(cause)}",
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


def _text(error: BaseException) -> str:
    return redact_text(str(error).strip() or type(error).__name__).rstrip(".")
