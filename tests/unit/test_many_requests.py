"""More requests than places: all are answered, and no place is lost, whatever ends them."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from stash_typed import StashClient
from stash_typed._runtime.auth.credentials import NoCredentials
from stash_typed._runtime.endpoint import Endpoint
from stash_typed._runtime.http import shared_clients
from stash_typed._runtime.http.async_transport import AsyncTransport
from stash_typed._runtime.http.gate import Gate, thread_place
from stash_typed._runtime.http.pools import lost_places
from stash_typed._runtime.http.sync_transport import SyncTransport
from stash_typed._runtime.operation import Operation
from stash_typed._runtime.retry import RetryPolicy
from stash_typed.errors import StashConnectionError, StashError, StashTimeoutError
from tests.unit.ends import AT_ONCE, ENDS, NO_RETRY, End, connect
from tests.unit.loopback import Asked, Says, loopback
from tests.unit.raw_server import ANSWER, Peer, raw_server

pytestmark = pytest.mark.anyio

VERSION = Operation("Version", "query", "version", "query Version { version { version } }")
DATA = {"version": {"version": "v0.30.1"}}


@dataclass
class Crowd:
    """A healthy server, and how many connections it saw at once."""

    url: str
    now: int = 0
    most: int = 0
    asked: int = 0


@contextmanager
def crowded(*, reset_every: int = 0, body: bytes = ANSWER) -> Generator[Crowd, None, None]:
    """Run a server that resets the connection at every so many requests."""
    crowd = Crowd("")

    async def part(peer: Peer) -> None:
        crowd.now += 1
        crowd.most = max(crowd.most, crowd.now)
        try:
            while await peer.request() is not None:
                crowd.asked += 1
                if reset_every and crowd.asked % reset_every == 0:
                    peer.reset()
                    return
                await peer.answer(body)
        finally:
            crowd.now -= 1

    with raw_server(part) as url:
        crowd.url = url
        yield crowd


def clients_of(transport: AsyncTransport | SyncTransport) -> list[httpx.Client | httpx.AsyncClient]:
    """The httpx clients that a transport has made."""
    connections = vars(transport)["_connections"]
    owner = connections._home if isinstance(transport, AsyncTransport) else connections
    shared = owner.clients if isinstance(transport, AsyncTransport) else owner._clients
    return list(shared.clients)


@pytest.mark.parametrize(
    ("many", "reset_every"), [(1000, 0), (500, 20)], ids=["healthy", "with resets"]
)
async def test_a_burst_is_answered_and_then_one_more(many: int, reset_every: int) -> None:
    with crowded(reset_every=reset_every) as server:
        async with AsyncTransport(
            Endpoint.parse(server.url), NoCredentials(), timeout=10, retry=AT_ONCE
        ) as transport:
            answers = await asyncio.gather(
                *(transport.execute_raw(VERSION, {}) for _ in range(many))
            )
            assert answers == [DATA] * many
            assert server.most <= 20
            assert await transport.execute_raw(VERSION, {}) == DATA
            assert [lost_places(client) for client in clients_of(transport)] == [0]


@pytest.mark.parametrize("reset_every", [0, 20], ids=["healthy", "with resets"])
def test_a_burst_of_64_threads_is_answered_and_then_one_more(reset_every: int) -> None:
    with (
        crowded(reset_every=reset_every) as server,
        SyncTransport(
            Endpoint.parse(server.url), NoCredentials(), timeout=10, retry=AT_ONCE
        ) as transport,
        ThreadPoolExecutor(64) as threads,
    ):

        def ask(_: int) -> object:
            return transport.execute_raw(VERSION, {})

        answers = list(threads.map(ask, range(1500), timeout=60))
        assert answers == [DATA] * 1500
        assert server.most <= 20
        assert transport.execute_raw(VERSION, {}) == DATA
        assert [lost_places(client) for client in clients_of(transport)] == [0]


@pytest.mark.parametrize("end", ENDS)
async def test_no_limit_is_as_many_as_httpx_has_connections(end: End) -> None:
    with crowded() as server:
        async with connect(end, server.url, limit=None, timeout=20) as connection:
            answers = await asyncio.gather(*(connection.execute_raw(VERSION) for _ in range(150)))
    assert answers == [DATA] * 150
    assert server.most <= 100


@contextmanager
def of_the_callers(max_connections: int | None) -> Generator[httpx.AsyncClient | None, None, None]:
    """None for the client's own, or a client of the caller's with so many places."""
    if max_connections is None:
        yield None
        return
    yield httpx.AsyncClient(limits=httpx.Limits(max_connections=max_connections), timeout=5)


@pytest.mark.parametrize("places", [None, 2, 100])
async def test_downloads_under_a_deadline_lose_no_place(places: int | None, tmp_path: Path) -> None:
    chance = random.Random(5)
    with crowded(body=b"x" * 300_000) as server, of_the_callers(places) as client:
        async with StashClient(server.url, http_client=client, timeout=5) as stash:

            async def read(n: int, seconds: float) -> bool:
                task = asyncio.ensure_future(stash.download("/file", to=tmp_path / str(n)))
                await asyncio.wait({task}, timeout=seconds)
                done = task.done()
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                return done

            ends: list[bool] = []
            for _ in range(20):
                deadlines = [chance.random() * 0.15 for _ in range(20)]
                ends += await asyncio.gather(*(read(n, s) for n, s in enumerate(deadlines)))
            assert {True, False} == set(ends)
            made = clients_of(vars(stash)["_connection"]) if client is None else [client]
            assert [lost_places(each) for each in made] == [0]
            many = (stash.download("/file", to=tmp_path / str(n)) for n in range(30))
            assert {path.stat().st_size for path in await asyncio.gather(*many)} == {300_000}
        if client is not None:
            await client.aclose()


async def test_a_download_left_in_the_middle_gives_its_place_back() -> None:
    """Left by the loop, by an error, by a generator that is closed, by two cancellations."""
    limits = httpx.Limits(max_connections=1)
    with crowded(body=b"x" * 2_000_000) as server:
        async with (
            httpx.AsyncClient(limits=limits, timeout=5) as client,
            AsyncTransport(
                Endpoint.parse(server.url), NoCredentials(), http_client=client, retry=NO_RETRY
            ) as transport,
        ):

            async def some_pieces() -> None:
                async with transport.stream("GET", "/file") as response:
                    async for _ in response.aiter_bytes():
                        break

            async def fail() -> None:
                async with transport.stream("GET", "/file") as response:
                    async for _ in response.aiter_bytes():
                        raise ZeroDivisionError

            await some_pieces()
            with pytest.raises(ZeroDivisionError):
                await fail()
            for turns in range(60):
                task = asyncio.ensure_future(some_pieces())
                for _ in range(turns):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.sleep(0)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            await some_pieces()
            assert lost_places(client) == 0


async def test_a_full_pool_of_the_callers_is_never_cut_short() -> None:
    """The caller's own requests hold its places, so that those of this client queue in the pool."""
    both, release = threading.Event(), threading.Event()

    def answer(request: Asked) -> Says:
        if request.path == "/mine":
            if len(server.paths("/mine")) == 2:
                both.set()
            release.wait(10)
        return Says(body=ANSWER)

    limits = httpx.Limits(max_connections=2)
    timeout = httpx.Timeout(20, pool=0.2)
    with loopback(answer) as server:
        async with httpx.AsyncClient(limits=limits, timeout=timeout) as client:
            async with connect(
                "async", server.url, http_client=client, retry=NO_RETRY
            ) as connection:
                await connection.execute_raw(VERSION)
                mine = [asyncio.ensure_future(client.get(f"{server.url}/mine")) for _ in range(2)]
                await asyncio.to_thread(both.wait, 10)
                with pytest.raises(StashTimeoutError, match=r"no free connection within 0\.2 s"):
                    await connection.execute_raw(VERSION)
                waiting = asyncio.ensure_future(connection.execute_raw(VERSION))
                await asyncio.sleep(0.05)
                waiting.cancel()
                await asyncio.gather(waiting, return_exceptions=True)
                release.set()
                await asyncio.gather(*mine)
                answers = await asyncio.gather(*(connection.execute_raw(VERSION) for _ in range(8)))
                assert answers == [DATA] * 8
                assert lost_places(client) == 0
    assert len(server.paths("/graphql")) == 9


@pytest.mark.parametrize("end", ENDS)
async def test_waiting_for_a_turn_is_no_part_of_the_time_limit(end: End) -> None:
    async def part(peer: Peer) -> None:
        while await peer.request() is not None:
            await asyncio.sleep(0.2)
            await peer.answer()

    with raw_server(part) as url:
        async with connect(end, url, limit=1, timeout=1.5, retry=NO_RETRY) as connection:
            answers = await asyncio.gather(*(connection.execute_raw(VERSION) for _ in range(12)))
    assert answers == [DATA] * 12


@pytest.mark.parametrize("end", ENDS)
async def test_a_wait_before_the_next_attempt_holds_no_place(end: End) -> None:
    asked = threading.Event()

    def answer(request: Asked) -> Says:
        first = not asked.is_set()
        asked.set()
        return Says(502) if first else Says(body=ANSWER)

    retry = RetryPolicy(retries=1, delay=1, jitter=lambda: 0.0)
    order: list[str] = []
    with loopback(answer) as server:
        async with connect(end, server.url, limit=1, retry=retry) as connection:

            async def ask(name: str) -> None:
                await connection.execute_raw(VERSION)
                order.append(name)

            first = asyncio.ensure_future(ask("first"))
            await asyncio.to_thread(asked.wait, 10)
            await asyncio.gather(ask("second"), first)
    assert order == ["second", "first"]


async def test_waiters_go_in_the_order_in_which_they_came_and_cancelled_ones_leave_nothing() -> (
    None
):
    order: list[int] = []
    release = asyncio.Event()

    async def answer(request: httpx.Request) -> httpx.Response:
        order.append(int(request.headers["x-n"]))
        await release.wait()
        return httpx.Response(200, content=ANSWER)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        hooks = client.event_hooks
        numbers = iter(range(1000))

        async def number(request: httpx.Request) -> None:
            request.headers["x-n"] = str(next(numbers))

        hooks["request"] = [number]
        client.event_hooks = hooks
        async with connect(
            "async", "http://nas:9999", limit=2, http_client=client, retry=NO_RETRY
        ) as connection:
            done: list[int] = []

            async def ask(n: int) -> None:
                await connection.execute_raw(VERSION)
                done.append(n)

            tasks = [asyncio.create_task(ask(n)) for n in range(40)]
            await asyncio.sleep(0.05)
            assert len(order) == 2
            for task in tasks[2:30]:
                task.cancel()
            release.set()
            await asyncio.gather(*tasks, return_exceptions=True)
    assert done == [0, 1, *range(30, 40)]
    assert len(order) == 12


def test_threads_go_in_the_order_in_which_they_came() -> None:
    gate = Gate(1)
    order: list[int] = []

    def enter(n: int) -> None:
        with thread_place(gate):
            order.append(n)

    threads: list[threading.Thread] = []
    with thread_place(gate):
        for n in range(10):
            thread = threading.Thread(target=enter, args=(n,))
            thread.start()
            threads.append(thread)
            while len(vars(gate)["_waiting"]) <= n:
                time.sleep(0.01)
    for thread in threads:
        thread.join(10)
    assert order == list(range(10))


def test_an_interrupt_while_waiting_leaves_the_place_to_others() -> None:
    class Interrupted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            raise KeyboardInterrupt

    gate = Gate(1)
    with thread_place(gate), pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "Event", Interrupted)
        with pytest.raises(KeyboardInterrupt), thread_place(gate):
            pass
    with thread_place(gate):
        assert not gate.enter("another", lambda: None)


@contextmanager
def broken_tunnel() -> Generator[str, None, None]:
    """A proxy that opens tunnels to a server whose TLS is nonsense. httpcore loses their places."""

    async def part(peer: Peer) -> None:
        await peer.request()
        await peer.say(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await peer.reader.read(100)
        await peer.say(b"nonsense, and no TLS at all " * 10)

    with raw_server(part) as url:
        yield url


@pytest.mark.parametrize("end", ENDS)
async def test_a_pool_whose_places_are_lost_is_replaced(
    end: End, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with broken_tunnel() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        async with connect(
            end, "https://stash.invalid:9999", retry=NO_RETRY, verify=False, timeout=2
        ) as connection:
            for _ in range(105):  # more than a pool of httpx has places
                with pytest.raises(StashError, match="TLS"):
                    await connection.execute_raw(VERSION)
            assert clients_of(connection.transport) == []


@pytest.mark.parametrize("end", ENDS)
async def test_requests_under_way_end_before_their_pool_is_closed(
    end: End, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived, release = threading.Event(), threading.Event()

    def answer(request: Asked) -> Says:
        if b"Slow" in request.body:
            arrived.set()
            release.wait(10)
        return Says(body=ANSWER, hang_up=b"Lost" in request.body)

    slow = Operation("Slow", "query", "version", "query Slow { version { version } }")
    lost = Operation("Lost", "query", "version", "query Lost { version { version } }")
    monkeypatch.setattr(shared_clients, "lost_places", lambda _: 1)  # pyright: ignore[reportUnknownArgumentType, reportUnknownLambdaType]
    with loopback(answer) as server:
        async with connect(end, server.url, retry=NO_RETRY) as connection:
            under_way = asyncio.ensure_future(connection.execute_raw(slow))
            await asyncio.to_thread(arrived.wait, 10)
            (old,) = clients_of(connection.transport)
            with pytest.raises(StashConnectionError):
                await connection.execute_raw(lost)
            assert await connection.execute_raw(VERSION) == DATA
            assert len(clients_of(connection.transport)) == 2
            assert not old.is_closed
            release.set()
            assert await under_way == DATA
            assert old.is_closed
            assert len(clients_of(connection.transport)) == 1


@pytest.mark.parametrize("end", ENDS)
async def test_a_client_of_the_callers_that_lost_its_places_is_named(end: End) -> None:
    kind = httpx.AsyncClient if end == "async" else httpx.Client
    limits = httpx.Limits(max_connections=1)
    timeout = httpx.Timeout(5, pool=0.2)
    with broken_tunnel() as proxy:
        client = kind(limits=limits, timeout=timeout, proxy=proxy, verify=False)
        async with connect(
            end, "https://stash.invalid:9999", retry=NO_RETRY, http_client=client
        ) as connection:
            with pytest.raises(StashError, match="TLS"):
                await connection.execute_raw(VERSION)
            with pytest.raises(StashTimeoutError, match="1 connections of the http_client"):
                await connection.execute_raw(VERSION)
