"""What a stub may answer besides data: errors of every kind, and what a real server once said."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx

from ..errors import StubError
from ..recordings.reading import Recording, read_recording
from .rendering import render

if TYPE_CHECKING:
    from .documents import Document
    from .schema import Schema

__all__ = [
    "Answer",
    "Data",
    "answer_of",
    "connection_error",
    "database_locked",
    "graphql_error",
    "http_status",
    "recording",
    "timeout",
    "unauthorised",
]

_MEDIA_TYPE = "application/graphql-response+json"


class Answer(ABC):
    """What a stub answers; made by the functions of this module and by `recording`."""

    @abstractmethod
    def faults(self, document: Document, schema: Schema) -> list[str]:
        """Say why no server could answer a document so.

        Returns:
            Sentences; none when it could.
        """

    @abstractmethod
    def respond(self, document: Document, schema: Schema, request: httpx.Request) -> httpx.Response:
        """Make the response.

        Raises:
            httpx.TransportError: that is what is answered.
        """


def answer_of(value: object) -> Answer:
    """Take a value for an answer: the value of the operation, unless it is an answer already."""
    return value if isinstance(value, Answer) else Data(value)


def body_response(body: Mapping[str, object], status: int = 200) -> httpx.Response:
    """Make a GraphQL response as the server does."""
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = {"content-type": _MEDIA_TYPE, "cache-control": "no-store"}
    return httpx.Response(status, headers=headers, content=content)


@dataclass(frozen=True)
class Data(Answer):
    """The data of a success.

    Attributes:
        value: see `rendering.render`.
    """

    value: object

    def faults(self, document: Document, schema: Schema) -> list[str]:
        return render(self.value, document, schema).faults

    def respond(self, document: Document, schema: Schema, request: httpx.Request) -> httpx.Response:
        return body_response({"data": render(self.value, document, schema).data})


@dataclass(frozen=True)
class _Errors(Answer):
    message: str
    path: tuple[str | int, ...] | None
    data: Mapping[str, object] | None
    code: str | None
    status: int

    def faults(self, document: Document, schema: Schema) -> list[str]:
        return [] if self.data is None else render(self.data, document, schema).faults

    def respond(self, document: Document, schema: Schema, request: httpx.Request) -> httpx.Response:
        error: dict[str, object] = {"message": self.message}
        path = self.path
        if path is None and self.code is None:
            asked = document.asked(
                [document.operation.selection_set], schema.root(document.kind), schema.graphql
            )
            path = (next(iter(asked)),)
        if path:
            error["path"] = list(path)
        if self.code is not None:
            error["extensions"] = {"code": self.code}
        data = None if self.data is None else render(self.data, document, schema).data
        return body_response({"errors": [error], "data": data}, self.status)


@dataclass(frozen=True)
class _Status(Answer):
    status: int
    content: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    def faults(self, document: Document, schema: Schema) -> list[str]:
        return []

    def respond(self, document: Document, schema: Schema, request: httpx.Request) -> httpx.Response:
        return httpx.Response(self.status, headers=dict(self.headers), content=self.content)


@dataclass(frozen=True)
class _Trouble(Answer):
    kind: type[httpx.TransportError]
    message: str

    def faults(self, document: Document, schema: Schema) -> list[str]:
        return []

    def respond(self, document: Document, schema: Schema, request: httpx.Request) -> httpx.Response:
        raise self.kind(self.message, request=request)


@dataclass(frozen=True)
class _Recorded(Answer):
    recording: Recording

    def faults(self, document: Document, schema: Schema) -> list[str]:
        asked = self.recording.graphql
        if asked is not None and document.is_laid_out_like(str(asked["query"])):
            return []
        body = self.recording.response.get("json")
        data = cast("Mapping[str, object]", body).get("data") if isinstance(body, dict) else None
        return [] if data is None else render(data, document, schema).faults

    def respond(self, document: Document, schema: Schema, request: httpx.Request) -> httpx.Response:
        return self.recording.answer()


def graphql_error(
    message: str,
    *,
    path: Sequence[str | int] | None = None,
    data: Mapping[str, object] | None = None,
    code: str | None = None,
) -> Answer:
    """Answer an error of GraphQL, as the server does when it cannot do what it was asked.

    Args:
        message: the server's text, such as `scene with id 99 not found`.
        path: where in the data; the first root field when left out.
        data: what is answered all the same, word for word.
        code: only errors about the document have one: `GRAPHQL_VALIDATION_FAILED` or
            `GRAPHQL_PARSE_FAILED`. The status is then 400 and no path is told.
    """
    places = None if path is None else tuple(path)
    return _Errors(message, places, data, code, 200 if code is None else 400)


def database_locked() -> Answer:
    """Answer that the database is busy, as the server does while a task runs."""
    return _Errors("database is locked", None, None, None, 200)


def unauthorised() -> Answer:
    """Answer as the server does to no key, a wrong key or a stale cookie: 401, an empty body."""
    return _Status(401, b"", {"www-authenticate": "FormBased"})


def http_status(status: int, text: str = "", *, content_type: str = "text/html") -> Answer:
    """Answer an HTTP status without GraphQL, as proxies do.

    Args:
        status: such as 502.
        text: the body.
        content_type: its media type.

    Raises:
        StubError: no final status of HTTP.
    """
    if not 200 <= status <= 599:
        raise StubError(f"{status} is no status that an answer has; give one from 200 to 599")
    return _Status(status, text.encode(), {"content-type": content_type})


def connection_error(message: str = "Connection refused") -> Answer:
    """Let no connection come about.

    Args:
        message: what the network says.
    """
    return _Trouble(httpx.ConnectError, message)


def timeout(message: str = "timed out") -> Answer:
    """Let the time limit pass, at once.

    Args:
        message: what the network says.
    """
    return _Trouble(httpx.ReadTimeout, message)


def recording(path: str | Path) -> Answer:
    """Answer what a real server said, whoever asks.

    Args:
        path: a JSON file of one exchange. When its request was another document than the stub's,
            its data must fit the stub's as any others must.

    Raises:
        StubError: the file cannot be read, holds no exchange, or was recorded on a WebSocket.
    """
    return _Recorded(read_recording(path))
