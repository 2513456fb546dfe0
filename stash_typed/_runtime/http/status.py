"""The error for an HTTP status without GraphQL, with its remedy."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import HTTPStatusError
from ..foreign_text import one_line
from ..redact import redact_url

if TYPE_CHECKING:
    from ..messages import Reply

_PROXY = "A proxy in front of the server gives this answer; is the server behind it running?"
_HINTS = {
    400: "Something in front of the server may have changed the request.",
    403: (
        "Stash closes itself to other networks while it has no user name and password: set them in"
        " its Settings > Security. Otherwise a proxy or firewall refuses."
    ),
    404: (
        "Is this a Stash server? The url should be its base url, such as http://localhost:9999, with"
        " the path that a proxy puts before it."
    ),
    405: "Is this a Stash server? The url should be its base url, such as http://localhost:9999.",
    413: "A proxy in front of the server limits the size of requests: raise its limit.",
    429: "A proxy in front of the server limits how often it may be asked: send fewer at once.",
    500: "Look at the server's log.",
    502: _PROXY,
    503: _PROXY,
    504: f"{_PROXY} Its time limit may be shorter than the request takes.",
}
_LONGEST_EXCERPT = 160


def leads_to_login(status: int, location: str | None) -> bool:
    if not 300 <= status < 400 or location is None:
        return False
    try:
        return urlsplit(location).path.rstrip("/").endswith("/login")
    except ValueError:
        return False


def http_status_error(
    reply: Reply, *, operation: str, url: str, hint: str | None = None
) -> HTTPStatusError:
    """Return the error for a status; a short body that is plain text is quoted."""
    status, location = reply.status, reply.location
    try:
        phrase = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = f"{status}"
    said = _excerpt(reply.content, reply.content_type)
    message = f"the answer is HTTP {phrase}" + (f": {said}" if said else "")
    if location is not None and 300 <= status < 400:
        there = redact_url(one_line(location))
        hint = f"It redirects to {there}: if that is the server, give that url."
    if "HTTP request to an HTTPS server" in said:
        hint = "The server speaks https on this port: begin the url with https://."
    return HTTPStatusError(
        message, status_code=status, operation=operation, url=url, hint=hint or _HINTS.get(status)
    )


def _excerpt(content: bytes, content_type: str) -> str:
    if content_type and not content_type.startswith("text/plain"):
        return ""
    text = one_line(content[: 20 * _LONGEST_EXCERPT].decode("utf-8", "replace"), _LONGEST_EXCERPT)
    return "" if text.startswith("<") else text
