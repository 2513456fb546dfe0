"""Replay of recordings: each request is answered as often as it was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import httpx

from ..errors import StubError
from ..recordings.reading import Recording, read_recording
from ..recordings.redaction import redact_payload
from .documents import document_key
from .matching import difference
from .requests import MockRequest


class Replay:
    def __init__(self, paths: Iterable[str | Path], *, optional: bool) -> None:
        self._optional = optional
        self._left = [read_recording(file) for path in paths for file in _files(Path(path))]

    @property
    def places(self) -> list[tuple[str, str]]:
        """The distinct methods and paths of requests other than GraphQL and sign-ins."""
        others = [
            (str(each.request["method"]), str(each.request["path"]))
            for each in self._left
            if each.graphql is None and each.request["path"] != "/login"
        ]
        return list(dict.fromkeys(others))

    def take(self, asked: MockRequest) -> Recording | None:
        wanted = _known_by(asked.document, asked.operation, asked.variables)

        def is_of(recording: Recording) -> bool:
            body = recording.graphql
            if body is None:
                return False
            own = _known_by(
                str(body["query"]),
                str(body.get("operationName") or ""),
                body.get("variables") or {},
            )
            return difference(own, wanted, recorded=True) is None

        return self._take(is_of)

    def take_other(self, request: httpx.Request) -> Recording | None:
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
        return (
            [] if self._optional else [f"{each.file}: nothing asked for it" for each in self._left]
        )


def _files(path: Path) -> list[Path]:
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        raise StubError(f"there are no recordings in {path}")
    return files


def _known_by(text: str, name: str, variables: object) -> list[object]:
    """Return a request's document and variables, without secrets and regardless of layout."""
    redacted = redact_payload({"query": text, "variables": variables})
    return [document_key(str(redacted["query"]), name), redacted["variables"]]
