"""The task queue, and the three subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.feeds import JobFeed, LogFeed, ScanFeed
from stash_typed.sandbox.graphql.registry import mutation, query, subscription
from stash_typed.sandbox.jobs import Job

__all__: list[str] = []


def _number(text: str) -> str:
    try:
        return str(int(text))
    except ValueError:
        raise AnswerError(f'strconv.Atoi: parsing "{text}": invalid syntax') from None


@query("findJob")
def find_job(_parent: None, info: GraphQLResolveInfo, *, input: Mapping[str, Any]) -> Job | None:
    """A job that waits, runs, or was among the last ten to end; else null."""
    return context_of(info).jobs.find(_number(input["id"]))


@query("jobQueue")
def job_queue(_parent: None, info: GraphQLResolveInfo) -> list[Job] | None:
    """The jobs that wait or run; null where there are none, as the server has it."""
    return context_of(info).jobs.queue() or None


@mutation("stopJob")
def stop_job(_parent: None, info: GraphQLResolveInfo, *, job_id: str) -> bool:
    """Ask a job to stop; true for unknown ids too."""
    try:
        context_of(info).jobs.stop(_number(job_id))
    except AnswerError as problem:
        raise AnswerError(f"converting id: {problem}") from None
    return True


@mutation("stopAllJobs")
def stop_all_jobs(_parent: None, info: GraphQLResolveInfo) -> bool:
    """Ask all jobs to stop."""
    context_of(info).jobs.stop_all()
    return True


@subscription("jobsSubscribe")
def jobs_subscribe(_parent: None, info: GraphQLResolveInfo) -> JobFeed:
    """Every job that is added, changed or removed."""
    return JobFeed(context_of(info).jobs)


@subscription("loggingSubscribe")
def logging_subscribe(_parent: None, info: GraphQLResolveInfo) -> LogFeed:
    """New log entries, in batches."""
    return LogFeed(context_of(info).state.log)


@subscription("scanCompleteSubscribe")
def scan_complete_subscribe(_parent: None, info: GraphQLResolveInfo) -> ScanFeed:
    """True each time that a scan has ended."""
    return ScanFeed(context_of(info).state.scan_listeners)
