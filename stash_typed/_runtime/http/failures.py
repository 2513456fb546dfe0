"""The error for a failed request, with its remedy.

Each library wraps the system's own exceptions in its own way, so the whole chain is looked at.
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import urlsplit

import httpx

from ..errors import ConfigurationError, StashConnectionError, StashError, StashTimeoutError
from ..foreign_text import one_line
from ..redact import redact_text
from ..tracebacks import behind
from .course import Course, Wanted
from .proxies import Proxy, proxy_of

if TYPE_CHECKING:
    from ..endpoint import Endpoint
    from ..messages import Outgoing
    from ..stash_error import Where

HTTPX_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, httpx.StreamError)
"""The exceptions that httpx raises."""

UNSENDABLE = (UnicodeEncodeError,)
"""What httpx lets through for a header or cookie of a client that was handed in."""

_WAITED_FOR: dict[type[httpx.TimeoutException], tuple[str, Wanted]] = {
    httpx.ConnectTimeout: ("connect", "connection"),
    httpx.ReadTimeout: ("read", "answer"),
    httpx.WriteTimeout: ("write", "chance to send on"),
    httpx.PoolTimeout: ("pool", "free connection"),
}
_PLAIN_HTTP = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER")
_REACHED = "Is the server running, and can this machine reach it?"


def map_error(
    error: Exception,
    outgoing: Outgoing,
    course: Course | None = None,
    lost: int = 0,
    *,
    reading: bool = False,
) -> StashError:
    """Return the error for one of `HTTPX_ERRORS` or `UNSENDABLE`.

    `lost` counts lost connections of a caller's own httpx client; `reading` says that the answer had
    begun.
    """
    where, course = outgoing.where, course or Course()
    if isinstance(error, httpx.TimeoutException):
        kind, wanted = _WAITED_FOR.get(type(error), ("read", "answer"))
        return late_error(wanted, _limit(error, kind), outgoing, course, lost)
    if isinstance(error, UNSENDABLE):
        return ConfigurationError(
            "a header or cookie of the http_client has characters that cannot be sent",
            hint="Headers and cookies are ASCII text.",
            **where,
        )
    if isinstance(error, httpx.InvalidURL):
        return ConfigurationError(
            f"not a url that can be asked: {error}",
            hint="Give an http:// or https:// url.",
            **where,
        )
    if isinstance(error, httpx.ProxyError):
        return StashConnectionError(
            f"the proxy refuses: {error}",
            hint="Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY in the environment.",
            **where,
        )
    may_pass = isinstance(error, (httpx.NetworkError, httpx.RemoteProtocolError))
    if reading and may_pass:
        return StashConnectionError(
            f"the connection was lost before the whole answer had come: {_text(error)}",
            hint="Ask for it again; if it breaks off each time, look at the server's log, or at the"
            " proxy in front of it.",
            **where,
        )
    mapped = connection_error(error, where, proxy_of(course, outgoing.url))
    if not may_pass:
        mapped.transient = False
    return mapped


def late_error(
    wanted: Wanted, seconds: float | None, outgoing: Outgoing, course: Course, lost: int = 0
) -> StashError:
    return timeout_error(wanted, seconds, outgoing.where, proxy_of(course, outgoing.url), lost)


def closed_error(operation: str, endpoint: Endpoint) -> StashConnectionError:
    return StashConnectionError(
        "the client is closed",
        operation=operation,
        url=endpoint.url,
        hint="Make a new one, or keep it open (with `with` or `async with`) while it is used.",
        transient=False,
    )


def connection_error(
    error: BaseException, where: Where, via: Proxy | None = None
) -> StashConnectionError:
    """Return the error for a connection that failed, perhaps to a proxy."""
    chain = list(behind(error))
    if via is not None and not any(isinstance(cause, ssl.SSLError) for cause in chain):
        return _proxy_error(chain, via, where)
    peer = "the server" if via is None or via.reached else f"the proxy {via.address}"
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return StashConnectionError(
                f"{peer}'s certificate is not trusted: {_text(cause, cause.verify_message)}",
                hint=(
                    'Give the certificate of its authority as verify="ca.pem" (STASH_VERIFY=ca.pem),'
                    " or turn the check off with verify=False (STASH_VERIFY=0)."
                ),
                transient=False,
                **where,
            )
        if isinstance(cause, ssl.SSLError):
            return _tls_error(cause, peer, where)
    for cause in chain:
        if isinstance(cause, socket.gaierror):
            return StashConnectionError(
                f"there is no host named {urlsplit(where['url']).hostname!r}",
                hint="Check the spelling, and that this machine can look the name up.",
                **where,
            )
        if isinstance(cause, ConnectionRefusedError):
            return StashConnectionError(
                "connection refused: nothing listens there",
                hint="Is the server running? Stash listens on port 9999 unless told otherwise.",
                **where,
            )
    return StashConnectionError(f"no answer: {_text(error)}", hint=_REACHED, **where)


def timeout_error(
    waited_for: Wanted | Literal["acknowledgement"],
    seconds: float | None,
    where: Where,
    via: Proxy | None = None,
    lost: int = 0,
) -> StashTimeoutError:
    limit = "the time limit" if seconds is None else f"{seconds:g} seconds"
    hints = {
        "connection": _REACHED,
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
        hint=hints.get(
            waited_for, "Raise timeout=… (STASH_TIMEOUT) when the server needs longer for this."
        ),
        **where,
    )


def _proxy_error(chain: list[BaseException], via: Proxy, where: Where) -> StashConnectionError:
    if via.reached:
        what = f"no answer through the proxy {via.address}: {_text(chain[0])}"
    elif any(isinstance(cause, socket.gaierror) for cause in chain):
        what = f"the proxy {via.address} has a name that no host has"
    elif any(isinstance(cause, ConnectionRefusedError) for cause in chain):
        what = f"the proxy {via.address} does not answer: connection refused"
    else:
        what = f"the proxy {via.address} does not answer: {_text(chain[0])}"
    return StashConnectionError(what, hint=via.hint, **where)


def _tls_error(cause: ssl.SSLError, peer: str, where: Where) -> StashConnectionError:
    plain = any(word in f"{cause}".upper().replace(" ", "_") for word in _PLAIN_HTTP)
    return StashConnectionError(
        f"{peer} does not speak TLS on this port" if plain else f"TLS failed: {_text(cause)}",
        hint=(
            "Begin the url with http:// instead of https://."
            if plain
            else "Check the port, and the TLS settings of the server or of the proxy before it."
        ),
        transient=False,
        **where,
    )


def _limit(error: httpx.TimeoutException, kind: str) -> float | None:
    try:
        limits = error.request.extensions.get("timeout")
    except RuntimeError:
        return None
    seconds = cast("dict[str, object]", limits).get(kind) if isinstance(limits, dict) else None
    return seconds if isinstance(seconds, (int, float)) else None


def _text(error: BaseException, said: str = "") -> str:
    return redact_text(one_line(said or str(error)) or type(error).__name__).rstrip(".")
