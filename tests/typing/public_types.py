"""Never run: mypy and pyright must agree with every line, and with every error that is expected."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from typing_extensions import assert_type

from stash_typed import UNSET, Job, StashClient
from stash_typed.enums import GenderEnum, JobStatus
from stash_typed.errors import StashError
from stash_typed.inputs import FindFilterType, SceneFilterType, SceneUpdateInput
from stash_typed.jobs.update import JobUpdate
from stash_typed.models import (
    FindScenesResult,
    JobStatusUpdate,
    Scene,
    ScrapedPerformer,
    Studio,
    SystemStatus,
    VideoFile,
)
from stash_typed.models import Job as JobRecord


async def operations(stash: StashClient) -> None:
    assert_type(await stash.system_status(), SystemStatus)
    assert_type(await stash.find_scene("1"), Scene | None)
    assert_type(await stash.find_scene(id="1"), Scene | None)
    assert_type(await stash.all_studios(), list[Studio])
    assert_type(await stash.stop_job("1"), bool)
    assert_type(await stash.configure_plugin("x", {"a": 1}), dict[str, Any])
    assert_type(stash.jobs_subscribe(), AsyncGenerator[JobStatusUpdate, None])

    found = await stash.find_scenes(
        filter=FindFilterType(per_page=5), scene_filter=SceneFilterType(organized=False)
    )
    assert_type(found, FindScenesResult)
    assert_type(found.count, int)
    assert_type(found.scenes[0].title, str | None)
    assert_type(found.scenes[0].rating100, int | None)
    assert_type(found.scenes[0].created_at, datetime)
    assert_type(found.scenes[0].files, list[VideoFile])
    assert_type(found.scenes[0].files[0].size, int)

    file = await stash.find_file(path="/media/a.mp4")
    assert_type(file.path, str)
    if isinstance(file, VideoFile):
        assert_type(file.duration, float)


async def misuse(stash: StashClient) -> None:
    await stash.find_scenes(scene_fliter=None)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await stash.find_scene(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SceneUpdateInput(id="1", tittle="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    SceneUpdateInput(title="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await stash.scan(path=["/media"])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await stash.clean()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    stash.nope  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnusedExpression]  # noqa: B018


def _show(job: JobRecord) -> None:
    """Updates are jobs, so that what takes a job takes them."""


async def tasks_and_files(stash: StashClient) -> None:
    job = await stash.scan(paths=["/media"], scan_generate_covers=True)
    assert_type(job, Job)
    assert_type(await job, JobRecord)
    assert_type((await job.wait(timeout=5)).status, JobStatus)
    assert_type(job.updates(), AsyncGenerator[JobUpdate, None])
    states: AsyncGenerator[JobRecord, None] = job.updates()
    assert_type([update.interruption async for update in job.updates()], list[StashError | None])
    await job.wait(on_update=_show)
    assert_type(stash.job("5", add_time=datetime(2026, 1, 31, tzinfo=timezone.utc)), Job)
    await states.aclose()
    assert_type(await stash.generate(covers=True, overwrite=False), Job)
    assert_type(await stash.clean(dry_run=True), Job)
    assert_type(await stash.optimise_database(), Job)
    await stash.backup()
    assert_type(await stash.backup(to="backups/"), Path)
    assert_type(await stash.freeones.search("ada"), list[str])
    assert_type(await stash.freeones.performer("Ada"), ScrapedPerformer)
    assert_type(await stash.graphql("{ version { version } }"), dict[str, Any])


def inputs_and_enums(gender: GenderEnum) -> None:
    assert_type(SceneUpdateInput(id="1", title=None).title, str | None)
    assert_type(gender.is_known, bool)
    assert_type(bool(UNSET), bool)
