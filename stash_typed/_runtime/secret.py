"""Strings and headers with secret values, which their reprs hide.

A tool that prints local variables prints `***`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import SupportsIndex, TypeVar

from .redact import HIDDEN

V = TypeVar("V")


class Secret(str):
    """A text whose repr hides it, and that of its parts; what is made of it otherwise is plain."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"'{HIDDEN}'" if self else "''"

    def __getitem__(self, key: SupportsIndex | slice) -> Secret:
        # Tools that print the beginning of a long text print the repr of a slice.
        return Secret(super().__getitem__(key))


class HiddenMapping(Mapping[str, V]):
    """A mapping that shows its names and none of its values. It keeps a copy."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, V]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> V:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<{', '.join(map(str, self._values))}>"

    def __sentry_repr__(self) -> str:
        return repr(self)
