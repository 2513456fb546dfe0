"""Whatever stands in the environment, in the arguments, or in a server's cookies: it works, or is named."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stash_typed import StashClient, SyncStashClient
from stash_typed.config import Config
from stash_typed.errors import AuthenticationError, ConfigurationError, StashError

from .ends import ENDS, End

VERSION = {"data": {"version": {"version": "1", "hash": "", "build_time": ""}}}

odd_text = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.text("a1:/@[]%?#\\ .\t\r\n\0ü\ud800\u202e=;,\"'"),
    st.sampled_from(
        ["inf", "-inf", "nan", "1e400", "1_0", "0", "9" * 5000, "http://[", "//", "a:b:c", "::1"]
    ),
    st.builds("http://{}".format, st.text("a1:/@[]%?#\\ .-ü\ud800" + "x" * 10, max_size=300)),
    st.builds("http://nas:{}".format, st.text("0123456789-+_ \u0663", max_size=8)),
)
nothing: st.SearchStrategy[object] = st.none()
names: st.SearchStrategy[object] = odd_text | st.integers()
anything: st.SearchStrategy[object] = (
    odd_text
    | nothing
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.binary()
    | st.lists(st.integers())
    | st.builds(object)
    | st.dictionaries(names, odd_text | nothing)
    | st.complex_numbers()
)


def as_key(value: str) -> dict[str, str]:
    return {"api_key": value}


def as_pair(name: str, word: str) -> dict[str, str]:
    return {"username": name, "password": word}


def as_cookie(value: str) -> dict[str, str]:
    return {"session_cookie": value}


def as_session(value: bytes) -> bytes:
    return b"session=" + value


def answer(request: httpx.Request) -> httpx.Response:
    request.read()
    return httpx.Response(200, json=VERSION, headers={"Set-Cookie": "session=abc"})


def ask(end: End, handler: Callable[[httpx.Request], httpx.Response], **given: Any) -> None:
    """Make a client and ask three times. A handler stands for the server."""
    transport = httpx.MockTransport(handler)
    if end == "sync":
        with httpx.Client(transport=transport) as http_client:
            stash = SyncStashClient(http_client=http_client, **given)
            for _ in range(3):
                with suppress(AuthenticationError):
                    stash.version()
        return

    async def run() -> None:
        async with httpx.AsyncClient(transport=transport) as http_client:
            stash = StashClient(http_client=http_client, **given)
            for _ in range(3):
                with suppress(AuthenticationError):
                    await stash.version()

    asyncio.run(run())


ENVIRONMENT: dict[str, dict[str, str]] = {
    "STASH_URL": {},
    "STASH_API_KEY": {},
    "STASH_USERNAME": {"STASH_PASSWORD": "word"},
    "STASH_PASSWORD": {"STASH_USERNAME": "ada"},
    "STASH_VERIFY": {},
    "STASH_TIMEOUT": {},
}


@pytest.mark.parametrize("name", ENVIRONMENT)
@given(value=odd_text)
@settings(deadline=None)
def test_a_variable_works_or_is_named(name: str, value: str) -> None:
    try:
        config = Config.resolve(environ={**ENVIRONMENT[name], name: value})
    except ConfigurationError as error:
        text = str(error)
        assert name in text
        assert text.isprintable()
        assert len(text) < 1500
        return
    assert config.endpoint.graphql_url.isprintable()
    assert config.timeout is None or 0 < config.timeout < 2**31 / 1000


@pytest.mark.parametrize(
    ("name", "with_it"),
    [
        ("url", {}),
        ("api_key", {}),
        ("username", {"password": "word"}),
        ("password", {"username": "ada"}),
        ("session_cookie", {}),
        ("timeout", {}),
        ("verify", {}),
        ("headers", {}),
        ("limit", {}),
        ("max_answer_size", {}),
        ("http_client", {}),
    ],
)
@given(value=anything)
@settings(deadline=None)
def test_an_argument_works_or_is_named(name: str, with_it: dict[str, Any], value: object) -> None:
    arguments: dict[str, Any] = {**with_it, name: value}
    for client in (StashClient, SyncStashClient):
        try:
            client(**arguments)
        except ConfigurationError as error:
            text = str(error)
            assert name in text
            assert "\x1b" not in text
            assert len(text) < 1500


@pytest.mark.parametrize("end", ENDS)
@given(
    url=st.one_of(st.just("nas:9999"), odd_text),
    credentials=st.one_of(
        st.builds(as_key, odd_text),
        st.builds(as_pair, odd_text, odd_text),
        st.builds(as_cookie, odd_text),
    ),
    headers=st.dictionaries(odd_text, odd_text, max_size=2),
)
@settings(max_examples=60, deadline=None)
def test_what_is_taken_can_be_sent(
    end: End, url: str, credentials: dict[str, str], headers: dict[str, str]
) -> None:
    with suppress(ConfigurationError):
        ask(end, answer, url=url, headers=headers, **credentials)


@pytest.mark.parametrize("value", ["kèks", "ключ", "a b", "a\x01b", "a\r\nX: y", "\ud800"])
@pytest.mark.parametrize(
    ("argument", "variable"),
    [("api_key", "STASH_API_KEY"), ("session_cookie", None)],
)
def test_what_no_header_can_carry_is_named(value: str, argument: str, variable: str | None) -> None:
    given: dict[str, Any] = {argument: value}
    with pytest.raises(ConfigurationError, match=argument) as caught:
        StashClient(**given)
    assert value not in str(caught.value)
    if variable is not None:
        with pytest.raises(ConfigurationError, match=variable):
            Config.resolve(environ={variable: value})


@pytest.mark.parametrize("end", ENDS)
def test_names_and_passwords_may_have_any_letters(end: End) -> None:
    forms: list[bytes] = []

    def sign_in(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/login":
            forms.append(request.content)
        return answer(request)

    ask(end, sign_in, url="nas:9999", username="Åda Ключ", password="п ароль&=%")
    assert forms == [
        b"username=%C3%85da+%D0%9A%D0%BB%D1%8E%D1%87"
        b"&password=%D0%BF+%D0%B0%D1%80%D0%BE%D0%BB%D1%8C%26%3D%25"
    ]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("cookie", ["session=schlüssel", "session=a\x01b", "session=a b"])
def test_a_sign_in_with_a_cookie_that_cannot_be_sent_back(end: End, cookie: str) -> None:
    def sign_in(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=VERSION, headers=[(b"set-cookie", cookie.encode())])

    with pytest.raises(StashError, match="without a session cookie that can be sent back"):
        ask(end, sign_in, url="nas:9999", username="ada", password="word")


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("cookie", ["lang=ü; Path=/", "session=ü; Path=/", "a\x01=b; Path=/"])
def test_a_cookie_that_cannot_be_sent_back_ends_no_later_request(end: End, cookie: str) -> None:
    sent: list[str | None] = []

    def remember(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("cookie"))
        both = [(b"set-cookie", cookie.encode()), (b"set-cookie", b"kept=1; Path=/")]
        return httpx.Response(200, json=VERSION, headers=both)

    ask(end, remember, url="http://nas:9999", session_cookie="mine")
    assert sent == ["session=mine", *2 * ["kept=1; session=mine"]]


@pytest.mark.parametrize("end", ENDS)
@given(
    cookies=st.lists(st.one_of(st.binary(), st.builds(as_session, st.binary()))),
    sign_in=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_no_cookie_of_a_server_ends_in_anything_else(
    end: End, cookies: list[bytes], sign_in: bool
) -> None:
    def bake(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=VERSION, headers=[(b"set-cookie", c) for c in cookies])

    given = {"username": "a", "password": "b"} if sign_in else {"session_cookie": "c"}
    with suppress(StashError):
        ask(end, bake, url="nas:9999", **given)


@pytest.mark.parametrize("end", ENDS)
def test_a_cookie_of_the_callers_client_that_cannot_be_sent(end: End) -> None:
    transport, cookies = httpx.MockTransport(answer), {"a": "ü"}

    async def run() -> None:
        async with httpx.AsyncClient(transport=transport, cookies=cookies) as http_client:
            await StashClient("nas:9999", http_client=http_client).version()

    def run_sync() -> None:
        with httpx.Client(transport=transport, cookies=cookies) as http_client:
            SyncStashClient("nas:9999", http_client=http_client).version()

    with pytest.raises(ConfigurationError, match="http_client"):
        asyncio.run(run()) if end == "async" else run_sync()


@pytest.mark.parametrize("end", ENDS)
def test_the_authentication_of_the_callers_client_works_beside_ours(end: End) -> None:
    seen: list[tuple[str | None, str | None]] = []

    def challenge(request: httpx.Request) -> httpx.Response:
        seen.append((request.headers.get("authorization"), request.headers.get("apikey")))
        if "authorization" not in request.headers:
            how = 'Digest realm="proxy", nonce="n", qop="auth", algorithm=MD5'
            return httpx.Response(401, headers={"www-authenticate": how})
        return httpx.Response(200, content=json.dumps(VERSION).encode())

    async def run() -> None:
        async with httpx.AsyncClient(
            transport=httpx.MockTransport(challenge), auth=httpx.DigestAuth("proxy", "word")
        ) as http_client:
            await StashClient("nas:9999", api_key="key", http_client=http_client).version()

    if end == "async":
        asyncio.run(run())
    else:
        with httpx.Client(
            transport=httpx.MockTransport(challenge), auth=httpx.DigestAuth("proxy", "word")
        ) as http_client:
            SyncStashClient("nas:9999", api_key="key", http_client=http_client).version()
    assert [key for _, key in seen] == ["key", "key"]
    assert seen[1][0] is not None
    assert seen[1][0].startswith("Digest ")
