"""The command `stash-typed`. Its dependencies are imported only when it runs.

`commands` contains the commands, `terminal` their input and output, `command` the decorators for
them, `project` the helpers of the generator commands. Nothing imports the command line.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: the arguments after the command's name; those of the process if None.

    Returns:
        The exit code: 0, 1 for an error, 2 for an invalid command line, 130 after Ctrl-C.
    """
    from .terminal.streams import opened, settled

    opened()
    try:
        for package in ("typer", "rich"):
            import_module(package)
        from .app import run

        code = run(arguments)
    except ImportError as error:
        print(
            f"stash-typed: the command line needs {error.name}, which is not installed.\n"
            'Install it with: pip install "stash-typed[cli]"',
            file=sys.stderr,
        )
        code = 1
    except KeyboardInterrupt:
        code = 130
    return settled(code)
