"""GraphQL over HTTP: `POST /graphql` with JSON or multipart, `GET` for queries."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from pydantic import TypeAdapter
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request as HTTPRequest
from starlette.responses import Response

from ..graphql.documents import InvalidDocumentError
from ..graphql.execution import Answer, Executor, Request
from .addresses import context_for

_GRAPHQL = "application/graphql-response+json"
_JSON = "application/json"
_MOST_BYTES_OF_A_PART = 64 << 20
_PLACES = TypeAdapter(dict[str, list[Any]])
"""Validates the `map` of a form: the paths in the operations that its parts fill."""


class _UnreadableError(Exception):
    """The body is not a GraphQL request: a 400 with this message and no code."""


async def answer_graphql(http: HTTPRequest) -> Response:
    executor: Executor = http.app.state.executor
    content_type = http.headers.get("content-type", "").partition(";")[0].strip().lower()
    answer_type = _answer_type(http.headers.get("accept", ""))
    try:
        if http.method == "GET":
            request = _from_query(http.query_params)
        elif http.method == "POST" and content_type == _JSON:
            request = _from_json(await http.body())
        elif http.method == "POST" and content_type == "multipart/form-data":
            async with http.form(max_part_size=_MOST_BYTES_OF_A_PART) as form:
                request = await _from_form(form)
            # The media type that the server gives to uploads, whatever the client accepts.
            answer_type = _JSON
        else:
            return _send(_message("transport not supported"), 400, "text/plain; charset=utf-8")
    except _UnreadableError as error:
        return _send(_message(str(error)), 400, answer_type)
    try:
        kind = executor.kind(request)
        if kind != "query" and http.method == "GET":
            return _send(_message("GET requests only allow query operations"), 406, _JSON)
        if kind == "subscription":
            return _send(_message("subscriptions need a WebSocket"), 400, answer_type)
        return _send(executor.execute(request, context_for(http)), 200, answer_type)
    except InvalidDocumentError as error:
        status = 400 if answer_type == _GRAPHQL else 422
        return _send({"errors": error.errors, "data": None}, status, answer_type)


def _answer_type(accept: str) -> str:
    for each in accept.split(","):
        media = each.partition(";")[0].strip().lower()
        if media in (_GRAPHQL, "*/*"):
            return _GRAPHQL
        if media in (_JSON, "application/*"):
            return _JSON
    return _GRAPHQL


def _from_query(params: Mapping[str, str]) -> Request:
    try:
        variables: object = json.loads(params.get("variables") or "{}")
    except (ValueError, RecursionError):
        variables = None
    if not isinstance(variables, dict):
        raise _UnreadableError("variables could not be decoded")
    return Request(
        query=params.get("query", ""),
        operation_name=params.get("operationName"),
        variables=cast("dict[str, object]", variables),
    )


def _from_json(body: bytes) -> Request:
    text = body.decode("utf-8", errors="replace")

    def unreadable(why: str) -> _UnreadableError:
        return _UnreadableError(f"json request body could not be decoded: {why} body:{text}")

    if not text.strip():
        raise unreadable("EOF")
    try:
        content: object = json.loads(text)
    except json.JSONDecodeError as error:
        ended = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        near = text[error.pos : error.pos + 1]
        raise unreadable(
            "unexpected EOF" if ended else f"invalid character '{near}' looking for a value"
        ) from None
    except ValueError as error:  # a number of thousands of digits
        raise unreadable(str(error)) from None
    except RecursionError:
        raise _UnreadableError("json request body is nested too deeply") from None
    return _from_content(content, unreadable)


def _from_content(content: object, fail: Callable[[str], _UnreadableError]) -> Request:
    if not isinstance(content, dict):
        kind = _go_kind(content)
        raise fail(f"json: cannot unmarshal {kind} into Go value of type graphql.RawParams")
    values = cast("dict[str, Any]", content)
    for key, expected, go_type in (
        ("query", str, "string"),
        ("operationName", str, "string"),
        ("variables", dict, "map[string]interface {}"),
    ):
        value: object = values.get(key)
        # An empty query of any kind is none.
        if value is not None and not isinstance(value, expected) and (value or key != "query"):
            raise fail(
                f"json: cannot unmarshal {_go_kind(value)} into Go struct field"
                f" RawParams.{key} of type {go_type}"
            )
    return Request(
        query=values.get("query") or "",
        operation_name=values.get("operationName"),
        variables=values.get("variables") or {},
    )


async def _from_form(form: FormData) -> Request:
    def unreadable(why: str) -> _UnreadableError:
        return _UnreadableError(f"operations form field could not be decoded: {why}")

    try:
        operations: object = json.loads(str(form.get("operations", "")))
        places = _PLACES.validate_json(str(form.get("map", "")))
    except (ValueError, RecursionError):
        raise _UnreadableError("operations form field could not be decoded") from None
    request = _from_content(operations, unreadable)
    for key, paths in places.items():
        part = form.get(key)
        if not isinstance(part, UploadFile):
            raise _UnreadableError(f"failed to get key {key} from form")
        upload = await part.read()
        for path in paths:
            _put(operations, str(path), upload)
    return request


def _put(operations: object, path: str, upload: bytes) -> None:
    target = cast("Any", operations)
    *above, last = path.split(".")
    try:
        for step in above:
            target = target[int(step) if isinstance(target, list) else step]
        target[int(last) if isinstance(target, list) else last] = upload
    except (KeyError, IndexError, ValueError, TypeError):
        raise _UnreadableError(f"invalid operations paths for key {path}") from None


def _go_kind(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "object" if isinstance(value, dict) else "array"


def _message(text: str) -> Answer:
    return {"errors": [{"message": text}], "data": None}


def _send(answer: Answer, status: int, content_type: str) -> Response:
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"content-type": content_type, "cache-control": "no-store", "vary": "Origin"}
    return Response(body, status, headers)
