"""The schemas of servers, cached per server in the user's cache folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import sys
from pathlib import Path

from ..whole_file import open_ordinary, write_whole
from .adaptation import ServerSchema

_HEAD = "stash-typed schema cache 2"
_LARGEST = 1 << 21
"""Bytes of a file; a real schema has less than a tenth of a megabyte of names."""
_MOST_FILES = 32
_COORDINATE = re.compile(r"[_A-Za-z]\w*(?:\.[_A-Za-z]\w*(?:\([_A-Za-z]\w*\))?)?", re.ASCII)
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def cache_folder() -> Path | None:
    """Return the user's cache folder, if the user has a home."""
    if sys.platform == "win32":
        base, below = os.environ.get("LOCALAPPDATA"), "AppData/Local"
    elif sys.platform == "darwin":
        base, below = None, "Library/Caches"
    else:
        base, below = os.environ.get("XDG_CACHE_HOME"), ".cache"
    if base:
        return Path(base) / "stash-typed" if os.path.isabs(base) else None
    # Containers run for users that have no home, or one that is named and not there.
    home = os.path.expanduser("~")
    return Path(home, below, "stash-typed") if os.path.isabs(home) and os.path.isdir(home) else None


class SchemaCache:
    """Files of `ServerSchema`, one for each server.

    A file is read only when it is this user's own and nobody else may write to it. One that cannot
    be read or written is no error: then the server is asked again.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def load(self, server: str, version: str, build: str) -> ServerSchema | None:
        """Return the cached schema of a server's build, if any."""
        folder = self._folder or cache_folder()
        if folder is None:
            return None
        try:
            if not _is_private_folder(folder):
                return None
            lines = _read(folder / _name(server)).decode("ascii").split("\n")
        except (OSError, ValueError):
            return None
        head, names = lines[:2], lines[2:]
        if head != [_HEAD, _key(server, version, build)] or "Query" not in names:
            return None
        if not all(map(_COORDINATE.fullmatch, names)):
            return None
        return ServerSchema(version, frozenset(names))

    def keep(self, server: str, build: str, schema: ServerSchema) -> None:
        """Keep a schema; the file appears whole."""
        folder = self._folder or cache_folder()
        lines = [_HEAD, _key(server, schema.version, build), *sorted(schema.names)]
        content = "\n".join(lines).encode()
        if folder is None or len(content) > _LARGEST:
            return
        with contextlib.suppress(OSError, ValueError):
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
            if _is_private_folder(folder):
                write_whole(folder / _name(server), content, mode=0o600)
                _remove_oldest(folder)


def _name(server: str) -> str:
    return f"schema-{hashlib.sha256(server.encode()).hexdigest()[:32]}.txt"


def _key(server: str, version: str, build: str) -> str:
    return hashlib.sha256("\0".join((server, version, build)).encode()).hexdigest()


def _is_private_folder(path: Path) -> bool:
    found = os.lstat(path)
    return stat.S_ISDIR(found.st_mode) and _is_private(found)


def _is_private(found: os.stat_result) -> bool:
    if sys.platform == "win32":
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_MAY_WRITE


def _read(path: Path) -> bytes:
    with open_ordinary(path, links=False) as file:
        if not _is_private(os.fstat(file.fileno())):
            raise ValueError("not a private file")
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ValueError("too large")
    return content


def _remove_oldest(folder: Path) -> None:
    """Keep the folder small, whatever comes and goes: each run of a test has a server of its own."""
    files = sorted(folder.glob("schema-*"), key=lambda path: path.lstat().st_mtime, reverse=True)
    for path in files[_MOST_FILES:]:
        path.unlink(missing_ok=True)
