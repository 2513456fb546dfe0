"""A certificate for 127.0.0.1 that no authority signed."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest


def make_certificate(folder: Path) -> Path:
    """Write `ca.pem` and `key.pem` into a folder; skips the test where there is no openssl."""
    command = [
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
        *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
        *("-keyout", f"{folder}/key.pem", "-out", f"{folder}/ca.pem"),
    ]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("makes its certificate with openssl, which is not installed here")
    return folder


def server_context(folder: Path) -> ssl.SSLContext:
    """Give the TLS settings of a server with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return context
