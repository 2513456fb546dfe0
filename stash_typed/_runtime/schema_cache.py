"""What servers know, kept per version in the user's cache folder."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from .adaptation import ServerSchema

__all__ = ["SchemaCache", "cache_folder"]

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def cache_folder() -> Path:
    """Give the folder for what can be fetched again, as the system wants it."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "stash-typed"


class SchemaCache:
    """Files of `ServerSchema`, one for each version.

    A file that cannot be read or written is no error: then the server is asked again.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Name the folder; it is made when something is kept.

        Args:
            folder: where to keep the files; None for the user's cache folder.
        """
        self._folder = folder

    def _path(self, key: str) -> Path:
        folder = self._folder or cache_folder()
        return folder / f"schema-{_UNSAFE.sub('_', key)}.json"

    def load(self, key: str) -> ServerSchema | None:
        """Read what is kept.

        Args:
            key: the server's version and build.

        Returns:
            The schema; None when there is none, or a damaged one.
        """
        try:
            content: Any = json.loads(self._path(key).read_text(encoding="utf-8"))
            names, version = content["names"], content["version"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not isinstance(names, list) or not isinstance(version, str) or "Query" not in names:
            return None
        return ServerSchema(version, frozenset(map(str, names)))  # pyright: ignore[reportUnknownArgumentType]

    def keep(self, key: str, schema: ServerSchema) -> None:
        """Keep a schema. The file appears whole: readers at the same time see the old or the new.

        Args:
            key: the server's version and build.
            schema: what it knows.
        """
        path = self._path(key)
        content = json.dumps({"version": schema.version, "names": sorted(schema.names)})
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".schema-")
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(content)
                os.replace(temporary, path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise

    def forget(self, key: str) -> None:
        """Remove what is kept, because the server has shown that it is no longer so."""
        with contextlib.suppress(OSError):
            self._path(key).unlink(missing_ok=True)
