"""`SyncStashClient` does all that `StashClient` does, without an event loop. Over real sockets."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import BaseModel
from stash_typed_graphql.sync_client import SyncClient

from stash_typed import SyncJob, SyncStashClient
from stash_typed.errors import (
    AuthenticationError,
    ChangesFailedError,
    JobFailedError,
    JobTimeoutError,
    NotFoundError,
    StashConnectionError,
)
from stash_typed.inputs import (
    ExportObjectTypeInput,
    SceneFilterType,
    SceneUpdateInput,
    TagDestroyInput,
)
from stash_typed.sandbox import Sandbox
from tests.facade.library import make_media

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    media = make_media(tmp_path_factory.mktemp("sync") / "media")
    with Sandbox(scenes=40, api_key="sync-key", media=media) as server:
        yield server


@pytest.fixture
def stash(sandbox: Sandbox) -> Iterator[SyncStashClient]:
    with SyncStashClient(sandbox.url, api_key=sandbox.api_key) as client:
        yield client


class Row(BaseModel):
    id: str
    title: str | None


def test_reading(stash: SyncStashClient) -> None:
    assert stash.wait_until_ready(timeout=10).status == "OK"
    scenes = list(stash.scenes.iterate(page_size=9))
    rows = list(stash.scenes.iterate(page_size=9, select=Row))
    page = stash.scenes.find(sort="id", per_page=4)

    assert [(row.id, row.title) for row in rows] == [(s.id, s.title) for s in scenes]
    assert len(rows) == page.count == stash.scenes.count() >= 40
    assert stash.scenes.get_many(["3", "999999", "1"], select=Row) == [rows[2], rows[0]]
    assert stash.scenes.get("999999") is None
    assert stash.scenes.first(sort="id", select=Row) == rows[0]
    assert stash.check_compatibility().ok


def test_jobs(stash: SyncStashClient) -> None:
    job = stash.scan()
    states = [update.status for update in job.updates()]

    assert isinstance(job, SyncJob)
    assert states[-1] == "FINISHED"
    assert job.wait().status == "FINISHED"
    with pytest.raises(JobFailedError, match="no plugin with ID none"):
        stash.run_plugin_task("none", "Do it").wait()


def test_a_job_that_takes_too_long_is_stopped(sandbox: Sandbox, stash: SyncStashClient) -> None:
    sandbox.faults.hold_tasks()
    try:
        job = stash.generate(covers=True)
        with pytest.raises(JobTimeoutError, match="it was told to stop"):
            job.wait(timeout=0.1, cancel_on_timeout=True)
    finally:
        sandbox.faults.release_tasks()
    assert [update.status for update in job.updates()][-1] == "CANCELLED"


def test_what_a_scan_found(sandbox: Sandbox, stash: SyncStashClient) -> None:
    folder = sandbox.state.config.general["stashes"][0]["path"]

    found = stash.scan_and_get(folder)

    assert (len(found.scenes), len(found.images), len(found.galleries)) == (3, 4, 1)


def test_changes(stash: SyncStashClient) -> None:
    a, b = stash.tags.resolve(["sync a", "sync b"], create=True).values()
    try:
        stash.scenes.set_tags(["1", "2"], [a])
        stash.scenes.add_tags(["1"], [b])
        stash.scenes.remove_tags(["2"], [a])
        tags = [{tag.id for tag in scene.tags} for scene in stash.scenes.get_many(["1", "2"])]
        assert tags == [{a, b}, set()]
        with pytest.raises(ChangesFailedError) as caught:
            stash.scenes.update_many(
                [SceneUpdateInput(id="1", title="One"), SceneUpdateInput(id="999999", title="x")]
            )
        assert [outcome.ok for outcome in caught.value.outcomes] == [True, False]
        assert stash.scenes.count(SceneFilterType(organized=True)) >= 0
        with pytest.raises(NotFoundError, match="sync c"):
            stash.tags.resolve(["sync c"])
    finally:
        stash.tags_destroy([a, b])


def test_files(stash: SyncStashClient, tmp_path: Path) -> None:
    tag = stash.tags.resolve(["sync export"], create=True)["sync export"]
    backup = stash.backup(to=tmp_path)
    copy = stash.anonymise(to=tmp_path / "copy.sqlite")
    export = stash.export_objects(to=tmp_path / "x.zip", tags=ExportObjectTypeInput(ids=[tag]))
    stash.tag_destroy(TagDestroyInput(id=tag))
    stash.import_objects(export).wait()

    assert stash.tags.resolve(["sync export"]).keys() == {"sync export"}
    assert sorted(tmp_path.iterdir()) == sorted([backup, copy, export])
    assert all(path.read_bytes()[:6] == b"SQLite" for path in (backup, copy))


def test_documents_and_clients_of_the_callers_own(stash: SyncStashClient) -> None:
    class Version(BaseModel):
        version: str

    class Data(BaseModel):
        version: Version

    assert stash.graphql("{ version { version } }", as_=Data).version.version.startswith("v0.30.1")
    assert stash.bind(SyncClient).find_scenes().count == stash.scenes.count()


def test_subscriptions_are_plain_iteration(stash: SyncStashClient) -> None:
    heard = threading.Event()

    def start_jobs() -> None:
        """Listening begins with the first step, which waits: what is heard comes from elsewhere."""
        for _ in range(200):
            if heard.wait(0.05):
                return
            stash.scan()

    starting = threading.Thread(target=start_jobs)
    starting.start()
    with closing(stash.jobs_subscribe()) as events:
        event = next(events)
        heard.set()
    starting.join()

    assert event.job.id


def test_a_wrong_key_and_a_closed_client(sandbox: Sandbox) -> None:
    with (
        SyncStashClient(sandbox.url, api_key="wrong") as stash,
        pytest.raises(AuthenticationError),
    ):
        stash.version()
    with pytest.raises(StashConnectionError, match="closed"):
        stash.version()


def test_threads_share_a_client(stash: SyncStashClient) -> None:
    found: dict[int, str] = {}

    def read(n: int) -> None:
        scene = stash.scenes.get(str(n), select=Row)
        assert scene is not None
        found[n] = scene.id

    threads = [threading.Thread(target=read, args=(n,)) for n in range(1, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {n: str(n) for n in range(1, 21)}


def test_inside_a_running_event_loop_it_works_too(sandbox: Sandbox) -> None:
    """As in a notebook: it stands on no event loop of its own."""

    async def cell() -> int:
        with SyncStashClient(sandbox.url, api_key=sandbox.api_key) as stash:
            return stash.scenes.count()

    assert asyncio.run(cell()) >= 40


def test_a_script_does_not_import_asyncio(sandbox: Sandbox) -> None:
    script = (
        "import sys\n"
        "from stash_typed import SyncStashClient\n"
        f"with SyncStashClient({sandbox.url!r}, api_key='sync-key') as stash:\n"
        "    assert stash.scenes.count() >= 40\n"
        "    assert next(stash.scenes.iterate()).id\n"
        "print('asyncio' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'generated'}", "PATH": ""},
        timeout=60,
    )
    assert done.stdout.strip() == "False"
