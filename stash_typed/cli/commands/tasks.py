"""`stash-typed scan` and `generate`: start a task, and show its progress until it ends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, cast

from ..command import Server, argument, connected, flag, option
from ..errors import UsageError
from ..terminal.output import duration, print_json, print_text, say
from ..terminal.progress import follow

if TYPE_CHECKING:
    from stash_typed_graphql.task_arguments import GenerateMetadataArguments, ScanMetadataArguments

    from stash_typed.jobs.job import Job

_NoWait = Annotated[bool, option("Print the job's id instead of waiting for the job.", "--no-wait")]
_Json = Annotated[bool, option("Print the finished job as JSON.", "--json")]

_SCAN = {
    "rescan": "Read unchanged files again.",
    "covers": "Generate scene covers.",
    "previews": "Generate scene previews.",
    "image_previews": "Generate animated image previews of scenes.",
    "sprites": "Generate scene sprites.",
    "phashes": "Generate perceptual hashes of scenes.",
    "thumbnails": "Generate image thumbnails.",
    "clip_previews": "Generate previews of image clips.",
}
GENERATE = {
    "covers": "Scene covers.",
    "sprites": "Scene sprites.",
    "previews": "Scene previews.",
    "image_previews": "Animated image previews of scenes.",
    "markers": "Marker previews.",
    "transcodes": "Copies that browsers can play.",
    "phashes": "Perceptual hashes of scenes.",
    "interactive_heatmaps_speeds": "Heatmaps of interactive scenes.",
    "image_thumbnails": "Image thumbnails.",
    "clip_previews": "Previews of image clips.",
}


@connected
async def scan(
    server: Server,
    *,
    paths: Annotated[
        list[str] | None,
        argument("Files or folders to scan, as the server sees them (default: the whole library)."),
    ] = None,
    flags: Annotated[list[str], _SCAN],
    no_wait: _NoWait = False,
    json: _Json = False,
) -> None:
    """Scan the library for new and changed files. Ctrl-C stops the scan on the server."""
    # Only requested options are sent: an older server may not know the others.
    wanted: dict[str, object] = {
        name if name == "rescan" else f"scan_generate_{name}": True for name in flags
    }
    if paths:
        wanted["paths"] = paths
    async with server.client() as stash:
        job = await stash.scan(**cast("ScanMetadataArguments", wanted))
        await _see_through(job, wait=not no_wait, json=json)


@connected
async def generate(
    server: Server,
    *,
    flags: Annotated[list[str], GENERATE],
    everything: Annotated[bool, option("All kinds.", "--all")] = False,
    overwrite: Annotated[bool, option("Replace existing files.", "--overwrite")] = False,
    scene_id: Annotated[
        list[str] | None, option("Only for this scene; may be repeated.", metavar="ID")
    ] = None,
    no_wait: _NoWait = False,
    json: _Json = False,
) -> None:
    """Generate supporting files of the given kinds. Ctrl-C stops the task on the server."""
    kinds = list(GENERATE) if everything else flags
    if not kinds:
        names = ", ".join(map(flag, GENERATE))
        raise UsageError(f"nothing to generate: use one or more of {names}, or --all.")
    wanted: dict[str, object] = dict.fromkeys(kinds, True)
    if overwrite:
        wanted["overwrite"] = True
    if scene_id:
        wanted["scene_ids"] = scene_id
    async with server.client() as stash:
        job = await stash.generate(**cast("GenerateMetadataArguments", wanted))
        await _see_through(job, wait=not no_wait, json=json)


async def _see_through(job: Job, *, wait: bool, json: bool) -> None:
    if not wait:
        print_text(job.id)
        return
    started = time.monotonic()
    finished = await follow(job, stop_on_interrupt=True)
    say(f"Job {job.id} finished in {duration(time.monotonic() - started)}.")
    if json:
        print_json(finished)
