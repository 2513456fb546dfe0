"""Exchanges without secrets, so that they can be kept: headers, links, forms, and JSON of any shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from stash_typed._runtime.redact import HIDDEN, redact_headers, redact_text

__all__ = ["redact_document", "redact_form", "redact_json", "redact_recorded_headers"]

_SECRET_NAME = re.compile(
    r"api_?key|handy_?key|password|passphrase|secret|token|session|cookie|authorization",
    re.IGNORECASE,
)
_LITERAL = re.compile(r'\b(\w+)(\s*:\s*)"(?:[^"\\\n]|\\.)+"')
_COOKIE = re.compile(r"^([^=;]+)=[^;]*")


def redact_json(value: object, secrets: Iterable[str] = ()) -> Any:
    """Give JSON without secrets.

    Args:
        value: plain JSON values.
        secrets: texts that are known to be secret, hidden wherever they stand.

    Returns:
        The same with `***` for the texts of names such as `apiKey` and `password`, for keys in
        links, and for the secrets.
    """
    secrets = tuple(secrets)
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, object]", value)
        return {name: _redact_named(name, item, secrets) for name, item in fields.items()}
    if isinstance(value, list):
        return [redact_json(item, secrets) for item in cast("list[object]", value)]
    return redact_text(value, secrets) if isinstance(value, str) else value


def _redact_named(name: str, value: object, secrets: tuple[str, ...]) -> object:
    if isinstance(value, str) and value:
        if name == "query":
            return redact_document(value, secrets)
        if _SECRET_NAME.search(name):
            return HIDDEN
    return redact_json(value, secrets)


def redact_document(text: str, secrets: Iterable[str] = ()) -> str:
    """Give a GraphQL document without the secrets that are written into it.

    Args:
        text: the document.
        secrets: as for `redact_json`.

    Returns:
        The same document, with `"***"` for the texts of arguments such as `apiKey` and `password`.
    """

    def hide(match: re.Match[str]) -> str:
        hidden = bool(_SECRET_NAME.search(match.group(1)))
        return f'{match.group(1)}{match.group(2)}"{HIDDEN}"' if hidden else match.group()

    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return _LITERAL.sub(hide, text)


def redact_form(form: Mapping[str, str]) -> dict[str, str]:
    """Give a form, such as that of a sign-in, with names alone."""
    return dict.fromkeys(form, HIDDEN)


def redact_recorded_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Give headers without secrets; of cookies the names stay, so that a replay sets them."""
    kept = redact_headers(headers)
    for name, value in headers.items():
        if name.lower() in ("set-cookie", "cookie"):
            kept[name] = _COOKIE.sub(rf"\1={HIDDEN}", value)
    return kept
