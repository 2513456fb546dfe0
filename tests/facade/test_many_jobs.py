"""More jobs at once than the server remembers: their ends are told all the same."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing

import pytest

from stash_typed import StashClient, SyncStashClient, models
from stash_typed.errors import JobUnknownError
from stash_typed.sandbox import Sandbox

pytestmark = pytest.mark.anyio

CROWD = 40


@pytest.fixture
def sandbox() -> Generator[Sandbox, None, None]:
    with Sandbox() as sandbox:
        yield sandbox


class Counting(StashClient):
    """A client that counts its subscriptions."""

    subscriptions = 0

    async def jobs_subscribe(self) -> AsyncGenerator[models.JobStatusUpdate, None]:
        Counting.subscriptions += 1
        async with aclosing(super().jobs_subscribe()) as updates:
            async for update in updates:
                yield update


@pytest.fixture
def counted() -> Callable[[], int]:
    Counting.subscriptions = 0
    return lambda: Counting.subscriptions


async def test_the_ends_of_many_quick_jobs_are_told(
    sandbox: Sandbox, counted: Callable[[], int]
) -> None:
    tasks = asyncio.all_tasks()
    async with Counting(sandbox.url) as stash:
        jobs = await asyncio.gather(*(stash.optimise_database() for _ in range(CROWD)))
        # All of them are over, and most are forgotten, when the first is waited for.
        assert (await jobs[-1].wait(timeout=60)).status == "FINISHED"
        finished = await asyncio.gather(*(job.wait(timeout=60) for job in jobs))

        assert [job.id for job in finished] == [job.id for job in jobs]
        assert {job.status for job in finished} == {"FINISHED"}
        assert counted() == 1
        assert asyncio.all_tasks() == tasks


async def test_jobs_that_are_started_and_waited_for_in_turn_are_told(
    sandbox: Sandbox, counted: Callable[[], int]
) -> None:
    tasks = asyncio.all_tasks()
    async with Counting(sandbox.url) as stash:
        jobs = [await stash.optimise_database() for _ in range(CROWD)]
        assert [(await job.wait(timeout=60)).status for job in jobs] == ["FINISHED"] * CROWD
        assert counted() == 1
        assert asyncio.all_tasks() == tasks


async def test_one_task_that_nobody_waits_for_opens_no_socket(
    sandbox: Sandbox, counted: Callable[[], int]
) -> None:
    async with Counting(sandbox.url) as stash:
        for _ in range(10):
            await stash.optimise_database()
        assert counted() == 0


async def test_who_lets_go_of_many_jobs_keeps_no_socket(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, counted: Callable[[], int]
) -> None:
    monkeypatch.setattr("stash_typed.job_feed._NEEDED", 0.05)
    tasks = asyncio.all_tasks()
    sandbox.faults.hold_tasks()
    async with Counting(sandbox.url) as stash:
        jobs = [await stash.optimise_database() for _ in range(6)]
        assert counted() == 1
        assert asyncio.all_tasks() != tasks
        del jobs
        gc.collect()
        for _ in range(400):
            if asyncio.all_tasks() == tasks:
                break
            await asyncio.sleep(0.05)
        assert asyncio.all_tasks() == tasks
        sandbox.faults.release_tasks()


async def test_many_jobs_without_websockets_are_started_all_the_same(
    sandbox: Sandbox, counted: Callable[[], int]
) -> None:
    sandbox.faults.refuse_websockets()
    async with Counting(sandbox.url) as stash:
        jobs = await asyncio.gather(*(stash.optimise_database() for _ in range(CROWD)))
        ends = await asyncio.gather(*(job.wait(timeout=60) for job in jobs), return_exceptions=True)
    assert isinstance(ends[-1], models.Job)
    for end in ends:
        if isinstance(end, BaseException):
            assert isinstance(end, JobUnknownError)
            assert "without a WebSocket" in str(end)


def test_a_sync_client_sees_the_ends_of_many_jobs_in_turn(sandbox: Sandbox) -> None:
    with SyncStashClient(sandbox.url) as stash:
        jobs = [stash.optimise_database() for _ in range(CROWD)]
        assert [job.wait(timeout=60).status for job in jobs] == ["FINISHED"] * CROWD
