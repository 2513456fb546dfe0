"""What the command says when something goes wrong: one message, no traceback, an exit code."""

from __future__ import annotations

import traceback
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from stash_typed._runtime.foreign_text import visible

from .terminal.streams import guarded

if TYPE_CHECKING:
    from pydantic import ValidationError

__all__ = ["CommandError", "CommandGroup", "UsageError", "extra", "message_of", "traceback_of"]

_AS_OPTIONS = {
    "api_key=…": "--api-key",
    "username=…": "--username",
    "password=…": "--password",
    "timeout=…": "--timeout",
    'verify="ca.pem"': "--ca-file ca.pem",
    "verify=False": "--insecure",
    "overwrite=True": "--overwrite",
    "to=…": "--to",
}
"""The library's hints name arguments; here they are options."""


class CommandError(Exception):
    """The command cannot go on; the text says why and what to do. Exit code 1."""


class UsageError(Exception):
    """The command line makes no sense; the text says what would. Exit code 2."""


class CommandGroup(TyperGroup):
    """The commands, with one place where all their errors end."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command line on streams that take anybody's text."""
        # Arguments may be secret, and a tool that prints local variables prints those of this frame.
        try:
            with guarded():
                return super().main(*args, **kwargs)
        finally:
            del args, kwargs

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Read the options that stand before the command's name."""
        try:
            with _usage_errors_visible():
                return super().make_context(*args, **kwargs)
        finally:
            del args, kwargs

    def invoke(self, ctx: Any) -> Any:
        """Run a command and turn what it raises into a message and an exit code."""
        from .terminal.output import say_error

        try:
            with _usage_errors_visible():
                return super().invoke(ctx)
        except (KeyboardInterrupt, typer.Abort):
            raise typer.Exit(130) from None
        except Exception as error:
            # Errors of the command line's own library know their exit code and how to be shown;
            # a reader that went away (`| head`) is none.
            if hasattr(error, "exit_code") or isinstance(error, BrokenPipeError):
                raise
            if ctx.params.get("debug"):
                raise
            say_error(message_of(error))
            raise typer.Exit(2 if isinstance(error, UsageError) else 1) from None


@contextmanager
def _usage_errors_visible() -> Generator[None, None, None]:
    """Let errors about the command line quote it visibly: typer may draw them in boxes, with rich."""
    try:
        yield
    except Exception as error:
        said: object = getattr(error, "message", None)
        if hasattr(error, "format_message") and isinstance(said, str):
            error.message = visible(said)  # type: ignore[attr-defined]  # typer's own
        raise


def traceback_of(error: Exception) -> str:
    """Give what `--debug` shows: the traceback, without secrets.

    Args:
        error: whatever a command raised.
    """
    from stash_typed._runtime.redact import redact_text

    return redact_text("".join(traceback.format_exception(error)).rstrip())


@contextmanager
def extra(name: str) -> Generator[None, None, None]:
    """Import what an extra brings, or say how to install it.

    Args:
        name: the extra.

    Raises:
        CommandError: a package of it is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "stash_typed":
            raise
        raise CommandError(
            f"this needs {error.name}, which is not installed."
            f' Install it with: pip install "stash-typed[{name}]"'
        ) from None


def message_of(error: Exception) -> str:
    """Give the text for an error.

    Args:
        error: whatever a command raised.

    Returns:
        What went wrong, where, and what to do; without secrets.
    """
    from pydantic import ValidationError

    from stash_typed.errors import StashError

    if isinstance(error, StashError):
        text = str(error)
        for argument, option in _AS_OPTIONS.items():
            text = text.replace(argument, option)
        return text
    if isinstance(error, CommandError | UsageError) or type(error).__name__ == "CodegenError":
        return str(error)
    if isinstance(error, ValidationError):
        return _invalid(error)
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}."
    from stash_typed._runtime.redact import redact_text

    return (
        f"unexpected {type(error).__name__}: {redact_text(str(error))}\n"
        "This should not happen. `stash-typed --debug …` shows where it did; please report it."
    )


def _invalid(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    lines = [f"{'.'.join(str(step) for step in p['loc'])}: {p['msg']}" for p in problems]
    return "\n".join(["a value does not fit:", *lines])
