"""Replaces files and folders, all or none, and compares folders."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["contents_of", "differences", "put_in_place"]

Contents = Mapping[str, bytes]
"""The contents of a folder's files, by relative POSIX path."""


@dataclass(frozen=True)
class _Move:
    staged: Path
    final: Path
    backup: Path
    existed: bool


def contents_of(folder: Path) -> dict[str, bytes]:
    """Read a folder of generated files."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def differences(committed: Path, fresh: Path) -> list[str]:
    """List the files in which two folders differ."""
    old, new = contents_of(committed), contents_of(fresh)
    changed = [f"changed: {name}" for name in old.keys() & new.keys() if old[name] != new[name]]
    missing = [f"missing: {name}" for name in new.keys() - old.keys()]
    stale = [f"left over: {name}" for name in old.keys() - new.keys()]
    return sorted([*changed, *missing, *stale])


def put_in_place(places: Mapping[Path, Contents | bytes]) -> None:
    """Replace files and whole folders, all or none.

    Everything is staged beside its destination and moved there once it is complete. An error or
    Ctrl-C restores the previous contents.
    """
    with contextlib.ExitStack() as stack:
        moves = [
            _stage(final.absolute(), content, stack, position)
            for position, (final, content) in enumerate(places.items())
        ]
        # Outermost first. Recorded before any folder is created, so that only new ones are removed.
        missing = sorted({p for m in moves for p in m.final.parents if not p.exists()})
        try:
            for move in moves:
                move.final.parent.mkdir(parents=True, exist_ok=True)
                if move.existed:
                    os.replace(move.final, move.backup)
                os.replace(move.staged, move.final)
        except BaseException:
            for move in reversed(moves):
                _undo(move)
            for folder in reversed(missing):
                with contextlib.suppress(OSError):
                    folder.rmdir()
            raise


def _stage(
    final: Path, content: Contents | bytes, stack: contextlib.ExitStack, position: int
) -> _Move:
    """Write content to a temporary folder on the file system of its destination."""
    anchor = next(parent for parent in final.parents if parent.is_dir())
    folder = Path(
        stack.enter_context(tempfile.TemporaryDirectory(dir=anchor, prefix=".stash-typed-"))
    )
    staged = folder / f"new-{position}"
    if isinstance(content, bytes):
        staged.write_bytes(content)
        if final.exists():
            shutil.copymode(final, staged)
    else:
        staged.mkdir()
        for name, data in content.items():
            path = staged / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return _Move(staged, final, folder / "old", final.exists())


def _undo(move: _Move) -> None:
    if move.existed:
        if move.backup.exists():
            if move.final.exists():
                os.replace(move.final, move.staged)
            os.replace(move.backup, move.final)
    elif move.final.exists():
        os.replace(move.final, move.staged)
