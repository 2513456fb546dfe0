"""Subscriptions over real sockets: the conversation, its end from either side, and what goes wrong."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from websockets.http11 import Request

from stash_typed._runtime.auth.credentials import ApiKey, Credentials, Password, SessionCookie
from stash_typed._runtime.http.async_transport import AsyncTransport
from stash_typed._runtime.operation import Operation
from stash_typed._runtime.upload import Upload
from stash_typed.errors import (
    AuthenticationError,
    ConfigurationError,
    GraphQLError,
    InvalidVariableError,
    ResponseFormatError,
    StashConnectionError,
    StashError,
    StashTimeoutError,
    ValidationFailedError,
)
from tests.unit.ends import ENDS, End, connect
from tests.unit.loopback import Asked, Says, loopback
from tests.unit.socket_server import Partner, socket_server
from tests.unit.tls import make_certificate, server_context

pytestmark = pytest.mark.anyio

TICKS = Operation("Ticks", "subscription", "ticks", "subscription Ticks { ticks }")


class Ticks(BaseModel):
    ticks: int


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


async def three(partner: Partner) -> None:
    await partner.begin()
    for number in range(3):
        await partner.next({"ticks": number})
    await partner.say("complete", id="1")
    await partner.connection.wait_closed()


async def endless(partner: Partner) -> None:
    await partner.begin()
    await partner.next({"ticks": 0})
    await partner.next({"ticks": 1})
    await partner.hear("complete")
    await partner.connection.wait_closed()


@pytest.mark.parametrize("end", ENDS)
async def test_results_until_the_server_completes(end: End) -> None:
    async with socket_server(three) as server:
        async with connect(end, f"{server.url}/stash") as connection:
            items = await connection.collect(TICKS, Ticks)
        partner = await server.ended.get()
    assert [item.ticks for item in items] == [0, 1, 2]
    assert partner.heard[1]["payload"] == {"query": TICKS.document, "operationName": "Ticks"}
    assert partner.connection.request is not None
    assert partner.connection.request.path == "/stash/graphql"
    assert partner.connection.close_code == 1000


@pytest.mark.parametrize("end", ENDS)
async def test_leaving_ends_it_on_the_server(end: End) -> None:
    async with socket_server(endless) as server:
        async with connect(end, server.url) as connection:
            assert len(await connection.collect(TICKS, Ticks, at_most=1)) == 1
        partner = await asyncio.wait_for(server.ended.get(), 5)
    assert [message["type"] for message in partner.heard] == [
        "connection_init",
        "subscribe",
        "complete",
    ]


async def test_a_plain_break_ends_it_on_the_server() -> None:
    async with socket_server(endless) as server, connect("async", server.url) as connection:
        assert isinstance(connection.transport, AsyncTransport)
        async for _ in connection.transport.subscribe(TICKS, Ticks, {}):
            break
        partner = await asyncio.wait_for(server.ended.get(), 5)
    assert partner.heard[-1]["type"] == "complete"


async def test_cancelling_ends_it_on_the_server() -> None:
    async with socket_server(endless) as server, connect("async", server.url) as connection:
        arrived: asyncio.Queue[Ticks] = asyncio.Queue()
        assert isinstance(connection.transport, AsyncTransport)
        stream = connection.transport.subscribe(TICKS, Ticks, {})

        async def read() -> None:
            async for item in stream:
                arrived.put_nowait(item)

        task = asyncio.create_task(read())
        await asyncio.wait_for(arrived.get(), 5)
        await asyncio.wait_for(arrived.get(), 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        partner = await asyncio.wait_for(server.ended.get(), 5)
    assert partner.heard[-1]["type"] == "complete"


@pytest.mark.parametrize("end", ENDS)
async def test_a_ping_of_the_server_is_answered(end: End) -> None:
    async def part(partner: Partner) -> None:
        await partner.hear("connection_init")
        await partner.say("ping")
        await partner.hear("pong")
        await partner.say("connection_ack")
        await partner.hear("subscribe")
        await partner.say("ping", payload={"a": 1})
        await partner.hear("pong")
        await partner.say("pong")
        await partner.next({"ticks": 7})
        await partner.say("complete", id="1")

    async with socket_server(part) as server, connect(end, server.url) as connection:
        assert await connection.collect(TICKS, Ticks) == [Ticks(ticks=7)]


@pytest.mark.parametrize("end", ENDS)
async def test_a_server_that_no_longer_answers_pings(end: End) -> None:
    release = asyncio.Event()

    async def part(partner: Partner) -> None:
        await partner.begin()
        # From here on nothing is read any more, so that no ping is answered.
        partner.connection.transport.pause_reading()
        await release.wait()

    async with (
        socket_server(part) as server,
        connect(end, server.url, ping_interval=0.05) as connection,
    ):
        with pytest.raises(StashConnectionError, match="the connection was lost"):
            await asyncio.wait_for(connection.collect(TICKS, Ticks), 20)
        release.set()


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("credentials", "name", "value"),
    [
        (ApiKey("the-key"), "ApiKey", "the-key"),
        (SessionCookie("the-cookie"), "Cookie", "session=the-cookie"),
    ],
)
async def test_the_handshake_carries_credentials(
    end: End, credentials: Credentials, name: str, value: str
) -> None:
    async with socket_server(three) as server:
        headers = {"X-Access": "yes"}
        async with connect(end, server.url, credentials, headers=headers) as connection:
            await connection.collect(TICKS, Ticks)
    assert server.handshakes[0][name] == value
    assert server.handshakes[0]["X-Access"] == "yes"


@pytest.mark.parametrize("end", ENDS)
async def test_cookies_of_the_caller_go_along(end: End) -> None:
    async with (
        socket_server(three) as server,
        connect(end, server.url, SessionCookie("s"), headers={"Cookie": "proxy=1"}) as connection,
    ):
        await connection.collect(TICKS, Ticks)
    assert server.handshakes[0]["Cookie"] == "proxy=1; session=s"


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("credentials", "says", "times"),
    [
        (None, "asks for credentials", 1),
        (ApiKey("wrong"), "refuses the API key", 1),
        (SessionCookie("stale"), "expired", 1),
        (SessionCookie("stale", ApiKey("wrong")), "refuses the API key", 2),
    ],
)
async def test_a_refused_handshake(
    end: End, credentials: Credentials | None, says: str, times: int
) -> None:
    async with (
        socket_server(three, refuse=lambda _: (401, {})) as server,
        connect(end, server.url, credentials) as connection,
    ):
        with pytest.raises(AuthenticationError, match=says) as caught:
            await connection.collect(TICKS, Ticks)
    assert "Ticks" in str(caught.value)
    assert len(server.handshakes) == times


@pytest.mark.parametrize("end", ENDS)
async def test_an_expired_session_is_opened_anew(end: End) -> None:
    """Signing in is HTTP, which the socket server does not speak: another one does it."""
    numbers = iter(range(1, 10))

    def answer(request: Asked) -> Says:
        return Says(headers={"Set-Cookie": f"session=s{next(numbers)}; Path=/; Max-Age=3600"})

    def refuse(request: Request) -> tuple[int, dict[str, str]] | None:
        return None if request.headers.get("Cookie") == "session=s2" else (401, {})

    with loopback(answer) as logins:
        async with socket_server(three, refuse=refuse) as server:
            async with connect(end, server.url, Password("ada", "word")) as connection:
                reroute_logins(connection.transport, logins.url)
                items = await connection.collect(TICKS, Ticks)
    assert len(items) == 3
    assert [headers["Cookie"] for headers in server.handshakes] == ["session=s1", "session=s2"]
    assert len(logins.paths("/login")) == 2


def reroute_logins(transport: Any, url: str) -> None:
    """Send sign-ins to another port, since the socket server speaks no HTTP beyond handshakes."""
    ask = transport._ask

    def rerouted(outgoing: Any) -> Any:
        return ask(replace(outgoing, url=f"{url}/login"))

    transport._ask = rerouted


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("status", [200, 403, 404, 502])
async def test_a_proxy_that_passes_no_sockets(end: End, status: int) -> None:
    async with (
        socket_server(three, refuse=lambda _: (status, {})) as server,
        connect(end, server.url) as connection,
    ):
        with pytest.raises(StashConnectionError, match=f"HTTP {status}.*proxy"):
            await connection.collect(TICKS, Ticks)


@pytest.mark.parametrize("end", ENDS)
async def test_a_redirect_is_not_followed_with_credentials(end: End) -> None:
    async with socket_server(three) as other:
        location = {"Location": f"{other.url.replace('http', 'ws')}/graphql"}
        async with (
            socket_server(three, refuse=lambda _: (307, location)) as server,
            connect(end, server.url, ApiKey("the-key")) as connection,
        ):
            with pytest.raises(StashConnectionError, match="HTTP 307"):
                await connection.collect(TICKS, Ticks)
    assert other.handshakes == []


@pytest.mark.parametrize("end", ENDS)
async def test_a_server_that_speaks_no_websocket(end: End) -> None:
    with loopback(lambda _: Says(200, b"hello")) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(StashConnectionError, match="proxy"):
                await connection.collect(TICKS, Ticks)


@pytest.mark.parametrize("end", ENDS)
async def test_nothing_listens(end: End) -> None:
    async with socket_server(three) as server:
        gone = server.url
    async with connect(end, gone) as connection:
        with pytest.raises(StashConnectionError, match="refused"):
            await connection.collect(TICKS, Ticks)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("at", ["ack", "handshake"])
async def test_a_server_that_stays_silent(end: End, at: str) -> None:
    release = asyncio.Event()

    async def part(partner: Partner) -> None:
        await release.wait()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await release.wait()
        writer.close()

    async with socket_server(part) as server:
        raw = await asyncio.start_server(silent, "127.0.0.1", 0)
        async with raw:
            port = raw.sockets[0].getsockname()[1]
            url = server.url if at == "ack" else f"http://127.0.0.1:{port}"
            async with connect(end, url, timeout=0.1) as connection:
                with pytest.raises(StashTimeoutError, match=r"within 0\.1 seconds"):
                    await connection.collect(TICKS, Ticks)
            release.set()


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        (1000, StashConnectionError, "code 1000"),
        (1012, StashConnectionError, "restarting"),
        (4400, StashConnectionError, "4400"),
        (4401, AuthenticationError, "asks for credentials"),
        (None, StashConnectionError, "the connection was lost"),
    ],
)
async def test_a_connection_that_ends_early(
    end: End, code: int | None, kind: type[StashError], says: str
) -> None:
    async def part(partner: Partner) -> None:
        await partner.begin()
        await partner.next({"ticks": 0})
        if code is None:
            partner.connection.transport.abort()
        else:
            await partner.connection.close(code, "restarting" if code == 1012 else "")

    async with socket_server(part) as server, connect(end, server.url) as connection:
        with pytest.raises(kind, match=says) as caught:
            await connection.collect(TICKS, Ticks)
    assert "Ticks" in str(caught.value)


ERROR_MESSAGES: list[tuple[list[tuple[str, dict[str, Any]]], type[StashError], str]] = [
    ([("error", {"payload": [{"message": "no"}]})], GraphQLError, "no"),
    (
        [("error", {"payload": [{"message": 'Cannot query field "a" on type "B".'}]})],
        ValidationFailedError,
        "stash-typed check",
    ),
    ([("error", {"payload": "gone"})], GraphQLError, "gone"),
    ([("error", {})], ResponseFormatError, "without errors"),
    (
        [("next", {"payload": {"data": None, "errors": [{"message": "no"}]}})],
        GraphQLError,
        "no",
    ),
    ([("next", {"payload": {"data": {"ticks": "x"}}})], ResponseFormatError, "data.ticks"),
    ([("next", {})], ResponseFormatError, "not an object"),
    ([("ka", {})], ResponseFormatError, "graphql-transport-ws"),
]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(("messages", "kind", "says"), ERROR_MESSAGES)
async def test_messages_that_are_errors(
    end: End, messages: list[tuple[str, dict[str, Any]]], kind: type[StashError], says: str
) -> None:
    async def part(partner: Partner) -> None:
        await partner.begin()
        for name, more in messages:
            await partner.say(name, id="1", **more)
        await partner.connection.wait_closed()

    async with socket_server(part) as server, connect(end, server.url) as connection:
        with pytest.raises(kind, match=says):
            await connection.collect(TICKS, Ticks)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("message", ["nonsense", "[1]", '{"id": "1"}', b"\xff"])
async def test_messages_that_are_none(end: End, message: str | bytes) -> None:
    async def part(partner: Partner) -> None:
        await partner.begin()
        await partner.connection.send(message)
        await partner.connection.wait_closed()

    async with socket_server(part) as server, connect(end, server.url) as connection:
        with pytest.raises(ResponseFormatError, match="Is this a Stash server"):
            await connection.collect(TICKS, Ticks)


@pytest.mark.filterwarnings(
    # asyncio of Python 3.10 leaves its half of a failed handshake to the garbage collector.
    "ignore:Exception ignored in.*_SSLProtocolTransport:pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize("end", ENDS)
async def test_a_certificate_that_nobody_signed(end: End, certificate: Path) -> None:
    secure = server_context(certificate)
    async with socket_server(three, secure=secure) as server:
        async with connect(end, server.url, timeout=None) as connection:
            with pytest.raises(StashConnectionError, match="verify=False"):
                await connection.collect(TICKS, Ticks)
        for verify in (False, f"{certificate}/ca.pem"):
            async with connect(end, server.url, verify=verify, timeout=None) as connection:
                assert len(await connection.collect(TICKS, Ticks)) == 3
        key = f"{certificate}/key.pem"
        async with connect(end, server.url, verify=key, timeout=None) as connection:
            with pytest.raises(ConfigurationError):
                await connection.collect(TICKS, Ticks)
    gc.collect()


@pytest.mark.parametrize("end", ENDS)
async def test_the_environments_proxy_is_used(end: End, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with loopback(lambda _: Says(403, headers={"Connection": "close"})) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        async with connect(end, "http://nas.invalid:9999") as connection:
            with pytest.raises(StashConnectionError, match="could not be opened"):
                await connection.collect(TICKS, Ticks)
    assert [(request.method, request.path) for request in proxy.asked] == [
        ("CONNECT", "nas.invalid:9999")
    ]


async def test_a_file_cannot_be_sent() -> None:
    async with connect("async", "http://127.0.0.1:9") as connection:
        assert isinstance(connection.transport, AsyncTransport)
        stream = connection.transport.subscribe(TICKS, Ticks, {"file": Upload(b"x")})
        with pytest.raises(InvalidVariableError):
            await stream.__anext__()


async def test_websockets_is_imported_only_when_used() -> None:
    code = (
        "import sys, stash_typed._runtime.http.async_transport, stash_typed._runtime.http.sync_transport;"
        "print([name for name in sys.modules if name.startswith('websockets')])"
    )
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", code], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "[]", done.stderr
