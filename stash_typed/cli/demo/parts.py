"""The parts of the demo: each does one thing with a server and returns what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..commands.jobs import print_jobs
from ..commands.scrape import attributes
from ..commands.status import print_status
from ..commands.studios import print_studios
from ..errors import CommandError
from ..project.source import sdl_from_server
from ..terminal.output import print_pairs, size
from ..terminal.progress import follow

if TYPE_CHECKING:
    from stash_typed.client import StashClient

__all__ = [
    "back_up",
    "introspect",
    "jobs",
    "make_files",
    "scan",
    "scrape",
    "status",
    "studios",
]


async def introspect(stash: StashClient, folder: Path) -> str:
    """Write the schema to `schema.graphql` in the folder."""
    sdl = await sdl_from_server(stash)
    (folder / "schema.graphql").write_text(sdl, encoding="utf-8")
    lines = sdl.splitlines()
    types = sum(line.endswith("{") for line in lines)
    return f"{lines[0].split(',')[0].lstrip('# ')}: {types} types, {len(lines)} lines"


async def scan(stash: StashClient, media: Path) -> str:
    before = await stash.stats()
    await follow(await stash.scan(paths=[str(media)]), stop_on_interrupt=True)
    after = await stash.stats()
    return (
        f"new: scenes {after.scene_count - before.scene_count},"
        f" images {after.image_count - before.image_count},"
        f" galleries {after.gallery_count - before.gallery_count}"
    )


async def make_files(stash: StashClient) -> str:
    job = await stash.generate(
        covers=True,
        sprites=True,
        previews=True,
        image_previews=True,
        markers=True,
        transcodes=True,
        phashes=True,
        interactive_heatmaps_speeds=True,
        image_thumbnails=True,
        clip_previews=True,
    )
    finished = await follow(job, stop_on_interrupt=True)
    return f"job {finished.id} is {finished.status}"


async def back_up(stash: StashClient, folder: Path) -> str:
    path = await stash.backup(to=folder / "backup.sqlite")
    if path.read_bytes()[:15] != b"SQLite format 3":
        raise CommandError(f"the backup at {path} is no SQLite database.")
    return f"{path}, {size(path.stat().st_size)}"


async def studios(stash: StashClient) -> str:
    found = await stash.all_studios()
    print_studios(found)
    return f"{len(found)} studios"


async def jobs(stash: StashClient) -> str:
    queue = await stash.job_queue() or []
    print_jobs(queue)
    return f"{len(queue)} jobs"


async def scrape(stash: StashClient, query: str) -> str:
    stash.freeones.min_interval = 0.2
    names = await stash.freeones.search(query)
    print_pairs(attributes(await stash.freeones.performer(names[0])))
    return f"{query!r} lists {', '.join(names)}"


async def status(stash: StashClient) -> str:
    system = await print_status(stash)
    return f"{stash.url} is {system.status}"
