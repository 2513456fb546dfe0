"""Printing for every command: data on standard output, messages on standard error.
Text may come from a server, a file or an argument, so all of it passes `visible`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from stash_typed._runtime.foreign_text import visible

from ..errors import CommandError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def say(message: str) -> None:
    _write(sys.stderr, f"{message}\n")


def say_error(message: str) -> None:
    """Print the error that ends a command."""
    console(sys.stderr).print("Error: ", style="bold red", end="")
    say(message)


def console(stream: TextIO) -> Console:
    """Return a rich console for a stream. Foreign text must pass `visible` before it is printed."""
    from rich.console import Console

    return Console(file=stream, highlight=False)


def print_text(text: object) -> None:
    """Print text unchanged, such as a path, a URL or a schema."""
    shown = str(text)
    _write(sys.stdout, shown if shown.endswith("\n") else f"{shown}\n")


def print_heading(text: str) -> None:
    from rich.text import Text

    console(sys.stdout).print(Text(f"\n{visible(text)}", style="bold"))


def print_json(value: object) -> None:
    """Print values and models as JSON, without the API keys that the server puts into URLs.

    Control characters, and characters that the output's encoding lacks, are written as JSON
    escapes, so that a JSON parser restores every character.
    """
    plain = _plain(value)
    text = json.dumps(plain, indent=2, ensure_ascii=False)
    steering = (character for character in set(text) if visible(character) != character)
    text = text.translate({ord(each): json.dumps(each)[1:-1] for each in steering})
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(plain, indent=2)
    print_text(text)


def print_lines(lines: Iterable[str]) -> None:
    """Print each text as one line, without its line breaks."""
    for line in lines:
        print_text(_shown(line))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings. A heading that ends in `#` marks a column of numbers."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        number = column.endswith("#")
        table.add_column(column.rstrip("#"), justify="right" if number else "left", overflow="fold")
    _print(table, rows)


def print_pairs(pairs: Iterable[tuple[str, object]]) -> None:
    """Print names and values, one pair per line, without those whose value is None."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    _print(table, (pair for pair in pairs if pair[1] is not None))


def size(bytes_: float) -> str:
    """Format a size, such as `812 B` or `1.4 MB`; a kB is 1000 bytes."""
    if bytes_ < 999.5:
        return f"{bytes_:.0f} B"
    for unit in ("kB", "MB", "GB"):
        bytes_ /= 1000
        if bytes_ < 999.95:
            return f"{bytes_:.1f} {unit}"
    return f"{bytes_ / 1000:.1f} TB"


def duration(seconds: float) -> str:
    """Format a time span, such as `0.4 s`, `3 min 20 s` or `2 h 5 min`."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def write_file(path: Path, text: str) -> None:
    """Write or replace a text file atomically."""
    from stash_typed._runtime.whole_file import write_whole

    try:
        write_whole(path, text.encode())
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise CommandError(f"cannot write {path}: {reason}.") from None


def _print(table: Table, rows: Iterable[Sequence[object]]) -> None:
    from rich.text import Text

    for row in rows:
        table.add_row(*(Text(_shown(value)) for value in row))
    out = console(sys.stdout)
    if out.is_terminal:
        out.print(table)
        return
    # A file or a pipe has no width, so nothing is cut or folded.
    out.width = 100_000
    out.width = max(1, out.measure(table).maximum)
    with out.capture() as text:
        out.print(table)
    for line in text.get().split("\n")[:-1]:
        print_text(line.rstrip())


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(visible(text))
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CommandError(f"the output cannot be written: {error.strerror}.") from None


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(_shown(entry) for entry in cast("Iterable[object]", value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    from stash_typed._runtime.redact import redact_url

    # A name from the library may contain anything; it must stay in its line and its column.
    return redact_url(visible(" ".join(str(value).splitlines()).replace("\t", " ")))


def _plain(value: object) -> object:
    from pydantic import BaseModel

    from stash_typed._runtime.redact import redact_url

    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json", by_alias=True)
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value).items()
        return {key: _plain(entry) for key, entry in entries}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in cast("Iterable[object]", value)]
    if isinstance(value, str) and "apikey=" in value.lower():
        return redact_url(value)
    return value
