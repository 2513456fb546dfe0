"""Requests byte by byte, with whatever headers a browser or a stranger might send."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from stash_typed.sandbox import Sandbox

__all__ = ["Reply", "send"]


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str


def send(
    server: Sandbox,
    path: str,
    headers: Mapping[str, str] | Sequence[tuple[str, str]],
    *,
    method: str = "GET",
    body: bytes = b"",
) -> Reply:
    """Send one request on a connection of its own.

    Args:
        server: the server.
        path: the request's target.
        headers: all of them but those about the connection; without `host` the server's own is sent.
        method: such as POST.
        body: the content.
    """
    address = urlsplit(server.url)
    assert address.hostname is not None
    pairs = [*(headers.items() if isinstance(headers, Mapping) else headers)]
    if not any(name.lower() == "host" for name, _ in pairs):
        pairs = [("host", address.netloc), *pairs]
    names = {name.lower() for name, _ in pairs}
    if "content-length" not in names:
        pairs = [*pairs, ("content-length", str(len(body)))]
    if "upgrade" not in names:
        pairs = [*pairs, ("connection", "close")]
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in pairs), "", ""]
    with socket.create_connection((address.hostname, address.port or 80), timeout=10) as raw:
        raw.sendall("\r\n".join(lines).encode("latin-1") + body)
        answer = b""
        while not _is_whole(answer):
            piece = raw.recv(65536)
            if not piece:
                break
            answer += piece
    head, _, text = answer.partition(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").split("\r\n")
    given = {name.lower(): value for name, _, value in (each.partition(": ") for each in fields)}
    return Reply(int(status.split()[1]), given, text.decode())


def _is_whole(answer: bytes) -> bool:
    """Whether a handshake was answered, after which the connection stays open."""
    return answer.startswith(b"HTTP/1.1 101") and b"\r\n\r\n" in answer
