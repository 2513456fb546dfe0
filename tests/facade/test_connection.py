"""Connecting: what is asked first, what is refused, and what the message says then."""

from __future__ import annotations

import socket

import pytest
from pydantic import BaseModel

from stash_typed import StashClient
from stash_typed.errors import (
    AuthenticationError,
    ConfigurationError,
    GraphQLError,
    NotFoundError,
    ResponseFormatError,
    StashConnectionError,
    StashError,
    StashTimeoutError,
    ValidationFailedError,
)
from stash_typed.inputs import SceneUpdateInput
from tests.facade.library import Server

pytestmark = pytest.mark.anyio


async def test_a_ready_server(stash: StashClient) -> None:
    status = await stash.wait_until_ready(timeout=10)

    assert status.status == "OK"
    assert (await stash.version()).version


async def test_any_document(stash: StashClient) -> None:
    class Version(BaseModel):
        version: str

    class Data(BaseModel):
        version: Version

    document = "query V { version { version } }"

    raw = await stash.graphql(document)
    typed = await stash.graphql(document, as_=Data)

    assert raw == {"version": {"version": typed.version.version}}


async def test_an_answer_that_does_not_fit_is_said_to(stash: StashClient) -> None:
    class Data(BaseModel):
        version: int

    with pytest.raises(ResponseFormatError, match="version"):
        await stash.graphql("{ version { version } }", as_=Data)


async def test_a_subscription_is_not_asked_once(stash: StashClient) -> None:
    with pytest.raises(ConfigurationError, match=r"jobs_subscribe\(\)"):
        await stash.graphql("subscription { jobsSubscribe { type } }")


async def test_a_field_that_the_server_lacks_is_named(stash: StashClient) -> None:
    with pytest.raises(ValidationFailedError, match='Cannot query field "nope"') as caught:
        await stash.graphql("{ findScenes { count nope } }")

    assert caught.value.fields == ["FindScenesResultType.nope"]


async def test_partial_data_is_kept(stash: StashClient) -> None:
    with pytest.raises(GraphQLError, match="invalid syntax") as caught:
        await stash.graphql('{ findScene(id: "abc") { id } version { version } }')

    assert caught.value.data is not None
    assert caught.value.data["findScene"] is None
    assert caught.value.data["version"]["version"]


async def test_an_absent_thing_is_none_to_read_and_an_error_to_write(stash: StashClient) -> None:
    assert await stash.find_scene("999999999") is None
    with pytest.raises(NotFoundError, match="scene with id 999999999 not found"):
        await stash.scene_update(SceneUpdateInput(id="999999999", title="x"))


async def test_a_wrong_key_is_said_to_be_wrong(server: Server) -> None:
    async with StashClient(server.url, api_key="not-the-key") as stash:
        with pytest.raises(AuthenticationError, match="API key") as caught:
            await stash.version()

    assert "not-the-key" not in str(caught.value) + repr(caught.value)


async def test_no_credentials(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    if server.api_key is None:
        pytest.skip("this server asks for none")
    monkeypatch.delenv("STASH_API_KEY", raising=False)
    async with StashClient(server.url) as stash:
        with pytest.raises(AuthenticationError, match="api_key="):
            await stash.version()


async def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    async with StashClient(url, timeout=5) as stash:
        with pytest.raises(StashConnectionError, match=url):
            await stash.version()
        with pytest.raises(StashTimeoutError, match="did not answer within"):
            await stash.wait_until_ready(timeout=0.3)


@pytest.mark.parametrize("url", ["", "ftp://nas", "http://", "http://nas:99999", "na s"])
def test_a_url_that_is_none(url: str) -> None:
    with pytest.raises(ConfigurationError):
        StashClient(url)


def test_every_error_has_one_root() -> None:
    assert issubclass(ConfigurationError, StashError)


async def test_the_client_shows_no_secret(server: Server) -> None:
    async with StashClient(server.url, api_key="very-secret") as stash:
        assert repr(stash) == f"<StashClient {server.url}>"
        assert stash.graphql_url == f"{server.url}/graphql"
        assert stash.playground_url == f"{server.url}/playground"
