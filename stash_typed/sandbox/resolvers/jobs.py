"""The task queue, and the three subscriptions."""

from __future__ import annotations

from ..graphql.context import Info, Input, context_of
from ..graphql.feeds import Feed, JobFeed, LogFeed
from ..graphql.inputs import number
from ..graphql.registry import mutation, query, subscription
from ..jobs import Job


@query("findJob")
def find_job(_parent: None, info: Info, *, input: Input) -> Job | None:
    """Return a job that waits, runs, or was among the last ten to end."""
    return context_of(info).jobs.find(str(number(input["id"])))


@query("jobQueue")
def job_queue(_parent: None, info: Info) -> list[Job] | None:
    """Return the queued and running jobs, or null without any, as the server does."""
    return context_of(info).jobs.queue() or None


@mutation("stopJob")
def stop_job(_parent: None, info: Info, *, job_id: str) -> bool:
    """Ask a job to stop; true for unknown ids too."""
    context_of(info).jobs.stop(str(number(job_id, "converting id")))
    return True


@mutation("stopAllJobs")
def stop_all_jobs(_parent: None, info: Info) -> bool:
    context_of(info).jobs.stop_all()
    return True


@subscription("jobsSubscribe")
def jobs_subscribe(_parent: None, info: Info) -> JobFeed:
    return JobFeed(context_of(info).jobs)


@subscription("loggingSubscribe")
def logging_subscribe(_parent: None, info: Info) -> LogFeed:
    return LogFeed(context_of(info).state.log)


@subscription("scanCompleteSubscribe")
def scan_complete_subscribe(_parent: None, info: Info) -> Feed[bool]:
    return Feed(context_of(info).state.scans_ended)
