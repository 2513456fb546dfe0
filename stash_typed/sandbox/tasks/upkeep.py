"""Upkeep of the database, and the tasks of a server that have nothing to do here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.errors import AnswerError, refuse
from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.registry import mutation
from stash_typed.sandbox.jobs import JobHandle

__all__: list[str] = []


@mutation("optimiseDatabase")
def optimise_database(_parent: None, info: GraphQLResolveInfo) -> str:
    """Start analysing and vacuuming the database."""
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
    info: GraphQLResolveInfo,
    *,
    plugin_id: str,
    task_name: str | None = None,
    description: str | None = None,
    args: object = None,
    args_map: object = None,
) -> str:
    """Start a job that fails: the sandbox has no plugins, and says so as a server does."""

    def task(_job: JobHandle) -> None:
        raise AnswerError(f"Error creating plugin task: no plugin with ID {plugin_id}")

    title = description or f"Running plugin task: {task_name or ''}"
    return context_of(info).jobs.add(title, task)


@mutation("metadataIdentify")
def metadata_identify(_parent: None, info: GraphQLResolveInfo, *, input: Mapping[str, Any]) -> str:
    """Start identifying without sources, which does nothing; with sources it is refused."""
    if input["sources"]:
        raise refuse("metadataIdentify with sources")
    return context_of(info).jobs.add("Identifying...", _nothing)


@mutation("migrateHashNaming")
def migrate_hash_naming(_parent: None, info: GraphQLResolveInfo) -> str:
    """Start renaming generated files; there are none with old names here."""
    return context_of(info).jobs.add("Migrating scene hashes...", _all_done)


@mutation("migrateSceneScreenshots")
def migrate_scene_screenshots(
    _parent: None, info: GraphQLResolveInfo, *, input: Mapping[str, Any]
) -> str:
    """Start moving covers into the database; they are there already."""
    return context_of(info).jobs.add(
        "Migrating scene screenshots to blobs...", JobHandle.indefinite
    )


@mutation("migrateBlobs")
def migrate_blobs(_parent: None, info: GraphQLResolveInfo, *, input: Mapping[str, Any]) -> str:
    """Start moving pictures to where they are kept; they are there already."""
    return context_of(info).jobs.add("Migrating blobs...", _all_done)


def _nothing(_job: JobHandle) -> None:
    """Do nothing, as the server does without anything to do; progress stays 0."""


def _all_done(job: JobHandle) -> None:
    """Do nothing and say that all of it is done, where the server says so."""
    job.set_total(0)
