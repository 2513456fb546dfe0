"""Writing exchanges down: one JSON file each, in the order of the requests, without secrets."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Any, cast
from urllib.parse import parse_qsl

from stash_typed._runtime.redact import redact_text

from .multipart import read_parts
from .redaction import (
    aliases_in_payload,
    redact_form,
    redact_json,
    redact_payload,
    redact_recorded_headers,
    secrets_in,
    secrets_in_headers,
    secrets_in_payload,
)

__all__ = ["Notebook", "Page"]

_KEPT = 1 << 20
_HEAD = 64
_NUMBERED = re.compile(r"(\d+)-.*\.json")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_ROOT_FIELD = re.compile(r"\{\s*(?:\w+\s*:\s*)?(\w+)")


class Notebook:
    """A folder of recorded exchanges.

    Attributes:
        trouble: why an exchange could not be written; None when all were.
    """

    def __init__(self, folder: Path) -> None:
        """Open it, making it if need be.

        Args:
            folder: numbers go on after those of the files in it.
        """
        folder.mkdir(parents=True, exist_ok=True)
        numbers = [int(found[1]) for each in folder.iterdir() if (found := _match(each))]
        self.folder = folder
        self.trouble: OSError | None = None
        self._last = max(numbers, default=0)
        self._lock = Lock()
        self._secrets: set[str] = set()

    def begin(
        self, method: str, path: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> Page:
        """Begin the page of a request that is under way.

        Args:
            method, path, headers, body: the request's; the path with its query.

        Returns:
            The page; it is written when it ends.
        """
        headers = list(headers)
        self.learn(*secrets_in_headers(headers))
        with self._lock:
            self._last += 1
            return Page(self, self._last, method, path, dict(headers), body)

    def learn(self, *secrets: str) -> None:
        """Take in texts that must not be written, wherever they stand."""
        self._secrets.update(each for each in secrets if each)

    @property
    def secrets(self) -> list[str]:
        """The longest first, so that none is hidden by half."""
        return sorted(self._secrets, key=len, reverse=True)


def _match(path: Path) -> re.Match[str] | None:
    return _NUMBERED.fullmatch(path.name)


class Page:
    """One exchange. Made by `Notebook.begin`."""

    def __init__(
        self,
        notebook: Notebook,
        number: int,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
    ) -> None:
        self._notebook = notebook
        self._number = number
        self._method = method
        self._path = path
        self._headers = headers
        self._body = body
        self._received = bytearray()
        self._size = 0
        self._aliases: frozenset[str] = frozenset()

    def add(self, chunk: bytes) -> None:
        """Take in a piece of the answer; of long ones only the beginning is kept."""
        self._size += len(chunk)
        if len(self._received) < _KEPT:
            self._received += chunk

    def end(self, status: int, headers: list[tuple[str, str]]) -> None:
        """Write the exchange.

        Args:
            status: the answer's status.
            headers: its headers; of several of a name the last is written.
        """
        self._notebook.learn(*secrets_in_headers(headers))
        content_type = dict(headers).get("content-type", "")
        request = self._request()
        content = self._content(content_type)
        response = {
            "status": status,
            "headers": redact_recorded_headers(dict(headers), self._notebook.secrets),
            **content,
        }
        name = self._name(request)
        exchange = {"name": name, "request": request, "response": response}
        file = self._notebook.folder / f"{self._number:03}-{name}.json"
        text = json.dumps(exchange, indent=1, ensure_ascii=False)
        try:
            # Half of a surrogate pair, which UTF-8 lacks, is written as JSON's own escape.
            file.write_text(f"{text}\n", encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            # The command must get its answer all the same; whoever runs the proxy is told.
            self._notebook.trouble = error

    def _request(self) -> dict[str, Any]:
        request: dict[str, Any] = {
            "method": self._method,
            "path": redact_text(self._path, self._notebook.secrets),
        }
        content_type = self._headers.get("content-type", "").lower()
        body: dict[str, Any] = {}
        if content_type.startswith("application/x-www-form-urlencoded"):
            form = dict(parse_qsl(self._body.decode("utf-8", "replace")))
            self._notebook.learn(form.get("password", ""))
            body = {"form": redact_form(form)}
        elif content_type.startswith("multipart/form-data"):
            body = {"multipart": self._multipart(content_type)}
        elif self._body:
            body = self._asked(self._body)
        headers = redact_recorded_headers(self._headers, self._notebook.secrets)
        return {**request, "headers": headers, **body}

    def _asked(self, content: bytes) -> dict[str, Any]:
        """Give what a request says, which tells of secrets in its answer."""
        try:
            body: object = json.loads(content)
        except (ValueError, RecursionError):
            return self._text(content)
        self._notebook.learn(*secrets_in_payload(body))
        self._aliases |= aliases_in_payload(body)
        return {"json": redact_payload(body, self._notebook.secrets)}

    def _answered(self, content: bytes) -> dict[str, Any]:
        try:
            body: object = json.loads(content)
        except (ValueError, RecursionError):
            return self._text(content)
        self._notebook.learn(*secrets_in(body, self._aliases))
        return {"json": redact_json(body, self._notebook.secrets, self._aliases)}

    def _text(self, content: bytes) -> dict[str, Any]:
        return {"text": redact_text(content.decode("utf-8", "replace"), self._notebook.secrets)}

    def _bytes(self, content: bytes) -> str:
        """Give bytes as base64; what is hidden among them keeps its length."""
        for secret in self._notebook.secrets:
            content = content.replace(secret.encode(), b"*" * len(secret.encode()))
        return base64.b64encode(content).decode()

    def _multipart(self, content_type: str) -> dict[str, Any]:
        data: dict[str, str] = {}
        files: dict[str, dict[str, str]] = {}
        for part in read_parts(content_type, self._body):
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
        """Give the answer's body: JSON, text, or bytes; of long ones the first few."""
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

    def _name(self, request: dict[str, Any]) -> str:
        body: object = request.get("json")
        if "multipart" in request:
            operations = str(request["multipart"]["data"].get("operations", "null"))
            body = json.loads(operations)
        fields = cast("dict[str, Any]", body) if isinstance(body, dict) else dict[str, Any]()
        root = _ROOT_FIELD.search(str(fields.get("query") or ""))
        name = fields.get("operationName") or (root[1] if root else "")
        words = _WORDS.split(str(name) or f"{self._method} {request['path'].partition('?')[0]}")
        return "-".join(word.lower() for word in words if word)[:60]
