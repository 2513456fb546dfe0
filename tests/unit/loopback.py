"""An HTTP server on loopback whose answers a test decides, and which remembers what it was asked."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """A request as it arrived; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Says:
    """An answer. `hang_up` ends the connection without one."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    hang_up: bool = False


@dataclass
class Loopback:
    """A running server."""

    url: str
    asked: list[Asked]

    def paths(self, path: str) -> list[Asked]:
        return [request for request in self.asked if request.path == path]


@contextmanager
def loopback(
    answer: Callable[[Asked], Says], *, secure: ssl.SSLContext | None = None
) -> Generator[Loopback, None, None]:
    """Run a server while the block runs, one that speaks TLS when it is told how."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def _answer(self) -> None:
            request = Asked(
                self.command,
                self.path,
                {name.lower(): value for name, value in self.headers.items()},
                self._body(),
            )
            asked.append(request)
            says = answer(request)
            if says.hang_up:
                self.close_connection = True
                return
            self.send_response(says.status)
            for name, value in says.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in says.headers:
                self.send_header("Content-Length", str(len(says.body)))
            self.end_headers()
            self.wfile.write(says.body)

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", "0")))
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        do_GET = do_POST = do_HEAD = do_CONNECT = _answer  # noqa: N815  (names that http.server looks for)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = False
        request_queue_size = 128

        def finish_request(self, request: Any, client_address: Any) -> None:
            """Shake hands in the connection's own thread; clients that hang up are no failure."""
            with suppress(ConnectionError, ssl.SSLError, TimeoutError):
                if secure is None:
                    super().finish_request(request, client_address)
                    return
                request.settimeout(10)
                with secure.wrap_socket(
                    request, server_side=True, do_handshake_on_connect=False
                ) as wrapped:
                    wrapped.do_handshake()
                    super().finish_request(wrapped, client_address)

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    scheme = "http" if secure is None else "https"
    try:
        yield Loopback(f"{scheme}://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
