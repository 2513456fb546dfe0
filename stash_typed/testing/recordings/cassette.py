"""Writing exchanges: one JSON file each, in the order of the requests, without secrets."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl

from stash_typed._runtime.redact import HIDDEN, redact_text

from .multipart import read_parts
from .redaction import (
    redact_json,
    redact_payload,
    redact_recorded_headers,
    secrets_in,
    secrets_in_headers,
    secrets_in_payload,
)

_KEPT = 1 << 20
_HEAD = 64
_NUMBERED = re.compile(r"(\d+)-.*\.json")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_ROOT_FIELD = re.compile(r"\{\s*(?:\w+\s*:\s*)?(\w+)")


class Cassette:
    """A folder of recorded exchanges, created if missing; numbering continues after its files."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        found = [_NUMBERED.fullmatch(each.name) for each in folder.iterdir()]
        self.folder = folder
        self.trouble: OSError | None = None  # why an exchange could not be written
        self._last = max((int(each[1]) for each in found if each), default=0)
        self.secrets: set[str] = set()

    def begin(
        self, method: str, path: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> Exchange:
        """Begin the exchange of a request; the path includes the query string."""
        headers = list(headers)
        self.learn(*secrets_in_headers(headers))
        self._last += 1
        return Exchange(self, self._last, method, path, dict(headers), body)

    def learn(self, *secrets: str) -> None:
        """Add texts that must not be written anywhere."""
        self.secrets.update(each for each in secrets if each)


@dataclass(repr=False)
class Exchange:
    """A request and its response, written when it ends. Created by `Cassette.begin`."""

    cassette: Cassette
    number: int
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    _received: bytearray = field(default_factory=bytearray)
    _size: int = 0
    _payload: dict[str, object] = field(default_factory=dict[str, object])
    _aliases: frozenset[str] = frozenset()

    def add(self, chunk: bytes) -> None:
        """Add a chunk of the response; only the beginning of a long one is kept."""
        self._size += len(chunk)
        if len(self._received) < _KEPT:
            self._received += chunk

    def end(self, status: int, headers: list[tuple[str, str]]) -> None:
        """Write the exchange; the last of several headers with the same name is kept."""
        self.cassette.learn(*secrets_in_headers(headers))
        request = self._request()
        content = self._content(dict(headers).get("content-type", ""))
        response = {
            "status": status,
            "headers": redact_recorded_headers(dict(headers), self.cassette.secrets),
            **content,
        }
        name = self._name(request["path"])
        exchange = {"name": name, "request": request, "response": response}
        file = self.cassette.folder / f"{self.number:03}-{name}.json"
        text = json.dumps(exchange, indent=1, ensure_ascii=False)
        try:
            # Half of a surrogate pair, which UTF-8 lacks, is written as JSON's own escape.
            file.write_text(f"{text}\n", encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            # The command must still get its response; the error is reported to the caller.
            self.cassette.trouble = error

    def _request(self) -> dict[str, Any]:
        content_type = self.headers.get("content-type", "")
        kind = content_type.lower()
        path = redact_text(self.path, self.cassette.secrets)
        body: dict[str, Any] = {}
        if kind.startswith("application/x-www-form-urlencoded"):
            form = dict(parse_qsl(self.body.decode("utf-8", "replace")))
            self.cassette.learn(form.get("password", ""))
            body = {"form": dict.fromkeys(form, HIDDEN)}
        elif kind.startswith("multipart/form-data"):
            body = {"multipart": self._multipart(content_type)}
        elif self.body:
            body = self._asked(self.body)
        headers = redact_recorded_headers(self.headers, self.cassette.secrets)
        return {"method": self.method, "path": path, "headers": headers, **body}

    def _asked(self, content: bytes) -> dict[str, Any]:
        """Return the request's payload, which shows where its response has secrets."""
        try:
            body: object = json.loads(content)
        except (ValueError, RecursionError):
            return self._text(content)
        secrets, aliases = secrets_in_payload(body)
        self.cassette.learn(*secrets)
        self._aliases |= aliases
        redacted = redact_payload(body, self.cassette.secrets)
        if isinstance(redacted, dict) and "query" in redacted:
            self._payload = cast("dict[str, object]", redacted)
        return {"json": redacted}

    def _answered(self, content: bytes) -> dict[str, Any]:
        try:
            body: object = json.loads(content)
        except (ValueError, RecursionError):
            return self._text(content)
        self.cassette.learn(*secrets_in(body, self._aliases))
        return {"json": redact_json(body, self.cassette.secrets, self._aliases)}

    def _text(self, content: bytes) -> dict[str, Any]:
        return {"text": redact_text(content.decode("utf-8", "replace"), self.cassette.secrets)}

    def _bytes(self, content: bytes) -> str:
        """Return bytes as base64, with secrets masked at the same length."""
        # The longest first, so that none is only half masked.
        for secret in sorted(self.cassette.secrets, key=len, reverse=True):
            content = content.replace(secret.encode(), b"*" * len(secret.encode()))
        return base64.b64encode(content).decode()

    def _multipart(self, content_type: str) -> dict[str, Any]:
        data: dict[str, str] = {}
        files: dict[str, dict[str, str]] = {}
        for part in read_parts(content_type, self.body):
            if part.filename is None:
                plain = self._asked(part.content)
                data[part.name] = plain["text"] if "text" in plain else json.dumps(plain["json"])
            else:
                files[part.name] = {
                    "filename": part.filename,
                    "content_type": part.content_type,
                    "base64": self._bytes(part.content),
                }
        return {"data": data, "files": files}

    def _content(self, content_type: str) -> dict[str, Any]:
        content = bytes(self._received)
        is_text = "json" in content_type or content_type.startswith("text/")
        if len(content) < self._size:
            # Of text not even that: a secret might be cut in two.
            head = self._bytes(b"" if is_text else content[:_HEAD])
            return {"base64_head": head, "bytes_total": self._size}
        if "json" in content_type:
            return self._answered(content)
        if is_text or not content:
            return {**self._text(content), "bytes_total": self._size}
        return {"base64": self._bytes(content), "bytes_total": self._size}

    def _name(self, path: str) -> str:
        root = _ROOT_FIELD.search(str(self._payload.get("query") or ""))
        name = self._payload.get("operationName") or (root[1] if root else "")
        words = _WORDS.split(str(name) or f"{self.method} {path.partition('?')[0]}")
        return "-".join(word.lower() for word in words if word)[:60]
