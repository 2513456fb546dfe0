"""Tasks are jobs that can be awaited, watched and stopped; files land whole on disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from stash_typed import Job, StashClient
from stash_typed.errors import (
    HTTPStatusError,
    JobCancelledError,
    JobTimeoutError,
    JobUnknownError,
    StashError,
)
from stash_typed.models import Job as JobRecord
from tests.facade.library import Server

pytestmark = pytest.mark.anyio


async def test_a_scan_can_be_awaited(stash: StashClient) -> None:
    job = await stash.scan()

    finished = await job

    assert isinstance(job, Job)
    assert (finished.id, finished.status) == (job.id, "FINISHED")
    assert finished.end_time is not None


async def test_updates_end_with_the_final_state(stash: StashClient) -> None:
    job = await stash.scan()

    seen = [update async for update in job.updates()]

    assert {update.id for update in seen} == {job.id}
    assert seen[-1].status == "FINISHED"
    assert all(update.status != "FINISHED" for update in seen[:-1])


async def test_wait_tells_of_each_update(stash: StashClient) -> None:
    seen: list[JobRecord] = []

    finished = await (await stash.scan()).wait(timeout=60, on_update=seen.append)

    assert seen[-1] == finished


async def test_an_unknown_job_is_said_to_be_unknown(stash: StashClient) -> None:
    job = stash.job("999999999")

    with pytest.raises(JobUnknownError, match="does not know job 999999999"):
        await job
    assert await job.look_up() is None
    await job.cancel()


async def test_a_job_that_is_stopped_raises(stash: StashClient, server: Server) -> None:
    if server.sandbox is not None:
        server.sandbox.faults.hold_tasks()
    job = await stash.generate(covers=True, sprites=True, previews=True, overwrite=True)
    await job.cancel()
    if server.sandbox is not None:
        server.sandbox.faults.release_tasks()

    last = [update.status async for update in job.updates()][-1]
    if last == "FINISHED" and server.sandbox is None:
        pytest.skip("it was over before the server saw the wish")
    assert last == "CANCELLED"
    with pytest.raises(JobCancelledError, match=f"job {job.id} .* was stopped"):
        await job


async def test_a_job_that_takes_too_long_is_left_running_or_stopped(stash: StashClient) -> None:
    job = await stash.scan()

    with pytest.raises(JobTimeoutError, match="was not over after 0 seconds") as caught:
        await job.wait(timeout=0, cancel_on_timeout=True)

    assert caught.value.job_id == job.id
    last = [update.status async for update in job.updates()][-1]
    assert last in {"CANCELLED", "FINISHED"}


async def test_misspelt_options_are_type_errors(stash: StashClient) -> None:
    with pytest.raises(
        TypeError, match=r"scan\(\) got an unexpected keyword argument 'path'. Did you"
    ):
        await stash.scan(path=["/media"])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    with pytest.raises(TypeError, match="scene_fliter"):
        await stash.find_scenes(scene_fliter=None)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def test_what_a_scan_found_is_given(stash: StashClient, server: Server) -> None:
    if server.media is None:
        pytest.skip("the folders of this server are its owner's")

    everything = await stash.scan_and_get(str(server.media))
    clip = await stash.scan_and_get(str(server.media / "clip-1.mp4"))
    archive = await stash.scan_and_get(str(server.media / "album.zip"))

    assert (len(everything.scenes), len(everything.images), len(everything.galleries)) == (3, 4, 1)
    assert [scene.files[0].path for scene in clip.scenes] == [str(server.media / "clip-1.mp4")]
    assert (len(clip.images), len(archive.images), len(archive.galleries)) == (0, 2, 1)


async def test_a_backup_lands_on_disk(stash: StashClient, tmp_path: Path) -> None:
    into_folder = await stash.backup(to=tmp_path)
    as_file = await stash.backup(to=tmp_path / "sub" / "copy.sqlite")

    assert as_file == tmp_path / "sub" / "copy.sqlite"
    for path in (into_folder, as_file):
        assert path is not None
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("select count(*) from scenes").fetchone()[0] >= 0
    assert {path.suffix for path in tmp_path.rglob("*.part")} == set()


async def test_a_backup_may_stay_on_the_server(stash: StashClient, tmp_path: Path) -> None:
    await stash.backup()

    assert list(tmp_path.iterdir()) == []


async def test_a_link_that_is_gone_leaves_no_file(stash: StashClient, tmp_path: Path) -> None:
    with pytest.raises(HTTPStatusError, match="404"):
        await stash.download("/downloads/deadbeef/none", to=tmp_path / "none")

    assert list(tmp_path.iterdir()) == []


async def test_a_target_that_cannot_be_written_is_named(stash: StashClient, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")

    with pytest.raises(StashError, match=r"Cannot write to .*file/backup"):
        await stash.backup(to=tmp_path / "file" / "backup")
