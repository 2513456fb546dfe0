"""Suggestions for misspelt names."""

from __future__ import annotations

from collections.abc import Iterable

_ENOUGH = 0.65


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the name most similar to another, or None.

    Upper and lower case and underscores do not count, and a name that begins or ends with the
    other is near however long it is: `rating` and `rating100`, `sceneFilter` and `scene_filter`.
    """
    scored = sorted((-_likeness(name, other), other) for other in names if other != name)
    return scored[0][1] if scored and -scored[0][0] >= _ENOUGH else None


def _likeness(one: str, other: str) -> float:
    from difflib import SequenceMatcher

    a, b = _bare(one), _bare(other)
    likeness = SequenceMatcher(None, a, b).ratio()
    short, long = sorted((a, b), key=len)
    if len(short) > 3 and (long.startswith(short) or long.endswith(short)):
        return max(likeness, _ENOUGH + likeness / 10)
    return likeness


def _bare(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
