"""How things are shown: data on standard output, messages on standard error."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

from .errors import CommandError

if TYPE_CHECKING:
    from pydantic import BaseModel
    from rich.console import Console
    from rich.table import Table

__all__ = [
    "as_json",
    "duration",
    "error_console",
    "print_json",
    "print_lines",
    "print_pairs",
    "print_table",
    "say",
    "size",
    "write_file",
]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def say(message: str) -> None:
    """Print a message for people.

    Args:
        message: one or more lines.
    """
    typer.echo(message, err=True)


def error_console() -> Console:
    """Give a console on standard error: for progress, headings, whatever is no data."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def as_json(model: BaseModel) -> dict[str, object]:
    """Give a model as plain JSON values, under the schema's own names.

    Args:
        model: what the server answered.
    """
    return model.model_dump(mode="json", by_alias=True)


def print_json(value: object) -> None:
    """Print a value as JSON, keys in its own order; links lose the key that the server puts in.

    Args:
        value: plain JSON values.
    """
    typer.echo(json.dumps(_without_keys(value), indent=2, ensure_ascii=False))


def print_lines(lines: Iterable[str]) -> None:
    """Print texts, one a line.

    Args:
        lines: texts that may come from the server.
    """
    for line in lines:
        typer.echo(_shown(line))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings.

    Args:
        columns: the headings; a column whose heading ends in `#` is of numbers.
        rows: one value for each column; None is shown as nothing.
    """
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        number = column.endswith("#")
        table.add_column(column.rstrip("#"), justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_shown(value)) for value in row))
    _print(table)


def print_pairs(pairs: Iterable[tuple[str, object]]) -> None:
    """Print names and values, one pair a line.

    Args:
        pairs: those whose value is None are left out.
    """
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        if value is not None:
            table.add_row(name, Text(_shown(value)))
    _print(table)


def size(bytes_: float) -> str:
    """Give a size for people.

    Args:
        bytes_: in bytes.

    Returns:
        Such as `812 B`, `1.4 MB`, `3.0 TB`; a kB is 1000 bytes.
    """
    if bytes_ < 999.5:
        return f"{bytes_:.0f} B"
    for unit in ("kB", "MB", "GB"):
        bytes_ /= 1000
        if bytes_ < 999.95:
            return f"{bytes_:.1f} {unit}"
    return f"{bytes_ / 1000:.1f} TB"


def duration(seconds: float) -> str:
    """Give a time span for people.

    Args:
        seconds: how long it took.

    Returns:
        Such as `0.4 s`, `3 min 20 s`, `2 h 5 min`.
    """
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def write_file(path: Path, text: str) -> None:
    """Write a text file, all of it or nothing.

    Args:
        path: the file; it is replaced.
        text: what it holds.

    Raises:
        CommandError: the folder is missing or cannot be written to, or something else than a
            file is there.
    """
    from stash_typed._runtime.whole_file import write_whole

    try:
        write_whole(path, text.encode())
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise CommandError(f"cannot write {path}: {reason}.") from None


def _print(table: Table) -> None:
    from rich.console import Console

    console = Console(file=sys.stdout, highlight=False)
    if console.is_terminal:
        console.print(table)
        return
    # A file or a pipe has no width that anything would have to be cut or folded to.
    console.width = 100_000
    console.width = max(1, console.measure(table).maximum)
    with console.capture() as text:
        console.print(table)
    for line in text.get().splitlines():
        typer.echo(line.rstrip())


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(_shown(entry) for entry in cast("Iterable[object]", value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    from stash_typed._runtime.redact import redact_url

    # A name from the library may hold anything; nothing of it should steer the terminal.
    return redact_url(_CONTROL.sub(" ", str(value)))


def _without_keys(value: object) -> object:
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value).items()
        return {key: _without_keys(entry) for key, entry in entries}
    if isinstance(value, list):
        return [_without_keys(entry) for entry in cast("list[object]", value)]
    if isinstance(value, str) and "apikey=" in value.lower():
        from stash_typed._runtime.redact import redact_url

        return redact_url(value)
    return value
