"""The two ends over real sockets: trouble, TLS, origins, cookies, limits, logs."""

from __future__ import annotations

import asyncio
import io
import logging
import socket
import ssl
import threading
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import BaseModel

from stash_typed._runtime.auth.credentials import ApiKey, Password, SessionCookie
from stash_typed._runtime.endpoint import Endpoint
from stash_typed._runtime.http.async_transport import AsyncTransport
from stash_typed._runtime.http.client import finish_request
from stash_typed._runtime.http.failures import map_error
from stash_typed._runtime.http.sync_transport import SyncTransport
from stash_typed._runtime.http.trust import trust_for
from stash_typed._runtime.messages import Outgoing
from stash_typed._runtime.operation import Operation
from stash_typed._runtime.retry import RetryPolicy
from stash_typed._runtime.upload import Upload
from stash_typed.errors import (
    AuthenticationError,
    ConfigurationError,
    HTTPStatusError,
    InvalidVariableError,
    StashConnectionError,
    StashError,
    StashTimeoutError,
)
from tests.unit.ends import ENDS, NO_RETRY, End, connect
from tests.unit.loopback import Asked, Loopback, Says, loopback
from tests.unit.tls import make_certificate, server_context

pytestmark = pytest.mark.anyio

VERSION = Operation("Version", "query", "version", "query Version { version { version } }")
IMPORT = Operation("ImportObjects", "mutation", "importObjects", "mutation ImportObjects { x }")
DATA = Says(body=b'{"data": {"version": {"version": "v0.30.1"}}}')
SESSION = {"Set-Cookie": "session=s1; Path=/; Max-Age=3600"}


class Version(BaseModel):
    version: str


class VersionData(BaseModel):
    version: Version


@pytest.mark.parametrize("end", ENDS)
async def test_a_typed_answer(end: End) -> None:
    with loopback(lambda _: DATA) as server:
        async with connect(end, f"{server.url}/stash") as connection:
            data = await connection.execute(VERSION, VersionData)
    assert data == VersionData(version=Version(version="v0.30.1"))
    assert server.asked[0].path == "/stash/graphql"
    assert "graphql-response+json" in server.asked[0].headers["accept"]


@pytest.mark.parametrize("end", ENDS)
async def test_nothing_listens(end: End) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        async with connect(end, f"127.0.0.1:{port}", retry=NO_RETRY) as connection:
            with pytest.raises(StashConnectionError) as caught:
                await connection.execute_raw(VERSION)
    for words in ("Version", f"http://127.0.0.1:{port}/graphql", "refused", "9999"):
        assert words in str(caught.value)


@pytest.mark.parametrize("end", ENDS)
async def test_no_such_host(end: End) -> None:
    async with connect(end, "http://no-such-host.invalid:9999", retry=NO_RETRY) as connection:
        with pytest.raises(StashConnectionError, match=r"no host named 'no-such-host\.invalid'"):
            await connection.execute_raw(VERSION)


@pytest.mark.parametrize("end", ENDS)
async def test_no_answer_in_time(end: End) -> None:
    release = threading.Event()

    def answer(request: Asked) -> Says:
        release.wait(10)
        return DATA

    with loopback(answer) as server:
        async with connect(end, server.url, timeout=0.05, retry=NO_RETRY) as connection:
            try:
                with pytest.raises(StashTimeoutError) as caught:
                    await connection.execute_raw(VERSION)
            finally:
                release.set()
    assert "no answer within 0.05 seconds" in str(caught.value)
    assert "STASH_TIMEOUT" in str(caught.value)


@pytest.mark.parametrize("end", ENDS)
async def test_a_closed_client_says_so(end: End) -> None:
    with loopback(lambda _: DATA) as server:
        async with connect(end, server.url) as connection:
            pass
        with pytest.raises(StashConnectionError, match="closed"):
            await connection.execute_raw(VERSION)
        with pytest.raises(StashConnectionError, match="closed"):
            await connection.collect(VERSION, VersionData)
    assert server.asked == []


def every(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for below in kind.__subclasses__():
        yield from every(below)


def make(kind: type[Exception]) -> Exception:
    request = httpx.Request("POST", "http://nas:9999/graphql", extensions={"timeout": {"read": 3}})
    response = httpx.Response(500, request=request)
    for arguments in (("boom",), ()):
        for keywords in ({}, {"request": request}, {"request": request, "response": response}):
            try:
                return kind(*arguments, **keywords)
            except TypeError:
                continue
    raise AssertionError(kind)


ROOTS = (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, httpx.StreamError)


def name_of(kind: type[Exception]) -> str:
    return kind.__name__


KINDS: set[type[Exception]] = {kind for root in ROOTS for kind in every(root)}
SORTED_KINDS = sorted(KINDS, key=name_of)


@pytest.mark.parametrize("kind", SORTED_KINDS, ids=name_of)
async def test_every_exception_of_httpx_has_an_error(kind: type[Exception]) -> None:
    outgoing = Outgoing("Version", "POST", "http://nas:9999/graphql", {})
    error = map_error(make(kind), outgoing)
    if issubclass(kind, httpx.RequestError):
        assert isinstance(error, StashConnectionError)
    assert isinstance(error, StashTimeoutError) is issubclass(kind, httpx.TimeoutException)
    assert "Version" in str(error)
    assert "http://nas:9999/graphql" in str(error)
    assert error.hint


async def test_a_reset_connection_is_worth_another_try_and_bad_encoding_is_not() -> None:
    outgoing = Outgoing("Version", "POST", "http://nas:9999/graphql", {})
    for kind, transient in ((httpx.ReadError, True), (httpx.DecodingError, False)):
        error = map_error(kind("boom"), outgoing)
        assert isinstance(error, StashConnectionError)
        assert error.transient is transient


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@contextmanager
def tls_loopback(folder: Path) -> Generator[Loopback, None, None]:
    with loopback(lambda _: DATA, secure=server_context(folder)) as server:
        yield server


@pytest.mark.parametrize("end", ENDS)
async def test_a_certificate_that_nobody_signed(end: End, certificate: Path) -> None:
    with tls_loopback(certificate) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(StashConnectionError) as caught:
                await connection.execute_raw(VERSION)
        assert "verify=False" in str(caught.value)
        assert 'verify="ca.pem"' in str(caught.value)
        assert not caught.value.transient
        assert server.asked == []
        async with connect(end, server.url, verify=f"{certificate}/ca.pem") as connection:
            await connection.execute_raw(VERSION)
        async with connect(end, server.url, verify=False) as connection:
            await connection.execute_raw(VERSION)
    assert len(server.asked) == 2


@pytest.mark.parametrize("end", ENDS)
async def test_https_where_http_is_spoken(end: End) -> None:
    with loopback(lambda _: DATA) as server:
        async with connect(end, server.url.replace("http:", "https:")) as connection:
            with pytest.raises(StashConnectionError, match="Begin the url with http://"):
                await connection.execute_raw(VERSION)


@pytest.mark.parametrize("end", ENDS)
async def test_certificates_that_cannot_be_read(end: End, tmp_path: Path) -> None:
    nonsense = tmp_path / "ca.pem"
    nonsense.write_text("nonsense")
    async with connect(end, "https://127.0.0.1:9", verify=f"{nonsense}") as connection:
        with pytest.raises(ConfigurationError, match=r"ca\.pem"):
            await connection.execute_raw(VERSION)


async def test_plain_http_needs_no_authorities_but_trusts_nobody_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    plain = trust_for(Endpoint.parse("http://nas"), True)
    assert plain.verify_mode is ssl.CERT_REQUIRED
    assert plain.get_ca_certs() == []
    monkeypatch.setenv("HTTP_PROXY", "https://proxy:3128")
    assert trust_for(Endpoint.parse("http://nas"), True).get_ca_certs() != []


@pytest.mark.parametrize("end", ENDS)
async def test_a_proxy_that_makes_no_sense(end: End, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "gopher://proxy:70")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    async with connect(end, "http://nas:9999") as connection:
        with pytest.raises(ConfigurationError, match="HTTP_PROXY"):
            await connection.execute_raw(VERSION)


@pytest.mark.parametrize("end", ENDS)
async def test_the_environments_proxy_is_used(end: End, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with loopback(lambda _: DATA) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        async with connect(end, "http://nas.invalid:9999") as connection:
            await connection.execute_raw(VERSION)
    assert proxy.asked[0].path == "http://nas.invalid:9999/graphql"


@pytest.mark.parametrize("end", ENDS)
async def test_a_download(end: End) -> None:
    content = bytes(range(256)) * 1000
    with loopback(lambda _: Says(body=content)) as server:
        async with connect(end, server.url, ApiKey("the-key")) as connection:
            assert await connection.download("/downloads/t/n?apikey=the-key&x=1") == content
            assert await connection.download(f"{server.url}/downloads/t/n") == content
    assert [request.path for request in server.asked] == ["/downloads/t/n?x=1", "/downloads/t/n"]
    assert all(request.headers["apikey"] == "the-key" for request in server.asked)


@pytest.mark.parametrize("end", ENDS)
async def test_credentials_stay_with_their_server(end: End) -> None:
    with loopback(lambda _: Says(body=b"file")) as other, loopback(lambda _: DATA) as server:
        for credentials in (ApiKey("the-key"), SessionCookie("the-cookie")):
            async with connect(
                end, server.url, credentials, headers={"X-Access": "the-header"}
            ) as connection:
                await connection.execute_raw(VERSION)
                await connection.download(f"{other.url}/file?apikey=the-key&x=1")
    assert all(request.headers["x-access"] == "the-header" for request in server.asked)
    for request in other.asked:
        assert request.path == "/file?x=1"
        assert "the-" not in f"{request.headers}"


@pytest.mark.parametrize("end", ENDS)
async def test_redirects_are_not_followed(end: End) -> None:
    with loopback(lambda _: DATA) as other:
        moved = Says(307, headers={"Location": f"{other.url}/graphql"})
        with loopback(lambda _: moved) as server:
            async with connect(end, server.url, ApiKey("the-key")) as connection:
                with pytest.raises(HTTPStatusError, match=other.url):
                    await connection.execute_raw(VERSION)
                with pytest.raises(HTTPStatusError, match=other.url):
                    await connection.download("/downloads/t/n")
    assert other.asked == []


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("says", "kind", "words"),
    [
        (
            Says(404, b"404 page not found\n", {"Content-Type": "text/plain"}),
            HTTPStatusError,
            "30 s",
        ),
        (Says(401), AuthenticationError, "refuses the API key"),
        (Says(302, headers={"Location": "/login"}), AuthenticationError, "refuses the API key"),
        (Says(500), HTTPStatusError, "500"),
        (Says(hang_up=True), StashConnectionError, "no answer"),
    ],
)
async def test_a_download_that_fails(
    end: End, says: Says, kind: type[StashError], words: str
) -> None:
    with loopback(lambda _: says) as server:
        async with connect(end, server.url, ApiKey("the-key")) as connection:
            with pytest.raises(kind, match=words) as caught:
                await connection.download("/downloads/t/n")
    assert "GET /downloads/t/n" in str(caught.value)


@pytest.mark.parametrize("end", ENDS)
async def test_a_foreign_server_that_wants_credentials(end: End) -> None:
    with loopback(lambda _: Says(401)) as other:
        async with connect(end, "http://nas:9999", ApiKey("the-key")) as connection:
            with pytest.raises(HTTPStatusError, match="credentials are not sent there"):
                await connection.download(f"{other.url}/file")


@pytest.mark.parametrize("end", ENDS)
async def test_a_download_that_breaks_off(end: End) -> None:
    half = Says(body=b"half", headers={"Content-Length": "8", "Connection": "close"})
    with loopback(lambda _: half) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(StashConnectionError, match="GET /file"):
                await connection.download("/file")


@pytest.mark.parametrize("end", ENDS)
async def test_a_download_signs_in(end: End) -> None:
    def answer(request: Asked) -> Says:
        if request.path == "/login":
            return Says(headers=SESSION)
        signed_in = request.headers.get("cookie") == "session=s1"
        return Says(body=b"file") if signed_in else Says(401)

    with loopback(answer) as server:
        async with connect(end, server.url, SessionCookie("old", Password("a", "b"))) as connection:
            assert await connection.download("/file") == b"file"
    assert [request.path for request in server.asked] == ["/file", "/login", "/file"]


@pytest.mark.parametrize("end", ENDS)
async def test_an_upload(end: End, tmp_path: Path) -> None:
    path = tmp_path / "objects.zip"
    path.write_bytes(b"x" * 300_000)
    with loopback(lambda _: DATA) as server:
        async with connect(end, server.url) as connection:
            await connection.execute_raw(IMPORT, {"file": Upload(path)})
    request = server.asked[0]
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert int(request.headers["content-length"]) == len(request.body)
    assert b"x" * 300_000 in request.body


class Pipe(io.RawIOBase):
    """A stream that cannot seek."""

    def __init__(self, content: bytes) -> None:
        self._left = content

    def read(self, size: int = -1, /) -> bytes:
        piece, self._left = self._left[:size], self._left[size:]
        return piece


@pytest.mark.parametrize("end", ENDS)
async def test_an_upload_is_sent_again_after_signing_in_when_it_can_be(end: End) -> None:
    def answer(request: Asked) -> Says:
        return DATA if request.headers.get("apikey") else Says(401)

    stale = SessionCookie("stale", ApiKey("the-key"))
    with loopback(answer) as server:
        async with connect(end, server.url, stale) as connection:
            await connection.execute_raw(IMPORT, {"file": Upload(b"bytes")})
        async with connect(end, server.url, stale) as connection:
            with pytest.raises(AuthenticationError):
                await connection.execute_raw(IMPORT, {"file": Upload(Pipe(b"bytes"))})
    assert [b"bytes" in request.body for request in server.asked] == [True, True, True]
    assert server.asked[2].headers["transfer-encoding"] == "chunked"


@pytest.mark.parametrize("end", ENDS)
async def test_an_upload_that_is_gone(end: End, tmp_path: Path) -> None:
    async with connect(end, "http://127.0.0.1:9") as connection:
        with pytest.raises(InvalidVariableError, match=r"gone\.zip"):
            await connection.execute_raw(IMPORT, {"file": Upload(tmp_path / "gone.zip")})


@asynccontextmanager
async def injected(end: End) -> AsyncGenerator[httpx.AsyncClient | httpx.Client, None]:
    headers = {"X-App": "mine"}
    if end == "async":
        async with httpx.AsyncClient(headers=headers, cookies={"app": "1"}) as client:
            yield client
    else:
        with httpx.Client(headers=headers, cookies={"app": "1"}) as sync_client:
            yield sync_client


@pytest.mark.parametrize("end", ENDS)
async def test_a_client_of_the_callers_is_used_and_left_open(end: End) -> None:
    def answer(request: Asked) -> Says:
        return Says(body=DATA.body, headers=SESSION)

    with loopback(answer) as server:
        async with injected(end) as client:
            password = Password("a", "b")
            async with connect(end, server.url, password, http_client=client) as connection:
                await connection.execute_raw(VERSION)
                await connection.execute_raw(VERSION)
            assert not client.is_closed
            assert "session" not in client.cookies
    login, first, second = server.asked
    assert login.headers["x-app"] == first.headers["x-app"] == "mine"
    assert login.headers["cookie"] == "app=1"
    assert first.headers["cookie"] == second.headers["cookie"] == "app=1; session=s1"


@pytest.mark.parametrize("end", ENDS)
async def test_a_client_of_the_callers_that_was_closed(end: End) -> None:
    async with injected(end) as client:
        pass
    async with connect(end, "http://127.0.0.1:9", http_client=client) as connection:
        with pytest.raises(StashConnectionError, match="closed"):
            await connection.execute_raw(VERSION)


async def test_a_client_of_the_callers_keeps_its_time_limit() -> None:
    release = threading.Event()

    def answer(request: Asked) -> Says:
        release.wait(10)
        return DATA

    with loopback(answer) as server:
        async with httpx.AsyncClient(timeout=0.07) as client:
            transport = AsyncTransport(
                Endpoint.parse(server.url), ApiKey("k"), http_client=client, retry=NO_RETRY
            )
            try:
                with pytest.raises(StashTimeoutError, match=r"0\.07 seconds"):
                    await transport.execute_raw(VERSION, {})
            finally:
                release.set()


async def test_our_session_replaces_one_that_the_client_kept() -> None:
    request = httpx.Request("GET", "http://nas", headers={"Cookie": "a=1; session=old"})
    outgoing = Outgoing("x", "GET", "http://nas", {}, cookie="session=new")
    assert finish_request(request, outgoing).headers["cookie"] == "a=1; session=new"


@pytest.mark.parametrize("end", ENDS)
async def test_only_so_many_requests_are_under_way(end: End) -> None:
    lock = threading.Lock()
    now = most = 0
    full = threading.Event()

    def answer(request: Asked) -> Says:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
            if now == 2:
                full.set()
        full.wait(10)
        with lock:
            now -= 1
        return DATA

    with loopback(answer) as server:
        async with connect(end, server.url, limit=2) as connection:
            await asyncio.gather(*(connection.execute_raw(VERSION) for _ in range(8)))
    assert most == 2


async def test_a_cancelled_request_leaves_the_transport_usable() -> None:
    arrived, release = threading.Event(), threading.Event()

    def answer(request: Asked) -> Says:
        if not release.is_set():
            arrived.set()
            release.wait(10)
        return DATA

    with loopback(answer) as server:
        async with connect("async", server.url, limit=1) as connection:
            task = asyncio.create_task(connection.execute_raw(VERSION))
            await asyncio.to_thread(arrived.wait, 10)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            release.set()
            await connection.execute_raw(VERSION)


async def test_a_cancelled_wait_before_a_retry_ends_at_once() -> None:
    asked = threading.Event()

    def answer(request: Asked) -> Says:
        asked.set()
        return Says(502)

    with loopback(answer) as server:
        retry = RetryPolicy(delay=600, longest=600)
        async with connect("async", server.url, retry=retry) as connection:
            task = asyncio.create_task(connection.execute_raw(VERSION))
            await asyncio.to_thread(asked.wait, 10)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(task, 5)


@pytest.mark.parametrize("end", ENDS)
async def test_the_log_tells_of_requests_and_of_no_secrets(
    end: End, caplog: pytest.LogCaptureFixture
) -> None:
    def answer(request: Asked) -> Says:
        return Says(body=DATA.body, headers={"Set-Cookie": "session=s3cret-cookie; Path=/"})

    caplog.set_level(logging.DEBUG)
    with loopback(answer) as server:
        async with connect(end, server.url, Password("ada", "s3cret-word")) as connection:
            await connection.execute_raw(VERSION, {"password": "s3cret-variable"})
            await connection.download("/scene/1/stream?apikey=s3cret-key")
        async with connect(end, server.url, ApiKey("s3cret-key")) as connection:
            await connection.execute_raw(VERSION)
            with pytest.raises(StashError):
                await connection.collect(VERSION, VersionData)
    ours = [record.getMessage() for record in caplog.records if record.name == "stash_typed"]
    assert ours[0].startswith("login: 200 in ")
    assert ours[1].startswith("Version: 200 in ")
    assert ours[1].endswith("attempt 1")
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize("end", ENDS)
async def test_a_message_that_repeats_a_secret_hides_it(end: End) -> None:
    says = Says(body=b'{"errors": [{"message": "what is s3cret-word?"}]}', headers=SESSION)
    with loopback(lambda _: says) as server:
        async with connect(end, server.url, Password("ada", "s3cret-word")) as connection:
            with pytest.raises(StashError, match=r"what is \*\*\*\?") as caught:
                await connection.execute_raw(VERSION)
    assert "s3cret" not in repr(caught.value)


async def test_reprs_show_the_server_and_nothing_else() -> None:
    endpoint = Endpoint.parse("nas:9999")
    assert repr(AsyncTransport(endpoint, ApiKey("k"))) == "<AsyncTransport http://nas:9999>"
    assert repr(SyncTransport(endpoint, ApiKey("k"))) == "<SyncTransport http://nas:9999>"
