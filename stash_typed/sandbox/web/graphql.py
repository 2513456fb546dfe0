"""GraphQL over HTTP: `POST /graphql` with JSON or multipart, `GET` for queries."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import cast

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request as HTTPRequest
from starlette.responses import Response

from ..graphql.context import SandboxContext
from ..graphql.documents import InvalidDocumentError
from ..graphql.execution import Answer, Executor, Request, invalid
from ..graphql.upload import UploadedFile
from ..state import ServerState
from .addresses import base_url

__all__ = ["GraphQLEndpoint"]

_GRAPHQL = "application/graphql-response+json"
_JSON = "application/json"


class _UnreadableError(Exception):
    """The body is not a GraphQL request: a 400 with this message and no code."""


class GraphQLEndpoint:
    """Answers GraphQL requests from the state's data."""

    def __init__(self, state: ServerState, executor: Executor) -> None:
        self._state = state
        self._executor = executor

    async def __call__(self, http: HTTPRequest) -> Response:
        """Answer one request."""
        content_type = http.headers.get("content-type", "").partition(";")[0].strip().lower()
        answer_type = _answer_type(http.headers.get("accept", ""))
        try:
            if http.method == "GET":
                request = _from_query(http.query_params)
            elif http.method == "POST" and content_type == _JSON:
                request = _from_json(await http.body())
            elif http.method == "POST" and content_type == "multipart/form-data":
                request = await _from_multipart(http)
                # What the server answers to uploads, whatever the client accepts.
                answer_type = _JSON
            else:
                return _send(_message("transport not supported"), 400, "text/plain; charset=utf-8")
        except _UnreadableError as error:
            return _send(_message(str(error)), 400, answer_type)
        try:
            kind = self._executor.kind(request)
            if kind != "query" and http.method == "GET":
                return _send(_message("GET requests only allow query operations"), 406, _JSON)
            if kind == "subscription":
                return _send(_message("subscriptions need a WebSocket"), 400, answer_type)
            answer = self._executor.execute(request, self._context(http))
        except InvalidDocumentError as error:
            return _send(invalid(error), 400 if answer_type == _GRAPHQL else 422, answer_type)
        return _send(answer, 200, answer_type)

    def _context(self, http: HTTPRequest) -> SandboxContext:
        return SandboxContext(
            state=self._state,
            request_base_url=base_url(http),
            api_key_for_links=self._state.config.api_key or None,
        )


def _answer_type(accept: str) -> str:
    for each in accept.split(","):
        media = each.partition(";")[0].strip().lower()
        if media in (_GRAPHQL, "*/*"):
            return _GRAPHQL
        if media in (_JSON, "application/*"):
            return _JSON
    return _GRAPHQL


def _from_query(params: Mapping[str, str]) -> Request:
    variables: object = {}
    if params.get("variables"):
        try:
            variables = json.loads(params["variables"])
        except (ValueError, RecursionError):
            raise _UnreadableError("variables could not be decoded") from None
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
    values = cast("dict[str, object]", content)
    query = values.get("query") or ""
    name = values.get("operationName")
    variables = values.get("variables")
    for key, value, expected in (("query", query, "string"), ("operationName", name, "string")):
        if value is not None and not isinstance(value, str):
            raise fail(
                f"json: cannot unmarshal {_go_kind(value)} into Go struct field"
                f" RawParams.{key} of type {expected}"
            )
    if variables is not None and not isinstance(variables, dict):
        raise fail(
            f"json: cannot unmarshal {_go_kind(variables)} into Go struct field"
            " RawParams.variables of type map[string]interface {}"
        )
    return Request(
        query=cast("str", query),
        operation_name=cast("str | None", name),
        variables=cast("dict[str, object]", variables or {}),
    )


async def _from_multipart(http: HTTPRequest) -> Request:
    async with http.form(max_part_size=64 << 20) as form:
        return await _from_form(form)


async def _from_form(form: FormData) -> Request:
    def unreadable(why: str) -> _UnreadableError:
        return _UnreadableError(f"operations form field could not be decoded: {why}")

    try:
        operations: object = json.loads(str(form.get("operations", "")))
        places = _places(json.loads(str(form.get("map", ""))))
    except (ValueError, RecursionError):
        raise _UnreadableError("operations form field could not be decoded") from None
    request = _from_content(operations, unreadable)
    for key, paths in places.items():
        part = form.get(key)
        if not isinstance(part, UploadFile):
            raise _UnreadableError(f"failed to get key {key} from form")
        upload = UploadedFile(
            name=part.filename or "",
            content_type=part.content_type or "application/octet-stream",
            data=await part.read(),
        )
        for path in paths:
            _put(operations, path, upload)
    return request


def _places(given: object) -> dict[str, list[str]]:
    """Read a map of parts to their places in the operation.

    Raises:
        ValueError: it is none.
    """
    found: dict[str, list[str]] = {}
    if not isinstance(given, dict):
        raise ValueError
    for key, paths in cast("dict[str, object]", given).items():
        if not isinstance(paths, list):
            raise ValueError
        found[key] = [str(each) for each in cast("list[object]", paths)]
    return found


def _put(operations: object, path: str, upload: UploadedFile) -> None:
    steps = path.split(".")
    target: object = operations
    try:
        for step in steps[:-1]:
            target = (
                cast("list[object]", target)[int(step)]
                if isinstance(target, list)
                else cast("dict[str, object]", target)[step]
            )
        if isinstance(target, list):
            cast("list[object]", target)[int(steps[-1])] = upload
        else:
            cast("dict[str, object]", target)[steps[-1]] = upload
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
    return Response(
        body,
        status,
        {"content-type": content_type, "cache-control": "no-store", "vary": "Origin"},
    )
