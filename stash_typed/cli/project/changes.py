"""How the changes of a schema are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stash_typed.codegen.schema.diff import Change

__all__ = ["change_lines", "counted", "noun_lines"]

_ORDER = ("breaking", "dangerous", "new")


def counted(changes: Iterable[Change]) -> str:
    """Count changes.

    Args:
        changes: any.

    Returns:
        Such as `3 breaking, 0 dangerous, 12 new`.
    """
    severities: list[str] = [change.severity for change in changes]
    return ", ".join(f"{severities.count(severity)} {severity}" for severity in _ORDER)


def noun_lines(changes: Iterable[Change]) -> Iterator[str]:
    """Write changes under the nouns that they belong to, the breaking ones first.

    Args:
        changes: any.

    Returns:
        Lines; an empty one before each noun.
    """
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(change.noun, []).append(change)
    for noun, group in sorted(groups.items()):
        yield ""
        yield noun
        yield from change_lines(sorted(group, key=lambda change: _ORDER.index(change.severity)))


def change_lines(changes: Sequence[Change]) -> Iterator[str]:
    """Write changes, each with what it touches below it.

    Args:
        changes: any.

    Returns:
        Lines.
    """
    width = max((len(change.severity) for change in changes), default=0)
    for change in changes:
        yield f"  {change.severity:<{width}}  {change.message}"
        for use in change.uses:
            yield f"  {'':<{width}}    {use}"
