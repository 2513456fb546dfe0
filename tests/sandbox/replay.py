"""Sends recorded exchanges to another server and makes the two answers comparable."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx

__all__ = [
    "Names",
    "Recording",
    "given_answer",
    "load_recordings",
    "normalised",
    "recorded_answer",
    "send",
]

_RECORDINGS = Path(__file__).parents[1] / "recordings"

_COMPARED = ("content-type", "cache-control", "www-authenticate", "location", "set-cookie")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@dataclass
class Names:
    """What the recorded server called things, and what they are called here.

    Attributes:
        here: recorded text to the text that stands for it in this run.
        host: host and port of the server of this run.
    """

    here: dict[str, str] = field(default_factory=dict[str, str])
    host: str = ""

    def to_here(self, value: Any) -> Any:
        """Put this run's names into a recorded request."""
        return _mapped(value, self._replaced_here)

    def to_recorded(self, value: Any) -> Any:
        """Put the recorded names into an answer of this run."""
        return _mapped(value, self._replaced_back)

    def _replaced_here(self, text: str) -> str:
        for recorded in sorted(self.here, key=len, reverse=True):
            text = text.replace(recorded, self.here[recorded])
        return text

    def _replaced_back(self, text: str) -> str:
        for recorded in sorted(self.here, key=lambda name: len(self.here[name]), reverse=True):
            text = text.replace(self.here[recorded], recorded)
        return text.replace(self.host, "localhost:9999")


Recording = dict[str, Any]


def load_recordings() -> dict[str, Recording]:
    """Read all recordings, in the order in which they were made."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(_RECORDINGS.glob("*.json"))
    }


def send(client: httpx.Client, request: Mapping[str, Any], names: Names) -> httpx.Response:
    """Send a recorded request."""
    headers = {
        name: names.to_here(value)
        for name, value in request["headers"].items()
        if name != "content-type" or "multipart" not in value
    }
    content: dict[str, Any] = {}
    if "json" in request:
        content["json"] = names.to_here(request["json"])
    elif "text" in request:
        content["content"] = request["text"]
    elif "form" in request:
        content["data"] = request["form"]
    elif "multipart" in request:
        content["data"] = request["multipart"]["data"]
        content["files"] = {
            name: (part["filename"], base64.b64decode(part["base64"]), part["content_type"])
            for name, part in request["multipart"]["files"].items()
        }
    path = names.to_here(request["path"])
    return client.request(request["method"], path, headers=headers, **content)


def recorded_answer(response: Mapping[str, Any]) -> dict[str, Any]:
    """Give the comparable parts of a recorded response."""
    answer = {
        "status": response["status"],
        "headers": {name: response["headers"].get(name) for name in _COMPARED},
    }
    if "json" in response:
        answer["json"] = response["json"]
    elif "base64_head" in response:
        answer["starts"] = base64.b64decode(response["base64_head"])[:16].hex()
    else:
        answer["text"] = response["text"]
    return dict(normalised(answer))


def given_answer(
    response: httpx.Response, recorded: Mapping[str, Any], names: Names
) -> dict[str, Any]:
    """Give the same parts of a response of this run."""
    answer: dict[str, Any] = {
        "status": response.status_code,
        "headers": {name: response.headers.get(name) for name in _COMPARED},
    }
    if "json" in recorded:
        answer["json"] = response.json() if response.content else None
    elif "base64_head" in recorded:
        answer["starts"] = response.content[:16].hex()
    else:
        answer["text"] = response.text
    return dict(normalised(names.to_recorded(answer)))


def normalised(value: Any) -> Any:
    """Replace what differs from run to run: moments, tokens, hashes, keys."""
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value)
        shown = {key: normalised(each) for key, each in pairs.items()}
        if set(shown) == {"type", "value"} and shown["type"] in ("oshash", "phash", "md5"):
            assert re.fullmatch(r"[0-9a-f]{16}([0-9a-f]{16})?", str(shown["value"]))
            shown["value"] = "<fingerprint>"
        return shown
    if isinstance(value, list):
        return [normalised(each) for each in cast("list[object]", value)]
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    text = _TIME.sub("<time>", text)
    text = re.sub(r"\?t=\d+", "?t=<t>", text)
    text = re.sub(r"/downloads/[0-9a-f]{8}/", "/downloads/<token>/", text)
    text = re.sub(r"\.\d{8}_\d{6}$", ".<time>", text)
    text = re.sub(r"session=[^;]*", "session=<session>", text)
    return re.sub(r"Expires=(?!Thu, 01 Jan 1970)[^;]*", "Expires=<time>", text)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value)
        return {key: _mapped(each, change) for key, each in pairs.items()}
    if isinstance(value, list):
        return [_mapped(each, change) for each in cast("list[object]", value)]
    return change(value) if isinstance(value, str) else value
