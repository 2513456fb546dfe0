"""How things are shown: data on standard output, messages on standard error.

Every command prints through here. Whatever is printed may be the words of a server, a file or an
argument, so all of it is shown as `visible` gives it.
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
    from pydantic import BaseModel
    from rich.console import Console
    from rich.table import Table

__all__ = [
    "as_json",
    "duration",
    "error_console",
    "print_heading",
    "print_json",
    "print_lines",
    "print_pairs",
    "print_table",
    "print_text",
    "say",
    "say_error",
    "size",
    "write_file",
]


def say(message: str) -> None:
    """Print a message for people.

    Args:
        message: one or more lines.
    """
    _write(sys.stderr, f"{message}\n")


def say_error(message: str) -> None:
    """Print the message that a command ends with.

    Args:
        message: one or more lines.
    """
    error_console().print("Error: ", style="bold red", end="")
    say(message)


def error_console() -> Console:
    """Give a console on standard error: for progress, headings, whatever is no data.

    What is printed there by anybody else than this package's own words is to be `visible`.
    """
    from rich.console import Console

    return Console(file=sys.stderr, highlight=False)


def print_text(text: object) -> None:
    """Print text as it is: a path, an address, a schema.

    Args:
        text: one or more lines.
    """
    shown = str(text)
    _write(sys.stdout, shown if shown.endswith("\n") else f"{shown}\n")


def print_heading(text: str) -> None:
    """Print a heading, after an empty line.

    Args:
        text: one line.
    """
    from rich.console import Console
    from rich.text import Text

    Console(file=sys.stdout, highlight=False).print(Text(f"\n{visible(text)}", style="bold"))


def as_json(model: BaseModel) -> dict[str, object]:
    """Give a model as plain JSON values, under the schema's own names.

    Args:
        model: what the server answered.
    """
    return model.model_dump(mode="json", by_alias=True)


def print_json(value: object) -> None:
    """Print a value as JSON, keys in its own order; links lose the key that the server puts in.

    What would steer a terminal, or is not in the output's encoding, stands as JSON's own escapes:
    whoever reads the JSON gets every character as it was.

    Args:
        value: plain JSON values.
    """
    shown = _without_keys(value)
    text = json.dumps(shown, indent=2, ensure_ascii=False)
    steering = (character for character in set(text) if visible(character) != character)
    text = text.translate({ord(each): json.dumps(each)[1:-1] for each in steering})
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(shown, indent=2)
    print_text(text)


def print_lines(lines: Iterable[str]) -> None:
    """Print texts, one a line, whatever breaks they have inside.

    Args:
        lines: texts that may come from the server.
    """
    for line in lines:
        print_text(_shown(line))


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

    # A name from the library may hold anything; it stays in its line and its column.
    return redact_url(visible(" ".join(str(value).splitlines()).replace("\t", " ")))


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
