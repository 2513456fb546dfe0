"""Recorded exchanges, read from their files."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx

from ..errors import StubError

_OWN_HEADERS = frozenset({"content-length", "content-encoding", "transfer-encoding", "date"})


@dataclass(frozen=True)
class Recording:
    """One exchange over HTTP, as `record` writes it."""

    file: Path
    # `method`, `path`, `headers`, and `json`, `form`, `multipart` or `text`
    request: Mapping[str, Any] = field(repr=False)
    # `status`, `headers`, and `json`, `text`, `base64` or `base64_head`
    response: Mapping[str, Any] = field(repr=False)

    @property
    def graphql(self) -> Mapping[str, Any] | None:
        """The request's `query` and any `variables`; None if it is not GraphQL."""
        body: object = self.request.get("json")
        if body is None and "multipart" in self.request:
            body = json.loads(self.request["multipart"]["data"]["operations"])
        fields = cast("dict[str, Any]", body) if isinstance(body, dict) else dict[str, Any]()
        return fields if isinstance(fields.get("query"), str) else None

    def answer(self) -> httpx.Response:
        headers = cast("Mapping[str, str]", self.response.get("headers", {}))
        return httpx.Response(
            int(self.response["status"]),
            headers={n: v for n, v in headers.items() if n.lower() not in _OWN_HEADERS},
            content=self._content(),
        )

    def _content(self) -> bytes:
        response = self.response
        if "json" in response:
            return json.dumps(response["json"], ensure_ascii=False).encode()
        if "base64" in response:
            return base64.b64decode(response["base64"])
        if "base64_head" in response:
            raise StubError(
                f"{self.file.name} has only the first bytes of its answer",
                hint="Mock a download with httpx_mock.add_response(url=…, content=…).",
            )
        return str(response.get("text", "")).encode()


def read_recording(path: str | Path) -> Recording:
    file = Path(path)
    try:
        body: object = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise StubError(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise StubError(f"{file} is not JSON: {error}") from error
    fields = cast("dict[str, object]", body) if isinstance(body, dict) else dict[str, object]()
    if "frames" in fields or "error" in fields:
        raise StubError(
            f"{file} was recorded on a WebSocket, which stash_mock does not answer",
            hint="Use stash_sandbox for subscriptions.",
        )
    request, response = fields.get("request"), fields.get("response")
    if not isinstance(request, dict) or not isinstance(response, dict):
        raise StubError(f"{file} is not a recorded exchange: it has no request and response")
    return Recording(file, cast("Mapping[str, Any]", request), cast("Mapping[str, Any]", response))
