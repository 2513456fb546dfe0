"""Keeps secrets out of everything that people read: logs, reprs, exception texts.

Three forms of the same promise: a url, free text, a set of headers. What is hidden reads `***`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast
from urllib.parse import quote, quote_plus

__all__ = ["HIDDEN", "redact_headers", "redact_json", "redact_text", "redact_url"]

HIDDEN = "***"

# Shorter ones would turn ordinary words into stars and so give themselves away.
_SHORTEST_SECRET = 4

_SECRET_NAMES = (
    r"api[-_]?key|access[-_]?token|auth[-_]?token|token|secret|client[-_]?secret|password|passwd|pwd"
    r"|session|sessionid|signature|sig|authorization"
)
_USERINFO = re.compile(r"(?<=://)[^/?#\s@]*@")
_QUERY = re.compile(rf"([?&;](?:{_SECRET_NAMES})=)[^&#;\s\"'<>]*", re.IGNORECASE)
# `password=…` is how messages of this package name an argument.
_PAIR = re.compile(
    rf"\b((?:{_SECRET_NAMES})[\"']?\s*[=:]\s*[\"']?)(?:(?:Bearer|Basic)\s+)?(?!…)[^\s&;,\"'<>)\]}}]+",
    re.IGNORECASE,
)
_COOKIES = re.compile(r"\b((?:set-)?cookie[\"']?\s*:\s*[\"']?)[^\r\n\"']+", re.IGNORECASE)
# The server's API keys are JSON web tokens.
_WEB_TOKEN = re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*")
_SECRET_FIELD = re.compile(rf"(?:{_SECRET_NAMES}|handy_?key)", re.IGNORECASE)
_SECRET_HEADER = re.compile(r"key|token|secret|cookie|auth|password|session", re.IGNORECASE)


def redact_url(url: str) -> str:
    """Give a url as it may be shown.

    Args:
        url: any url, or what was meant to be one.

    Returns:
        The same url, with `***` for user and password and for query values such as `apikey`.
    """
    return _WEB_TOKEN.sub(HIDDEN, _QUERY.sub(rf"\1{HIDDEN}", _USERINFO.sub(f"{HIDDEN}@", url)))


def redact_text(text: str, secrets: Iterable[str] = ()) -> str:
    """Give free text as it may be shown.

    Args:
        text: a message, perhaps of the server or of another library.
        secrets: values that are known to be secret; they are hidden wherever they stand,
            also in their url-encoded forms. Those of fewer than four characters are left.

    Returns:
        The text with `***` for those values and for whatever looks like `apikey=…`, `session=…`,
        `ApiKey: …`, `Cookie: …`, `user:password@host` or a JSON web token.
    """
    known = {
        form
        for secret in secrets
        if len(secret) >= _SHORTEST_SECRET
        for form in (secret, quote(secret, safe=""), quote_plus(secret))
    }
    for form in sorted(known, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    text = _COOKIES.sub(rf"\1{HIDDEN}", redact_url(text))
    return _PAIR.sub(rf"\1{HIDDEN}", text)


def redact_json(value: object) -> object:
    """Give JSON values as they may be shown or sent on.

    Args:
        value: text, a list, an object, or anything else, which is left as it is.

    Returns:
        The same, with `***` for fields named like a secret, and without secrets in urls.
    """
    if isinstance(value, str):
        return redact_url(value)
    if isinstance(value, dict):
        fields = cast("dict[object, object]", value)
        return {
            name: HIDDEN if item and _SECRET_FIELD.fullmatch(str(name)) else redact_json(item)
            for name, item in fields.items()
        }
    if isinstance(value, list):
        return [redact_json(item) for item in cast("list[object]", value)]
    return value


def redact_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Give headers as they may be shown.

    Args:
        headers: names and values.

    Returns:
        The same names; `***` for the values of those that speak of keys, tokens or cookies.
    """
    return {
        name: HIDDEN if _SECRET_HEADER.search(name) else redact_text(value)
        for name, value in headers.items()
    }
