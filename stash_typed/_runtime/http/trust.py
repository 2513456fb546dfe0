"""TLS settings: the authorities trusted to certify a server."""

from __future__ import annotations

import os
import re
import ssl
from typing import TYPE_CHECKING

import httpx

from ..errors import ConfigurationError

if TYPE_CHECKING:
    from ..endpoint import Endpoint

Verify = bool | str | ssl.SSLContext
"""True: check against known authorities; a file or folder of certificates; False: do not check."""

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
_PEM = "Give a file of certificates in PEM form"


def trust(verify: Verify) -> ssl.SSLContext:
    if isinstance(verify, ssl.SSLContext):
        return verify
    name, value = _source(verify)
    hint = (
        f"{_PEM} as verify=… or STASH_VERIFY, or True, or False."
        if name == "verify"
        else f"{_PEM}, or unset {name}."
    )
    try:
        if value is not None and os.path.isdir(value):
            if not any(map(_HASHED.fullmatch, os.listdir(value))):
                raise ConfigurationError(
                    f"{name}={value!r} cannot be used: no certificate in that folder is named by"
                    " its hash",
                    hint=f"Run `openssl rehash` on it. {hint}",
                )
            return ssl.create_default_context(capath=value)
        if value is not None:
            return ssl.create_default_context(cafile=value)
        return httpx.create_ssl_context(verify=bool(verify))
    except (OSError, ssl.SSLError) as error:
        key_log = os.environ.get("SSLKEYLOGFILE")
        if key_log and getattr(error, "filename", None) == key_log:
            name, value, hint = "SSLKEYLOGFILE", key_log, "Give a file that can be written to."
        raise ConfigurationError(
            f"{name}={value!r} cannot be used: {error.strerror or error}", hint=hint
        ) from error


def trust_for(endpoint: Endpoint, verify: Verify) -> ssl.SSLContext:
    """Build the TLS settings for one server, at once when it needs none.

    Reading all known authorities takes longer than a whole request. A context without any trusts
    nobody, so that leaving them out is safe.
    """
    if isinstance(verify, ssl.SSLContext) or endpoint.scheme == "https" or _https_proxy():
        return trust(verify)
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _source(verify: bool | str) -> tuple[str, str | None]:
    """Return the argument or variable that names the certificates, and what it names."""
    if isinstance(verify, str):
        return "verify", verify
    if verify:
        for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
            if value := os.environ.get(name):
                return name, value
    return "verify", None


def _https_proxy() -> bool:
    return any(
        name.lower().endswith("_proxy") and value.lower().startswith("https:")
        for name, value in os.environ.items()
    )
