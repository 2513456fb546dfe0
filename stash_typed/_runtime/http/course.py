"""The progress of one request, as reported by httpcore."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

Wanted = Literal["free connection", "connection", "chance to send on", "answer"]
"""The step a request is waiting for."""

_WANTED: dict[str, Wanted] = {
    "connect_tcp": "connection",
    "connect_unix_socket": "connection",
    "setup_socks5_connection": "connection",
    "start_tls": "connection",
    "send_connection_init": "connection",
    "send_request_headers": "chance to send on",
    "send_request_body": "chance to send on",
    "receive_response_headers": "answer",
    "receive_response_body": "answer",
}
"""The steps that wait for the network."""


class Course:
    """How far a request is; `tried` is the host that was connected to, `secured` that of TLS."""

    def __init__(self, hear: Callable[[Wanted], None] | None = None) -> None:
        self.waits = False
        self.wants: Wanted | None = None
        self.tried: tuple[str, int] | None = None
        self.secured: str | None = None
        self._hear = hear

    def note(self, event: str, info: Mapping[str, Any]) -> None:
        """Record an event of a request's `trace` extension."""
        name, _, stage = event.rpartition(".")
        step = name.rpartition(".")[2]
        wanted = _WANTED.get(step) if stage == "started" else None
        self.waits = wanted is not None
        if wanted is None:
            return
        if step == "connect_tcp":
            self.tried, self.secured = (str(info["host"]), int(info["port"])), None
        elif step == "start_tls":
            self.secured = str(info["server_hostname"])
        self.wants = wanted
        if self._hear is not None:
            self._hear(wanted)
