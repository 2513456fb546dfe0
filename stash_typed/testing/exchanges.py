"""Recordings as a whole conversation: each request is answered as often as it was recorded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from .documents import read_document
from .errors import StubError
from .recordings import Recording, read_recording
from .redaction import redact_document, redact_json

if TYPE_CHECKING:
    import httpx

    from .requests import MockRequest

__all__ = ["Replay"]


class Replay:
    """Some recordings, and which of them are left."""

    def __init__(self, paths: Iterable[str | Path], *, optional: bool) -> None:
        """Read them.

        Args:
            paths: files, or folders of them.
            optional: whether some may be left over.

        Raises:
            StubError: a file cannot be read, or was recorded on a WebSocket; a folder is empty.
        """
        self._optional = optional
        self._left = [read_recording(file) for path in paths for file in _files(Path(path))]
        self._count = len(self._left)

    @property
    def places(self) -> list[tuple[str, str]]:
        """Method and path of what is no GraphQL, sign-ins left aside, each once."""
        others = [
            (str(each.request["method"]), str(each.request["path"]))
            for each in self._left
            if each.graphql is None and each.request["path"] != "/login"
        ]
        return list(dict.fromkeys(others))

    def take(self, asked: MockRequest) -> Recording | None:
        """Take the recording of a request for an operation; None when there is none left."""
        key = _key(asked.document, asked.operation)
        variables = redact_json(asked.variables)
        for each in self._left:
            body = each.graphql
            if (
                body is not None
                and _key(str(body["query"]), str(body.get("operationName") or "")) == key
                and redact_json(body.get("variables") or {}) == variables
            ):
                self._left.remove(each)
                return each
        return None

    def take_other(self, request: httpx.Request) -> Recording | None:
        """Take the recording of any other request; None when there is none left."""
        for each in self._left:
            path = str(each.request["path"])
            if each.graphql is None and (
                request.method == each.request["method"] and request.url.path.endswith(path)
            ):
                self._left.remove(each)
                return each
        return None

    def unused(self) -> list[str]:
        """Name the recordings that are left, unless they may be."""
        return (
            [] if self._optional else [f"{each.file}: nothing asked for it" for each in self._left]
        )


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(path.glob("*.json"))
    if not files:
        raise StubError(f"there are no recordings in {path}")
    return files


def _key(text: str, name: str) -> str:
    """The same for documents that differ in layout alone; one that cannot be read is its own key."""
    text = redact_document(text)
    try:
        return read_document(text, name or None).key
    except StubError:
        return text
