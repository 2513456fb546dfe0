"""Servers that answer nonsense when they are asked for their version or their schema."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stash_typed import StashClient, SyncStashClient
from stash_typed.errors import ResponseFormatError, StashError, ValidationFailedError
from tests.unit.ends import ENDS, End
from tests.unit.loopback import Asked, Loopback, Says, loopback
from tests.versions.connecting import own_cache

pytestmark = pytest.mark.anyio

ABSENT: Any = object()
REFUSAL = {
    "errors": [
        {
            "message": 'Cannot query field "director" on type "Scene".',
            "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
        }
    ]
}
VERSION: dict[str, Any] = {"version": {"version": "v0.27.2", "hash": "abc"}}
QUERY: dict[str, Any] = {"name": "Query", "fields": None, "inputFields": None}
SCHEMA: dict[str, Any] = {"__schema": {"types": [QUERY]}}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache folder, of this test alone."""
    return own_cache(tmp_path, monkeypatch)


def answered(body: bytes, version: object, schema: object) -> bytes:
    """Give the answer of a server that refuses every other document."""
    name = json.loads(body)["operationName"]
    data = {"Version": version, "IntrospectionQuery": schema}.get(name, ABSENT)
    content: object = REFUSAL if data is ABSENT else {"data": data}
    return data if isinstance(data, bytes) else json.dumps(content).encode()


@contextmanager
def serving(version: object, schema: object) -> Generator[Loopback, None, None]:
    def answer(request: Asked) -> Says:
        headers = {"Content-Type": "application/json"}
        return Says(body=answered(request.body, version, schema), headers=headers)

    with loopback(answer) as server:
        yield server


async def called(end: End, url: str, method: str) -> None:
    if end == "async":
        async with StashClient(url) as stash:
            await getattr(stash, method)()
    else:
        with SyncStashClient(url) as plain:
            await asyncio.to_thread(getattr(plain, method))


async def tried(end: End, url: str, method: str) -> StashError:
    """Give the error of a call."""
    with pytest.raises(StashError) as caught:
        await called(end, url, method)
    return caught.value


def deep(times: int) -> bytes:
    return b'{"data":{"version":' + b'{"version":' * times + b"1" + b"}" * times + b"}}"


VERSIONS: dict[str, object] = {
    "null": None,
    "nothing": {},
    "null inside": {"version": None},
    "a list": {"version": []},
    "a list outside": [],
    "text": {"version": "v0.27.2"},
    "a number": {"version": {"version": 27, "hash": "abc"}},
    "a list of them": {"version": {"version": ["v0.27.2"], "hash": "abc"}},
    "an odd hash": {"version": {"version": "v0.27.2", "hash": {"a": 1}}},
    "deep": deep(100_000),
    "a huge number": b'{"data":{"version":{"version":' + b"9" * 5000 + b"}}}",
    "no JSON": b"\xff\xfe",
}
SCHEMAS: dict[str, object] = {
    "null": None,
    "nothing": {},
    "null inside": {"__schema": None},
    "a list": {"__schema": []},
    "types of null": {"__schema": {"types": None}},
    "types of text": {"__schema": {"types": "Query"}},
    "types as a map": {"__schema": {"types": {"Query": QUERY}}},
    "a type of null": {"__schema": {"types": [None]}},
    "a type of text": {"__schema": {"types": ["Query"]}},
    "a type without a name": {"__schema": {"types": [{"fields": []}]}},
    "a type with a number": {"__schema": {"types": [{**QUERY, "name": 7}]}},
    "a name that is none": {"__schema": {"types": [{**QUERY, "name": "Query\x1b[2J"}]}},
    "an empty name": {"__schema": {"types": [{**QUERY, "name": ""}]}},
    "a name of a megabyte that is none": {
        "__schema": {"types": [{**QUERY, "name": "é" * 500_000}]}
    },
    "fields of text": {"__schema": {"types": [{**QUERY, "fields": "findScenes"}]}},
    "a field of null": {"__schema": {"types": [{**QUERY, "fields": [None]}]}},
    "a field without args": {"__schema": {"types": [{**QUERY, "fields": [{"name": "a"}]}]}},
    "args of null": {"__schema": {"types": [{**QUERY, "fields": [{"name": "a", "args": None}]}]}},
    "input fields of numbers": {"__schema": {"types": [{**QUERY, "inputFields": [1]}]}},
    "deep": b'{"data":{"__schema":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
}
METHODS = ("find_scenes", "check_compatibility")


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("answer", VERSIONS.values(), ids=VERSIONS)
async def test_an_odd_version_is_a_format_error(end: End, method: str, answer: object) -> None:
    with serving(answer, SCHEMA) as server:
        error = await tried(end, server.url, method)

    assert isinstance(error, ResponseFormatError)
    assert str(error).startswith("Version: ")
    assert server.url in str(error)
    assert len(str(error)) < 1000


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("answer", SCHEMAS.values(), ids=SCHEMAS)
async def test_an_odd_schema_is_a_format_error(
    end: End, method: str, answer: object, cache: Path
) -> None:
    with serving(VERSION, answer) as server:
        error = await tried(end, server.url, method)

    assert isinstance(error, ResponseFormatError)
    assert str(error).startswith("IntrospectionQuery: ")
    assert server.url in str(error)
    assert len(str(error)) < 1000
    assert str(error).isprintable()
    assert not cache.exists()


@pytest.mark.parametrize("end", ENDS)
async def test_the_refusal_that_led_there_is_shown(end: End) -> None:
    with serving(None, SCHEMA) as server:
        error = await tried(end, server.url, "find_scenes")

    assert isinstance(error.__cause__, ValidationFailedError)
    assert error.__cause__.fields == ["Scene.director"]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("told", [None, "", "v0\x1b[2J\r\n\u202e" + "9" * 100_000])
async def test_an_odd_text_for_a_version_is_one_line(end: End, told: str | None) -> None:
    with serving({"version": {"version": told, "hash": None}}, SCHEMA) as server:
        error = await tried(end, server.url, "find_scenes")

    assert isinstance(error, ValidationFailedError)
    assert error.message.isprintable()
    assert len(str(error)) < 2000


async def test_a_schema_of_a_megabyte_is_no_trouble(cache: Path) -> None:
    types = [QUERY, *({**QUERY, "name": f"T{n:0200}"} for n in range(20_000))]
    with serving(VERSION, {"__schema": {"types": types}}) as server:
        error = await tried("async", server.url, "find_scenes")

    assert isinstance(error, ValidationFailedError)
    assert not cache.exists()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "fields", "args", "inputFields", "types", "version"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(version=st.just(VERSION) | JSON, schema=JSON)
def test_nothing_that_a_server_answers_is_a_bare_error(version: object, schema: object) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=answered(request.content, version, schema))

    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as http,
        SyncStashClient("http://nas:9999", http_client=http) as stash,
        pytest.raises(StashError),
    ):
        stash.find_scenes()
