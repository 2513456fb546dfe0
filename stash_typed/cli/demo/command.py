"""What the demo does, and in which order."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from stash_typed._runtime.secret import Secret

from ..connection import Server, connected
from ..errors import extra
from ..terminal.output import print_text
from . import parts
from .media import make_media
from .repository import difference, regenerate, repository
from .steps import Steps

__all__ = ["demo"]

_INTROSPECT = "Introspect the server's schema"
_REGENERATE = "Regenerate the client and compare it"
_STUDIOS = "List the studios"
_STATUS = "Show the server's status"
_NO_REPOSITORY = "it needs the repository with its queries; this is an installed package"
_PACE = 0.03
"""Seconds for each step of the sandbox's tasks, so that there is progress to be seen."""


@connected
async def demo(server: Server) -> None:
    """Show what stash-typed can do, on a sandbox. With --url or STASH_URL, read-only on that server."""
    steps = Steps()
    with tempfile.TemporaryDirectory(prefix="stash-typed-demo-") as name:
        if server.url or os.environ.get("STASH_URL", "").strip():
            await _on_your_server(steps, server, Path(name))
        else:
            await _on_a_sandbox(steps, Path(name))
    steps.summary()


async def _on_a_sandbox(steps: Steps, folder: Path) -> None:
    with extra("sandbox"):
        from stash_typed.sandbox import Sandbox
    media, key = folder / "media", Secret(secrets.token_urlsafe(24))
    media.mkdir()
    with steps.step("Make a small media folder") as step:
        step.result = f"{make_media(media)} files in {media}"
    sandbox = Sandbox(scenes=20, api_key=key, media=media, step_seconds=_PACE)
    async with AsyncExitStack() as stack:
        with extra("sandbox"), steps.step("Start a sandbox with an API key") as step:
            await stack.enter_async_context(sandbox)
            step.result = f"it answers at {sandbox.url}"
        stash = await stack.enter_async_context(Server(url=sandbox.url, api_key=key).client())
        await steps.run(_INTROSPECT, parts.introspect(stash, folder))
        _regenerate(steps, folder)
        await steps.run("Scan the media folder", parts.scan(stash, media))
        await steps.run("Generate supporting files", parts.make_files(stash))
        await steps.run("Back up the database to a file", parts.back_up(stash, folder))
        await steps.run(_STUDIOS, parts.studios(stash))
        await steps.run("Look up a performer on Freeones", parts.scrape(stash, "Ada"))
        await steps.run(_STATUS, parts.status(stash))


async def _on_your_server(steps: Steps, server: Server, folder: Path) -> None:
    async with server.client() as stash:
        print_text(f"STASH_URL names {stash.url}: only what changes nothing there is done.")
        await steps.run(_STATUS, parts.status(stash))
        await steps.run(_STUDIOS, parts.studios(stash))
        await steps.run("List the jobs", parts.jobs(stash))
        await steps.run(_INTROSPECT, parts.introspect(stash, folder))
    _regenerate(steps, folder)
    for title, reason in _NOT_ON_YOURS:
        steps.leave_out(title, reason)


_NOT_ON_YOURS = (
    ("Scan the media folder", "it changes the library"),
    ("Generate supporting files", "it writes files on the server"),
    ("Back up the database to a file", "it writes a copy of your data to this machine"),
    ("Look up a performer on Freeones", "it makes the server ask a site on the internet"),
)


def _regenerate(steps: Steps, folder: Path) -> None:
    root, schema = repository(), folder / "schema.graphql"
    if root is None:
        steps.leave_out(_REGENERATE, _NO_REPOSITORY)
    elif reason := difference(root, schema):
        steps.leave_out(_REGENERATE, reason)
    else:
        with steps.step(_REGENERATE) as step:
            step.result = f"all {regenerate(root, schema)} files are what is committed"
