"""What a stub may answer besides data: errors of every kind, and what a real server once said."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import httpx

from ..errors import StubError
from ..recordings.reading import Recording, read_recording
from .rendering import render

if TYPE_CHECKING:
    from pathlib import Path

    from graphql import GraphQLSchema

    from .documents import Document

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


class Answer(ABC):
    """What a stub answers; made by the functions of this package such as `graphql_error`."""

    def faults(self, document: Document, schema: GraphQLSchema) -> list[str]:
        """Return why no server could answer a document so."""
        return []

    @abstractmethod
    def respond(
        self, document: Document, schema: GraphQLSchema, request: httpx.Request
    ) -> httpx.Response:
        """Make the response, or raise the `httpx.TransportError` that is the answer."""


def answer_of(value: object) -> Answer:
    """Take a value for an answer: the value of the operation, unless it is an answer already."""
    return value if isinstance(value, Answer) else Data(value)


def _response(body: Mapping[str, object], status: int = 200) -> httpx.Response:
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = {
        "content-type": "application/graphql-response+json",
        "cache-control": "no-store",
    }
    return httpx.Response(status, headers=headers, content=content)


@dataclass(frozen=True)
class Data(Answer):
    """The data of a success, from a value as `render` takes it."""

    value: object

    def faults(self, document: Document, schema: GraphQLSchema) -> list[str]:
        return render(self.value, document, schema).faults

    def respond(
        self, document: Document, schema: GraphQLSchema, request: httpx.Request
    ) -> httpx.Response:
        return _response({"data": render(self.value, document, schema).data})


@dataclass(frozen=True)
class _Errors(Answer):
    message: str
    path: tuple[str | int, ...] | None = None
    data: Mapping[str, object] | None = None
    code: str | None = None

    def faults(self, document: Document, schema: GraphQLSchema) -> list[str]:
        return [] if self.data is None else render(self.data, document, schema).faults

    def respond(
        self, document: Document, schema: GraphQLSchema, request: httpx.Request
    ) -> httpx.Response:
        error: dict[str, object] = {"message": self.message}
        path = self.path
        if path is None and self.code is None:
            asked = document.asked(
                [document.operation.selection_set], document.root(schema), schema
            )
            path = (next(iter(asked)),)
        if path:
            error["path"] = list(path)
        if self.code is not None:
            error["extensions"] = {"code": self.code}
        data = None if self.data is None else render(self.data, document, schema).data
        return _response({"errors": [error], "data": data}, 200 if self.code is None else 400)


@dataclass(frozen=True)
class _Status(Answer):
    status: int
    content: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    def respond(
        self, document: Document, schema: GraphQLSchema, request: httpx.Request
    ) -> httpx.Response:
        return httpx.Response(self.status, headers=dict(self.headers), content=self.content)


@dataclass(frozen=True)
class _TransportError(Answer):
    kind: type[httpx.TransportError]
    message: str

    def respond(
        self, document: Document, schema: GraphQLSchema, request: httpx.Request
    ) -> httpx.Response:
        raise self.kind(self.message, request=request)


@dataclass(frozen=True)
class _Recorded(Answer):
    recording: Recording

    def faults(self, document: Document, schema: GraphQLSchema) -> list[str]:
        asked = self.recording.graphql
        if asked is not None and document.is_laid_out_like(str(asked["query"])):
            return []
        body = self.recording.response.get("json")
        data = cast("Mapping[str, object]", body).get("data") if isinstance(body, dict) else None
        return [] if data is None else render(data, document, schema).faults

    def respond(
        self, document: Document, schema: GraphQLSchema, request: httpx.Request
    ) -> httpx.Response:
        return self.recording.answer()


def graphql_error(
    message: str,
    *,
    path: Sequence[str | int] | None = None,
    data: Mapping[str, object] | None = None,
    code: str | None = None,
) -> Answer:
    """Answer a GraphQL error, as the server does when it cannot do what it was asked.

    Args:
        message: the server's text, such as `scene with id 99 not found`.
        path: where in the data; the first root field when left out.
        data: what is answered all the same, word for word.
        code: only errors about the document have one: `GRAPHQL_VALIDATION_FAILED` or
            `GRAPHQL_PARSE_FAILED`. The status is then 400 and no path is told.
    """
    return _Errors(message, None if path is None else tuple(path), data, code)


def database_locked() -> Answer:
    """Answer that the database is busy, as the server does while a task runs."""
    return _Errors("database is locked")


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
        StubError: `status` is not a final status of HTTP.
    """
    if not 200 <= status <= 599:
        raise StubError(f"{status} is no status that an answer has; give one from 200 to 599")
    return _Status(status, text.encode(), {"content-type": content_type})


def connection_error(message: str = "Connection refused") -> Answer:
    """Let the connection fail, with what the network says as the message."""
    return _TransportError(httpx.ConnectError, message)


def timeout(message: str = "timed out") -> Answer:
    """Let the time limit pass at once, with what the network says as the message."""
    return _TransportError(httpx.ReadTimeout, message)


def recording(path: str | Path) -> Answer:
    """Answer what a real server said, whoever asks.

    Args:
        path: a JSON file of one exchange. When its request was another document than the stub's,
            its data must fit the stub's as any others must.

    Raises:
        StubError: the file cannot be read, holds no exchange, or was recorded on a WebSocket.
    """
    return _Recorded(read_recording(path))
