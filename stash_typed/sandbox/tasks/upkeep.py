"""Upkeep of the database, and the tasks of a server that have nothing to do here."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import AnswerError, refuse
from ..graphql.context import Info, Input, context_of
from ..graphql.registry import mutation
from ..jobs import JobHandle


@mutation("optimiseDatabase")
def optimise_database(_parent: None, info: Info) -> str:
    context = context_of(info)
    store = context.store

    def task(job: JobHandle) -> None:
        job.set_total(2)
        with job.step("Analyzing database"):
            store.execute("analyze")
        with job.step("Vacuuming database"):
            store.execute("vacuum")

    return context.jobs.add("Optimising database...", task)


@mutation("runPluginTask")
def run_plugin_task(
    _parent: None,
    info: Info,
    *,
    plugin_id: str,
    task_name: str | None = None,
    description: str | None = None,
    **_arguments: object,
) -> str:
    """Start a job that fails: the sandbox has no plugins, and says so as a server does."""

    def task(_job: JobHandle) -> None:
        raise AnswerError(f"Error creating plugin task: no plugin with ID {plugin_id}")

    title = description or f"Running plugin task: {task_name or ''}"
    return context_of(info).jobs.add(title, task)


@mutation("metadataIdentify")
def metadata_identify(_parent: None, info: Info, *, input: Input) -> str:
    """Start identifying without sources, which does nothing; with sources it is refused."""
    if input["sources"]:
        raise refuse("metadataIdentify with sources")
    return context_of(info).jobs.add("Identifying...", _nothing)


def _nothing(_job: JobHandle) -> None:
    """Do nothing, as the server does without anything to do; progress stays 0."""


def _all_done(job: JobHandle) -> None:
    """Do nothing and say that all of it is done, where the server says so."""
    job.set_total(0)


_DONE_ALREADY = {
    "migrateHashNaming": ("Migrating scene hashes...", _all_done),
    "migrateSceneScreenshots": ("Migrating scene screenshots to blobs...", JobHandle.indefinite),
    "migrateBlobs": ("Migrating blobs...", _all_done),
}
"""What brings older data up to date, of which the sandbox has none."""


def _start(title: str, task: Callable[[JobHandle], None]) -> Callable[..., str]:
    def resolve(_parent: None, info: Info, *, input: Input | None = None) -> str:
        return context_of(info).jobs.add(title, task)

    return resolve


for _name, _job in _DONE_ALREADY.items():
    mutation(_name)(_start(*_job))
