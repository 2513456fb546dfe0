"""Checks the names in an introspection result, and its size, before it is used.

A server may be hostile: names become Python code, and huge results exhaust memory and time.
"""

from __future__ import annotations

from typing import Any, cast

from stash_typed._runtime.foreign_text import one_line

from ..findings import CodegenError
from ..naming import is_name

__all__ = ["refuse_unbounded"]

_MOST_VALUES = 500_000  # Stash's own results have 33,000, 13 levels deep.
_DEEPEST = 60
_LONGEST_DEFAULT = 10_000


def refuse_unbounded(answer: dict[str, Any], where: str) -> None:
    """Refuse an introspection result with invalid names, or beyond the limits."""
    waiting: list[tuple[object, int, tuple[str, ...]]] = [(answer, 0, ())]
    values = 0
    while waiting:
        value, depth, path = waiting.pop()
        values += 1
        if depth > _DEEPEST or values > _MOST_VALUES:
            bound = f"more than {_MOST_VALUES:,} values" if depth <= _DEEPEST else "endless depth"
            raise _refusal(where, path, bound)
        if isinstance(value, list):
            items = cast("list[object]", value)
            waiting += ((item, depth + 1, path) for item in items)
        elif isinstance(value, dict):
            entries = cast("dict[str, object]", value)
            name = entries.get("name")
            if name is not None:
                if not isinstance(name, str) or not is_name(name):
                    shown = one_line(name, 80) if isinstance(name, str) else type(name).__name__
                    raise _refusal(where, path, f'"{shown}" is not a name')
                path = (*path, name)
            default = entries.get("defaultValue")
            if isinstance(default, str) and len(default) > _LONGEST_DEFAULT:
                what = f"a default value of more than {_LONGEST_DEFAULT:,} characters"
                raise _refusal(where, path, what)
            waiting += ((entry, depth + 1, path) for entry in entries.values())


def _refusal(where: str, path: tuple[str, ...], what: str) -> CodegenError:
    place = f" in {'.'.join(path)}" if path else ""
    return CodegenError.at(where, f"not an introspection result ({what}{place})")
