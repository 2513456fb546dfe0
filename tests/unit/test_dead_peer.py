"""A peer that dies in the middle of a subscription is an error, and no traceback on the terminal."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import logging
import threading
import time
from collections.abc import Awaitable, Callable

import pytest
from pydantic import BaseModel

from stash_typed._runtime.operation import Operation
from stash_typed.errors import StashConnectionError, StashTimeoutError
from tests.unit.ends import ENDS, End, connect
from tests.unit.raw_server import Peer, raw_server

pytestmark = pytest.mark.anyio

JOBS = Operation("Jobs", "subscription", "jobsSubscribe", "subscription Jobs { jobsSubscribe }")
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Item(BaseModel):
    """Whatever comes."""


def frame(**message: object) -> bytes:
    text = json.dumps(message).encode()
    return bytes([0x81, len(text)]) + text


async def shake_hands(peer: Peer) -> None:
    head = await peer.reader.readuntil(b"\r\n\r\n")
    (key,) = [
        line.partition(b":")[2].strip()
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"sec-websocket-key:")
    ]
    accept = base64.b64encode(hashlib.sha1(key + _MAGIC).digest())
    await peer.say(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Accept: "
        + accept
        + b"\r\n\r\n"
    )


async def mute(peer: Peer) -> None:
    await shake_hands(peer)
    await peer.say(frame(type="connection_ack"))
    await asyncio.sleep(10)


async def nonsense(peer: Peer) -> None:
    await shake_hands(peer)
    await peer.say(frame(type="connection_ack"))
    await peer.say(b"\xff" * 100)
    await asyncio.sleep(1)


async def gone(peer: Peer) -> None:
    await shake_hands(peer)
    await peer.say(frame(type="connection_ack"))
    peer.reset()


def join_pings() -> None:
    """Wait for the threads that send pings: they have their say after the error."""
    for thread in threading.enumerate():
        if "keepalive" in thread.name:
            thread.join(10)


@pytest.mark.parametrize("part", [mute, nonsense, gone])
@pytest.mark.parametrize("end", ENDS)
async def test_a_dead_peer_prints_nothing(
    end: End,
    part: Callable[[Peer], Awaitable[None]],
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])  # as in a program that sets no logging up
    with raw_server(part) as url:
        async with connect(end, url, ping_interval=0.2, timeout=5) as connection:
            with pytest.raises(StashConnectionError, match="ended early"):
                await connection.collect(JOBS, Item)
            await asyncio.to_thread(join_pings)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("end", ENDS)
async def test_an_acknowledgement_has_so_many_seconds_in_all(end: End) -> None:
    async def chatter(peer: Peer) -> None:
        await shake_hands(peer)
        for _ in range(100):
            await peer.say(frame(type="pong"))
            await asyncio.sleep(0.1)

    with raw_server(chatter) as url:
        async with connect(end, url, timeout=0.5) as connection:
            started = time.monotonic()
            with pytest.raises(StashTimeoutError, match="no acknowledgement"):
                await connection.collect(JOBS, Item)
            assert time.monotonic() - started < 7
