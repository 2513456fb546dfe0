"""Settings for reaching a server, from arguments, then the environment, then defaults."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from ._runtime.auth.credentials import ApiKey, Credentials, NoCredentials, Password, SessionCookie
from ._runtime.deadline import LONGEST_TIMEOUT
from ._runtime.endpoint import Endpoint
from ._runtime.errors import ConfigurationError
from ._runtime.foreign_text import one_line
from ._runtime.secret import HiddenMapping, Secret
from ._runtime.tracebacks import emptied_frames

if TYPE_CHECKING:
    import ssl

__all__ = ["DEFAULT_TIMEOUT", "DEFAULT_URL", "Config"]

DEFAULT_URL = "http://localhost:9999"
"""The default address of Stash."""

DEFAULT_TIMEOUT = 30.0
"""Seconds."""

_NAMES = tuple(
    f"STASH_{name}" for name in ("URL", "API_KEY", "USERNAME", "PASSWORD", "VERIFY", "TIMEOUT")
)
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")
_OWN_HEADERS = frozenset({"connection", "content-length", "transfer-encoding", "upgrade"})
_OFF = frozenset({"0", "false", "no", "off"})
_ON = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True)
class Config:
    """The settings of a connection; a `timeout` of None waits indefinitely."""

    endpoint: Endpoint
    credentials: Credentials = field(default_factory=NoCredentials)
    timeout: float | None = DEFAULT_TIMEOUT
    verify: bool | str | ssl.SSLContext = True
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    @classmethod
    def resolve(
        cls,
        url: str | None = None,
        *,
        api_key: str | None = None,
        username: str | None = None,
        password: str | None = None,
        session_cookie: str | None = None,
        timeout: float | None = None,
        verify: bool | str | os.PathLike[str] | ssl.SSLContext | None = None,
        headers: Mapping[str, str] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> Config:
        """Resolve the settings for reaching the server.

        Settings that are not given come from the environment, else from the defaults. Credentials
        that are given override those of another kind in the environment. Credentials in the
        environment belong to STASH_URL: they are not sent to a `url` of another origin while
        STASH_URL is set.

        A `session_cookie` is used while it works, a key or password given with it only after that.
        A `timeout` of infinity waits indefinitely; STASH_VERIFY is `0`, `1`, or a path.
        """
        # Tracebacks show local variables: those of the sub-steps are emptied, these are hidden.
        environ = HiddenMapping(_variables(os.environ if environ is None else environ))
        try:
            with emptied_frames():
                endpoint = _endpoint(url, environ)
                given = _given(api_key, username, password, session_cookie, environ)
                return cls(
                    endpoint=endpoint,
                    credentials=given or _from_environment(environ, endpoint),
                    timeout=_timeout(timeout, environ),
                    verify=_verify(verify, environ),
                    headers=_checked({} if headers is None else headers),
                )
        finally:
            url = api_key = password = session_cookie = headers = None


def _variables(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[name] for name in _NAMES if name in environ}


@contextmanager
def _named(name: str) -> Generator[None, None, None]:
    """Prefix an error with the argument or variable it concerns.

    That of a secret is given as `name=…`: what follows `name:` is hidden as a secret would be.
    """
    try:
        yield
    except ConfigurationError as error:
        raise ConfigurationError(f"{name}: {error.message}", hint=error.hint) from None


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise ConfigurationError(f"{name} must be text, not a value of type {type(value).__name__}")
    return value


def _endpoint(url: object, environ: Mapping[str, str]) -> Endpoint:
    name = "url"
    if url is None:
        name, url = "STASH_URL", environ.get("STASH_URL", "").strip() or DEFAULT_URL
    with _named(name):
        return Endpoint.parse(_text(url, "it"))


def _given(
    api_key: str | None,
    username: str | None,
    password: str | None,
    session_cookie: str | None,
    environ: Mapping[str, str],
) -> Credentials | None:
    if api_key is not None and (username is not None or password is not None):
        raise ConfigurationError(
            "both an API key and a user name or password are given",
            hint="Give either api_key=…, or username=… and password=….",
        )
    key = None if api_key is None else _key(api_key, "api_key=…")
    pair = None
    if username is not None or password is not None:
        # A password often stays in the environment while the name is an argument.
        pair = _pair(
            username if username is not None else environ.get("STASH_USERNAME", ""),
            password if password is not None else environ.get("STASH_PASSWORD", ""),
            ("username=…", "password=…"),
        )
    if session_cookie is not None:
        with _named("session_cookie=…"):
            return SessionCookie(_text(session_cookie, "it"), fallback=key or pair)
    return key or pair


def _key(key: str, name: str) -> ApiKey:
    with _named(name):
        return ApiKey(_text(key, "it"))


def _pair(username: str, password: str, names: tuple[str, str]) -> Password:
    _text(username, names[0])
    _text(password, names[1])
    if username and password:
        with _named(" and ".join(f"{name.removesuffix('=…')}=…" for name in names)):
            return Password(username, password)
    there, missing = names if username else reversed(names)
    raise ConfigurationError(
        f"{there} is given without {missing}" if username or password else f"{there} is empty",
        hint=f"Give both {names[0]} and {names[1]}, or an API key.",
    )


def _from_environment(environ: Mapping[str, str], endpoint: Endpoint) -> Credentials:
    key = environ.get("STASH_API_KEY", "").strip()
    username, password = environ.get("STASH_USERNAME", ""), environ.get("STASH_PASSWORD", "")
    if not (key or username or password):
        return NoCredentials()
    if environ.get("STASH_URL", "").strip() and _endpoint(None, environ).origin != endpoint.origin:
        return NoCredentials(
            "The credentials in the environment were not sent: they belong to STASH_URL, which is"
            " another server."
        )
    if key:
        return _key(key, "STASH_API_KEY=…")
    return _pair(username, password, ("STASH_USERNAME", "STASH_PASSWORD"))


def _timeout(timeout: object, environ: Mapping[str, str]) -> float | None:
    name, shown = "timeout", repr(timeout)
    if timeout is None:
        text = environ.get("STASH_TIMEOUT", "").strip()
        if not text:
            return DEFAULT_TIMEOUT
        name, shown = "STASH_TIMEOUT", repr(text)
        try:
            timeout = float(text)
        except ValueError:
            timeout = math.nan
    if not isinstance(timeout, (int, float)) or isinstance(timeout, bool) or not timeout > 0:
        raise ConfigurationError(
            f"{name} must be a number of seconds above 0, not {one_line(shown)}",
            hint="For instance 30.",
        )
    if timeout == math.inf:
        return None
    if timeout > LONGEST_TIMEOUT:
        raise ConfigurationError(
            f"{name} must be at most {LONGEST_TIMEOUT:.0f} seconds, not {one_line(shown)}",
            hint="Give infinity to wait indefinitely.",
        )
    return float(timeout)


def _verify(verify: object, environ: Mapping[str, str]) -> bool | str | ssl.SSLContext:
    import ssl

    name = "verify"
    if verify is None:
        text = environ.get("STASH_VERIFY", "").strip()
        name = "STASH_VERIFY"
        if not text or text.lower() in _ON:
            return True
        verify = False if text.lower() in _OFF else text
    if isinstance(verify, (bool, ssl.SSLContext)):
        return verify
    if not isinstance(verify, (str, os.PathLike)):
        raise ConfigurationError(
            f"verify must be True, False, a path or an SSL context, not a {type(verify).__name__}"
        )
    path = cast("str", os.fspath(verify))
    if not os.path.exists(path):
        raise ConfigurationError(
            f"{name}: there is no file {one_line(path)!r}",
            hint="Give a file of certificates in PEM form, or 0 to turn the check off.",
        )
    return path


def _checked(headers: object) -> Mapping[str, str]:
    if not isinstance(headers, Mapping):
        raise ConfigurationError(
            f"headers must be a mapping of names to values, not a {type(headers).__name__}",
            hint='For instance {"X-Token": "…"}.',
        )
    checked: dict[str, str] = {}
    for name, value in cast("Mapping[object, object]", headers).items():
        name = _text(name, "headers: a name")
        if not _HEADER_NAME.fullmatch(name):
            raise ConfigurationError(
                f"headers: {one_line(name)!r} is not a valid header name",
                hint="A name is ASCII letters, digits and hyphens, such as X-Token.",
            )
        if name.lower() in _OWN_HEADERS:
            raise ConfigurationError(
                f"headers: {name!r} belongs to each request by itself", hint="Leave it out."
            )
        value = _text(value, f"headers: the value of {name!r}").strip(" \t")
        if not _HEADER_VALUE.fullmatch(value):
            raise ConfigurationError(
                f"headers: the value of {name!r} has characters that cannot be sent",
                hint="A header is one line of ASCII text.",
            )
        checked[name] = Secret(value)
    return HiddenMapping(checked)
