"""Redaction of secrets in logs, reprs and exception messages.

The text may be hostile and long, so every pattern reads it once. Text that was cut ends in `…`; what
may be half of a secret there is hidden as a whole one is.
"""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast
from urllib.parse import quote, quote_plus

from .foreign_text import one_line, visible

HIDDEN = "***"

# Shorter ones would turn ordinary words into stars and so give themselves away.
_SHORTEST_SECRET = 4
_SHORTEST_HALF = 2
_SHORTEST_ENCODED = 8

_SECRET_NAMES = (
    r"(?:api|access|auth|private|handy)[-_]?key|token|secret|password|passphrase|passwd|pwd"
    r"|session|session_?id|signature|sig|authorization"
)
# A password may hold an @ itself; one that was cut has lost the @ after it.
_USERINFO = re.compile(r"(?<=://)[^/?#\s@]*@(?:[^/?#\s@\"'<>,]*@)*")
_CUT_USERINFO = re.compile(r"(?<=://)[^/?#\s@:]*:[^/?#\s@]*(?=…)")
# The value of a link inside a link is encoded once more, and Go writes & as \u0026 into JSON.
_QUERY = re.compile(
    rf"((?:[?&;]|\\u0026|%(?:25)?(?:3F|26|3B))[\w-]{{0,20}}?(?:{_SECRET_NAMES})(?:=|%(?:25)?3D))"
    r"[^&#;\s\"'<>]*",
    re.IGNORECASE,
)
# `password=…` is how messages of this package name an argument.
_PAIR = re.compile(
    rf"((?:{_SECRET_NAMES})(?:\\{{0,3}}[\"'])?\s*[=:]\s*)"
    r"(?:(\")(?!…)(?:[^\"\\]|\\.)+|(')(?!…)(?:[^'\\]|\\.)+|(\\{1,3}[\"'])(?!…)[^\"']+"
    r"|(?:(?:Bearer|Basic)\s+)?(?!…)[^\s&;,\"'<>)\]}]+)",
    re.IGNORECASE | re.DOTALL,
)
_COOKIES = re.compile(r"\b((?:set-)?cookie[\"']?\s*:\s*[\"']?)[^\r\n\"']+", re.IGNORECASE)
_SCHEME = re.compile(
    r"\b((?:[Bb]earer|[Bb]asic)\s+)(?=[^\s\"']*(?:[\d=.]|[a-z][A-Z]))[\w+/=.~-]{8,}", re.ASCII
)
# The server's API keys are JSON web tokens. A part ends where another token may begin.
_WEB_TOKEN = re.compile(
    r"\beyJ(?:(?!\beyJ)[\w-]){8,}\.[\w-]+\.[\w-]*|\beyJ(?:(?!\beyJ)[\w-])*(?:\.[\w-]*){0,2}(?=…)"
)
_SECRET_FIELD = re.compile(rf"[\w-]{{0,20}}?(?:{_SECRET_NAMES})", re.IGNORECASE)
_SECRET_HEADER = re.compile(r"key|token|secret|cookie|auth|password|session", re.IGNORECASE)


def redact_url(url: str) -> str:
    """Hide user and password of a url, and query values such as `apikey`."""
    url = _CUT_USERINFO.sub(HIDDEN, _USERINFO.sub(f"{HIDDEN}@", url))
    return _WEB_TOKEN.sub(HIDDEN, _QUERY.sub(rf"\1{HIDDEN}", url))


def redact_text(text: str, secrets: Iterable[str] = ()) -> str:
    """Hide whatever looks like a secret, and the given values however they are encoded."""
    return redactor(secrets)(text)


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """Return `redact_text` for many texts: how the secrets may be encoded is worked out once."""
    known = {
        form for secret in secrets if len(secret) >= _SHORTEST_SECRET for form in _forms(secret)
    }
    forms = sorted((form for form in known if len(form) >= _SHORTEST_SECRET), key=len, reverse=True)

    def redacted(text: str) -> str:
        for form in forms:
            text = text.replace(form, HIDDEN)
        if forms and "…" in text:
            text = _without_halves(text, forms)
        text = _COOKIES.sub(rf"\1{HIDDEN}", redact_url(text))
        return _SCHEME.sub(rf"\1{HIDDEN}", _PAIR.sub(rf"\1\2\3\4{HIDDEN}", text))

    return redacted


def _forms(secret: str) -> Iterator[str]:
    """Yield how a secret may stand in a text, which may have been made visible since."""
    for form in _encoded(secret):
        yield form
        yield visible(form)
        yield one_line(form, len(form) * 10)


def _encoded(secret: str) -> Iterator[str]:
    yield secret
    yield html.escape(secret)
    for encoded in (quote(secret, safe="", errors="replace"), quote_plus(secret, errors="replace")):
        yield encoded
        yield re.sub("%..", lambda match: match.group().lower(), encoded)
    for ascii_only in (True, False):
        yield json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
    yield from _base64_forms(secret.encode("utf-8", "replace"))


def _base64_forms(secret: bytes) -> Iterator[str]:
    """Yield what base64 makes of a secret after zero, one and two bytes of a user name."""
    for before in range(3):
        first, last = (before * 8 + 5) // 6, (before + len(secret)) * 8 // 6
        form = b64encode(bytes(before) + secret).decode()[first:last]
        if len(form) >= _SHORTEST_ENCODED:
            yield form


def _without_halves(text: str, forms: list[str]) -> str:
    """Hide the beginnings of secrets that stand before a cut."""
    *pieces, rest = text.split("…")
    longest = len(forms[0])
    halves = {
        tail: max(_half(tail, form) for form in forms) for tail in {p[-longest:] for p in pieces}
    }
    for place, piece in enumerate(pieces):
        if half := halves[piece[-longest:]]:
            pieces[place] = piece[:-half] + HIDDEN
    return "…".join([*pieces, rest])


def _half(piece: str, form: str) -> int:
    """Return how much of the beginning of a secret stands at the end of a piece."""
    longest = min(len(piece), len(form) - 1)
    return next((n for n in range(longest, _SHORTEST_HALF - 1, -1) if piece.endswith(form[:n])), 0)


def redact_json(value: object) -> object:
    """Hide fields named like a secret, and secrets in urls."""
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
    """Hide the values of headers that speak of keys, tokens or cookies."""
    return {
        name: HIDDEN if _SECRET_HEADER.search(name) else redact_text(value)
        for name, value in headers.items()
    }
