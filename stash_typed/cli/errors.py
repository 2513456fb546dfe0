"""Errors that end a command, and the messages shown for them."""

from __future__ import annotations

import traceback

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
"""The arguments named in the library's hints, and the options that replace them."""


class CommandError(Exception):
    """The command cannot continue; the message says why, and the remedy. Exit code 1."""


class UsageError(Exception):
    """The command line is invalid; the message says what is valid. Exit code 2."""


def message_of(error: Exception) -> str:
    from pydantic import ValidationError

    from stash_typed.errors import StashError

    if isinstance(error, StashError):
        text = str(error)
        for argument, option in _AS_OPTIONS.items():
            text = text.replace(argument, option)
        return text
    # The generator's error is known by name: its module needs an extra.
    if isinstance(error, CommandError | UsageError) or type(error).__name__ == "CodegenError":
        return str(error)
    if isinstance(error, ValidationError):
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        lines = (f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in problems)
        return "\n".join(["invalid value:", *lines])
    if isinstance(error, ModuleNotFoundError) and error.name and "stash_typed" not in error.name:
        return (
            f"this needs {error.name}, which is not installed."
            f' Install it with: pip install "stash-typed[{_extra_of(error)}]"'
        )
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}."
    return (
        f"unexpected {type(error).__name__}: {_redacted(str(error))}\n"
        "This is a bug. `stash-typed --debug …` shows where it happened; please report it."
    )


def _extra_of(error: ModuleNotFoundError) -> str:
    """Return the extra whose code imports the missing module."""
    frames = traceback.walk_tb(error.__traceback__)
    importing = [frame.f_globals.get("__name__", "") for frame, _ in frames]
    sandbox = any(name.startswith("stash_typed.sandbox") for name in importing)
    return "sandbox" if sandbox else "codegen"


def traceback_of(error: Exception) -> str:
    """Return the traceback for `--debug`, without secrets."""
    return _redacted("".join(traceback.format_exception(error)).rstrip())


def _redacted(text: str) -> str:
    from stash_typed._runtime.redact import redact_text

    return redact_text(text)
