"""An answer has a bound, unpacked, and what is packed in ways that have none is refused."""

from __future__ import annotations

import asyncio
import gzip
import inspect
import json
import tracemalloc
import zlib
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_typed import StashClient, SyncStashClient
from stash_typed._runtime.http.answer_body import AnswerBody
from stash_typed.errors import ConfigurationError, ResponseFormatError
from tests.unit.loopback import Says, loopback
from tests.unit.raw_server import Peer, raw_server

pytestmark = pytest.mark.anyio

MIB = 1024 * 1024
DATA = b'{"data": {"version": {"version": "v0.30.1"}}}'
QUERY = "{ version { version } }"


def packed(content: bytes, encoding: str) -> Says:
    return Says(body=content, headers={"Content-Encoding": encoding})


async def refused(says: Says, *, size: int = 256 * MIB) -> str:
    """Ask with both clients; gives what they both say."""
    with loopback(lambda _: says) as server:
        return await refused_from(server.url, size)


async def refused_from(url: str, size: int) -> str:
    async with StashClient(url, max_answer_size=size) as stash:
        with pytest.raises(ResponseFormatError) as caught:
            await stash.graphql(QUERY)

    def ask() -> None:
        with SyncStashClient(url, max_answer_size=size) as sync_stash:
            sync_stash.graphql(QUERY)

    with pytest.raises(ResponseFormatError) as sync_caught:
        await asyncio.to_thread(ask)
    assert str(caught.value) == str(sync_caught.value)
    return str(caught.value)


async def accepted(says: Says, *, size: int | None = None) -> None:
    with loopback(lambda _: says) as server:
        async with StashClient(server.url, max_answer_size=size) as stash:
            assert await stash.graphql(QUERY) == json.loads(DATA)["data"]
        with SyncStashClient(server.url, max_answer_size=size) as sync_stash:
            assert sync_stash.graphql(QUERY) == json.loads(DATA)["data"]
    assert server.asked[0].headers["accept-encoding"] == "gzip"


async def test_a_bomb_is_refused_before_it_goes_off() -> None:
    zeros = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    block = bytes(4 * MIB)
    bomb = b"".join([zeros.compress(block) for _ in range(100)]) + zeros.flush()
    nested = gzip.compress(bomb)
    assert len(nested) < 20_000
    tracemalloc.start()
    try:
        message = await refused(packed(bomb, "gzip"), size=MIB)
        assert "max_answer_size=1048576" in message
        message = await refused(packed(nested, "gzip, gzip"))
        assert "packed as 'gzip, gzip'" in message
        assert tracemalloc.get_traced_memory()[1] < 24 * MIB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "compress", "gzip, br", "x"])
async def test_what_was_not_offered_is_refused(encoding: str) -> None:
    assert f"packed as '{encoding}'" in await refused(packed(DATA, encoding))


async def test_an_answer_that_is_larger_than_the_bound() -> None:
    content = DATA + b" " * 1000
    assert f"has {len(content)} bytes" in await refused(Says(body=content), size=1000)

    async def unannounced(peer: Peer) -> None:
        await peer.request()
        await peer.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(10_000):  # and would go on
            await peer.say(b"64\r\n" + b" " * 100 + b"\r\n")

    with raw_server(unannounced) as url:
        assert "more than 1000 bytes" in await refused_from(url, 1000)
    await accepted(Says(body=content), size=len(content))


async def test_a_proxy_may_pack_answers() -> None:
    await accepted(packed(gzip.compress(DATA), "gzip"))
    await accepted(packed(gzip.compress(DATA), "X-Gzip"))
    await accepted(packed(gzip.compress(DATA[:9]) + gzip.compress(DATA[9:]), "gzip"))
    await accepted(packed(DATA, "identity"))


async def test_a_packed_answer_that_is_damaged() -> None:
    assert "breaks off" in await refused(packed(gzip.compress(DATA)[:-9], "gzip"))
    assert "is damaged" in await refused(packed(DATA, "gzip"))


@given(
    content=st.binary(max_size=3000),
    cuts=st.lists(st.integers(1, 50), min_size=1, max_size=100),
    largest=st.one_of(st.none(), st.integers(1, 4000)),
    pack=st.booleans(),
)
def test_however_it_is_cut_it_is_the_same(
    content: bytes, cuts: list[int], largest: int | None, pack: bool
) -> None:
    sent = gzip.compress(content) if pack else content
    headers = {"content-encoding": "gzip"} if pack else {}
    body = AnswerBody(headers, largest, {"operation": "x", "url": "http://nas"})
    fits = largest is None or len(content) <= largest

    def read() -> bytes:
        place = 0
        for cut in cuts:
            body.add(sent[place : place + cut])
            place += cut
        body.add(sent[place:])
        return body.whole()

    if fits:
        assert read() == content
    else:
        with pytest.raises(ResponseFormatError, match="max_answer_size"):
            read()


@pytest.mark.parametrize("client", [StashClient, SyncStashClient])
def test_the_bound_is_an_option(client: type[StashClient | SyncStashClient]) -> None:
    option = inspect.signature(client).parameters["max_answer_size"]
    assert option.kind is inspect.Parameter.KEYWORD_ONLY
    assert option.default == 256 * MIB
    client("nas:9999", max_answer_size=None)
    for size in (0, -1):
        with pytest.raises(ConfigurationError, match="max_answer_size"):
            client("nas:9999", max_answer_size=size)


async def test_an_answer_that_a_hook_has_read(tmp_path: Path) -> None:
    async def read(response: httpx.Response) -> None:
        await response.aread()

    with loopback(lambda _: packed(gzip.compress(DATA), "gzip")) as server:
        async with (
            httpx.AsyncClient(event_hooks={"response": [read]}) as http,
            StashClient(server.url, http_client=http, max_answer_size=1000) as stash,
        ):
            assert await stash.graphql(QUERY) == json.loads(DATA)["data"]
        async with (
            httpx.AsyncClient(event_hooks={"response": [read]}) as http,
            StashClient(server.url, http_client=http, max_answer_size=10) as stash,
        ):
            with pytest.raises(ResponseFormatError, match="max_answer_size"):
                await stash.graphql(QUERY)


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "gzip"])
async def test_a_file_that_is_packed_is_refused(tmp_path: Path, encoding: str) -> None:
    with loopback(lambda _: packed(gzip.compress(b"x"), encoding)) as server:
        async with StashClient(server.url) as stash:
            with pytest.raises(ResponseFormatError, match="not asked for"):
                await stash.download("/file", to=tmp_path / "file")
        sync_stash = SyncStashClient(server.url)
        with pytest.raises(ResponseFormatError, match="not asked for"), sync_stash:
            sync_stash.download("/file", to=tmp_path / "file")
    assert list(tmp_path.iterdir()) == []
    assert server.asked[0].headers["accept-encoding"] == "identity"
