"""`stash-typed status`: which server this is, and whether it can be worked with."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from ..connection import Server, connected
from ..terminal.output import as_json, duration, print_json, print_pairs, size

if TYPE_CHECKING:
    from stash_typed import models
    from stash_typed.client import StashClient

__all__ = ["print_status", "status"]


@connected
async def status(
    server: Server,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show version, state, library and running jobs. Fails when the server is not ready."""
    from stash_typed.readiness import ready_or_raise

    async with server.client() as stash:
        ready_or_raise(await print_status(stash, json=json), stash.url)


async def print_status(stash: StashClient, *, json: bool) -> models.SystemStatus:
    """Ask for all that makes up the status, and print it.

    Args:
        stash: the server.
        json: whether to print JSON.

    Returns:
        The system's status; before setup the rest is not asked for, since it would fail.
    """
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
        version = await stash.version()
    if json:
        print_json(
            {
                "url": stash.url,
                "ready": ready,
                "version": as_json(version),
                "system": as_json(system),
                "stats": None if stats is None else as_json(stats),
                "jobs": [as_json(job) for job in jobs],
            }
        )
    else:
        print_pairs(_pairs(stash.url, system, version, stats, jobs))
    return system


def _pairs(
    url: str,
    system: models.SystemStatus,
    version: models.Version,
    stats: models.Stats | None,
    jobs: list[models.Job],
) -> list[tuple[str, object]]:
    build = ", ".join(text for text in (version.hash, version.build_time) if text)
    release = version.version or "unknown"
    pairs: list[tuple[str, object]] = [
        ("server", url),
        ("version", f"{release} ({build})" if build else release),
        ("status", system.status),
        ("system", system.os),
        ("database", system.database_path or None),
    ]
    if stats is not None:
        pairs += [
            (
                "scenes",
                f"{stats.scene_count} ({size(stats.scenes_size)}, {duration(stats.scenes_duration)})",
            ),
            ("images", f"{stats.image_count} ({size(stats.images_size)})"),
            ("galleries", stats.gallery_count),
            ("performers", stats.performer_count),
            ("studios", stats.studio_count),
            ("groups", stats.group_count),
            ("tags", stats.tag_count),
            ("jobs", [f"{job.id} {job.status} {job.description}" for job in jobs] or "none"),
        ]
    return pairs
