"""A service: one client for many tasks, a limit, cancellation, documents of its own, hooks at rest."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncGenerator

import httpx
import pytest
from pydantic import BaseModel, Field
from stash_typed_graphql.client import Client

from stash_typed import StashClient, SyncStashClient
from stash_typed.errors import ConfigurationError, StashConnectionError
from stash_typed.inputs import SceneUpdateInput
from stash_typed.sandbox import Sandbox
from tests.unit.loopback import Asked, Says, loopback

pytestmark = pytest.mark.anyio


@pytest.fixture
async def sandbox() -> AsyncGenerator[Sandbox, None]:
    async with Sandbox(scenes=60) as server:
        yield server


async def test_many_tasks_share_a_client_and_its_limit(sandbox: Sandbox) -> None:
    under_way = most = 0

    async def begin(_: httpx.Request) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)

    async def end(_: httpx.Response) -> None:
        nonlocal under_way
        under_way -= 1

    async with (
        httpx.AsyncClient(event_hooks={"request": [begin], "response": [end]}) as http,
        StashClient(sandbox.url, http_client=http, limit=3) as stash,
    ):
        found = await asyncio.gather(*(stash.scenes.get(str(n)) for n in range(1, 13)))

    assert [scene.id for scene in found if scene] == [str(n) for n in range(1, 13)]
    assert most == 3


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_of_nothing_is_refused(limit: int) -> None:
    for client in (StashClient, SyncStashClient):
        with pytest.raises(ConfigurationError, match="limit"):
            client("nas:9999", limit=limit)


async def test_cancelled_tasks_leave_connections_and_places_free(sandbox: Sandbox) -> None:
    limits = httpx.Limits(max_connections=2)
    async with (
        httpx.AsyncClient(limits=limits, timeout=httpx.Timeout(10, pool=10)) as http,
        StashClient(sandbox.url, http_client=http, limit=4) as stash,
    ):
        for turns in range(1, 30):
            tasks = [asyncio.create_task(stash.scenes.get(str(n))) for n in range(1, 9)]
            for _ in range(turns):
                await asyncio.sleep(0)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        found = await asyncio.gather(*(stash.scenes.get(str(n)) for n in range(1, 41)))

    assert [scene.id for scene in found if scene] == [str(n) for n in range(1, 41)]


async def test_a_client_of_the_callers_own_shares_the_connection(sandbox: Sandbox) -> None:
    async with StashClient(sandbox.url) as stash:
        mine = stash.bind(Client)
        assert (await mine.find_scenes()).count == 60
    with pytest.raises(StashConnectionError, match="closed"):
        await mine.find_scenes()


async def test_a_thousand_changes_take_ten_requests(sandbox: Sandbox) -> None:
    sent: list[str] = []

    async def note(request: httpx.Request) -> None:
        sent.append(json.loads(await request.aread())["operationName"])

    changes = [SceneUpdateInput(id=str(n % 60 + 1), title=f"t {n}") for n in range(1000)]
    async with (
        httpx.AsyncClient(event_hooks={"request": [note]}) as http,
        StashClient(sandbox.url, http_client=http) as stash,
    ):
        outcomes = await stash.scenes.update_many(changes)
        scene = await stash.scenes.get("1")

    assert len(outcomes) == 1000
    assert sent == ["ScenesUpdate"] * 10 + ["FindScenesById"]
    assert scene
    assert scene.title == "t 960"


async def test_names_become_ids_in_two_requests(sandbox: Sandbox) -> None:
    sent: list[str] = []

    async def note(request: httpx.Request) -> None:
        sent.append(json.loads(await request.aread())["operationName"])

    names = [f"name {n}" for n in range(1000)]
    async with (
        httpx.AsyncClient(event_hooks={"request": [note]}) as http,
        StashClient(sandbox.url, http_client=http) as stash,
    ):
        ids = await stash.performers.resolve(names, create=True)
        assert await stash.performers.resolve(names) == ids

    assert len(set(ids.values())) == 1000
    assert sent == ["FindPerformersNames", "PerformerCreateEach", "FindPerformersNames"]


class Plugins:
    """A server with two plugins, one of which has a hook; over a real socket."""

    def __init__(self) -> None:
        self.enabled = {"hooked": True, "plain": True}
        self.history: list[dict[str, bool]] = []
        self.lock = threading.Lock()

    def answer(self, request: Asked) -> Says:
        body = json.loads(request.body)
        with self.lock:
            if body["operationName"] == "SetPluginsEnabled":
                self.enabled |= body["variables"]["enabledMap"]
                data: object = {"setPluginsEnabled": True}
            elif body["operationName"] == "HookedPlugins":
                data = {
                    "plugins": [
                        {"id": id_, "enabled": on, "hooks": hooks}
                        for (id_, on), hooks in zip(
                            self.enabled.items(), ([{"name": "on change"}], None), strict=True
                        )
                    ]
                }
            else:
                data = {"bulkSceneUpdate": [{"id": "1"}]}
            self.history.append(dict(self.enabled))
        return Says(
            body=json.dumps({"data": data}).encode(), headers={"Content-Type": "application/json"}
        )


async def fail_after_a_change(stash: StashClient) -> None:
    async with stash.suspend_hooks() as resting:
        assert resting == ["hooked"]
        await stash.scenes.add_tags(["1"], ["2"])
        raise ZeroDivisionError


async def test_hooks_rest_around_a_bulk_change_and_run_again_after_a_failure() -> None:
    plugins = Plugins()
    with loopback(plugins.answer) as server:
        async with StashClient(server.url) as stash:
            with pytest.raises(ZeroDivisionError):
                await fail_after_a_change(stash)
        with SyncStashClient(server.url) as stash_, stash_.suspend_hooks():
            stash_.scenes.add_tags(["1"], ["2"])

    on, off = {"hooked": True, "plain": True}, {"hooked": False, "plain": True}
    assert plugins.history == [on, off, off, on] * 2


async def test_a_server_without_plugins_has_nothing_to_suspend(sandbox: Sandbox) -> None:
    async with StashClient(sandbox.url) as stash, stash.suspend_hooks() as resting:
        assert resting == []


class Version(BaseModel):
    text: str = Field(alias="version")


class Data(BaseModel):
    version: Version


async def test_a_document_of_the_callers_own_with_a_model(sandbox: Sandbox) -> None:
    async with StashClient(sandbox.url) as stash:
        data = await stash.graphql("{ version { version } }", as_=Data)

    assert data.version.text.startswith("v0.30.1")
