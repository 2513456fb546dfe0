"""A job's progress, as a bar on a terminal or as lines elsewhere, and its handling of Ctrl-C."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stash_typed._runtime.foreign_text import one_line

from .output import console, say
from .streams import guarded

if TYPE_CHECKING:
    from rich.console import Console

    from stash_typed import models
    from stash_typed.jobs.job import Job

    Show = Callable[[models.Job], None]

_STOP_TIMEOUT = 10.0
"""Seconds to wait until the server confirms that it stops a job."""


async def follow(job: Job, *, stop_on_interrupt: bool) -> models.Job:
    """Wait for a job and show its progress. Ctrl-C stops the job, or only the wait for it."""
    terminal = console(sys.stderr)
    try:
        if not terminal.is_interactive:
            return await job.wait(on_update=PlainProgress(job.id).show)
        with _bar(terminal, job.id) as show:
            return await job.wait(on_update=show)
    except asyncio.CancelledError:
        # Ctrl-C: this task may still talk to the server before it ends.
        if stop_on_interrupt:
            await _stop(job)
        else:
            say(f"Job {job.id} continues on the server.")
        raise


async def _stop(job: Job) -> None:
    from stash_typed.errors import StashError

    try:
        await asyncio.wait_for(job.cancel(), _STOP_TIMEOUT)
    except (StashError, asyncio.TimeoutError) as error:
        reason = str(error) or f"no response within {_STOP_TIMEOUT:g} seconds"
        say(
            f"The server could not be told to stop job {job.id}: {reason}\n"
            f"It may still be running: stop it with `stash-typed jobs stop {job.id}`."
        )
    else:
        say(f"Interrupted: the server was told to stop job {job.id}; it does so within seconds.")


@contextmanager
def _bar(terminal: Console, job_id: str) -> Generator[Show, None, None]:
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
    )
    from rich.table import Column

    what = Column(ratio=1, no_wrap=True, overflow="ellipsis")
    columns = (
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False, table_column=what),
    )
    # Rich prints other output above the bar, after it has passed the guard.
    with Progress(*columns, console=terminal, expand=True) as progress, guarded():
        task = progress.add_task(one_line(f"job {job_id}"), total=None)

        def show(job: models.Job) -> None:
            ended = job.end_time is not None or job.status == "FINISHED"
            share = 1.0 if job.status == "FINISHED" else job.progress
            progress.update(
                task,
                description=_unseen(job) or doing(job),
                total=1.0 if ended or share is not None else None,
                completed=share or 0.0,
            )

        yield show


class PlainProgress:
    """A job's progress as lines: one for each change of its status and for each 10 %."""

    def __init__(self, job_id: str) -> None:
        self._job_id = job_id
        self._last: tuple[object, ...] = ()

    def show(self, job: models.Job) -> None:
        if trouble := _unseen(job):
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


def _unseen(job: models.Job) -> str | None:
    from stash_typed.jobs.update import JobUpdate

    if not isinstance(job, JobUpdate) or job.interruption is None:
        return None
    return f"cannot be reached, still waiting: {one_line(job.interruption.message)}"


def doing(job: models.Job) -> str:
    """Return a job's current steps in one line, or its description if it reports none."""
    return one_line(", ".join(job.sub_tasks or ()) or job.description.rstrip("."))
