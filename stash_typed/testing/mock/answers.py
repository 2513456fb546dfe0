"""Answers of a stub other than data: errors of every kind, and recorded responses."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import httpx
from graphql import GraphQLSchema

from ..errors import StubError
from ..recordings.reading import read_recording
from .documents import Document, document_key
from .rendering import render

_NOTHING = object()


@dataclass(frozen=True)
class Answer:
    """The answer of a stub, created by functions of this package such as `graphql_error`.

    Attributes:
        make: builds the response from the rendered data, or raises `httpx.TransportError`.
        value: the value that `render` turns into data.
        is_data: whether the answer is the value alone.
        recorded_with: the document that a server gave this answer to.
    """

    make: Callable[[object, Document, httpx.Request], httpx.Response]
    value: object = _NOTHING
    is_data: bool = False
    recorded_with: str | None = None

    def faults(self, document: Document, schema: GraphQLSchema) -> list[str]:
        recorded = self.recorded_with
        if self.value is _NOTHING or (
            recorded and document_key(recorded, document.name) == document.key
        ):
            return []
        return render(self.value, document, schema).faults

    def respond(
        self, document: Document, schema: GraphQLSchema, request: httpx.Request
    ) -> httpx.Response:
        """Return the response, or raise the `httpx.TransportError` that is the answer."""
        given = self.value is not _NOTHING
        data = render(self.value, document, schema).data if given else None
        return self.make(data, document, request)


def answer_of(value: object) -> Answer:
    """Wrap an operation's value in an answer, unless it is one already."""
    if isinstance(value, Answer):
        return value
    return Answer(lambda data, document, request: _response({"data": data}), value, is_data=True)


def _response(body: Mapping[str, object], status: int = 200) -> httpx.Response:
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = {
        "content-type": "application/graphql-response+json",
        "cache-control": "no-store",
    }
    return httpx.Response(status, headers=headers, content=content)


def graphql_error(
    message: str,
    *,
    path: Sequence[str | int] | None = None,
    data: Mapping[str, object] | None = None,
    code: str | None = None,
) -> Answer:
    """Answer with a GraphQL error, as the server does when an operation fails.

    Args:
        message: the server's text, such as `scene with id 99 not found`.
        path: the place in the data; the first root field when left out.
        data: the partial data to answer with, verbatim.
        code: only errors about the document have one: `GRAPHQL_VALIDATION_FAILED` or
            `GRAPHQL_PARSE_FAILED`. The status is then 400, and there is no path.
    """

    def make(rendered: object, document: Document, request: httpx.Request) -> httpx.Response:
        error: dict[str, object] = {"message": message}
        place = [document.first_key] if path is None and code is None else path
        if place:
            error["path"] = list(place)
        if code is not None:
            error["extensions"] = {"code": code}
        return _response({"errors": [error], "data": rendered}, 200 if code is None else 400)

    return Answer(make, _NOTHING if data is None else data)


def database_locked() -> Answer:
    """Answer that the database is locked, as the server does while a task runs."""
    return graphql_error("database is locked")


def unauthorised() -> Answer:
    """Answer as the server does to missing or invalid credentials: 401 with an empty body."""
    headers = {"www-authenticate": "FormBased"}
    return Answer(lambda data, document, request: httpx.Response(401, headers=headers))


def http_status(status: int, text: str = "", *, content_type: str = "text/html") -> Answer:
    """Answer with an HTTP status and no GraphQL, as proxies do.

    Args:
        status: a status code such as 502.
        text: the body.
        content_type: its media type.

    Raises:
        StubError: `status` is not a final HTTP status.
    """
    if not 200 <= status <= 599:
        raise StubError(f"{status} is not a status that an answer has; give one from 200 to 599")
    headers = {"content-type": content_type}
    content = text.encode()
    return Answer(
        lambda data, document, request: httpx.Response(status, headers=headers, content=content)
    )


def connection_error(message: str = "Connection refused") -> Answer:
    """Fail to connect, with the network's error text as the message."""
    return _failure(httpx.ConnectError, message)


def timeout(message: str = "timed out") -> Answer:
    """Time out at once, with the network's error text as the message."""
    return _failure(httpx.ReadTimeout, message)


def _failure(kind: type[httpx.TransportError], message: str) -> Answer:
    def make(data: object, document: Document, request: httpx.Request) -> httpx.Response:
        raise kind(message, request=request)

    return Answer(make)


def recording(path: str | Path) -> Answer:
    """Answer every request with a recorded response.

    Args:
        path: a JSON file of one exchange. When its request was another document than the stub's,
            its data must fit the stub's as any others must.

    Raises:
        StubError: the file cannot be read, holds no exchange, or was recorded on a WebSocket.
    """
    recorded = read_recording(path)
    asked = recorded.graphql
    body = recorded.response.get("json")
    data = cast("Mapping[str, object]", body).get("data") if isinstance(body, dict) else None
    return Answer(
        lambda data, document, request: recorded.answer(),
        _NOTHING if data is None else data,
        recorded_with=None if asked is None else str(asked["query"]),
    )
