"""Files at `/downloads/<token>/<name>` that expire some time after their first use."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .folders import Folders


@dataclass
class OfferedFile:
    path: Path
    content_type: str
    first_used: float | None = None


class Downloads:
    def __init__(self, folders: Folders, *, seconds: float) -> None:
        self._folders = folders
        self.seconds = seconds
        self.clock: Callable[[], float] = time.monotonic
        self._files: dict[str, OfferedFile] = {}

    def add(self, path: Path, content_type: str) -> str:
        """Offer a file, which is deleted when it expires; return the path of its URL."""
        token = secrets.token_hex(4)
        self._files[token] = OfferedFile(path, content_type)
        return f"/downloads/{token}/{path.name}"

    def new_folder(self, generated: Path) -> Path:
        """Create a folder for one file below the generated folder, so that equal names cannot clash."""
        return self._folders.make_temporary(generated / "download_stage")

    def use(self, token: str) -> OfferedFile | None:
        """Return the file of a token, which starts to expire with its first use."""
        self.remove_old()
        file = self._files.get(token)
        if file is not None and file.first_used is None:
            file.first_used = self.clock()
            asyncio.get_running_loop().call_later(self.seconds, self.remove_old)
        return file

    def remove_old(self) -> None:
        now = self.clock()
        for token, file in list(self._files.items()):
            if file.first_used is not None and now - file.first_used >= self.seconds:
                del self._files[token]
                self._folders.remove(file.path)
