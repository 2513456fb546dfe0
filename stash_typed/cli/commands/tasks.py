"""`stash-typed scan` and `generate`: start a task, and show how it goes until it ends."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Coroutine, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from ..connection import Server, connected
from ..errors import UsageError
from ..terminal.output import duration, print_json, print_text, say
from ..terminal.progress import follow

if TYPE_CHECKING:
    from stash_typed_graphql.task_arguments import GenerateMetadataArguments, ScanMetadataArguments

    from stash_typed.jobs.job import Job

    Command = Callable[..., Coroutine[Any, Any, None]]

__all__ = ["generate", "scan"]

_NoWait = Annotated[
    bool, typer.Option("--no-wait", help="Print the job's id instead of waiting for the job.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print the finished job as JSON.")]

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
_GENERATE = {
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


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _with_flags(texts: Mapping[str, str]) -> Callable[[Command], Command]:
    """Put an option for each name in place of the parameter `flags`; it gets the names given."""

    def decorate(function: Command) -> Command:
        parameters: list[inspect.Parameter] = []
        for parameter in inspect.signature(function, eval_str=True).parameters.values():
            if parameter.name != "flags":
                parameters.append(parameter)
                continue
            for name, text in texts.items():
                option = Annotated[bool, typer.Option(_option(name), help=text)]
                parameters.append(parameter.replace(name=name, annotation=option, default=False))

        @wraps(function)
        async def command(server: Server, **given: Any) -> None:
            flags = [name for name in texts if given.pop(name)]
            await function(server, flags=flags, **given)

        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads it
        return command

    return decorate


@connected
@_with_flags(_SCAN)
async def scan(
    server: Server,
    *,
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files or folders to scan, as the server sees them (default: the whole library)."
        ),
    ] = None,
    flags: list[str],
    no_wait: _NoWait = False,
    json: _Json = False,
) -> None:
    """Scan the library for new and changed files. Ctrl-C stops the scan on the server."""
    # Only what was asked for is sent: an older server may not know the rest.
    wanted: dict[str, object] = {
        name if name == "rescan" else f"scan_generate_{name}": True for name in flags
    }
    if paths:
        wanted["paths"] = paths
    async with server.client() as stash:
        job = await stash.scan(**cast("ScanMetadataArguments", wanted))
        await _see_through(job, wait=not no_wait, json=json)


@connected
@_with_flags(_GENERATE)
async def generate(
    server: Server,
    *,
    flags: list[str],
    everything: Annotated[bool, typer.Option("--all", help="All of these.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Generate again what exists.")
    ] = False,
    scene_id: Annotated[
        list[str] | None,
        typer.Option(help="Only for this scene; may be repeated.", metavar="ID"),
    ] = None,
    no_wait: _NoWait = False,
    json: _Json = False,
) -> None:
    """Generate supporting files of the given kinds. Ctrl-C stops the task on the server."""
    kinds = list(_GENERATE) if everything else flags
    if not kinds:
        names = ", ".join(map(_option, _GENERATE))
        raise UsageError(f"say what to generate: one or more of {names}, or --all.")
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
