"""Requests as a test inspects them, without secrets in headers."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, cast

import httpx

from stash_typed._runtime.redact import redact_headers, redact_text, redact_url

from ..recordings.multipart import read_parts

_LONGEST = 400


@dataclass(frozen=True, repr=False)
class MockRequest:
    """One request for an operation.

    Attributes:
        operation: the operation's name; empty if it was sent without one.
        document: the document's text.
        variables: the variables as sent, with null in place of each file.
        files: the contents of files by their path, such as `variables.input.file`.
        headers: the headers, with names in lower case and `***` for keys, tokens and cookies.
        url: the request's URL, without secrets.
    """

    operation: str
    document: str
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    headers: dict[str, str] = field(default_factory=dict[str, str])
    url: str = ""

    def complete_variables(self) -> dict[str, Any]:
        """Return the variables with a placeholder for each file instead of null."""
        variables = deepcopy(self.variables)
        for place in self.files:
            *way, last = [int(step) if step.isdigit() else step for step in place.split(".")[1:]]
            holder: Any = variables
            for step in way:
                holder = holder[step]
            holder[last] = place
        return variables

    def __repr__(self) -> str:
        return f"<MockRequest {self.operation or 'without a name'} {shown(self.variables)}>"


def shown(variables: object) -> str:
    """Return variables as text for a message: on one line, without secrets."""
    text = redact_text(json.dumps(variables, ensure_ascii=False, default=str))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def read_request(request: httpx.Request) -> MockRequest | None:
    """Parse a POST to `/graphql`; return None if it is not GraphQL."""
    content_type = request.headers.get("content-type", "")
    parts: dict[str, bytes] = {}
    text: bytes = request.content
    if content_type.startswith("multipart/form-data"):
        parts = {each.name: each.content for each in read_parts(content_type, request.content)}
        text = parts.pop("operations", b"")
    try:
        body: object = json.loads(text)
        files = _by_place(parts)
    except ValueError:
        return None
    fields = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    document = fields.get("query")
    if not isinstance(document, str):
        return None
    return MockRequest(
        operation=str(fields.get("operationName") or ""),
        document=document,
        variables=cast("dict[str, Any]", fields.get("variables") or {}),
        files=files,
        headers=redact_headers(dict(request.headers)),
        url=redact_url(str(request.url)),
    )


def _by_place(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Key the files by their path in the variables, as the `map` part has it."""
    places = cast("dict[str, list[str]]", json.loads(parts.pop("map", b"{}")))
    return {place: parts[name] for name, (place, *_) in places.items() if name in parts}
