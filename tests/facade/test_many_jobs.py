"""More jobs at once than the server remembers: their ends are told all the same."""

from __future__ import annotations

import asyncio
import gc
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing
from datetime import datetime, timedelta, timezone

import pytest

from stash_typed import Job, StashClient, SyncJob, SyncStashClient, models
from stash_typed._runtime.websocket.protocol import SUBSCRIBED
from stash_typed.enums import JobStatus, JobStatusUpdateType
from stash_typed.errors import JobUnknownError, StashConnectionError
from stash_typed.inputs import FindJobInput
from stash_typed.jobs.feed import JobFeed
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
        assert counted() <= 2
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
    monkeypatch.setattr("stash_typed.jobs.feed._NEEDED", 0.05)
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
    assert any(isinstance(end, models.Job) for end in ends)
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


class Server:
    """A server in memory, whose jobs are over at once, and which remembers the last ten."""

    def __init__(self) -> None:
        self.started = 0
        self.sockets = 0
        self._epoch = datetime(2024, 1, 1, tzinfo=timezone.utc)
        self._ended: deque[models.Job] = deque(maxlen=10)
        self._listeners: set[asyncio.Queue[models.Job | None]] = set()

    async def optimise(self) -> str:
        await asyncio.sleep(0)
        self.started += 1
        job = models.Job(
            id=str(self.started),
            status=JobStatus.FINISHED,
            description="Optimising database...",
            add_time=self._epoch + timedelta(seconds=self.started),
        )
        self._ended.append(job)
        for listener in self._listeners:
            listener.put_nowait(job)
        return job.id

    def restart(self) -> None:
        self.started = 0
        self._epoch += timedelta(days=1)
        self._ended.clear()
        for listener in self._listeners:
            listener.put_nowait(None)

    async def find_job(self, input: FindJobInput) -> models.Job | None:
        await asyncio.sleep(0)
        return next((job for job in self._ended if job.id == input.id), None)

    async def stop_job(self, job_id: str) -> bool:
        raise AssertionError(job_id)

    async def jobs_subscribe(self) -> AsyncGenerator[models.JobStatusUpdate, None]:
        self.sockets += 1
        listener: asyncio.Queue[models.Job | None] = asyncio.Queue()
        self._listeners.add(listener)
        try:
            stands = SUBSCRIBED.get()
            assert stands is not None
            stands()
            while (job := await listener.get()) is not None:
                yield models.JobStatusUpdate(type=JobStatusUpdateType.REMOVE, job=job)
            raise StashConnectionError("The connection was lost.")
        finally:
            self._listeners.discard(listener)

    async def start(self, feed: JobFeed) -> Job:
        record = await feed.start(self.optimise)
        return Job(self, record.job_id, record=record, feed=feed)


def test_a_feed_serves_one_event_loop_after_another() -> None:
    server = Server()
    feed = JobFeed(server)

    async def all_ends() -> set[str]:
        jobs = await asyncio.gather(*(server.start(feed) for _ in range(CROWD)))
        return {(await job.wait(timeout=60)).status for job in jobs}

    async def twice() -> tuple[set[str], set[str]]:
        # The second time under the same roof, after a burst that nobody waited for.
        left = await asyncio.gather(*(server.start(feed) for _ in range(CROWD)))
        assert len(left) == CROWD
        return await all_ends(), await all_ends()

    assert asyncio.run(all_ends()) == {"FINISHED"}
    assert asyncio.run(twice()) == ({"FINISHED"}, {"FINISHED"})


async def test_what_was_heard_before_a_restart_is_no_news_of_the_jobs_after_it() -> None:
    server = Server()
    feed = JobFeed(server)
    heard = [await server.start(feed) for _ in range(CROWD)]
    assert (await heard[-1].wait(timeout=60)).status == "FINISHED"
    server.restart()
    # Started without a socket, or with one that broke since: which job is theirs is not known.
    unseen = await server.start(feed)
    for _ in range(20):
        await server.optimise()
    same_id = Job(server, heard[0].id, feed=feed)

    for job in (unseen, same_id):
        with pytest.raises(JobUnknownError, match="does not know job 1"):
            await job.wait(timeout=60)
    assert {(await job.wait(timeout=60)).status for job in heard} == {"FINISHED"}
    await feed.aclose()


async def test_cancelled_starts_keep_no_socket(sandbox: Sandbox) -> None:
    tasks = asyncio.all_tasks()
    async with StashClient(sandbox.url) as stash:
        for pause in (0.0, 0.001, 0.005, 0.02, 0.05):
            starts = [asyncio.create_task(stash.optimise_database()) for _ in range(10)]
            await asyncio.sleep(pause)
            for start in starts:
                start.cancel()
            await asyncio.wait(starts)
            starts.clear()
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
