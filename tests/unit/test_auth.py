"""Credentials: what is sent, what a refusal means, and that nobody signs in more often than needed."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs

import pytest

from stash_typed._runtime.auth.credentials import (
    ApiKey,
    Credentials,
    NoCredentials,
    Password,
    SessionCookie,
    authentication_error,
    cookie_from_reply,
    login_form,
    secrets_of,
)
from stash_typed._runtime.operation import Operation
from stash_typed.errors import (
    AuthenticationError,
    ConfigurationError,
    HTTPStatusError,
    ResponseFormatError,
    StashConnectionError,
)
from tests.unit.ends import ENDS, End, connect
from tests.unit.loopback import Asked, Says, loopback

VERSION = Operation("Version", "query", "version", "query Version { version { version } }")
CHANGE = Operation("Change", "mutation", "change", "mutation Change { change }")
DATA = Says(body=b'{"data": {"version": {"version": "v0.30.1"}}}')
REFUSED = Says(401, headers={"WWW-Authenticate": "FormBased"})
PASSWORD = Password("ada", "correct horse")

pytestmark = pytest.mark.anyio


def session(value: str, *, max_age: int = 3600) -> dict[str, str]:
    return {"Set-Cookie": f"session={value}; Path=/; Max-Age={max_age}; SameSite=Lax"}


class Gate:
    """A server with users: it knows the sessions it opened and may forget them."""

    def __init__(self) -> None:
        self.valid: set[str] = set()
        self.password = "correct horse"
        self.key = "the-key"
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self.all_refused: threading.Barrier | None = None

    def __call__(self, request: Asked) -> Says:
        if request.path == "/login":
            return self._login(request)
        cookie = request.headers.get("cookie", "").removeprefix("session=")
        if request.headers.get("apikey") == self.key:
            return DATA
        if cookie in self.valid:
            return Says(body=DATA.body, headers=session(cookie))
        if cookie and self.all_refused is not None:
            self.all_refused.wait(10)
        return REFUSED

    def _login(self, request: Asked) -> Says:
        form = parse_qs(request.body.decode())
        if form != {"username": ["ada"], "password": [self.password]}:
            return Says(401, b"Username or password is invalid\n", {"Content-Type": "text/plain"})
        with self._lock:
            value = f"s{next(self._numbers)}"
            self.valid.add(value)
        return Says(headers=session(value))


def test_secrets_are_not_shown() -> None:
    cookie = SessionCookie("s3cret-cookie", fallback=ApiKey("s3cret-key"))
    for credentials in (ApiKey("s3cret-key"), Password("ada", "s3cret-word"), cookie):
        assert "s3cret" not in repr(credentials)
    assert secrets_of(cookie) == ("s3cret-cookie", "s3cret-key")
    assert secrets_of(PASSWORD) == ("correct horse",)
    assert secrets_of(NoCredentials()) == ()


def test_pasted_values_are_cleaned() -> None:
    assert ApiKey(" abc.def\n").value == "abc.def"
    assert SessionCookie("session=abc; Path=/").value == "abc"


@pytest.mark.parametrize("make", [ApiKey, SessionCookie])
@pytest.mark.parametrize("value", ["", "  ", "a\r\nX: b", "a b", "schlüssel"])
def test_values_that_fit_no_header_are_refused(
    make: Callable[[str], Credentials], value: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        make(value)
    assert value.strip() == "" or value not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "cookie"),
    [
        ([], None),
        (["other=1; Path=/"], None),
        (["other=1", "session=abc; Path=/; Max-Age=3600"], "abc"),
        (['session="abc"'], "abc"),
        (["session=abc; Path=/; Max-Age=0"], ""),
        (["sessionid=abc"], None),
    ],
)
def test_cookies_are_read(headers: list[str], cookie: str | None) -> None:
    assert cookie_from_reply(headers) == cookie


def test_the_form_is_encoded() -> None:
    assert login_form(Password("a&b", "ü=1")) == b"username=a%26b&password=%C3%BC%3D1"


@pytest.mark.parametrize(
    ("credentials", "says"),
    [
        (NoCredentials(), ["asks for credentials", "STASH_API_KEY", "password=…"]),
        (NoCredentials("They belong elsewhere."), ["They belong elsewhere."]),
        (ApiKey("abcd"), ["refuses the API key", "Settings > Security"]),
        (PASSWORD, ["session of user 'ada'"]),
        (SessionCookie("abcd"), ["cookie", "expired"]),
        (SessionCookie("abcd", ApiKey("efgh")), ["refuses the API key"]),
    ],
)
def test_a_refusal_says_which_and_what_to_do(credentials: Credentials, says: list[str]) -> None:
    text = str(authentication_error(credentials, url="http://nas:9999", operation="Version"))
    for words in [*says, "Version", "http://nas:9999"]:
        assert words in text


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("credentials", "says"),
    [
        (None, "asks for credentials"),
        (ApiKey("wrong-key"), "refuses the API key"),
        (SessionCookie("stale"), "cookie is wrong or has expired"),
        (Password("ada", "wrong-word"), "refuses the password of user 'ada'"),
    ],
)
async def test_wrong_credentials(end: End, credentials: Credentials | None, says: str) -> None:
    with loopback(Gate()) as server:
        async with connect(end, server.url, credentials) as connection:
            with pytest.raises(AuthenticationError, match=says) as caught:
                await connection.execute_raw(VERSION)
    assert "wrong-" not in str(caught.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize("end", ENDS)
async def test_a_key_goes_in_a_header(end: End) -> None:
    with loopback(Gate()) as server:
        async with connect(end, server.url, ApiKey("the-key")) as connection:
            assert await connection.execute_raw(VERSION) == {"version": {"version": "v0.30.1"}}
    assert "the-key" not in server.asked[0].path


@pytest.mark.parametrize("end", ENDS)
async def test_a_password_is_exchanged_before_the_first_request(end: End) -> None:
    with loopback(Gate()) as server:
        async with connect(end, server.url, PASSWORD) as connection:
            assert server.asked == []
            for _ in range(3):
                await connection.execute_raw(VERSION)
    assert [request.path for request in server.asked] == ["/login", *["/graphql"] * 3]
    assert "cookie" not in server.asked[0].headers


@pytest.mark.parametrize("end", ENDS)
async def test_signing_in_at_once_on_demand(end: End) -> None:
    with loopback(Gate()) as server:
        async with connect(end, server.url, PASSWORD) as connection:
            await connection.login()
            await connection.login()
        async with connect(end, server.url, ApiKey("the-key")) as connection:
            await connection.login()
    assert [request.path for request in server.asked] == ["/login"]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("operation", [VERSION, CHANGE])
async def test_fifty_requests_meeting_an_expired_session_sign_in_once(
    end: End, operation: Operation
) -> None:
    gate = Gate()
    gate.all_refused = threading.Barrier(50)
    with loopback(gate) as server:
        async with connect(end, server.url, PASSWORD) as connection:
            if end == "sync":
                asyncio.get_running_loop().set_default_executor(threads(50))
            await connection.login()
            gate.valid.clear()
            answers = await asyncio.gather(*(connection.execute_raw(operation) for _ in range(50)))
    assert len(answers) == 50
    assert len(server.paths("/login")) == 2
    assert len(server.paths("/graphql")) == 100


@pytest.mark.parametrize("end", ENDS)
async def test_fifty_first_requests_sign_in_once(end: End) -> None:
    with loopback(Gate()) as server:
        async with connect(end, server.url, PASSWORD) as connection:
            await asyncio.gather(*(connection.execute_raw(VERSION) for _ in range(50)))
    assert len(server.paths("/login")) == 1
    assert len(server.paths("/graphql")) == 50


async def test_a_wrong_password_is_tried_once_for_all_who_wait() -> None:
    release = asyncio.Event()
    gate = Gate()
    gate.password = "another"

    with loopback(gate) as server:
        async with connect("async", server.url, PASSWORD) as connection:

            async def ask() -> Exception:
                await release.wait()
                with pytest.raises(AuthenticationError) as caught:
                    await connection.execute_raw(VERSION)
                return caught.value

            tasks = [asyncio.create_task(ask()) for _ in range(20)]
            release.set()
            errors = await asyncio.gather(*tasks)
            assert len(server.asked) == 1
            assert len({id(error) for error in errors}) == 20

            gate.password = "correct horse"
            await connection.execute_raw(VERSION)


@pytest.mark.parametrize("end", ENDS)
async def test_a_second_refusal_after_a_fresh_sign_in_is_final(end: End) -> None:
    def answer(request: Asked) -> Says:
        return Says(headers=session("s1")) if request.path == "/login" else REFUSED

    with loopback(answer) as server:
        async with connect(end, server.url, PASSWORD) as connection:
            with pytest.raises(AuthenticationError, match="does not accept the session"):
                await connection.execute_raw(VERSION)
    assert [request.path for request in server.asked] == [
        "/login",
        "/graphql",
        "/login",
        "/graphql",
    ]


@pytest.mark.parametrize("end", ENDS)
async def test_the_server_renews_the_cookie(end: End) -> None:
    numbers = itertools.count(1)

    def answer(request: Asked) -> Says:
        return Says(body=DATA.body, headers=session(f"s{next(numbers)}"))

    with loopback(answer) as server:
        async with connect(end, server.url, SessionCookie("s0")) as connection:
            for _ in range(3):
                await connection.execute_raw(VERSION)
    assert [request.headers["cookie"] for request in server.asked] == [
        "session=s0",
        "session=s1",
        "session=s2",
    ]


@pytest.mark.parametrize("end", ENDS)
async def test_a_session_that_the_server_ends_is_opened_anew(end: End) -> None:
    def answer(request: Asked) -> Says:
        if request.path == "/login":
            return Says(headers=session("s1"))
        return Says(body=DATA.body, headers=session("x", max_age=0))

    with loopback(answer) as server:
        async with connect(end, server.url, PASSWORD) as connection:
            await connection.execute_raw(VERSION)
            await connection.execute_raw(VERSION)
    assert [request.path for request in server.asked] == ["/login", "/graphql"] * 2


@pytest.mark.parametrize("end", ENDS)
async def test_no_cookie_is_picked_up_without_a_session(end: End) -> None:
    def answer(request: Asked) -> Says:
        return Says(body=DATA.body, headers=session("stray"))

    with loopback(answer) as server:
        async with connect(end, server.url, ApiKey("the-key")) as connection:
            await connection.execute_raw(VERSION)
            await connection.login()
            await connection.execute_raw(VERSION)
    assert all(request.headers.get("apikey") == "the-key" for request in server.asked)


@pytest.mark.parametrize("end", ENDS)
async def test_a_cookie_is_used_while_it_works_and_then_the_key(end: End) -> None:
    gate = Gate()
    gate.valid.add("given")
    credentials = SessionCookie("given", fallback=ApiKey("the-key"))
    with loopback(gate) as server:
        async with connect(end, server.url, credentials) as connection:
            await connection.execute_raw(CHANGE)
            gate.valid.clear()
            await connection.execute_raw(CHANGE)
            await connection.execute_raw(CHANGE)
    assert [
        (request.headers.get("cookie"), request.headers.get("apikey")) for request in server.asked
    ] == [
        ("session=given", None),
        ("session=given", None),
        (None, "the-key"),
        (None, "the-key"),
    ]


@pytest.mark.parametrize("end", ENDS)
async def test_a_cookie_is_used_while_it_works_and_then_the_password(end: End) -> None:
    with loopback(Gate()) as server:
        async with connect(end, server.url, SessionCookie("stale", PASSWORD)) as connection:
            await connection.execute_raw(VERSION)
    assert [request.path for request in server.asked] == ["/graphql", "/login", "/graphql"]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("says", "kind"),
    [
        (Says(200, b"<html>"), ResponseFormatError),
        (Says(302, headers={"Location": "/elsewhere"}), HTTPStatusError),
        (Says(404, b"404 page not found"), HTTPStatusError),
        (Says(500), HTTPStatusError),
        (Says(hang_up=True), StashConnectionError),
    ],
)
async def test_a_sign_in_that_goes_wrong_otherwise(
    end: End, says: Says, kind: type[Exception]
) -> None:
    with loopback(lambda _: says) as server:
        async with connect(end, server.url, PASSWORD) as connection:
            with pytest.raises(kind, match="login") as caught:
                await connection.execute_raw(CHANGE)
    assert len(server.asked) == 1
    assert "correct horse" not in str(caught.value)


@pytest.mark.parametrize("end", ENDS)
async def test_older_servers_answer_a_sign_in_with_a_redirect(end: End) -> None:
    def answer(request: Asked) -> Says:
        if request.path == "/login":
            return Says(302, headers={"Location": "/", **session("s1")})
        return DATA

    with loopback(answer) as server:
        async with connect(end, server.url, PASSWORD) as connection:
            await connection.execute_raw(VERSION)
    assert [request.path for request in server.asked] == ["/login", "/graphql"]
    assert server.asked[1].headers["cookie"] == "session=s1"


def threads(count: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=count)
