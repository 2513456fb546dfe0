"""The commands, put together."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Literal

import typer

from . import connection, demo
from .commands import (
    backup,
    check,
    codegen,
    diff,
    introspect,
    jobs,
    playground,
    query,
    sandbox,
    scrape,
    status,
    studios,
    tasks,
    upgrade,
)
from .errors import CommandGroup, traceback_of
from .terminal.output import print_text, say
from .terminal.streams import guarded

__all__ = ["app", "run"]

# Boxes and colours are for terminals; a pipe or a file gets plain text of any width.
_MARKUP: Literal["rich"] | None = "rich" if sys.stdout.isatty() and sys.stderr.isatty() else None

app: typer.Typer = typer.Typer(
    name="stash-typed",
    cls=CommandGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=_MARKUP,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from stash_typed import __version__

        print_text(f"stash-typed {__version__}")
        raise typer.Exit


@app.callback()
@connection.with_server
def stash_typed(
    server: connection.Server,
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", hidden=True)] = False,
) -> None:
    """Work with a Stash server from the command line."""


app.command()(status.status)
app.command()(tasks.scan)
app.command()(tasks.generate)
app.command()(backup.backup)
app.command()(studios.studios)
app.add_typer(scrape.app, name="scrape")
app.add_typer(jobs.app, name="jobs")
app.command()(query.query)
app.command()(playground.playground)
app.command()(sandbox.sandbox)
app.command()(introspect.introspect)
app.command()(diff.diff)
app.command()(check.check)
app.command()(codegen.codegen)
app.command()(upgrade.upgrade)
app.command()(demo.demo)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: what stands after the command's name; the process's own when not given.

    Returns:
        The exit code.
    """
    try:
        app(None if arguments is None else list(arguments), prog_name="stash-typed")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception as error:  # noqa: BLE001  (what --debug asks for, shown as all else is)
        with guarded():
            say(traceback_of(error))
        return 1
    return 0
