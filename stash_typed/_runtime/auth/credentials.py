"""The credentials a client sends to the server.

| credentials     | sent as           | when the server answers 401                              |
|-----------------|-------------------|----------------------------------------------------------|
| `NoCredentials` | nothing           | `AuthenticationError`                                    |
| `ApiKey`        | header `ApiKey`   | `AuthenticationError`                                    |
| `Password`      | session cookie    | one sign-in for all waiting requests, then one retry     |
| `SessionCookie` | session cookie    | its `fallback` from then on, else `AuthenticationError`  |

A cookie passed by the caller is used as long as it works, even alongside a key: a plugin's cookie
carries the server's guard against hooks that trigger themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from ..errors import AuthenticationError, ConfigurationError
from ..secret import Secret

_COOKIE_NAME = "session"
_HEADER_VALUE = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class NoCredentials:
    """Nothing is sent."""

    note: str = ""


@dataclass(frozen=True)
class ApiKey:
    """The API key shown on the server's settings page."""

    value: str = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _header_value(self.value, "the API key"))


@dataclass(frozen=True)
class Password:
    """User name and password, exchanged for a session cookie before the first request."""

    username: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        for text, what in ((self.username, "the user name"), (self.password, "the password")):
            if not _is_unicode(text):
                raise ConfigurationError(
                    f"{what} is not valid Unicode", hint="Give it as text that UTF-8 can carry."
                )
        object.__setattr__(self, "password", Secret(self.password))


@dataclass(frozen=True)
class SessionCookie:
    """The cookie of an existing session, such as the one passed to a plugin."""

    value: str = field(repr=False)
    fallback: ApiKey | Password | None = None

    def __post_init__(self) -> None:
        value = self.value.strip().removeprefix(f"{_COOKIE_NAME}=").partition(";")[0]
        object.__setattr__(self, "value", _header_value(value, "the session cookie"))


Credentials = NoCredentials | ApiKey | Password | SessionCookie


def secrets_of(credentials: Credentials) -> tuple[str, ...]:
    if isinstance(credentials, ApiKey):
        return (credentials.value,)
    if isinstance(credentials, Password):
        return (credentials.password,)
    if isinstance(credentials, SessionCookie):
        fallback = () if credentials.fallback is None else secrets_of(credentials.fallback)
        return (credentials.value, *fallback)
    return ()


def login_form(credentials: Password) -> bytes:
    """Return the body of `POST /login`."""
    form = {"username": credentials.username, "password": credentials.password}
    return urlencode(form).encode("ascii")


def cookie_from_reply(set_cookies: Iterable[str]) -> str | None:
    """Return the session cookie that a reply sets: empty for one that ended, None for none."""
    for header in set_cookies:
        pair, *attributes = header.split(";")
        name, _, value = pair.strip().partition("=")
        if name != _COOKIE_NAME:
            continue
        ended = any(a.strip().lower() in ("max-age=0", "max-age=-1") for a in attributes)
        value = "" if ended else value.strip().strip('"')
        return Secret(value) if not value or _HEADER_VALUE.fullmatch(value) else None
    return None


def authentication_error(
    credentials: Credentials, *, url: str, operation: str | None = None
) -> AuthenticationError:
    if isinstance(credentials, ApiKey):
        message = "the server refuses the API key"
        hint = (
            "Copy the key from the server's Settings > Security; making a new key there ends the old"
            " one. A server without credentials has no key and wants none."
        )
    elif isinstance(credentials, Password):
        message = f"the server does not accept the session of user {credentials.username!r}"
        hint = "It accepted the password a moment ago; if this stays, use an API key: api_key=…."
    elif isinstance(credentials, SessionCookie):
        if credentials.fallback is not None:
            return authentication_error(credentials.fallback, url=url, operation=operation)
        message = "the session cookie is wrong or has expired"
        hint = "A session ends after an hour without use; give a new cookie, or an api_key=…."
    else:
        message = "the server asks for credentials"
        hint = "Pass api_key=… or set STASH_API_KEY, or pass username=… and password=…."
        if credentials.note:
            hint = f"{credentials.note} {hint}"
    return AuthenticationError(message, operation=operation, url=url, hint=hint)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _header_value(value: str, what: str) -> Secret:
    value = value.strip()
    if not value:
        raise ConfigurationError(f"{what} is empty", hint="Leave it out to send none.")
    if not _HEADER_VALUE.fullmatch(value):
        raise ConfigurationError(
            f"{what} has characters that cannot be sent in a header",
            hint="Copy it again, in one line, without spaces and letters beyond ASCII.",
        )
    return Secret(value)
