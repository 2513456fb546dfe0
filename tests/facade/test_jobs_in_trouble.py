"""Jobs when something is wrong: no WebSockets, a failing task, cancellation in the middle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from pathlib import Path

import pytest

from stash_typed import StashClient
from stash_typed.errors import (
    JobCancelledError,
    JobFailedError,
    JobUnknownError,
)
from stash_typed.models import JobStatusUpdate
from stash_typed.sandbox import Sandbox
from tests.facade.library import make_media

pytestmark = pytest.mark.anyio


@pytest.fixture
async def troubled(tmp_path: Path) -> AsyncGenerator[tuple[Sandbox, StashClient], None]:
    media = make_media(tmp_path / "media")
    with Sandbox(media=media) as sandbox:
        async with StashClient(sandbox.url) as client:
            yield sandbox, client


async def test_without_websockets_the_job_is_looked_up(
    troubled: tuple[Sandbox, StashClient],
) -> None:
    sandbox, stash = troubled
    sandbox.faults.refuse_websockets()

    job = await stash.scan()
    seen = [update.status async for update in job.updates()]

    assert seen[-1] == "FINISHED"


class Listening(StashClient):
    """A client that notes what it hears over a WebSocket."""

    heard: asyncio.Event

    async def jobs_subscribe(self) -> AsyncGenerator[JobStatusUpdate, None]:
        async with aclosing(super().jobs_subscribe()) as updates:
            async for update in updates:
                self.heard.set()
                yield update


async def test_a_watch_returns_to_websockets_when_they_work_again(
    troubled: tuple[Sandbox, StashClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stash_typed.jobs.feed.RECONNECT", 0.2)
    sandbox, _ = troubled
    sandbox.faults.refuse_websockets()
    sandbox.faults.hold_tasks()
    async with Listening(sandbox.url) as stash:
        stash.heard = asyncio.Event()
        job = await stash.scan()
        states: list[str] = []
        polled = asyncio.Event()

        async def watch() -> None:
            async for update in job.updates():
                states.append(update.status)
                polled.set()

        watching = asyncio.create_task(watch())
        await asyncio.wait_for(polled.wait(), 20)
        assert not stash.heard.is_set()
        sandbox.faults.refuse_websockets(False)
        for _ in range(100):  # each further job is an event, for whoever listens
            await stash.scan()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(stash.heard.wait(), 0.2)
                break
        assert stash.heard.is_set()
        sandbox.faults.release_tasks()
        await asyncio.wait_for(watching, 20)

    assert states[-1] == "FINISHED"


async def test_a_job_that_a_restarted_server_has_forgotten_is_unknown(
    troubled: tuple[Sandbox, StashClient],
) -> None:
    sandbox, stash = troubled
    sandbox.faults.hold_tasks()
    job = await stash.scan()
    async with aclosing(job.updates()) as updates:
        assert (await anext(updates)).status in {"READY", "RUNNING"}
        await asyncio.to_thread(sandbox.restart, sandbox.faults.release_tasks)
        with pytest.raises(JobUnknownError, match=r"It was \w+ when last seen") as caught:
            [update async for update in updates]

    assert caught.value.job_id == job.id


async def test_a_failing_callback_is_not_swallowed(troubled: tuple[Sandbox, StashClient]) -> None:
    _, stash = troubled

    def fail(_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await (await stash.scan()).wait(on_update=fail)


async def test_a_job_is_stopped_while_it_is_watched(troubled: tuple[Sandbox, StashClient]) -> None:
    sandbox, stash = troubled
    sandbox.faults.hold_tasks()
    job = await stash.scan()
    waiting = asyncio.create_task(job.wait(timeout=30))
    running = asyncio.Event()

    async def watch() -> None:
        async for update in job.updates():
            if update.status == "RUNNING":
                running.set()

    watching = asyncio.create_task(watch())
    await asyncio.wait_for(running.wait(), 20)
    await job.cancel()
    sandbox.faults.release_tasks()

    with pytest.raises(JobCancelledError, match="was stopped before it was done"):
        await waiting
    await watching


async def test_a_cancelled_wait_ends_at_once_and_leaves_the_client_usable(
    troubled: tuple[Sandbox, StashClient],
) -> None:
    sandbox, stash = troubled
    sandbox.faults.hold_tasks()
    job = await stash.scan()
    waits = [asyncio.create_task(job.wait()) for _ in range(5)]
    async for update in job.updates():
        if update.status == "RUNNING":
            break

    for wait in waits:
        wait.cancel()
    done, pending = await asyncio.wait(waits, timeout=20)

    assert (len(done), pending) == (5, set())
    assert all(wait.cancelled() for wait in waits)
    sandbox.faults.release_tasks()
    assert (await job).status == "FINISHED"


async def test_a_failed_job_raises_with_the_servers_error(
    troubled: tuple[Sandbox, StashClient],
) -> None:
    _, stash = troubled

    job = await stash.run_plugin_task("none", "Do it")

    with pytest.raises(JobFailedError, match="no plugin with ID none") as caught:
        await job
    assert caught.value.job_id == job.id
