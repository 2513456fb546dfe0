"""What the demonstration does: all of it on a sandbox, its read-only part on a server of yours."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from stash_typed.cli.connection import Server, connected
from stash_typed.cli.errors import extra
from stash_typed.cli.terminal.output import print_text

from . import shown
from .media import make_media
from .repository import Repository
from .steps import Steps

if TYPE_CHECKING:
    from stash_typed.client import StashClient

__all__ = ["demo"]

_NO_REPOSITORY = "it needs the repository with its queries; this is an installed package"
_PACE = 0.03
"""Seconds that a step of a sandbox's task takes, so that there is a progress to be seen."""


@connected
async def demo(server: Server) -> None:
    """Show what this can do: on a sandbox, or read-only on the server that STASH_URL names."""
    steps = Steps()
    with tempfile.TemporaryDirectory(prefix="stash-typed-demo-") as name:
        folder = Path(name)
        if server.url or os.environ.get("STASH_URL", "").strip():
            await _on_your_server(steps, server, folder)
        else:
            await _on_a_sandbox(steps, folder)
    steps.summary()


async def _on_a_sandbox(steps: Steps, folder: Path) -> None:
    with extra("sandbox"):
        from stash_typed.sandbox import Sandbox
    media = folder / "media"
    media.mkdir()
    with steps.step("Make a small media folder") as step:
        step.result = f"{make_media(media)} files in {media}"
    key = secrets.token_urlsafe(24)
    sandbox = Sandbox(scenes=20, api_key=key, media=media, step_seconds=_PACE)
    async with AsyncExitStack() as stack:
        with extra("sandbox"), steps.step("Start a sandbox with an API key") as step:
            await stack.enter_async_context(sandbox)
            step.result = f"it answers at {sandbox.url}"
        stash = await stack.enter_async_context(Server(url=sandbox.url, api_key=key).client())
        await _everything(steps, stash, folder, media)


async def _everything(steps: Steps, stash: StashClient, folder: Path, media: Path) -> None:
    sdl = await shown.introspect(steps, stash)
    repository = Repository.around()
    if repository is None:
        steps.leave_out(shown.REGENERATION, _NO_REPOSITORY)
    else:
        shown.regenerate(steps, repository, sdl, folder)
    await shown.scan(steps, stash, media)
    await shown.make_files(steps, stash)
    await shown.back_up(steps, stash, folder)
    await shown.studios(steps, stash)
    await shown.scrape(steps, stash, "Ada")
    await shown.status(steps, stash)


async def _on_your_server(steps: Steps, server: Server, folder: Path) -> None:
    async with server.client() as stash:
        print_text(f"STASH_URL names {stash.url}: only what changes nothing there is done.")
        await shown.status(steps, stash)
        await shown.studios(steps, stash)
        await shown.jobs(steps, stash)
        sdl = await shown.introspect(steps, stash)
    repository = Repository.around()
    if repository is None:
        steps.leave_out(shown.REGENERATION, _NO_REPOSITORY)
    elif difference := repository.difference(sdl):
        steps.leave_out(shown.REGENERATION, difference)
    else:
        shown.regenerate(steps, repository, sdl, folder)
    for title, reason in _NOT_ON_YOURS:
        steps.leave_out(title, reason)


_NOT_ON_YOURS = (
    ("Scan the media folder", "it changes the library"),
    ("Generate supporting files", "it writes files on the server"),
    ("Back the database up into a file", "it writes a copy of your data to this machine"),
    ("Look a performer up at Freeones", "it makes the server ask a site on the internet"),
)
