"""More jobs at once than the server remembers: their ends are told all the same."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing

import pytest

from stash_typed import StashClient, SyncJob, SyncStashClient, models
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
        jobs = [await stash.optimise_database() for _ in range(8)]
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
    with SyncStashClient(sandbox.url) as stash, SyncStashClient(sandbox.url) as other:
        jobs: list[SyncJob] = []
        for _ in range(CROWD):
            jobs.append(stash.optimise_database())
            # They end one after another, and nobody waits for them.
            while other.job_queue():
                time.sleep(0.01)
        assert [job.wait(timeout=60).status for job in jobs] == ["FINISHED"] * CROWD


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # see the end
def test_a_client_hears_of_jobs_in_one_event_loop_after_another(sandbox: Sandbox) -> None:
    stash = StashClient(sandbox.url)

    async def all_ends() -> set[str]:
        jobs = await asyncio.gather(*(stash.optimise_database() for _ in range(15)))
        return {(await job.wait(timeout=60)).status for job in jobs}

    async def twice() -> tuple[set[str], set[str]]:
        # The second time under the same roof, after a burst that nobody waited for.
        left = await asyncio.gather(*(stash.optimise_database() for _ in range(15)))
        assert len(left) == 15
        return await all_ends(), await all_ends()

    assert asyncio.run(all_ends()) == {"FINISHED"}
    assert asyncio.run(twice()) == ({"FINISHED"}, {"FINISHED"})
    asyncio.run(stash.aclose())
    # Connections of a loop that has ended cannot be closed any more.
    gc.collect()


async def test_cancelled_starts_keep_no_socket(sandbox: Sandbox) -> None:
    tasks = asyncio.all_tasks()
    async with StashClient(sandbox.url) as stash:
        for pause in (0.0, 0.001, 0.005, 0.02, 0.05):
            starts = [asyncio.create_task(stash.optimise_database()) for _ in range(10)]
            await asyncio.sleep(pause)
            for start in starts:
                start.cancel()
            await asyncio.wait(starts)
            del starts, start
            gc.collect()
    assert asyncio.all_tasks() == tasks


async def test_jobs_whose_server_restarts_meanwhile_are_unknown_and_not_mistaken(
    sandbox: Sandbox,
) -> None:
    """Their ids are taken again; ends that were heard before stay what they were."""
    async with StashClient(sandbox.url) as stash:
        before = [await stash.optimise_database() for _ in range(12)]
        assert (await before[-1].wait(timeout=60)).status == "FINISHED"
        await asyncio.to_thread(sandbox.restart)
        await stash.wait_until_ready(30)
        after = [await stash.optimise_database() for _ in range(12)]
        ends = [await job.wait(timeout=60) for job in after]
        assert [job.id for job in ends] == [job.id for job in before]
        earlier = [await job.wait(timeout=60) for job in before]

    assert {job.status for job in earlier} == {"FINISHED"}
    assert max(job.add_time for job in earlier) < min(job.add_time for job in ends)
