"""`stash-typed jobs`: the server's background jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..command import Json, Server, argument, connected, run_to_end, with_server
from ..errors import CommandError
from ..terminal.output import print_json, print_table, say
from ..terminal.progress import doing, follow

if TYPE_CHECKING:
    from stash_typed import models

app: typer.Typer = typer.Typer(invoke_without_command=True)

_JobId = Annotated[str, argument("The job's id, as `jobs` lists it.", "ID")]
_ENDED = {"FINISHED", "CANCELLED", "FAILED"}


@app.callback()
@with_server
def jobs(server: Server, ctx: typer.Context, *, json: Json = False) -> None:
    """List, watch and stop the server's jobs."""
    if ctx.invoked_subcommand is None:
        run_to_end(_list(server.with_password(), json=json))


@app.command("list")
@connected
async def list_jobs(server: Server, *, json: Json = False) -> None:
    """List the running and waiting jobs."""
    await _list(server, json=json)


@app.command()
@connected
async def stop(server: Server, *, job_id: _JobId) -> None:
    """Stop a job."""
    async with server.client() as stash:
        handle = stash.job(job_id)
        job = await handle.look_up()
        if job is None:
            # The server would report success for any id.
            raise CommandError(
                f"{stash.url} knows no job {job_id}; it forgets all but the last ten that ended."
                " `stash-typed jobs` lists those that run or wait."
            )
        if job.status in _ENDED:
            say(f"Job {job_id} has already ended: {job.status}.")
            return
        await handle.cancel()
    say(f"The server was told to stop job {job_id}; it does so within seconds.")


@app.command()
@connected
async def watch(server: Server, *, job_id: _JobId, json: Json = False) -> None:
    """Watch a job until it ends. Ctrl-C stops watching, not the job."""
    async with server.client() as stash:
        finished = await follow(stash.job(job_id), stop_on_interrupt=False)
    say(f"Job {job_id} is {finished.status}.")
    if json:
        print_json(finished)


async def _list(server: Server, *, json: bool) -> None:
    async with server.client() as stash:
        queue = await stash.job_queue() or []
    if json:
        print_json(queue)
    else:
        print_jobs(queue)


def print_jobs(queue: list[models.Job]) -> None:
    if queue:
        print_table(("id", "status", "progress#", "description", "started"), map(_row, queue))
    else:
        say("No jobs: nothing runs and nothing waits.")


def _row(job: models.Job) -> tuple[object, ...]:
    progress = None if job.progress is None else f"{job.progress:.0%}"
    started = None if job.start_time is None else f"{job.start_time:%Y-%m-%d %H:%M:%S %z}"
    return job.id, job.status, progress, doing(job), started
