"""How schema changes, cuts and findings are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from ..terminal.output import print_json, print_lines, say

if TYPE_CHECKING:
    from stash_typed.codegen.documents.prune import Cut
    from stash_typed.codegen.schema.diff import Change

__all__ = ["change_lines", "counted", "findings_shown", "noun_lines", "print_cuts"]

_ORDER = ("breaking", "dangerous", "new")


def counted(changes: Iterable[Change]) -> str:
    """Count changes, as in `3 breaking, 0 dangerous, 12 new`."""
    severities: list[str] = [change.severity for change in changes]
    return ", ".join(f"{severities.count(severity)} {severity}" for severity in _ORDER)


def noun_lines(changes: Iterable[Change]) -> Iterator[str]:
    """List changes by noun, the breaking ones first."""
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(change.noun, []).append(change)
    for noun, group in sorted(groups.items()):
        yield ""
        yield noun
        yield from change_lines(sorted(group, key=lambda change: _ORDER.index(change.severity)))


def change_lines(changes: Sequence[Change]) -> Iterator[str]:
    """List changes, each with the operations that it touches."""
    width = max((len(change.severity) for change in changes), default=0)
    for change in changes:
        yield f"  {change.severity:<{width}}  {change.message}"
        for use in change.uses:
            yield f"  {'':<{width}}    {use}"


def print_cuts(cuts: Iterable[Cut]) -> None:
    """Print what was cut out of the shipped operations."""
    print_lines(f"cut: {cut}" for cut in cuts)


@contextmanager
def findings_shown(json: Mapping[str, object] | None) -> Iterator[None]:
    """Show what stands in the way of generating, and end the command: nothing was written.

    With `json`, the findings are printed as JSON too, beside what it holds by then.
    """
    from stash_typed.codegen.findings import CodegenError

    try:
        yield
    except CodegenError as error:
        if json is not None:
            print_json({**json, "findings": [asdict(finding) for finding in error.findings]})
        for finding in error.findings:
            say(str(finding))
        say("Nothing was written.")
        raise typer.Exit(1) from None
