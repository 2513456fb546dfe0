"""Compares a generated folder with what the sources give now."""

from __future__ import annotations

from pathlib import Path

__all__ = ["differences"]


def differences(committed: Path, fresh: Path) -> list[str]:
    """List the files in which two folders differ.

    Args:
        committed: the folder as it is.
        fresh: the folder as it was generated just now.

    Returns:
        One line for each file that is changed, missing or left over; empty when they are the same.
    """
    old, new = _contents(committed), _contents(fresh)
    changed = [f"changed: {name}" for name in old.keys() & new.keys() if old[name] != new[name]]
    missing = [f"missing: {name}" for name in new.keys() - old.keys()]
    stale = [f"left over: {name}" for name in old.keys() - new.keys()]
    return sorted([*changed, *missing, *stale])


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
