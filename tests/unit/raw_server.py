"""A server on loopback that speaks bytes, for answers that no HTTP server would give."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

ANSWER = b'{"data": {"version": {"version": "v0.30.1"}}}'


@dataclass
class Peer:
    """The server's end of one connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def request(self) -> bytes | None:
        """Read a request; gives its first line, None at the end of the connection."""
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                with suppress(asyncio.IncompleteReadError, ConnectionError):
                    await self.reader.readexactly(int(line.partition(b":")[2]))
        return head.partition(b"\r\n")[0]

    async def answer(self, body: bytes = ANSWER, *headers: bytes) -> None:
        head = [b"HTTP/1.1 200 OK", b"Content-Type: application/json", *headers]
        head.append(b"Content-Length: %d" % len(body))
        await self.say(b"\r\n".join(head) + b"\r\n\r\n" + body)

    async def say(self, content: bytes) -> None:
        with suppress(ConnectionError):
            self.writer.write(content)
            await self.writer.drain()

    def reset(self) -> None:
        """End the connection as a crash does."""
        linger = struct.pack("ii", 1, 0)
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.writer.transport.abort()


@contextmanager
def raw_server(
    part: Callable[[Peer], Awaitable[None]], *, secure: ssl.SSLContext | None = None
) -> Generator[str, None, None]:
    """Run a server in a thread while the block runs; it plays `part` on each connection."""
    started = threading.Event()
    ports: list[int] = []
    stops: list[Callable[[], object]] = []

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.CancelledError):
            await part(Peer(reader, writer))
        writer.close()

    async def serve() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        server = await asyncio.start_server(play, "127.0.0.1", 0, backlog=1024, ssl=secure)
        ports.append(server.sockets[0].getsockname()[1])
        stops.append(lambda: loop.call_soon_threadsafe(stop.set))
        started.set()
        await stop.wait()
        server.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    started.wait(10)
    scheme = "http" if secure is None else "https"
    try:
        yield f"{scheme}://127.0.0.1:{ports[0]}"
    finally:
        stops[0]()
        thread.join(10)
