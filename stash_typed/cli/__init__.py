"""The command `stash-typed`. Everything it needs is imported when it runs, not before."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: what stands after the command's name; the process's own when not given.

    Returns:
        The exit code: 0, 1 for an error, 2 for a command line that makes no sense, 130 after Ctrl-C.
    """
    from .terminal.streams import opened, settled

    opened()
    return settled(_main(arguments))


def _main(arguments: Sequence[str] | None) -> int:
    try:
        for package in ("typer", "rich"):
            import_module(package)
    except ImportError as error:
        print(
            f"stash-typed: the command line needs {error.name}, which is not installed.\n"
            'Install it with: pip install "stash-typed[cli]"',
            file=sys.stderr,
        )
        return 1
    try:
        from .app import run

        return run(arguments)
    except KeyboardInterrupt:
        return 130
