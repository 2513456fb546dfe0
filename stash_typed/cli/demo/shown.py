"""The parts of the demonstration: each does one thing with a server and shows what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stash_typed.cli.commands.introspect import sdl_from_server
from stash_typed.cli.commands.jobs import print_jobs
from stash_typed.cli.commands.scrape import attributes
from stash_typed.cli.commands.status import print_status
from stash_typed.cli.commands.studios import print_studios
from stash_typed.cli.errors import CommandError
from stash_typed.cli.terminal.output import print_pairs, size
from stash_typed.cli.terminal.progress import follow

if TYPE_CHECKING:
    from stash_typed.client import StashClient

    from .repository import Repository
    from .steps import Steps

__all__ = [
    "back_up",
    "introspect",
    "jobs",
    "make_files",
    "regenerate",
    "scan",
    "scrape",
    "status",
    "studios",
]

REGENERATION = "Regenerate the client and compare it"


async def introspect(steps: Steps, stash: StashClient) -> str:
    """Ask for the schema; give it as SDL."""
    with steps.step("Introspect the server's schema") as step:
        sdl = await sdl_from_server(stash)
        lines = sdl.splitlines()
        types = sum(line.endswith("{") for line in lines)
        step.result = f"{lines[0].split(',')[0].lstrip('# ')}: {types} types, {len(lines)} lines"
    return sdl


def regenerate(steps: Steps, repository: Repository, sdl: str, folder: Path) -> None:
    """Generate the client anew; it must be what is committed."""
    with steps.step(REGENERATION) as step:
        target = folder / "regenerated"
        target.mkdir()
        step.result = f"all {repository.regenerate(sdl, target)} files are what is committed"


async def scan(steps: Steps, stash: StashClient, media: Path) -> None:
    """Scan a folder and count what it brought."""
    with steps.step("Scan the media folder") as step:
        before = await stash.stats()
        await follow(await stash.scan(paths=[str(media)]), stop_on_interrupt=True)
        after = await stash.stats()
        step.result = (
            f"new: scenes {after.scene_count - before.scene_count},"
            f" images {after.image_count - before.image_count},"
            f" galleries {after.gallery_count - before.gallery_count}"
        )


async def make_files(steps: Steps, stash: StashClient) -> None:
    """Generate all kinds of supporting files."""
    with steps.step("Generate supporting files") as step:
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
        step.result = f"job {finished.id} is {finished.status}"


async def back_up(steps: Steps, stash: StashClient, folder: Path) -> None:
    """Stream a backup of the database into a file."""
    with steps.step("Back the database up into a file") as step:
        path = await stash.backup(to=folder / "backup.sqlite")
        if path.read_bytes()[:15] != b"SQLite format 3":
            raise CommandError(f"the backup at {path} is no SQLite database.")
        step.result = f"{path}, {size(path.stat().st_size)}"


async def studios(steps: Steps, stash: StashClient) -> None:
    """List the studios in a table."""
    with steps.step("List the studios") as step:
        found = await stash.all_studios()
        print_studios(found)
        step.result = f"{len(found)} studios"


async def jobs(steps: Steps, stash: StashClient) -> None:
    """List the jobs that run or wait."""
    with steps.step("List the jobs") as step:
        queue = await stash.job_queue() or []
        print_jobs(queue)
        step.result = f"{len(queue)} jobs"


async def scrape(steps: Steps, stash: StashClient, query: str) -> None:
    """Look a performer up, and show the first one's attributes."""
    with steps.step("Look a performer up at Freeones") as step:
        stash.freeones.min_interval = 0.2
        names = await stash.freeones.search(query)
        print_pairs(attributes(await stash.freeones.performer(names[0])))
        step.result = f"{query!r} lists {', '.join(names)}"


async def status(steps: Steps, stash: StashClient) -> None:
    """Show version, state, library and jobs."""
    with steps.step("Show the server's status") as step:
        system = await print_status(stash, json=False)
        step.result = f"{stash.url} is {system.status}"
