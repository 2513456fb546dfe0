"""Encoding of an operation and its variables as a request body.

Variables become JSON; with a file among them the request follows the GraphQL multipart request
specification.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel as PydanticBaseModel

from ..base_model import UNSET
from ..errors import InvalidVariableError
from ..multipart import MultipartBody
from ..scalars import encode_timestamp
from ..upload import Upload

if TYPE_CHECKING:
    from ..operation import Operation


@dataclass(frozen=True)
class GraphQLRequest:
    content: bytes | MultipartBody = field(repr=False)
    content_type: str


def build_request(operation: Operation, variables: Mapping[str, object]) -> GraphQLRequest:
    """Build the body of a request: JSON, or multipart for variables with an `Upload`."""
    payload, files = _encode(operation, variables)
    text = _dump(payload, operation)
    if not files:
        return GraphQLRequest(text.encode(), "application/json")
    places = {str(number): [path] for number, (path, _) in enumerate(files)}
    body = MultipartBody(
        [("operations", text), ("map", json.dumps(places))],
        [(str(number), upload) for number, (_, upload) in enumerate(files)],
    )
    return GraphQLRequest(body, body.content_type)


def build_payload(operation: Operation, variables: Mapping[str, object]) -> dict[str, object]:
    payload, files = _encode(operation, variables)
    if files:
        raise _unfit(files[0][0], "a file cannot be sent over a WebSocket", operation)
    _dump(payload, operation)
    return payload


def _encode(
    operation: Operation, variables: Mapping[str, object]
) -> tuple[dict[str, object], list[tuple[str, Upload]]]:
    files: list[tuple[str, Upload]] = []
    for name, value in variables.items():
        # GraphQL takes one value for a list of it; Python's callers mean something else by it.
        if isinstance(value, str) and _wants_a_list(operation, name):
            raise _unfit(
                f"variables.{name}",
                "expected a list, got a text",
                operation,
                hint=f"Give a list, such as [{value[:40]!r}].",
            )
    payload: dict[str, object] = {"query": operation.document}
    if operation.name:
        payload["operationName"] = operation.name
    try:
        encoded = _plain(variables, "variables", files)
    except InvalidVariableError as error:
        raise InvalidVariableError(
            error.message, hint=error.hint, operation=operation.name or None
        ) from None
    except RecursionError:
        raise _unfit(
            "variables", "a value is nested too deeply, or holds itself", operation
        ) from None
    if encoded:
        payload["variables"] = encoded
    return payload, files


def _wants_a_list(operation: Operation, variable: str) -> bool:
    """Whether a shipped document declares a variable as a list."""
    declared = rf"\${re.escape(variable)}\s*:\s*\["
    return bool(operation.package and re.search(declared, operation.document))


def _plain(value: object, path: str, files: list[tuple[str, Upload]]) -> object:
    """Return plain JSON values, with null where a file stands."""
    if value is UNSET:
        raise _unfit(path, "UNSET leaves out an argument or a field, not an item of a list")
    if isinstance(value, Enum):
        return _plain(value.value, path, files)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _unfit(path, f"{value} is not a number that JSON can carry")
        return value
    if isinstance(value, PydanticBaseModel):
        return _plain(value.model_dump(by_alias=True, exclude_unset=True), path, files)
    if isinstance(value, Mapping):
        return _plain_object(cast("Mapping[object, object]", value), path, files)
    if isinstance(value, (list, tuple)):
        items = cast("Sequence[object]", value)
        return [_plain(item, f"{path}.{place}", files) for place, item in enumerate(items)]
    if isinstance(value, (datetime, timedelta)):
        return _moment(value, path)
    if isinstance(value, Upload):
        files.append((path, value))
        return None
    hint = "Give text such as 2026-01-31." if isinstance(value, date) else None
    raise _unfit(path, f"a value of type {type(value).__name__} cannot be sent", hint=hint)


def _plain_object(
    value: Mapping[object, object], path: str, files: list[tuple[str, Upload]]
) -> dict[str, object]:
    plain: dict[str, object] = {}
    for name, item in value.items():
        if not isinstance(name, str):
            raise _unfit(path, f"{name!r} is not a name: the keys of an object must be text")
        if item is not UNSET:
            plain[str(name)] = _plain(item, f"{path}.{name}", files)
    return plain


def _moment(value: datetime | timedelta, path: str) -> str:
    try:
        return encode_timestamp(value)
    except ValueError as error:
        raise _unfit(path, str(error)) from None


def _dump(payload: Mapping[str, Any], operation: Operation) -> str:
    text = json.dumps(payload, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _unfit(
            "variables",
            f"{text[error.start : error.end]!r} is not valid Unicode",
            operation,
            hint="A file name that is not UTF-8 cannot be sent as it is.",
        ) from None
    return text


def _unfit(
    path: str, reason: str, operation: Operation | None = None, hint: str | None = None
) -> InvalidVariableError:
    return InvalidVariableError(
        f"{path}: {reason}", operation=operation.name if operation else None, hint=hint
    )
