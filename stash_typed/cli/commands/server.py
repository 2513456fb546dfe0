"""`stash-typed status`, `playground` and `backup`: the server as a whole."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from ..command import Json, Server, connected, option
from ..errors import CommandError
from ..terminal.output import duration, print_json, print_pairs, print_text, say, size

if TYPE_CHECKING:
    from stash_typed import models
    from stash_typed.client import StashClient


@connected
async def status(server: Server, *, json: Json = False) -> None:
    """Show version, status, library and jobs. Exits with 1 if the server is not ready."""
    from stash_typed.readiness import ready_or_raise

    async with server.client() as stash:
        ready_or_raise(await print_status(stash, json=json), stash.url)


async def print_status(stash: StashClient, *, json: bool = False) -> models.SystemStatus:
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
        # A server that is not set up fails all other requests.
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


@connected
async def playground(
    server: Server,
    *,
    open_: Annotated[bool, option("Open it in a browser.", "--open")] = False,
) -> None:
    """Print the URL of the server's GraphQL playground."""
    async with server.client() as stash:
        url = stash.playground_url
    print_text(url)
    if open_:
        import webbrowser

        if not webbrowser.open(url):
            raise CommandError(f"no browser could be opened; open {url} yourself.")


@connected
async def backup(
    server: Server,
    *,
    to: Annotated[
        str | None,
        option(
            "Download it to this file, or to this folder under the name the server uses.",
            metavar="PATH",
        ),
    ] = None,
    overwrite: Annotated[
        bool, option("Replace a file of that name in the folder.", "--overwrite")
    ] = False,
    json: Json = False,
) -> None:
    """Back up the database, on the server or to a file here."""
    async with server.client() as stash:
        path = await stash.backup(to=to, overwrite=overwrite)
        where = stash.url
    if path is None:
        say(f"The backup is stored on the server ({where}), beside its database.")
    elif not json:
        say(f"The backup is here ({size(path.stat().st_size)}):")
        print_text(path)
    if json:
        print_json({"path": path and str(path), "size": path and path.stat().st_size})
