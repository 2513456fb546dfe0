"""A proxy that does not answer is named, not the server behind it."""

from __future__ import annotations

import os
import socket

import httpx
import pytest
from pydantic import BaseModel

from stash_typed._runtime.operation import Operation
from stash_typed.errors import StashConnectionError, StashTimeoutError
from tests.unit.ends import ENDS, NO_RETRY, End, connect
from tests.unit.raw_server import Peer, raw_server

pytestmark = pytest.mark.anyio

VERSION = Operation("Version", "query", "version", "query Version { version { version } }")
JOBS = Operation("Jobs", "subscription", "jobsSubscribe", "subscription Jobs { jobsSubscribe }")


class Anything(BaseModel):
    """Nothing is asked for in the end."""


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def dead() -> str:
    """A port on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("HTTP_PROXY", "http://stash.invalid:9999"),
        ("http_proxy", "http://stash.invalid:9999"),
        ("HTTPS_PROXY", "https://stash.invalid"),
        ("ALL_PROXY", "http://stash.invalid"),
    ],
)
async def test_a_dead_proxy_of_the_environment(
    end: End, variable: str, url: str, dead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, f"http://ada:s3cret@{dead}")
    async with connect(end, url, retry=NO_RETRY, verify=False) as connection:
        with pytest.raises(StashConnectionError) as caught:
            await connection.execute_raw(VERSION)
        with pytest.raises(StashConnectionError) as of_a_file:
            await connection.download("/file")
    for message in (str(caught.value), str(of_a_file.value)):
        assert f"the proxy {dead} does not answer: connection refused" in message
        assert f"Check {variable}" in message
        assert "nothing listens" not in message
        assert "s3cret" not in message
        assert "ada" not in message
    assert caught.value.transient


@pytest.mark.parametrize("end", ENDS)
async def test_a_dead_proxy_of_the_callers_own_client(end: End, dead: str) -> None:
    kind = httpx.AsyncClient if end == "async" else httpx.Client
    client = kind(proxy=f"http://ada:s3cret@{dead}")
    async with connect(end, "http://stash:9999", retry=NO_RETRY, http_client=client) as connection:
        with pytest.raises(StashConnectionError) as caught:
            await connection.execute_raw(VERSION)
    assert f"the proxy {dead} does not answer" in str(caught.value)
    assert "Check the proxy of the http_client." in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("end", ENDS)
async def test_a_proxy_whose_name_no_host_has(end: End, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    async with connect(end, "http://127.0.0.1:9999", retry=NO_RETRY) as connection:
        with pytest.raises(
            StashConnectionError, match=r"the proxy proxy\.invalid:3128 has a name that no host"
        ):
            await connection.execute_raw(VERSION)


@pytest.mark.parametrize("end", ENDS)
async def test_a_proxy_that_hangs_up(end: End, monkeypatch: pytest.MonkeyPatch) -> None:
    async def part(peer: Peer) -> None:
        await peer.request()

    with raw_server(part) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy)
        async with connect(end, "http://stash.invalid", retry=NO_RETRY) as connection:
            with pytest.raises(StashConnectionError, match="no answer through the proxy"):
                await connection.execute_raw(VERSION)


@pytest.mark.parametrize("end", ENDS)
async def test_a_proxy_whose_tls_is_none(end: End, monkeypatch: pytest.MonkeyPatch) -> None:
    async def part(peer: Peer) -> None:
        await peer.reader.read(100)
        await peer.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with raw_server(part) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.replace("http:", "https:"))
        async with connect(end, "http://stash.invalid", retry=NO_RETRY) as connection:
            with pytest.raises(StashConnectionError, match=r"the proxy .* does not speak TLS"):
                await connection.execute_raw(VERSION)


@pytest.mark.parametrize("end", ENDS)
async def test_a_dead_proxy_of_a_subscription(
    end: End, dead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://ada:s3cret@{dead}")
    async with connect(end, "http://stash.invalid:9999", retry=NO_RETRY) as connection:
        with pytest.raises(StashConnectionError) as caught:
            await connection.collect(JOBS, Anything)
    assert f"the proxy {dead} does not answer" in str(caught.value)
    assert "Check HTTP_PROXY" in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("end", ENDS)
async def test_a_server_that_no_proxy_stands_before(
    end: End, dead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with connect(end, dead, retry=NO_RETRY) as connection:
        for ask in (connection.execute_raw(VERSION), connection.collect(JOBS, Anything)):
            with pytest.raises(StashConnectionError, match="nothing listens there") as caught:
                await ask
            assert "proxy" not in str(caught.value).lower()


@pytest.mark.parametrize("end", ENDS)
async def test_a_proxy_that_says_nothing(end: End, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its backlog is full, so that not even a connection comes about."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        held = [socket.socket() for _ in range(8)]
        for each in held:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        try:
            async with connect(
                end, "http://stash.invalid", retry=NO_RETRY, timeout=0.5
            ) as connection:
                with pytest.raises(StashTimeoutError, match=r"to the proxy .* within 0\.5 s"):
                    await connection.execute_raw(VERSION)
        finally:
            for each in held:
                each.close()
