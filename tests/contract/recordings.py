"""The recorded exchanges, by their numbers."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from stash_typed._runtime.operation import Operation

SERVER = "http://localhost:9999"
FOLDER = Path(__file__).resolve().parents[1] / "recordings"


@dataclass(frozen=True)
class Recording:
    """One exchange over HTTP."""

    name: str
    request: dict[str, Any]
    response: dict[str, Any]

    @property
    def is_graphql(self) -> bool:
        """Whether the request is a document in JSON."""
        return self.request["path"] == "/graphql" and "query" in self.request.get("json", {})

    @property
    def path(self) -> str:
        path: str = self.request["path"]
        return path

    @property
    def document(self) -> str:
        document: str = self.request["json"]["query"]
        return document

    @property
    def variables(self) -> dict[str, object]:
        variables: dict[str, object] = self.request["json"].get("variables") or {}
        return variables

    @property
    def operation(self) -> Operation:
        """The document as it was sent, which had no name."""
        return Operation.from_document(self.document)

    @property
    def body(self) -> bytes:
        if "json" in self.response:
            return json.dumps(self.response["json"]).encode()
        if "base64_head" in self.response:
            head = base64.b64decode(self.response["base64_head"])
            return head.ljust(self.response["bytes_total"], b"\0")
        text: str = self.response["text"]
        return text.encode()

    @property
    def status(self) -> int:
        status: int = self.response["status"]
        return status

    @property
    def headers(self) -> dict[str, str]:
        """Those of the answer; its length is counted anew."""
        headers: dict[str, str] = self.response["headers"]
        return {name: value for name, value in headers.items() if name != "content-length"}

    @property
    def errors(self) -> list[dict[str, Any]]:
        errors: list[dict[str, Any]] = self.response["json"]["errors"]
        return errors

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = self.response["json"]["data"]
        return data

    def reply(self) -> dict[str, Any]:
        """The arguments with which pytest-httpx gives this answer to this request."""
        return {
            "url": f"{SERVER}{self.path}",
            "method": self.request["method"],
            "status_code": self.status,
            "headers": self.headers,
            "content": self.body,
        }

    def answer(self) -> httpx.Response:
        return httpx.Response(self.status, headers=self.headers, content=self.body)


def _load(number: int) -> dict[str, Any]:
    (path,) = FOLDER.glob(f"{number:03}-*.json")
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


def recording(number: int) -> Recording:
    """Read one exchange over HTTP."""
    loaded = _load(number)
    return Recording(loaded["name"], loaded["request"], loaded["response"])


def recordings() -> Iterator[Recording]:
    """Read every exchange over HTTP, in order."""
    for path in sorted(FOLDER.glob("*.json")):
        loaded = _load(int(path.name[:3]))
        if "frames" not in loaded and "request" in loaded:
            yield Recording(loaded["name"], loaded["request"], loaded["response"])


def named(name: str) -> Recording:
    """Read the exchange of a name."""
    return next(found for found in recordings() if found.name == name)


def frames(number: int) -> list[dict[str, dict[str, Any]]]:
    """Read one conversation over a WebSocket, as `{"client": …}` and `{"server": …}` in order."""
    loaded: list[dict[str, dict[str, Any]]] = _load(number)["frames"]
    return loaded
