"""The steps of the demo, in order."""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from collections.abc import Generator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from stash_typed._runtime.secret import Secret

from ..command import Server, connected
from ..commands.jobs import print_jobs
from ..commands.scrape import attributes
from ..commands.server import print_status
from ..commands.studios import print_studios
from ..commands.tasks import GENERATE
from ..errors import CommandError
from ..project import sdl_from_server
from ..terminal.output import duration, print_heading, print_pairs, print_table, print_text, size
from ..terminal.progress import follow
from .media import make_media
from .repository import difference, regenerate, repository

if TYPE_CHECKING:
    from stash_typed_graphql.task_arguments import GenerateMetadataArguments

    from stash_typed.client import StashClient

_NOT_ON_YOURS = {
    "Scan the media folder": "it changes the library",
    "Generate supporting files": "it writes files on the server",
    "Back up the database to a file": "it writes a copy of your data to this machine",
    "Look up a performer on Freeones": "it makes the server contact a site on the internet",
}
_PACE = 0.03
"""Seconds per step of the sandbox's tasks, so that progress is visible."""


@connected
async def demo(server: Server) -> None:
    """Show what stash-typed can do, on a sandbox. With --url or STASH_URL, read-only on that server."""
    steps = _Steps()
    with tempfile.TemporaryDirectory(prefix="stash-typed-demo-") as name:
        if server.url or os.environ.get("STASH_URL", "").strip():
            await _on_your_server(steps, server, Path(name))
        else:
            await _on_a_sandbox(steps, Path(name))
    steps.summary()


async def _on_a_sandbox(steps: _Steps, folder: Path) -> None:
    from stash_typed.sandbox import Sandbox

    media, key = folder / "media", Secret(secrets.token_urlsafe(24))
    media.mkdir()
    with steps.step("Make a small media folder") as step:
        step.result = f"{make_media(media)} files in {media}"
    sandbox = Sandbox(scenes=20, api_key=key, media=media, step_seconds=_PACE)
    async with AsyncExitStack() as stack:
        with steps.step("Start a sandbox with an API key") as step:
            await stack.enter_async_context(sandbox)
            step.result = f"running at {sandbox.url}"
        stash = await stack.enter_async_context(Server(url=sandbox.url, api_key=key).client())
        await _introspect_and_regenerate(steps, stash, folder)
        with steps.step("Scan the media folder") as step:
            step.result = await _scan(stash, media)
        with steps.step("Generate supporting files") as step:
            kinds = cast("GenerateMetadataArguments", dict.fromkeys(GENERATE, True))
            finished = await follow(await stash.generate(**kinds), stop_on_interrupt=True)
            step.result = f"job {finished.id} is {finished.status}"
        with steps.step("Back up the database to a file") as step:
            step.result = await _back_up(stash, folder)
        await _studios(steps, stash)
        with steps.step("Look up a performer on Freeones") as step:
            stash.freeones.min_interval = 0.2
            names = await stash.freeones.search("Ada")
            print_pairs(attributes(await stash.freeones.performer(names[0])))
            step.result = f"'Ada' lists {', '.join(names)}"
        await _status(steps, stash)


async def _on_your_server(steps: _Steps, server: Server, folder: Path) -> None:
    async with server.client() as stash:
        print_text(f"Using your server at {stash.url}: only the read-only steps are run.")
        await _status(steps, stash)
        await _studios(steps, stash)
        with steps.step("List the jobs") as step:
            queue = await stash.job_queue() or []
            print_jobs(queue)
            step.result = f"{len(queue)} jobs"
        await _introspect_and_regenerate(steps, stash, folder)
    for title, reason in _NOT_ON_YOURS.items():
        steps.leave_out(title, reason)


async def _introspect_and_regenerate(steps: _Steps, stash: StashClient, folder: Path) -> None:
    schema = folder / "schema.graphql"
    with steps.step("Introspect the server's schema") as step:
        sdl = await sdl_from_server(stash)
        schema.write_text(sdl, encoding="utf-8")
        lines = sdl.splitlines()
        types = sum(line.endswith("{") for line in lines)
        release = lines[0].partition(",")[0].lstrip("# ")
        step.result = f"{release}: {types} types, {len(lines)} lines"
    title, root = "Regenerate the client and compare it", repository()
    if root is None:
        steps.leave_out(
            title, "it needs the repository with its queries; this is an installed package"
        )
    elif reason := difference(root, schema):
        steps.leave_out(title, reason)
    else:
        with steps.step(title) as step:
            step.result = f"all {regenerate(root, schema)} files are as committed"


async def _scan(stash: StashClient, media: Path) -> str:
    before = await stash.stats()
    await follow(await stash.scan(paths=[str(media)]), stop_on_interrupt=True)
    after = await stash.stats()
    return (
        f"new: scenes {after.scene_count - before.scene_count},"
        f" images {after.image_count - before.image_count},"
        f" galleries {after.gallery_count - before.gallery_count}"
    )


async def _back_up(stash: StashClient, folder: Path) -> str:
    path = await stash.backup(to=folder / "backup.sqlite")
    if path.read_bytes()[:15] != b"SQLite format 3":
        raise CommandError(f"the backup at {path} is not an SQLite database.")
    return f"{path}, {size(path.stat().st_size)}"


async def _studios(steps: _Steps, stash: StashClient) -> None:
    with steps.step("List the studios") as step:
        found = await stash.all_studios()
        print_studios(found)
        step.result = f"{len(found)} studios"


async def _status(steps: _Steps, stash: StashClient) -> None:
    with steps.step("Show the server's status") as step:
        system = await print_status(stash)
        step.result = f"{stash.url} is {system.status}"


@dataclass
class _Step:
    """One step. `seconds` is None if it was skipped."""

    title: str
    result: str = ""
    seconds: float | None = None


class _Steps:
    def __init__(self) -> None:
        self._done: list[_Step] = []

    @contextmanager
    def step(self, title: str) -> Generator[_Step, None, None]:
        step = self._begin(title)
        started = time.monotonic()
        yield step
        step.seconds = time.monotonic() - started
        print_text(f"{step.result} ({duration(step.seconds)})")

    def leave_out(self, title: str, reason: str) -> None:
        self._begin(title).result = f"left out: {reason}"
        print_text(f"Left out: {reason}.")

    def summary(self) -> None:
        print_heading("Summary")
        rows = (
            (step.title, step.result, None if step.seconds is None else duration(step.seconds))
            for step in self._done
        )
        print_table(("step", "result", "time#"), rows)
        times = [step.seconds for step in self._done if step.seconds is not None]
        left = len(self._done) - len(times)
        print_text(f"{len(times)} steps done, {left} left out, in {duration(sum(times))}.")

    def _begin(self, title: str) -> _Step:
        step = _Step(title)
        self._done.append(step)
        print_heading(f"{len(self._done)}. {title}")
        return step
