"""The example service runs, and shares one client between requests."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from stash_typed.sandbox import Sandbox

pytestmark = pytest.mark.anyio

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "fastapi-service" / "service.py"


@pytest.fixture
async def service(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[httpx.AsyncClient, None]:
    with Sandbox(scenes=40, api_key="service-key") as sandbox:
        monkeypatch.setenv("STASH_URL", sandbox.url)
        monkeypatch.setenv("STASH_API_KEY", "service-key")
        spec = importlib.util.spec_from_file_location("service", EXAMPLE)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        # FastAPI looks annotations up in the module by its name.
        monkeypatch.setitem(__import__("sys").modules, "service", module)
        spec.loader.exec_module(module)
        transport = httpx.ASGITransport(app=module.app)
        async with (
            module.app.router.lifespan_context(module.app),
            httpx.AsyncClient(transport=transport, base_url="http://service") as client,
        ):
            yield client


async def test_the_service_answers(service: httpx.AsyncClient) -> None:
    assert (await service.get("/count")).json() == 40
    found = await service.get("/scenes/1")
    assert found.json().keys() == {"id", "title", "rating100"}
    assert (await service.get("/scenes/99999")).status_code == 404
    assert (await service.get("/scenes/abc")).status_code == 502


async def test_many_requests_share_the_client(service: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(service.get(f"/scenes/{n}") for n in range(1, 41)))

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["id"] for answer in answers} == {str(n) for n in range(1, 41)}
