"""Recordings as a whole conversation: each request is answered as often as it was recorded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from stash_typed._runtime.redact import HIDDEN

from ..errors import StubError
from ..recordings.reading import Recording, read_recording
from ..recordings.redaction import redact_document, redact_payload
from .documents import read_document

if TYPE_CHECKING:
    import httpx

    from .requests import MockRequest

__all__ = ["Replay"]


class Replay:
    """Some recordings, from files or folders of them, and which of them are left."""

    def __init__(self, paths: Iterable[str | Path], *, optional: bool) -> None:
        self._optional = optional
        self._left = [read_recording(file) for path in paths for file in _files(Path(path))]

    @property
    def places(self) -> list[tuple[str, str]]:
        """Method and path of what is not GraphQL, sign-ins left aside, each once."""
        others = [
            (str(each.request["method"]), str(each.request["path"]))
            for each in self._left
            if each.graphql is None and each.request["path"] != "/login"
        ]
        return list(dict.fromkeys(others))

    def take(self, asked: MockRequest) -> Recording | None:
        """Take the recording of a request for an operation; None when there is none left."""
        key = _key(asked.document, asked.operation)
        variables = _variables(asked.document, asked.variables)

        def is_of(recording: Recording) -> bool:
            body = recording.graphql
            if body is None:
                return False
            document = str(body["query"])
            return _fits(_key(document, str(body.get("operationName") or "")), key) and _fits(
                _variables(document, body.get("variables") or {}), variables
            )

        return self._take(is_of)

    def take_other(self, request: httpx.Request) -> Recording | None:
        """Take the recording of any other request; None when there is none left."""
        return self._take(
            lambda each: (
                each.graphql is None
                and request.method == each.request["method"]
                and request.url.path.endswith(str(each.request["path"]))
            )
        )

    def _take(self, is_of: Callable[[Recording], bool]) -> Recording | None:
        found = next(filter(is_of, self._left), None)
        if found is not None:
            self._left.remove(found)
        return found

    def unused(self) -> list[str]:
        """Name the recordings that are left, unless they may be."""
        return (
            [] if self._optional else [f"{each.file}: nothing asked for it" for each in self._left]
        )


def _files(path: Path) -> list[Path]:
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        raise StubError(f"there are no recordings in {path}")
    return files


def _variables(document: str, variables: object) -> object:
    return redact_payload({"query": document, "variables": variables})["variables"]


def _fits(recorded: object, asked: object) -> bool:
    """Whether a request may be the one that was recorded: what is hidden there may be anything."""
    if isinstance(recorded, dict) and isinstance(asked, dict):
        fields, others = cast("dict[str, object]", recorded), cast("dict[str, object]", asked)
        return fields.keys() == others.keys() and all(
            _fits(value, others[name]) for name, value in fields.items()
        )
    if isinstance(recorded, list) and isinstance(asked, list):
        items, given = cast("list[object]", recorded), cast("list[object]", asked)
        return len(items) == len(given) and all(map(_fits, items, given))
    if isinstance(recorded, str) and isinstance(asked, str) and HIDDEN in recorded:
        pattern = ".*".join(map(re.escape, recorded.split(HIDDEN)))
        return re.fullmatch(pattern, asked, re.DOTALL) is not None
    return recorded == asked


def _key(text: str, name: str) -> str:
    """The same for documents that differ in layout alone; one that cannot be read is its own key."""
    text = redact_document(text)
    try:
        return read_document(text, name or None).key
    except StubError:
        return text
