"""Checks of names, ids and changes from callers, before anything is sent.

A string is a sequence of strings and a mapping iterates over its keys; type checkers accept both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

from .._runtime.base_model import InputModel
from .._runtime.errors import InvalidVariableError

if TYPE_CHECKING:
    from .kinds import Kind

__all__ = ["given_changes", "given_id", "given_ids", "given_name", "given_names"]

_ID = re.compile(r"0|[1-9][0-9]*")
_SHOWN = 60


def given_id(value: object, argument: str) -> str:
    """Return an id as the server writes it; integers are accepted, too."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str):
        raise TypeError(f"{argument}: {_shown(value)} is not an id; ids are texts such as '42'")
    if not _ID.fullmatch(text):
        raise InvalidVariableError(
            f"{argument}: {_shown(value)} is not an id",
            hint="Ids are whole numbers, as text: '42'.",
        )
    return text


def given_ids(values: Iterable[str], argument: str) -> list[str]:
    """Return ids in the caller's order."""
    if isinstance(values, Mapping):
        raise TypeError(
            f"{argument} is a mapping, whose keys would be taken for ids: give its .values()"
        )
    return [given_id(value, argument) for value in _each(values, argument)]


def given_name(value: object, argument: str) -> str:
    """Return a name without surrounding whitespace."""
    if not isinstance(value, str):
        raise TypeError(f"{argument}: {_shown(value)} is not a name; names are texts")
    return value.strip()


def given_names(values: Iterable[str], noun: str) -> list[str]:
    """Return the distinct names, without surrounding whitespace."""
    names = list(dict.fromkeys(given_name(value, "names") for value in _each(values, "names")))
    if "" in names:
        raise ValueError(f"an empty name cannot identify a {noun.lower()}")
    return names


def given_changes(kind: Kind, values: Iterable[InputModel]) -> list[tuple[str, InputModel]]:
    """Return the update inputs of a kind with the ids they change."""
    found: list[tuple[str, InputModel]] = []
    for value in _each(values, "changes"):
        classes = [each.__name__ for each in type(value).__mro__]
        if not isinstance(value, InputModel) or kind.update_type not in classes:
            raise TypeError(f"changes: {_shown(value)} is not a valid {kind.update_type}")
        found.append((given_id(getattr(value, "id", None), f"{kind.update_type}.id"), value))
    return found


def _each(values: object, argument: str) -> Iterable[object]:
    if isinstance(values, (str, bytes, bytearray)):
        raise TypeError(
            f"{argument} is one {'text' if isinstance(values, str) else 'row of bytes'}, which would"
            f" be taken piece by piece: give a list, such as [{_shown(values)}]"
        )
    if not isinstance(values, Iterable):
        raise TypeError(f"{argument}: {_shown(values)} is not a list, nor anything to go through")
    return cast("Iterable[object]", values)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
