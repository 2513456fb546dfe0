"""The sandbox in a user's tests: as fixtures, as a mounted application, as a process."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from stash_typed import StashClient, SyncStashClient
from stash_typed.errors import AuthenticationError, DatabaseLockedError
from stash_typed.inputs import SceneCreateInput, TagCreateInput
from stash_typed.sandbox import Sandbox, create_app
from stash_typed.sandbox.options import Options

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.anyio


@pytest.mark.stash_sandbox(scenes=5, api_key="some-key")
async def test_a_server_with_a_key(stash: StashClient, stash_sandbox: Sandbox) -> None:
    assert stash_sandbox.api_key == "some-key"
    assert await stash.scenes.count() == 5
    async with StashClient(stash_sandbox.url, api_key="another-key") as stranger:
        with pytest.raises(AuthenticationError):
            await stranger.version()


@pytest.mark.stash_sandbox(scenes=5)
def test_both_clients_see_the_same_server(stash: StashClient, sync_stash: SyncStashClient) -> None:
    made = sync_stash.scene_create(SceneCreateInput(title="A"))
    assert made is not None

    scene = asyncio.run(stash.find_scene(made.id))

    assert scene is not None
    assert scene.title == "A"
    assert asyncio.run(stash.scenes.count()) == 6


async def test_tasks_and_subscriptions(stash: StashClient) -> None:
    job = await stash.scan()

    assert (await job.wait(timeout=30)).status == "FINISHED"


async def test_faults_on_demand(sync_stash: SyncStashClient, stash_sandbox: Sandbox) -> None:
    stash_sandbox.faults.lock_database(times=1)
    tag = TagCreateInput(name="Sea")
    document = (
        "mutation M($input: TagCreateInput!) { a: tagCreate(input: $input) { id } b: __typename }"
    )

    with pytest.raises(DatabaseLockedError):
        sync_stash.graphql(document, {"input": tag})
    assert sync_stash.graphql(document, {"input": tag})["a"]["id"] == "1"


async def test_a_client_may_be_closed_and_left(stash: StashClient) -> None:
    async with stash:
        await stash.version()
    await stash.aclose()


@pytest.fixture
async def mounted() -> AsyncGenerator[httpx.AsyncClient, None]:
    """An application with the sandbox below `/stash`, and no socket anywhere."""
    sandbox = create_app(Options(scenes=3))

    async def number_of_scenes(request: Request) -> Response:
        transport = httpx.ASGITransport(sandbox)
        async with (
            httpx.AsyncClient(transport=transport) as http,
            StashClient("http://sandbox", http_client=http) as stash,
        ):
            return JSONResponse({"scenes": await stash.scenes.count()})

    app = Starlette(routes=[Route("/report", number_of_scenes), Mount("/stash", sandbox)])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://app"
    ) as client:
        yield client
    sandbox.state.server.close()


async def test_a_mounted_application(mounted: httpx.AsyncClient) -> None:
    assert (await mounted.get("/report")).json() == {"scenes": 3}

    async with StashClient("http://app/stash", http_client=mounted) as stash:
        scenes = (await stash.find_scenes()).scenes
        assert len(scenes) == 3
        screenshot = scenes[0].paths.screenshot
        assert screenshot is not None
        assert screenshot.startswith("http://app/stash/scene/")
        assert (await mounted.get(screenshot)).status_code == 200


@pytest.fixture
def process() -> Generator[str, None, None]:
    """The sandbox as a process of its own: its url."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated")])
    command = [sys.executable, "-m", "stash_typed.cli", "sandbox", "--port", "0", "--scenes", "4"]
    with subprocess.Popen(
        [*command, "--api-key", "some-key"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    ) as running:
        assert running.stdout is not None
        yield running.stdout.readline().strip()
        running.terminate()
        assert running.wait(timeout=30) == 0


async def test_a_process(process: str) -> None:
    async with StashClient(process, api_key="some-key") as stash:
        assert await stash.scenes.count() == 4
