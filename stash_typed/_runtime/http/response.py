"""Decoding of a response to a typed result or one exception.

The decision table; the first row that fits decides:

| status        | body                                     | outcome                               |
|---------------|------------------------------------------|---------------------------------------|
| 401           | any                                      | AuthenticationError                   |
| 500           | `unauthorized`                           | AuthenticationError                   |
| any           | GraphQL with errors about the document   | ValidationFailedError                 |
| any           | GraphQL, all errors "database is locked" | DatabaseLockedError                   |
| any           | GraphQL, all errors "not found"          | NotFoundError                         |
| any           | GraphQL with errors, data or none        | GraphQLError with the partial data    |
| 3xx           | to a login page                          | AuthenticationError                   |
| 1xx, 3xx, 4xx | any                                      | HTTPStatusError                       |
| 5xx           | any                                      | HTTPStatusError                       |
| 2xx           | GraphQL with data that fit               | the result                            |
| 2xx           | GraphQL with data that do not fit        | ResponseFormatError                   |
| 2xx           | GraphQL with null data and no errors     | ResponseFormatError                   |
| 2xx           | HTML, other text, broken JSON, nothing   | ResponseFormatError                   |
| 2xx           | JSON without data and errors, a list     | ResponseFormatError                   |

The content type does not decide: the server has changed it, and proxies lie about it. It only
helps to say what came instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from pydantic import BaseModel as PydanticBaseModel
from pydantic import ConfigDict, PydanticUndefinedAnnotation, ValidationError
from pydantic_core import from_json

from ..auth.credentials import Credentials, authentication_error
from ..errors import GraphQLErrorEntry, ResponseFormatError, StashError
from ..foreign_text import one_line
from ..versions.compat import refuses_credentials
from .graphql_errors import graphql_error, read_entries
from .status import http_status_error, leads_to_login

if TYPE_CHECKING:
    from ..endpoint import Endpoint
    from ..messages import Reply
    from ..operation import Operation

T = TypeVar("T")


class _Envelope(PydanticBaseModel, Generic[T]):
    """A response without errors. Any other is examined without this model."""

    model_config = ConfigDict(extra="ignore")

    data: T
    errors: None = None


_envelopes: dict[type[Any], type[_Envelope[Any]]] = {}


def _envelope(result: type[T]) -> type[_Envelope[T]]:
    """Return the validator for a whole answer, so that its bytes are read in one go."""
    known = _envelopes.get(result)
    if known is None:
        try:
            known = _Envelope[result]  # type: ignore[valid-type]  # made at run time
        except PydanticUndefinedAnnotation:
            cast("type[PydanticBaseModel]", result).model_rebuild()
            known = _Envelope[result]  # type: ignore[valid-type]  # made at run time
        _envelopes[result] = known
    return known


def decode(
    operation: Operation,
    result: type[T],
    reply: Reply,
    *,
    endpoint: Endpoint,
    credentials: Credentials,
) -> T:
    if 200 <= reply.status < 300:
        try:
            return _envelope(result).model_validate_json(reply.content).data
        except ValidationError:
            pass
        return _fit(operation, result, _graphql_body(operation, reply, endpoint), endpoint)
    raise _refusal(operation, reply, endpoint=endpoint, credentials=credentials)


def decode_raw(
    operation: Operation, reply: Reply, *, endpoint: Endpoint, credentials: Credentials
) -> dict[str, Any]:
    if 200 <= reply.status < 300:
        return _graphql_body(operation, reply, endpoint)
    raise _refusal(operation, reply, endpoint=endpoint, credentials=credentials)


def decode_payload(
    operation: Operation, result: type[T], payload: object, *, endpoint: Endpoint
) -> T:
    return _fit(operation, result, _data_or_raise(operation, payload, endpoint), endpoint)


def decode_errors(operation: Operation, errors: object, *, endpoint: Endpoint) -> StashError:
    entries = read_entries(errors)
    if not entries:
        return _unreadable(operation, "an error message without errors", endpoint)
    return graphql_error(entries, None, operation=_name(operation), endpoint=endpoint)


def _refusal(
    operation: Operation, reply: Reply, *, endpoint: Endpoint, credentials: Credentials
) -> StashError:
    name = _name(operation)
    if refuses_credentials(reply.status, reply.content):
        return authentication_error(credentials, url=endpoint.graphql_url, operation=name)
    entries, data = _errors_of(reply)
    if entries:
        return graphql_error(entries, data, operation=name, endpoint=endpoint)
    if leads_to_login(reply.status, reply.location):
        return authentication_error(credentials, url=endpoint.graphql_url, operation=name)
    return http_status_error(reply, operation=name, url=endpoint.graphql_url)


def _errors_of(reply: Reply) -> tuple[list[GraphQLErrorEntry], dict[str, Any] | None]:
    """Return the GraphQL errors of an answer that may be no GraphQL at all."""
    try:
        body: object = from_json(reply.content)
    except ValueError:
        return [], None
    if not isinstance(body, dict):
        return [], None
    fields = cast("dict[str, object]", body)
    errors = fields.get("errors")
    listed = cast("list[object]", errors) if isinstance(errors, list) else []
    if not all(isinstance(error, dict) and "message" in error for error in listed):
        return [], None
    return read_entries(listed), _object(fields.get("data"))


def _graphql_body(operation: Operation, reply: Reply, endpoint: Endpoint) -> dict[str, Any]:
    """Return the data of a success, or raise for what came instead."""
    try:
        body: object = from_json(reply.content)
    except ValueError:
        raise _unreadable(operation, _describe(reply), endpoint) from None
    return _data_or_raise(operation, body, endpoint)


def _data_or_raise(operation: Operation, body: object, endpoint: Endpoint) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise _unreadable(operation, f"JSON that is not an object but {_kind(body)}", endpoint)
    fields = cast("dict[str, object]", body)
    if "data" not in fields and "errors" not in fields:
        raise _unreadable(operation, "JSON without data and errors", endpoint)
    data = _object(fields.get("data"))
    entries = read_entries(fields.get("errors"))
    if entries:
        raise graphql_error(entries, data, operation=_name(operation), endpoint=endpoint)
    if data is None:
        raise _unreadable(operation, f"data that are {_kind(fields.get('data'))}", endpoint)
    return data


def _object(value: object) -> dict[str, Any] | None:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _describe(reply: Reply) -> str:
    start = reply.content.lstrip()[:1]
    if not start:
        return "an empty body"
    if start == b"<" or "html" in reply.content_type:
        return "a web page (HTML), perhaps the sign-in page of a proxy"
    if start in (b"{", b"["):
        return "JSON that breaks off or is damaged"
    return f"{one_line(reply.content_type.partition(';')[0], 80) or 'text'} that is not JSON"


def _kind(value: object) -> str:
    if value is None:
        return "null"
    return "a list" if isinstance(value, list) else "a single value"


def _unreadable(operation: Operation, what: str, endpoint: Endpoint) -> ResponseFormatError:
    return ResponseFormatError(
        f"expected a GraphQL answer, got {what}",
        operation=_name(operation),
        url=endpoint.graphql_url,
        hint=(
            "Is this a Stash server? The url should be its base url, such as http://localhost:9999;"
            " a proxy in front of it must pass /graphql through."
        ),
    )


def _fit(operation: Operation, result: type[T], data: dict[str, Any], endpoint: Endpoint) -> T:
    try:
        return _envelope(result).model_validate({"data": data}).data
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    # Not raised from pydantic's own error: that quotes values, and links among them carry the key.
    path = ".".join(str(step) for step in first["loc"])
    raise ResponseFormatError(
        f"{one_line(path)} does not fit {result.__name__}: {one_line(first['msg'])}",
        operation=_name(operation),
        url=endpoint.graphql_url,
        hint=(
            "The server is probably another version of Stash than this client was made for. Run"
            f" `stash-typed check {endpoint.url}`, or `stash-typed upgrade` to regenerate the client."
        ),
    )


def _name(operation: Operation) -> str:
    return operation.name or "graphql"
