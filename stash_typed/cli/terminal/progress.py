"""A job as it goes: a bar on a terminal, plain lines elsewhere, and what Ctrl-C means."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stash_typed._runtime.foreign_text import one_line

from .output import error_console, say
from .streams import guarded

if TYPE_CHECKING:
    from rich.console import Console

    from stash_typed import models
    from stash_typed.jobs.job import Job

    Show = Callable[[models.Job], None]

__all__ = ["PlainProgress", "doing", "follow"]

_STOP_TIMEOUT = 10.0
"""Seconds that the server gets to take note that a job is to stop."""


async def follow(job: Job, *, stop_on_interrupt: bool) -> models.Job:
    """Wait for a job and show how it goes.

    Args:
        job: the job.
        stop_on_interrupt: whether Ctrl-C stops the job, or only the waiting for it.

    Returns:
        The finished job.

    Raises:
        JobError: it failed, was stopped, or nobody knows it.
    """
    try:
        with _display(job.id) as show:
            return await job.wait(on_update=show)
    except asyncio.CancelledError:
        # Ctrl-C: this task may still talk to the server before it ends.
        if stop_on_interrupt:
            await _stop(job)
        else:
            say(f"Job {job.id} goes on on the server.")
        raise


async def _stop(job: Job) -> None:
    from stash_typed.errors import StashError

    try:
        await asyncio.wait_for(job.cancel(), _STOP_TIMEOUT)
    except (StashError, asyncio.TimeoutError) as error:
        reason = str(error) or f"no answer in {_STOP_TIMEOUT:g} seconds"
        say(
            f"The server could not be told to stop job {job.id}: {reason}\n"
            f"It may go on there: stop it with `stash-typed jobs stop {job.id}`."
        )
    else:
        say(f"Interrupted: the server was told to stop job {job.id}; it does so within seconds.")


@contextmanager
def _display(job_id: str) -> Generator[Show, None, None]:
    console = error_console()
    if not console.is_interactive:
        yield PlainProgress(job_id).show
        return
    with _bar(console, job_id) as show:
        yield show


@contextmanager
def _bar(console: Console, job_id: str) -> Generator[Show, None, None]:
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
    )
    from rich.table import Column
    from rich.text import Text

    class Description(TextColumn):
        """Text of the server, which is no markup."""

        def render(self, task: object) -> Text:
            doing = one_line(str(getattr(task, "description", "")))
            return Text(doing, overflow="ellipsis", no_wrap=True)

    columns = (
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        Description("", table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis")),
    )
    # What is printed meanwhile is led above the bar by rich, and passes the guard before.
    with Progress(*columns, console=console, expand=True) as progress, guarded():
        task = progress.add_task(f"job {job_id}", total=None)

        def show(job: models.Job) -> None:
            ended = job.end_time is not None or job.status == "FINISHED"
            share = 1.0 if job.status == "FINISHED" else job.progress
            progress.update(
                task,
                description=unseen(job) or doing(job),
                total=1.0 if ended or share is not None else None,
                completed=share or 0.0,
            )

        yield show


class PlainProgress:
    """A job as lines: whenever what it does changes, at most one for each tenth of the way."""

    def __init__(self, job_id: str) -> None:
        """Start with nothing seen.

        Args:
            job_id: the job's id.
        """
        self._job_id = job_id
        self._last: tuple[object, ...] = ()

    def show(self, job: models.Job) -> None:
        """Print a line, when there is something new to say.

        Args:
            job: the job as it is now.
        """
        if trouble := unseen(job):
            self._last = ()
            say(f"job {self._job_id} {trouble}")
            return
        step = None if job.progress is None else int(job.progress * 10)
        state = (str(job.status), step)
        if state == self._last:
            return
        self._last = state
        share = "" if job.progress is None else f" {job.progress:4.0%}"
        say(f"job {self._job_id} {job.status}{share} {doing(job)}".rstrip())


def unseen(job: models.Job) -> str | None:
    """Say why a job cannot be seen just now, although it is waited for; None when it can.

    Args:
        job: the job as it was seen last.
    """
    from stash_typed.jobs.update import JobUpdate

    if not isinstance(job, JobUpdate) or job.interruption is None:
        return None
    return f"cannot be seen, and is waited for: {one_line(job.interruption.message)}"


def doing(job: models.Job) -> str:
    """Say what a job is doing.

    Args:
        job: the job as it is now.

    Returns:
        The steps that it is at, in one line; when it names none, what it is.
    """
    return one_line(", ".join(job.sub_tasks or ()) or job.description.rstrip("."))
