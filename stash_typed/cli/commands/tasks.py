"""`stash-typed scan` and `generate`: start a task, wait for it, show how it goes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, cast

import typer

from ..connection import Server, connected
from ..errors import UsageError
from ..terminal.output import as_json, duration, print_json, print_text, say
from ..terminal.progress import follow

if TYPE_CHECKING:
    from stash_typed_graphql.task_arguments import GenerateMetadataArguments, ScanMetadataArguments

    from stash_typed.jobs.job import Job

__all__ = ["generate", "scan"]

_NoWait = Annotated[bool, typer.Option("--no-wait", help="Do not wait: print the job's id and go.")]
_Json = Annotated[bool, typer.Option("--json", help="Print the finished job as JSON.")]


@connected
async def scan(
    server: Server,
    *,
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files or folders to scan, as the server sees them; the whole library if none."
        ),
    ] = None,
    rescan: Annotated[
        bool, typer.Option("--rescan", help="Read files again that have not changed.")
    ] = False,
    covers: Annotated[bool, typer.Option("--covers", help="Make scenes' covers.")] = False,
    previews: Annotated[bool, typer.Option("--previews", help="Make scenes' previews.")] = False,
    image_previews: Annotated[
        bool, typer.Option("--image-previews", help="Make scenes' animated image previews.")
    ] = False,
    sprites: Annotated[bool, typer.Option("--sprites", help="Make scenes' sprites.")] = False,
    phashes: Annotated[
        bool, typer.Option("--phashes", help="Make perceptual hashes of scenes.")
    ] = False,
    thumbnails: Annotated[
        bool, typer.Option("--thumbnails", help="Make images' thumbnails.")
    ] = False,
    clip_previews: Annotated[
        bool, typer.Option("--clip-previews", help="Make image clips' previews.")
    ] = False,
    no_wait: _NoWait = False,
    json: _Json = False,
) -> None:
    """Scan the library for new and changed files. Ctrl-C stops the scan on the server."""
    wanted = {
        "rescan": rescan,
        "scan_generate_covers": covers,
        "scan_generate_previews": previews,
        "scan_generate_image_previews": image_previews,
        "scan_generate_sprites": sprites,
        "scan_generate_phashes": phashes,
        "scan_generate_thumbnails": thumbnails,
        "scan_generate_clip_previews": clip_previews,
        "paths": paths,
    }
    options = cast("ScanMetadataArguments", _given(wanted))
    async with server.client() as stash:
        await _see_through(await stash.scan(**options), wait=not no_wait, json=json)


@connected
async def generate(
    server: Server,
    *,
    covers: Annotated[bool, typer.Option("--covers", help="Scenes' covers.")] = False,
    sprites: Annotated[bool, typer.Option("--sprites", help="Scenes' sprites.")] = False,
    previews: Annotated[bool, typer.Option("--previews", help="Scenes' previews.")] = False,
    image_previews: Annotated[
        bool, typer.Option("--image-previews", help="Scenes' animated image previews.")
    ] = False,
    markers: Annotated[bool, typer.Option("--markers", help="Markers' previews.")] = False,
    transcodes: Annotated[
        bool, typer.Option("--transcodes", help="Copies that browsers can play.")
    ] = False,
    phashes: Annotated[bool, typer.Option("--phashes", help="Scenes' perceptual hashes.")] = False,
    interactive_heatmaps_speeds: Annotated[
        bool,
        typer.Option("--interactive-heatmaps-speeds", help="Interactive scenes' heat maps."),
    ] = False,
    image_thumbnails: Annotated[
        bool, typer.Option("--image-thumbnails", help="Images' thumbnails.")
    ] = False,
    clip_previews: Annotated[
        bool, typer.Option("--clip-previews", help="Image clips' previews.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="All of these.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Make again what is there already.")
    ] = False,
    scene_id: Annotated[
        list[str] | None,
        typer.Option(help="Only for this scene; may be repeated.", metavar="ID"),
    ] = None,
    no_wait: _NoWait = False,
    json: _Json = False,
) -> None:
    """Generate supporting files; say which. Ctrl-C stops the task on the server."""
    kinds = {
        "covers": covers,
        "sprites": sprites,
        "previews": previews,
        "image_previews": image_previews,
        "markers": markers,
        "transcodes": transcodes,
        "phashes": phashes,
        "interactive_heatmaps_speeds": interactive_heatmaps_speeds,
        "image_thumbnails": image_thumbnails,
        "clip_previews": clip_previews,
    }
    if everything:
        kinds = dict.fromkeys(kinds, True)
    if not any(kinds.values()):
        names = ", ".join(f"--{kind.replace('_', '-')}" for kind in kinds)
        raise UsageError(f"say what to generate: one or more of {names}, or --all.")
    options = cast("GenerateMetadataArguments", _given({**kinds, "overwrite": overwrite}))
    if scene_id:
        options["scene_ids"] = scene_id
    async with server.client() as stash:
        await _see_through(await stash.generate(**options), wait=not no_wait, json=json)


def _given(wanted: Mapping[str, object]) -> dict[str, object]:
    """Leave out what was not asked for: an older server may not know the field."""
    return {name: value for name, value in wanted.items() if value}


async def _see_through(job: Job, *, wait: bool, json: bool) -> None:
    if not wait:
        print_text(job.id)
        return
    started = time.monotonic()
    finished = await follow(job, stop_on_interrupt=True)
    say(f"Job {job.id} finished in {duration(time.monotonic() - started)}.")
    if json:
        print_json(as_json(finished))
