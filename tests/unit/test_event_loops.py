"""One client in several event loops: it notices before it sends anything."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from stash_typed import StashClient
from stash_typed.errors import ConfigurationError
from stash_typed.inputs import TagCreateInput
from tests.unit.raw_server import Peer, raw_server

# Connections that were open when their loop was closed are closed by the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")

MADE = b'{"data": {"tagCreate": {"id": "1"}, "version": {"version": "v0.30.1"}}}'
VERSION = "{ version { version } }"


@contextmanager
def serving() -> Generator[tuple[str, list[str]], None, None]:
    """Run a server; gives its url and the paths that were asked for."""
    paths: list[str] = []

    async def part(peer: Peer) -> None:
        while line := await peer.request():
            paths.append(line.split()[1].decode())
            await peer.answer(MADE, b"Set-Cookie: session=s1; Path=/")

    with raw_server(part) as url:
        yield url, paths
    gc.collect()


async def make_tag(stash: StashClient) -> object:
    return await stash.graphql(
        "mutation M($input: TagCreateInput!) { tagCreate(input: $input) { id } }",
        {"input": TagCreateInput(name="beach")},
    )


def test_a_second_run_works_with_new_connections(tmp_path: Path) -> None:
    with serving() as (url, paths):
        stash = StashClient(url, username="ada", password="word")
        for _ in range(3):
            assert asyncio.run(make_tag(stash))
        asyncio.run(stash.download("/file", to=tmp_path / "file"))
        asyncio.run(stash.aclose())
    assert paths == ["/login", "/graphql", "/graphql", "/graphql", "/file"]


def test_many_requests_in_each_of_two_runs() -> None:
    """Gates and locks have waiters in both."""

    async def burst(stash: StashClient) -> None:
        await asyncio.gather(*(stash.graphql(VERSION) for _ in range(30)))

    with serving() as (url, paths):
        stash = StashClient(url, limit=3)
        asyncio.run(burst(stash))
        asyncio.run(burst(stash))
    assert len(paths) == 60


def test_loops_that_take_turns() -> None:
    with serving() as (url, paths):
        stash = StashClient(url)
        first, second = asyncio.new_event_loop(), asyncio.new_event_loop()
        for loop in (first, second, first, second):
            loop.run_until_complete(stash.graphql(VERSION))
        first.run_until_complete(asyncio.sleep(0.05))
        second.run_until_complete(stash.aclose())
        for loop in (first, second):
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()
    assert len(paths) == 4


def test_a_client_that_was_left_open_is_closed_in_another_loop() -> None:
    with serving() as (url, _):
        stash = StashClient(url)
        asyncio.run(make_tag(stash))
        asyncio.run(stash.aclose())


def test_two_loops_at_the_same_time() -> None:
    with serving() as (url, paths):
        stash = StashClient(url)
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()

        def there(work: Coroutine[Any, Any, object]) -> object:
            return asyncio.run_coroutine_threadsafe(work, loop).result(10)

        try:
            there(make_tag(stash))
            with pytest.raises(ConfigurationError, match=r"another event loop.*SyncStashClient"):
                asyncio.run(make_tag(stash))
            assert len(paths) == 1
            there(make_tag(stash))
            asyncio.run(stash.aclose())
        finally:
            there(asyncio.sleep(0.05))
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()


def test_a_client_of_the_callers_belongs_to_its_loop() -> None:
    with serving() as (url, paths):
        stash = StashClient(url, http_client=httpx.AsyncClient())
        asyncio.run(make_tag(stash))
        with pytest.raises(ConfigurationError, match=r"http_client.*another event loop"):
            asyncio.run(make_tag(stash))
        assert len(paths) == 1


class Wrapped(httpx.AsyncBaseTransport):
    """A transport of the caller's own around one of httpx."""

    def __init__(self) -> None:
        self.inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self.inner.handle_async_request(request)


def test_a_transport_of_the_callers_belongs_to_its_loop() -> None:
    with serving() as (url, paths):
        http = httpx.AsyncClient(transport=Wrapped())
        stash = StashClient(url, http_client=http)
        asyncio.run(make_tag(stash))
        with pytest.raises(ConfigurationError, match=r"http_client.*another event loop"):
            asyncio.run(make_tag(stash))
        assert len(paths) == 1


def test_a_client_of_the_callers_that_was_used_in_another_loop_before() -> None:
    with serving() as (url, _):
        http = httpx.AsyncClient()
        asyncio.run(_get(http, url))
        stash = StashClient(url, http_client=http)
        with pytest.raises(ConfigurationError, match="http_client"):
            asyncio.run(stash.graphql(VERSION))


async def _get(http: httpx.AsyncClient, url: str) -> None:
    await http.get(f"{url}/mine")


def test_a_client_of_the_callers_without_open_connections_works_in_any_loop() -> None:
    limits = httpx.Limits(max_keepalive_connections=0)
    with serving() as (url, _):
        stash = StashClient(url, http_client=httpx.AsyncClient(limits=limits))
        for _ in range(2):
            assert asyncio.run(make_tag(stash))


def test_a_mock_works_in_any_loop() -> None:
    async def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=MADE)

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    stash = StashClient("nas:9999", http_client=http)
    for _ in range(2):
        assert asyncio.run(make_tag(stash))


@pytest.mark.parametrize("what", ["graphql", "download", "login"])
def test_without_asyncio_it_says_what_it_needs(what: str, tmp_path: Path) -> None:
    """As under trio, whose tasks run in no event loop of asyncio."""
    stash = StashClient("http://127.0.0.1:9", username="ada", password="word")
    if what == "graphql":
        work: Coroutine[Any, Any, object] = stash.graphql(VERSION)
    elif what == "download":
        work = stash.download("/file", to=tmp_path)
    else:
        work = vars(stash)["_connection"].login()
    with pytest.raises(ConfigurationError, match="event loop of asyncio"):
        work.send(None)
