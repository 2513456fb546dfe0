"""`stash-typed status`: which server this is, and whether it is ready."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..connection import Server, connected
from ..options import Json
from ..terminal.output import duration, print_json, print_pairs, size

if TYPE_CHECKING:
    from stash_typed import models
    from stash_typed.client import StashClient

__all__ = ["print_status", "status"]


@connected
async def status(
    server: Server,
    *,
    json: Json = False,
) -> None:
    """Show version, status, library and running jobs. Exits with 1 if the server is not ready."""
    from stash_typed.readiness import ready_or_raise

    async with server.client() as stash:
        ready_or_raise(await print_status(stash, json=json), stash.url)


async def print_status(stash: StashClient, *, json: bool = False) -> models.SystemStatus:
    """Ask for all that makes up the status, and print it."""
    system = await stash.system_status()
    ready = system.status == "OK"
    stats: models.Stats | None = None
    jobs: list[models.Job] = []
    if ready:
        version, stats, queue = await asyncio.gather(
            stash.version(), stash.stats(), stash.job_queue()
        )
        jobs = queue or []
    else:
        # A server that is not set up fails to answer the rest.
        version = await stash.version()
    if json:
        print_json(
            {
                "url": stash.url,
                "ready": ready,
                "version": version,
                "system": system,
                "stats": stats,
                "jobs": jobs,
            }
        )
    else:
        print_pairs(
            [*_server(stash.url, system, version), *(_library(stats, jobs) if stats else ())]
        )
    return system


def _server(
    url: str, system: models.SystemStatus, version: models.Version
) -> Iterator[tuple[str, object]]:
    build = ", ".join(text for text in (version.hash, version.build_time) if text)
    release = version.version or "unknown"
    yield "server", url
    yield "version", f"{release} ({build})" if build else release
    yield "status", system.status
    yield "system", system.os
    yield "database", system.database_path or None


def _library(stats: models.Stats, jobs: list[models.Job]) -> Iterator[tuple[str, object]]:
    scenes = f"{size(stats.scenes_size)}, {duration(stats.scenes_duration)}"
    yield "scenes", f"{stats.scene_count} ({scenes})"
    yield "images", f"{stats.image_count} ({size(stats.images_size)})"
    yield "galleries", stats.gallery_count
    yield "performers", stats.performer_count
    yield "studios", stats.studio_count
    yield "groups", stats.group_count
    yield "tags", stats.tag_count
    yield "jobs", [f"{job.id} {job.status} {job.description}" for job in jobs] or "none"
