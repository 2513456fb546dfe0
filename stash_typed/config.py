"""What a client is told: arguments first, then the environment, then the defaults. No I/O."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ._runtime.auth import ApiKey, Credentials, NoCredentials, Password, SessionCookie
from ._runtime.endpoint import Endpoint
from ._runtime.errors import ConfigurationError

if TYPE_CHECKING:
    import ssl

__all__ = ["DEFAULT_TIMEOUT", "DEFAULT_URL", "Config"]

DEFAULT_URL = "http://localhost:9999"
"""Where Stash listens unless told otherwise."""

DEFAULT_TIMEOUT = 30.0
"""Seconds."""

_OFF = frozenset({"0", "false", "no", "off"})
_ON = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True)
class Config:
    """How to reach a server.

    Attributes:
        endpoint: the server.
        credentials: who the client is to it.
        timeout: seconds to wait for the server; None for ever.
        verify: whether to check the certificate of an https server, or with what.
        headers: more headers for each request to the server.
    """

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
        """Work out how to reach the server.

        What is not given comes from the environment, and what is not there either is the default.
        Credentials of one kind that are given keep those of another kind in the environment out.
        Those of the environment belong to STASH_URL: they are not sent to a `url` of another
        origin while STASH_URL is set.

        Args:
            url: the server; STASH_URL, else http://localhost:9999.
            api_key: its API key; STASH_API_KEY.
            username: the name to sign in with; STASH_USERNAME.
            password: the password; STASH_PASSWORD.
            session_cookie: the value of a session's cookie. It is used while it works, a key or a
                password given beside it only after that.
            timeout: seconds; STASH_TIMEOUT, else 30. Infinity waits for ever.
            verify: True, False, a file or folder of certificates, or an SSL context; STASH_VERIFY
                (`0`, `1`, or a path), else True.
            headers: more headers for each request to the server.
            environ: the environment; by default the process's own.

        Returns:
            The configuration.

        Raises:
            ConfigurationError: something makes no sense; it names the argument or variable.
        """
        environ = os.environ if environ is None else environ
        endpoint = Endpoint.parse(url) if url is not None else _endpoint_from(environ)
        given = _given(api_key, username, password, session_cookie, environ)
        return cls(
            endpoint=endpoint,
            credentials=given or _from_environment(environ, endpoint),
            timeout=_timeout(timeout, environ),
            verify=_verify(verify, environ),
            headers=_checked(headers or {}),
        )


def _endpoint_from(environ: Mapping[str, str]) -> Endpoint:
    url = environ.get("STASH_URL", "")
    if not url.strip():
        return Endpoint.parse(DEFAULT_URL)
    try:
        return Endpoint.parse(url)
    except ConfigurationError as error:
        raise ConfigurationError(f"STASH_URL: {error.message}", hint=error.hint) from None


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
    key = None if api_key is None else ApiKey(api_key)
    pair = None
    if username is not None or password is not None:
        # A password often stays in the environment while the name is an argument.
        pair = _pair(
            username if username is not None else environ.get("STASH_USERNAME", ""),
            password if password is not None else environ.get("STASH_PASSWORD", ""),
            ("username=…", "password=…"),
        )
    if session_cookie is not None:
        return SessionCookie(session_cookie, fallback=key or pair)
    return key or pair


def _pair(username: str, password: str, names: tuple[str, str]) -> Password:
    if username and password:
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
    if environ.get("STASH_URL", "").strip() and _endpoint_from(environ).origin != endpoint.origin:
        return NoCredentials(
            "The credentials in the environment were not sent: they belong to STASH_URL, which is"
            " another server."
        )
    if key:
        return ApiKey(key)
    return _pair(username, password, ("STASH_USERNAME", "STASH_PASSWORD"))


def _timeout(timeout: float | None, environ: Mapping[str, str]) -> float | None:
    name = "timeout"
    if timeout is None:
        text = environ.get("STASH_TIMEOUT", "").strip()
        if not text:
            return DEFAULT_TIMEOUT
        name = "STASH_TIMEOUT"
        try:
            timeout = float(text)
        except ValueError:
            timeout = math.nan
    if not timeout > 0:
        shown = environ.get(name, timeout)
        raise ConfigurationError(
            f"{name} must be a number of seconds above 0, not {shown!r}", hint="For instance 30."
        )
    return None if math.isinf(timeout) else float(timeout)


def _verify(
    verify: bool | str | os.PathLike[str] | ssl.SSLContext | None, environ: Mapping[str, str]
) -> bool | str | ssl.SSLContext:
    name = "verify"
    if verify is None:
        text = environ.get("STASH_VERIFY", "").strip()
        name = "STASH_VERIFY"
        if not text or text.lower() in _ON:
            return True
        verify = False if text.lower() in _OFF else text
    if not isinstance(verify, (str, os.PathLike)):
        return verify
    path = os.fspath(verify)
    if not os.path.exists(path):
        raise ConfigurationError(
            f"{name}: there is no file {path!r}",
            hint="Give a file of certificates in PEM form, or 0 to turn the check off.",
        )
    return path


def _checked(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not (name.isascii() and value.isascii()) or any(c in name + value for c in "\r\n\0"):
            raise ConfigurationError(
                f"the header {name!r} has characters that cannot be sent",
                hint="Headers are one line of ASCII text.",
            )
    return dict(headers)
