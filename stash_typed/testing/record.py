"""Recording: a proxy in front of a server writes down what a command asks and what it is answered."""

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
    """Run a command against a server and write down its exchanges, without secrets.

    The command is led to a proxy by STASH_URL. The proxy speaks HTTP: subscriptions are refused, as
    by many a proxy, and the client looks tasks up instead.

    Args:
        url: the server; None for STASH_URL and its default.
        command: a program and its arguments.
        to: a folder, made if need be; numbers go on after those of the files in it.

    Returns:
        The command's exit code.

    Raises:
        ConfigurationError: the url makes no sense.
        OSError: the command cannot be run, or the folder not be written to.
    """
    config = Config.resolve(url)
    cassette = Cassette(Path(to))
    # The command signs in with what stands in the environment.
    cassette.learn(*(os.environ.get(f"STASH_{name}", "") for name in ("API_KEY", "PASSWORD")))
    with recording_proxy(config, cassette) as address:
        environment = {**os.environ, "STASH_URL": address}
        code = subprocess.run(list(command), env=environment, check=False).returncode
    if cassette.trouble is not None:
        raise cassette.trouble
    return code
