"""The command-line application: turns every error of a command into a message and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from stash_typed._runtime.foreign_text import visible

from .command import Server, option, with_server
from .commands import client, jobs, query, sandbox, schema, scrape, server, studios, tasks
from .demo.command import demo
from .errors import UsageError, message_of, traceback_of
from .terminal.output import print_text, say, say_error
from .terminal.streams import guarded

# Boxes and colours are for terminals; a pipe or a file gets plain text of any width.
_MARKUP: Literal["rich"] | None = "rich" if sys.stdout.isatty() and sys.stderr.isatty() else None


class _Commands(TyperGroup):
    # Arguments may be secrets, and tools that print local variables would print these frames, so
    # both names are deleted.

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            with guarded():
                return super().main(*args, **kwargs)
        finally:
            del args, kwargs

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        try:
            with _usage_errors_visible():
                return super().make_context(*args, **kwargs)
        finally:
            del args, kwargs

    def invoke(self, ctx: Any) -> Any:
        try:
            with _usage_errors_visible():
                return super().invoke(ctx)
        except (KeyboardInterrupt, typer.Abort):
            raise typer.Exit(130) from None
        except Exception as error:
            # Typer's own errors have an exit code and print themselves; a closed pipe (`| head`)
            # is not reported.
            if hasattr(error, "exit_code") or isinstance(error, BrokenPipeError):
                raise
            if ctx.params.get("debug"):
                raise
            say_error(message_of(error))
            raise typer.Exit(2 if isinstance(error, UsageError) else 1) from None


@contextmanager
def _usage_errors_visible() -> Generator[None, None, None]:
    """Escape control characters in typer's errors, which quote the command line."""
    try:
        yield
    except Exception as error:
        said: object = getattr(error, "message", None)
        if hasattr(error, "format_message") and isinstance(said, str):
            error.message = visible(said)  # type: ignore[attr-defined]  # typer's own
        raise


app: typer.Typer = typer.Typer(
    name="stash-typed",
    cls=_Commands,
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
@with_server
def stash_typed(
    server: Server,
    *,
    version: Annotated[
        bool, option("Print the version.", "--version", callback=_print_version, is_eager=True)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", hidden=True)] = False,
) -> None:
    """Work with a Stash server from the command line."""


for _command in (
    server.status,
    tasks.scan,
    tasks.generate,
    server.backup,
    studios.studios,
    query.query,
    server.playground,
    sandbox.sandbox,
    schema.introspect,
    schema.diff,
    client.check,
    client.codegen,
    client.upgrade,
    demo,
):
    app.command()(_command)
app.add_typer(scrape.app, name="scrape")
app.add_typer(jobs.app, name="jobs")


def run(arguments: Sequence[str] | None = None) -> int:
    try:
        app(None if arguments is None else list(arguments), prog_name="stash-typed")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception as error:  # noqa: BLE001  (only with --debug; otherwise it is already a message)
        with guarded():
            say(traceback_of(error))
        return 1
    return 0
