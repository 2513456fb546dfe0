"""Compares a generated folder with what the sources give now."""

from __future__ import annotations

from pathlib import Path

from .swap import contents_of

__all__ = ["differences"]


def differences(committed: Path, fresh: Path) -> list[str]:
    """List the files in which two folders differ."""
    old, new = contents_of(committed), contents_of(fresh)
    changed = [f"changed: {name}" for name in old.keys() & new.keys() if old[name] != new[name]]
    missing = [f"missing: {name}" for name in new.keys() - old.keys()]
    stale = [f"left over: {name}" for name in old.keys() - new.keys()]
    return sorted([*changed, *missing, *stale])
