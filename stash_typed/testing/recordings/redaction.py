"""Removing secrets from exchanges: headers, URLs, forms, and JSON of any shape."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from stash_typed._runtime.redact import HIDDEN, redact_headers, redactor

from .document_secrets import SECRET_NAME, document_secrets

# Values redacted by name are redacted elsewhere too, unless they are everyday words.
_TELLING = 8
_SECRET_HEADER = re.compile(r"key|token|secret|password|authoriz|x-auth", re.IGNORECASE)
_OWN = frozenset({"apikey", "session"})
"""The header and the cookie that carry credentials."""


def redact_json(
    value: object, secrets: Iterable[str] = (), names: frozenset[str] = frozenset()
) -> Any:
    """Return JSON with `***` for known secrets, keys in URLs, and texts under secret names.

    Secret names are `apiKey`, `password` and the like, and the given ones, such as aliases.
    """
    return _redacted(value, redactor(secrets), names)


def _redacted(
    value: object, redacted: Callable[[str], str], names: frozenset[str], *, hide: bool = False
) -> object:
    if isinstance(value, Mapping):
        return {
            redacted(name): _redacted(item, redacted, names, hide=_is_secret(name, names))
            for name, item in cast("Mapping[str, object]", value).items()
        }
    if isinstance(value, list):
        items = cast("list[object]", value)
        return [_redacted(item, redacted, names, hide=hide) for item in items]
    if not isinstance(value, str):
        return value
    return HIDDEN if hide and value else redacted(value)


def _is_secret(name: str, names: frozenset[str]) -> bool:
    return name in names or SECRET_NAME.search(name) is not None


def redact_payload(body: object, secrets: Iterable[str] = ()) -> Any:
    """Return the JSON of one or more requests without secrets.

    A variable that the document passes as a password is a secret, whatever its name.
    """
    secrets = tuple(secrets)
    if isinstance(body, list):
        return [redact_payload(item, secrets) for item in cast("list[object]", body)]
    document = _document(body)
    if document is None:
        return redact_json(body, secrets)
    found = document_secrets(document, secrets)
    fields = cast("Mapping[str, object]", body)
    others = {name: None if name in ("query", "variables") else fields[name] for name in fields}
    redacted = {**redact_json(others, secrets), "query": found.text}
    if "variables" in fields:
        redacted["variables"] = redact_json(fields["variables"], secrets, found.variables)
    return redacted


def _document(body: object) -> str | None:
    text = cast("Mapping[str, object]", body).get("query") if isinstance(body, Mapping) else None
    return text if isinstance(text, str) else None


def secrets_in_payload(body: object) -> tuple[set[str], frozenset[str]]:
    """Return the secrets to redact elsewhere too: texts, and the aliases of secret fields."""
    texts: set[str] = set()
    aliases: frozenset[str] = frozenset()
    for each in cast("list[object]", body) if isinstance(body, list) else [body]:
        document = _document(each)
        if document is None:
            texts.update(secrets_in(each))
            continue
        found = document_secrets(document)
        aliases |= found.aliases
        variables = cast("Mapping[str, object]", each).get("variables")
        texts.update(text for text in found.literals if len(text) >= _TELLING)
        texts.update(secrets_in(variables, found.variables))
    return texts, aliases


def secrets_in(
    value: object, names: frozenset[str] = frozenset(), *, hide: bool = False
) -> Iterator[str]:
    """Yield the texts under secret and given names, to be redacted elsewhere too."""
    if isinstance(value, Mapping):
        for name, item in cast("Mapping[str, object]", value).items():
            yield from secrets_in(item, names, hide=_is_secret(name, names))
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from secrets_in(item, names, hide=hide)
    elif hide and isinstance(value, str) and len(value) >= _TELLING:
        yield value


def redact_recorded_headers(
    headers: Mapping[str, str], secrets: Iterable[str] = ()
) -> dict[str, str]:
    """Return headers without secrets; cookie names stay, so that a replay sets them."""
    secrets = tuple(secrets)
    redacted = redactor(secrets)
    kept = {name: redacted(value) for name, value in redact_headers(headers).items()}
    for name, value in headers.items():
        first, semicolon, attributes = value.partition(";")
        if name.lower() == "set-cookie":
            kept[name] = f"{_without_value(first)}{semicolon}{redacted(attributes)}"
        elif name.lower() == "cookie":
            kept[name] = ";".join(_without_value(pair) for pair in value.split(";"))
    return kept


def _without_value(cookie: str) -> str:
    name, equals, _ = cookie.partition("=")
    return f"{name}={HIDDEN}" if equals else HIDDEN


def secrets_in_headers(headers: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the keys, passwords and cookies in headers, to be redacted elsewhere too."""
    for name, value in headers:
        if name.lower() in ("set-cookie", "cookie"):
            pairs = value.split(";")[: 1 if name.lower() == "set-cookie" else None]
            halves = [pair.partition("=") for pair in pairs]
            found = [(cookie.strip(), text.strip()) for cookie, _, text in halves]
        elif _SECRET_HEADER.search(name):
            scheme, _, given = value.partition(" ")
            found = [(name.lower(), value), (name, given)]
            if scheme.lower() == "basic":
                yield _password(given)
        else:
            continue
        yield from (text for each, text in found if each in _OWN or len(text) >= _TELLING)


def _password(basic: str) -> str:
    try:
        return base64.b64decode(basic).decode().partition(":")[2]
    except ValueError:
        return ""
