"""One suite for the facade: against the sandbox, and with `-m live` against the server in STASH_URL.

Tests make what they need under a prefix of their own and remove it: a real library stays as it was.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncGenerator, Iterator

import pytest

from stash_typed import StashClient
from stash_typed.enums import CriterionModifier
from stash_typed.inputs import (
    SceneCreateInput,
    SceneFilterType,
    ScenesDestroyInput,
    StringCriterionInput,
)
from stash_typed.sandbox import Sandbox
from tests.facade.library import Server, SomeScenes, make_media

# A real server may be of another release: what the client then says of it is no failure.
LIVE = (
    pytest.mark.live,
    pytest.mark.filterwarnings("ignore::stash_typed.errors.StashVersionWarning"),
)


@pytest.fixture(scope="module", params=["sandbox", pytest.param("live", marks=LIVE)])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The server of a module's tests."""
    if request.param == "live":
        url = os.environ.get("STASH_URL")
        if not url:
            pytest.skip("set STASH_URL (and STASH_API_KEY) to a server that may be tried out on")
        yield Server(url, os.environ.get("STASH_API_KEY"))
        return
    media = make_media(tmp_path_factory.mktemp("library") / "media")
    with Sandbox(api_key="sandbox-key", media=media) as sandbox:
        yield Server(sandbox.url, sandbox.api_key, media, sandbox)


@pytest.fixture
async def stash(server: Server) -> AsyncGenerator[StashClient, None]:
    """A client on the server."""
    async with StashClient(server.url, api_key=server.api_key) as client:
        yield client


@pytest.fixture
def prefix() -> str:
    """What the names of a test's things begin with."""
    return f"stash-typed {uuid.uuid4().hex[:10]}"


@pytest.fixture
async def scenes(stash: StashClient, prefix: str) -> AsyncGenerator[SomeScenes, None]:
    """Thirty scenes without files, titled `<prefix> 00` to `<prefix> 29`."""
    ids: list[str] = []
    for n in range(30):
        made = await stash.scene_create(SceneCreateInput(title=f"{prefix} {n:02}"))
        assert made is not None
        ids.append(made.id)
    titled = StringCriterionInput(value=f"^{prefix}", modifier=CriterionModifier.MATCHES_REGEX)
    where = SceneFilterType(title=titled)
    yield SomeScenes(ids, where)
    left = [scene.id async for scene in stash.scenes.iterate(where)]
    if left:
        await stash.scenes_destroy(ScenesDestroyInput(ids=left))
