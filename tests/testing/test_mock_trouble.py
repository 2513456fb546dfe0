"""`stash_mock` in trouble: errors that it answers, and what it leaves to others."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from pytest_httpx import HTTPXMock

from stash_typed import StashClient, SyncStashClient
from stash_typed.errors import (
    AuthenticationError,
    DatabaseLockedError,
    GraphQLError,
    HTTPStatusError,
    NotFoundError,
    StashConnectionError,
    StashTimeoutError,
)
from stash_typed.inputs import (
    SceneUpdateInput,
)
from stash_typed.models import Scene
from stash_typed.testing import (
    StashMock,
    connection_error,
    database_locked,
    fake,
    graphql_error,
    http_status,
    timeout,
    unauthorised,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (graphql_error("scene with id 9 not found"), NotFoundError),
        (graphql_error("no", path=["sceneUpdate"], data={"sceneUpdate": None}), GraphQLError),
        (database_locked(), DatabaseLockedError),
        (unauthorised(), AuthenticationError),
        (http_status(502, "<html>Bad Gateway</html>"), HTTPStatusError),
        (connection_error(), StashConnectionError),
        (timeout(), StashTimeoutError),
    ],
)
async def test_errors_of_every_kind(
    stash_mock: StashMock, stash: StashClient, answer: object, error: type[Exception]
) -> None:
    stash_mock.on("scene_update").responds(answer)

    with pytest.raises(error) as caught:
        await stash.scene_update(SceneUpdateInput(id="9"))

    assert type(caught.value) is error


async def test_an_error_has_the_path_of_the_root_field(
    stash_mock: StashMock, stash: StashClient
) -> None:
    stash_mock.on("scene_update").responds(graphql_error("no"))

    with pytest.raises(GraphQLError) as caught:
        await stash.scene_update(SceneUpdateInput(id="9"))

    assert caught.value.errors[0].path == ("sceneUpdate",)


async def test_retries_do_not_wait(
    stash_mock: StashMock, stash: StashClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    sleep = asyncio.sleep

    async def counted(seconds: float) -> None:
        waits.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", counted)
    stash_mock.on("find_scene").responds_in_turn(
        database_locked(), http_status(503), connection_error(), fake(Scene, title="at last")
    )

    scene = await stash.find_scene("1")

    assert scene is not None
    assert scene.title == "at last"
    assert waits == [0.0, 0.0, 0.0]


async def test_subscriptions_are_refused_with_a_way_out(
    stash_mock: StashMock, stash: StashClient, sync_stash: SyncStashClient
) -> None:
    with pytest.raises(StashConnectionError, match=r"WebSocket.*stash_sandbox"):
        await anext(stash.jobs_subscribe())
    with pytest.raises(StashConnectionError, match=r"WebSocket.*stash_sandbox"):
        next(iter(sync_stash.jobs_subscribe()))


async def test_other_mocks_live_beside_it(
    stash_mock: StashMock, stash: StashClient, httpx_mock: HTTPXMock
) -> None:
    stash_mock.on("stop_job").responds(True)
    httpx_mock.add_response(url="https://hooks.example/graphql-like", json={"ok": True})

    assert await stash.stop_job("1")
    async with httpx.AsyncClient() as other:
        assert (await other.post("https://hooks.example/graphql-like")).json() == {"ok": True}


async def test_links_are_downloaded_from_httpx_mock(
    stash_mock: StashMock, stash: StashClient, httpx_mock: HTTPXMock, tmp_path: Path
) -> None:
    stash_mock.on("backup_database").responds("http://elsewhere:9999/downloads/1/backup.sqlite")
    httpx_mock.add_response(url=f"{stash_mock.url}/downloads/1/backup.sqlite", content=b"data")

    path = await stash.backup(to=tmp_path)

    assert path is not None
    assert path.read_bytes() == b"data"
