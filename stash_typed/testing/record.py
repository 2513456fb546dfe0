"""Recording a command's requests to a server, and the responses, through a proxy."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from stash_typed.config import Config

from .recordings.cassette import Cassette
from .recordings.proxy import recording_proxy

__all__ = ["record"]


def record(url: str | None, command: Sequence[str], to: str | Path) -> int:
    """Run a command against a server and record its exchanges, without secrets.

    STASH_URL points the command to a proxy. The proxy speaks HTTP: it refuses subscriptions, as
    many proxies do, and the client polls tasks instead.

    Args:
        url: the server; None for STASH_URL and its default.
        command: a program and its arguments.
        to: a folder, created if missing; numbering continues after the files in it.

    Returns:
        The command's exit code.

    Raises:
        ConfigurationError: the URL is not valid.
        OSError: the command cannot be run, or the folder cannot be written to.
    """
    config = Config.resolve(url)
    cassette = Cassette(Path(to))
    # The command signs in with the credentials in its environment.
    cassette.learn(*(os.environ.get(f"STASH_{name}", "") for name in ("API_KEY", "PASSWORD")))
    with recording_proxy(config, cassette) as address:
        environment = {**os.environ, "STASH_URL": address}
        code = subprocess.run(list(command), env=environment, check=False).returncode
    if cassette.trouble is not None:
        raise cassette.trouble
    return code
