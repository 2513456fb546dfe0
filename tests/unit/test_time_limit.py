"""`timeout` is the whole time for one answer, however the server spreads it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import httpx
import pytest

from stash_typed._runtime.operation import Operation
from stash_typed._runtime.upload import Upload
from stash_typed.errors import StashTimeoutError
from tests.unit.ends import ENDS, NO_RETRY, End, connect
from tests.unit.raw_server import ANSWER, Peer, raw_server

pytestmark = pytest.mark.anyio

VERSION = Operation("Version", "query", "version", "query Version { version { version } }")
IMPORT = Operation("ImportObjects", "mutation", "importObjects", "mutation ImportObjects { x }")
DATA = {"version": {"version": "v0.30.1"}}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"


async def dribble(peer: Peer, content: bytes) -> None:
    """Say one byte at a time, each well within the limit."""
    for place in range(min(len(content), 200)):
        await peer.say(content[place : place + 1])
        await asyncio.sleep(0.05)


async def body_by_bytes(peer: Peer) -> None:
    await peer.request()
    await peer.say(HEAD % 1000)
    await dribble(peer, b" " * 1000)


async def head_by_bytes(peer: Peer) -> None:
    await peer.request()
    await dribble(peer, b"HTTP/1.1 200 OK\r\nX-Filling: " + b"x" * 1000)


async def silence(peer: Peer) -> None:
    await peer.request()
    await asyncio.sleep(10)


async def endless_information(peer: Peer) -> None:
    await peer.request()
    for _ in range(200):
        await peer.say(b"HTTP/1.1 102 Processing\r\n\r\n")
        await asyncio.sleep(0.05)


SLOW = [body_by_bytes, head_by_bytes, silence, endless_information]


@pytest.mark.parametrize("part", SLOW)
@pytest.mark.parametrize("end", ENDS)
async def test_an_answer_has_so_many_seconds_in_all(
    end: End, part: Callable[[Peer], Awaitable[None]]
) -> None:
    with raw_server(part) as url:
        async with connect(end, url, timeout=0.6, retry=NO_RETRY) as connection:
            started = time.monotonic()
            with pytest.raises(StashTimeoutError, match=r"no answer within 0\.6 seconds"):
                await connection.execute_raw(VERSION)
            assert time.monotonic() - started < 6


@pytest.mark.parametrize("end", ENDS)
async def test_the_next_answer_has_its_own_time(end: End) -> None:
    async def part(peer: Peer) -> None:
        while await peer.request() is not None:
            await asyncio.sleep(0.4)
            await peer.answer()

    with raw_server(part) as url:
        async with connect(end, url, timeout=1.5, retry=NO_RETRY) as connection:
            for _ in range(5):
                assert await connection.execute_raw(VERSION) == DATA


class Slow:
    """A stream that takes its time."""

    def __init__(self, pieces: int) -> None:
        self.left = pieces

    def read(self, size: int, /) -> bytes:
        time.sleep(0.2)
        self.left -= 1
        return b"x" * 100 if self.left >= 0 else b""


@pytest.mark.parametrize("end", ENDS)
async def test_the_time_of_an_upload_begins_when_it_was_sent(end: End) -> None:
    async def part(peer: Peer) -> None:
        await peer.reader.readuntil(b"\r\n0\r\n\r\n")
        await peer.answer()

    async def mute(peer: Peer) -> None:
        await peer.reader.readuntil(b"\r\n0\r\n\r\n")
        await asyncio.sleep(10)

    with raw_server(part) as url:
        async with connect(end, url, timeout=1, retry=NO_RETRY) as connection:
            assert await connection.execute_raw(IMPORT, {"file": Upload(Slow(8))}) == DATA
    with raw_server(mute) as url:
        async with connect(end, url, timeout=0.5, retry=NO_RETRY) as connection:
            started = time.monotonic()
            with pytest.raises(StashTimeoutError, match=r"no answer within 0\.5 seconds"):
                await connection.execute_raw(IMPORT, {"file": Upload(Slow(3))})
            assert time.monotonic() - started < 6


@pytest.mark.parametrize("end", ENDS)
async def test_a_download_has_it_until_it_begins_and_between_two_pieces(end: End) -> None:
    async def steady(peer: Peer) -> None:
        await peer.request()
        await peer.say(HEAD % 8)
        for _ in range(8):
            await asyncio.sleep(0.25)
            await peer.say(b"x")

    async def stalls(peer: Peer) -> None:
        await peer.request()
        await peer.say(HEAD % 8 + b"xx")
        await asyncio.sleep(10)

    with raw_server(steady) as url:
        async with connect(end, url, timeout=1, retry=NO_RETRY) as connection:
            assert await connection.download("/file") == b"x" * 8
    for part in (stalls, head_by_bytes, silence):
        with raw_server(part) as url:
            async with connect(end, url, timeout=0.5, retry=NO_RETRY) as connection:
                started = time.monotonic()
                with pytest.raises(StashTimeoutError, match=r"within 0\.5 seconds"):
                    await connection.download("/file")
                assert time.monotonic() - started < 6


@pytest.mark.parametrize("end", ENDS)
async def test_a_client_of_the_callers_has_the_limits_that_it_was_given(end: End) -> None:
    async def slow(peer: Peer) -> None:
        while await peer.request() is not None:
            for byte in HEAD % len(ANSWER):
                await peer.say(bytes([byte]))
                await asyncio.sleep(0.02)
            await peer.say(ANSWER)

    kind = httpx.AsyncClient if end == "async" else httpx.Client
    with raw_server(slow) as url:
        client = kind(timeout=httpx.Timeout(5, pool=0.2))
        async with connect(end, url, timeout=0.2, retry=NO_RETRY, http_client=client) as connection:
            assert await connection.execute_raw(VERSION) == DATA
            assert await connection.execute_raw(VERSION) == DATA
        if isinstance(client, httpx.AsyncClient):
            await client.aclose()
        else:
            client.close()
