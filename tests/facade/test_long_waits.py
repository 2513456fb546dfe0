"""Waiting for jobs through interruptions, restarts, timeouts and crowds, with either client."""

from __future__ import annotations

import asyncio
import gc
import re
import socket
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from stash_typed import Job, StashClient, SyncJob, SyncStashClient, models
from stash_typed._runtime.errors import ConfigurationError, DatabaseLockedError, HTTPStatusError
from stash_typed.errors import (
    AuthenticationError,
    GraphQLError,
    JobTimeoutError,
    JobUnknownError,
    NotReadyError,
    ResponseFormatError,
    StashConnectionError,
    StashError,
    StashTimeoutError,
    ValidationFailedError,
)
from stash_typed.inputs import FindJobInput
from stash_typed.jobs.interruptions import passes
from stash_typed.jobs.update import JobUpdate
from stash_typed.sandbox import Sandbox
from tests.facade.library import make_media
from tests.facade.relay import relay

pytestmark = pytest.mark.anyio

Update = JobUpdate
Wait = Callable[..., Awaitable[models.Job]]
SOON, LONG = 0.6, 20.0
"""Seconds of a timeout that is to be met, and of one that is not: no machine's load bridges them."""


@pytest.fixture
def sandbox(tmp_path: Path) -> Generator[Sandbox, None, None]:
    with Sandbox(media=make_media(tmp_path / "media")) as sandbox:
        yield sandbox


class Client:
    """Either client under one face: what is called runs in a thread for the sync one."""

    def __init__(self, stash: StashClient | SyncStashClient) -> None:
        self.stash = stash

    async def scan(self) -> Handle:
        if isinstance(self.stash, StashClient):
            return Handle(await self.stash.scan())
        return Handle(await asyncio.to_thread(self.stash.scan))

    async def close(self) -> None:
        if isinstance(self.stash, StashClient):
            await self.stash.aclose()
        else:
            self.stash.close()

    def job(self, job_id: str, **options: Any) -> Handle:
        return Handle(self.stash.job(job_id, **options))

    async def wait_until_ready(self, timeout: float) -> models.SystemStatus:
        if isinstance(self.stash, StashClient):
            return await self.stash.wait_until_ready(timeout)
        return await asyncio.to_thread(self.stash.wait_until_ready, timeout)


class Handle:
    """A job of either client."""

    def __init__(self, job: Job | SyncJob) -> None:
        self.job = job
        self.id = job.id

    async def wait(self, **options: Any) -> models.Job:
        if isinstance(self.job, Job):
            return await self.job.wait(**options)
        return await asyncio.to_thread(self.job.wait, **options)

    async def look_up(self) -> models.Job | None:
        if isinstance(self.job, Job):
            return await self.job.look_up()
        return await asyncio.to_thread(self.job.look_up)

    async def cancel(self) -> None:
        if isinstance(self.job, Job):
            await self.job.cancel()
        else:
            await asyncio.to_thread(self.job.cancel)


@pytest.fixture(params=["async", "polling", "sync"])
def end(request: pytest.FixtureRequest) -> str:
    """An async client, one without WebSockets, and a sync one."""
    name: str = request.param
    if "sandbox" in request.fixturenames:
        sandbox: Sandbox = request.getfixturevalue("sandbox")
        sandbox.faults.refuse_websockets(name == "polling")
    return name


@pytest.fixture
async def connect(end: str) -> AsyncGenerator[Callable[[str], Client], None]:
    opened: list[Client] = []

    def connect(url: str, **options: Any) -> Client:
        stash = (SyncStashClient if end == "sync" else StashClient)(url, **options)
        opened.append(Client(stash))
        return opened[-1]

    yield connect
    for client in opened:
        await client.close()


class Seen:
    """What `on_update` was told, in whatever thread."""

    def __init__(self) -> None:
        self.updates: list[JobUpdate] = []
        self._lock = threading.Condition()

    def __call__(self, update: JobUpdate) -> None:
        with self._lock:
            self.updates.append(update)
            self._lock.notify_all()

    async def until(self, such: Callable[[JobUpdate], bool]) -> None:
        def wait() -> None:
            with self._lock:
                assert self._lock.wait_for(lambda: any(map(such, self.updates)), LONG)

        await asyncio.to_thread(wait)


def running(update: JobUpdate) -> bool:
    return update.status == "RUNNING"


def interrupted(update: JobUpdate) -> bool:
    return update.interruption is not None


async def test_a_wait_outlives_an_interruption_and_tells_of_it(
    sandbox: Sandbox, connect: Callable[[str], Client]
) -> None:
    sandbox.faults.hold_tasks()
    seen = Seen()
    with relay(sandbox.url) as network:
        job = await connect(network.url).scan()
        waiting = asyncio.create_task(job.wait(timeout=60, on_update=seen))
        await seen.until(running)
        network.cut()
        await seen.until(interrupted)
        told = len(seen.updates)
        # The callers of today's callbacks see a job as it was seen last.
        assert seen.updates[-1].status == "RUNNING"
        assert isinstance(seen.updates[-1], models.Job)
        assert isinstance(seen.updates[-1].interruption, StashConnectionError)
        network.mend()
        await seen.until(lambda update: not interrupted(update) and update is not seen.updates[0])
        sandbox.faults.release_tasks()
        finished = await waiting

    assert finished.status == "FINISHED"
    assert seen.updates[-1] == finished
    assert len([update for update in seen.updates if interrupted(update)]) == 1
    # Heard again: told once more, though the job did nothing meanwhile.
    assert not interrupted(seen.updates[told])


async def test_a_timeout_during_an_interruption_says_that_nothing_was_heard(
    sandbox: Sandbox, connect: Callable[[str], Client]
) -> None:
    sandbox.faults.hold_tasks()
    seen = Seen()
    try:
        with relay(sandbox.url) as network:
            job = await connect(network.url).scan()
            waiting = asyncio.create_task(job.wait(timeout=3, on_update=seen))
            await seen.until(running)
            network.cut()
            with pytest.raises(
                JobTimeoutError,
                match=r"it was RUNNING when last seen, and the server cannot be heard \(.*refused",
            ):
                await waiting
    finally:
        sandbox.faults.release_tasks()


async def restart_and_take_the_id(sandbox: Sandbox, job_id: str, *, scan: bool) -> None:
    """Restart the server, and start other jobs until one has the same id; a scan stands still."""
    await asyncio.to_thread(sandbox.restart, sandbox.faults.release_tasks)
    sandbox.faults.hold_tasks()
    async with StashClient(sandbox.url) as other:
        taken = ""
        while taken != job_id:
            taken = (await (other.scan() if scan else other.clean(dry_run=True))).id


async def test_another_job_that_took_the_id_after_a_restart_is_not_waited_for(
    sandbox: Sandbox, connect: Callable[[str], Client]
) -> None:
    sandbox.faults.hold_tasks()
    seen = Seen()
    job = await connect(sandbox.url).scan()
    waiting = asyncio.create_task(job.wait(timeout=60, on_update=seen))
    await seen.until(running)
    await restart_and_take_the_id(sandbox, job.id, scan=False)
    sandbox.faults.release_tasks()

    with pytest.raises(
        JobUnknownError, match=f"restarted, and job {job.id} is another one there now: Cleaning"
    ) as caught:
        await waiting
    assert caught.value.job is not None
    assert caught.value.job.description.startswith("Scanning")
    assert all(update.description.startswith("Scanning") for update in seen.updates)
    assert await job.look_up() is None


async def test_another_job_that_took_the_id_is_not_stopped(
    sandbox: Sandbox, connect: Callable[[str], Client]
) -> None:
    sandbox.faults.hold_tasks()
    stash = connect(sandbox.url)
    job = await stash.scan()
    before = await job.look_up()
    assert before is not None
    await restart_and_take_the_id(sandbox, job.id, scan=True)
    now = stash.job(job.id)

    await job.cancel()
    # So do handles that another process made of what it had stored.
    await stash.job(job.id, add_time=before.add_time).cancel()
    untouched = await now.look_up()
    await now.cancel()
    stopped = await now.look_up()
    sandbox.faults.release_tasks()

    assert untouched is not None
    assert untouched.status in {"READY", "RUNNING"}
    assert stopped is not None
    assert stopped.status in {"STOPPING", "CANCELLED"}


async def test_a_stored_job_is_recognised_by_when_it_was_added(
    sandbox: Sandbox, connect: Callable[[str], Client]
) -> None:
    stash = connect(sandbox.url)
    job = await stash.scan()
    finished = await job.wait(timeout=LONG)
    assert job.job.add_time == finished.add_time

    again = stash.job(job.id, add_time=finished.add_time)
    other = stash.job(job.id, add_time=finished.add_time.replace(year=2001))

    assert await again.wait(timeout=LONG) == finished
    with pytest.raises(JobUnknownError, match="is another one there now"):
        await other.wait(timeout=LONG)


async def test_a_server_that_was_never_heard_is_not_waited_for_without_a_timeout(
    connect: Callable[[str], Client],
) -> None:
    with silent_server() as url:
        pass
    stash = connect(url)
    with pytest.raises(StashConnectionError, match="nothing listens there"):
        await stash.job("7").wait()
    # A job that was seen before goes on, as far as anybody knows.
    waiting = asyncio.create_task(stash.job("7", add_time=datetime.now(timezone.utc)).wait())
    done, _ = await asyncio.wait({waiting}, timeout=3)
    assert not done
    await stash.close()
    with pytest.raises(StashConnectionError, match="the client is closed"):
        await waiting


@contextmanager
def silent_server() -> Generator[str, None, None]:
    """Takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


async def test_a_timeout_is_the_whole_time_where_a_server_says_nothing(
    connect: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stash_typed.jobs.job.STOP_TIME", SOON)
    monkeypatch.setattr("stash_typed.sync.jobs.STOP_TIME", SOON)

    async def took(seconds: float, work: Awaitable[object], match: str) -> None:
        started = time.monotonic()
        with pytest.raises(StashError, match=match):
            await work
        assert seconds * 0.9 < time.monotonic() - started < LONG / 2

    with silent_server() as url:
        stash = connect(url, timeout=LONG)
        job = stash.job("7")
        over = rf"Job 7 was not over after {SOON} seconds: .*it goes on on the server"
        await took(SOON, job.wait(timeout=SOON), over)
        stop = "and it could not be told to stop: .*no answer within"
        await took(2 * SOON, job.wait(timeout=SOON, cancel_on_timeout=True), stop)
        await took(SOON, stash.wait_until_ready(SOON), f"did not answer within {SOON} seconds")


async def test_a_timeout_holds_while_the_server_is_away(
    connect: Callable[..., Client],
) -> None:
    with silent_server() as url:
        pass
    started = time.monotonic()
    late, unready = await asyncio.gather(
        connect(url).job("7").wait(timeout=2),
        connect(url).wait_until_ready(2),
        return_exceptions=True,
    )
    assert isinstance(late, JobTimeoutError)
    assert isinstance(unready, StashTimeoutError)
    assert re.search("cannot be heard .*nothing listens there", str(late))
    assert re.search("within 2 seconds: .*nothing listens there", str(unready))
    assert time.monotonic() - started < LONG


FAILURES = [
    (StashConnectionError("gone"), True),
    (StashTimeoutError("late"), True),
    (StashConnectionError("untrusted", transient=False), False),
    *((HTTPStatusError("proxy", status_code=code), True) for code in (408, 425, 429)),
    *((HTTPStatusError("proxy", status_code=code), True) for code in (500, 502, 503, 504, 521)),
    *((HTTPStatusError("page", status_code=code), False) for code in (301, 400, 403, 404, 413)),
    (DatabaseLockedError("database is locked"), True),
    (GraphQLError("internal system error"), False),
    (ValidationFailedError("no such field"), False),
    (AuthenticationError("who are you"), False),
    (ResponseFormatError("a page"), False),
    (NotReadyError("wait", status="SETUP"), False),
    (ConfigurationError("no url"), False),
    (ZeroDivisionError(), False),
]


@pytest.mark.parametrize(("error", "waited_out"), FAILURES, ids=lambda value: str(value))
def test_what_passes_by_itself(error: Exception, waited_out: bool) -> None:
    assert passes(error) == waited_out


async def test_wrong_credentials_end_a_wait_at_once(connect: Callable[..., Client]) -> None:
    with Sandbox(api_key="right") as guarded:
        stash = connect(guarded.url, api_key="wrong")
        with pytest.raises(AuthenticationError):
            await stash.job("1").wait()
        with pytest.raises(AuthenticationError):
            await stash.wait_until_ready(LONG)


async def test_a_closed_client_ends_a_wait_at_once(connect: Callable[[str], Client]) -> None:
    stash = connect("http://127.0.0.1:9")
    await stash.close()
    with pytest.raises(StashConnectionError, match="the client is closed"):
        await stash.job("1").wait()
    with pytest.raises(StashConnectionError, match="the client is closed"):
        await stash.wait_until_ready(LONG)


class Forgetful:
    """What a job needs of a client, on a server that knows no job: each step is one turn of the loop."""

    async def find_job(self, input: FindJobInput) -> models.Job | None:
        await asyncio.sleep(0)
        return None

    async def stop_job(self, job_id: str) -> bool:
        raise AssertionError(job_id)

    async def jobs_subscribe(self) -> AsyncGenerator[models.JobStatusUpdate, None]:
        await asyncio.sleep(0)
        raise StashConnectionError("no WebSockets here")
        yield


async def test_a_wait_that_is_cancelled_at_any_moment_leaves_nothing_behind() -> None:
    """Also at the moment when it fails, which is then lost on nobody."""
    loop = asyncio.get_running_loop()
    complaints: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    tasks = asyncio.all_tasks()
    ends: set[str] = set()
    try:
        for turns in range(40):
            waiting = asyncio.create_task(Job(Forgetful(), "9").wait(timeout=LONG))
            for _ in range(turns):
                await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait({waiting})
            ends.add("cancelled" if waiting.cancelled() else type(waiting.exception()).__name__)
            del waiting
            assert asyncio.all_tasks() == tasks
        gc.collect()
        await asyncio.sleep(0)
    finally:
        loop.set_exception_handler(None)

    assert complaints == []
    assert ends == {"cancelled", "JobUnknownError"}


async def test_a_wait_that_is_cancelled_on_the_network_leaves_nothing_behind(
    sandbox: Sandbox,
) -> None:
    tasks = asyncio.all_tasks()
    sandbox.faults.hold_tasks()
    async with StashClient(sandbox.url) as stash:
        job = await stash.scan()
        for pause in (0.0, 0.001, 0.003, 0.01, 0.03, 0.1):
            waits = [asyncio.create_task(job.wait()) for _ in range(5)]
            await asyncio.sleep(pause)
            for waiting in waits:
                waiting.cancel()
            await asyncio.wait(waits)
            assert all(waiting.cancelled() for waiting in waits)
            assert asyncio.all_tasks() == tasks
        sandbox.faults.release_tasks()
        assert (await job.wait(timeout=LONG)).status == "FINISHED"
