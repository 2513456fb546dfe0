"""The life of a job, as queries and subscriptions show it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.sync.connection import Connection

from stash_typed.sandbox import Sandbox
from stash_typed.sandbox.jobs import JobEvent
from tests.sandbox.asking import ask, error, run_job, socket_to, subscribe

_JOB = "{ id status subTasks description progress startTime endTime addTime error }"
_EVENTS = f"subscription {{ jobsSubscribe {{ type job {_JOB} }} }}"
_FIND = f"query($i: FindJobInput!) {{ findJob(input: $i) {_JOB} }}"
_GENERATE = "mutation { metadataGenerate(input: { covers: true, phashes: true, overwrite: true }) }"
_FAILING = 'mutation { runPluginTask(plugin_id: "none", task_name: "Do it") }'


@pytest.fixture(name="server")
def _server() -> Iterator[Sandbox]:
    with Sandbox(scenes=3) as server:
        yield server


def _find(server: Sandbox, job_id: str) -> Any:
    return ask(server, _FIND, i={"id": job_id})


def _events(socket: Connection) -> Iterator[Any]:
    while True:
        frame = json.loads(socket.recv(10))
        assert frame["type"] == "next"
        yield frame["payload"]["data"]["jobsSubscribe"]


def _start_held(server: Sandbox) -> str:
    """Start a job that stands still in its first step."""
    server.faults.hold_tasks()
    running = threading.Event()

    def hear(event: JobEvent) -> None:
        if event.job.subTasks:
            running.set()

    end = server.state.jobs.listen(hear)
    job_id: str = ask(server, _GENERATE)
    assert running.wait(10)
    end()
    return job_id


def test_a_job_runs_from_ready_to_finished(server: Sandbox) -> None:
    server.state.jobs.update_seconds = 0
    with socket_to(server) as socket:
        subscribe(socket, _EVENTS)
        job_id = ask(server, _GENERATE)
        seen: list[Any] = []
        for event in _events(socket):
            seen.append(event)
            if event["type"] == "REMOVE":
                break
    assert [seen[0]["type"], seen[0]["job"]["status"]] == ["ADD", "READY"]
    assert seen[0]["job"]["startTime"] is None
    assert {each["type"] for each in seen[1:-1]} == {"UPDATE"}
    assert {each["job"]["status"] for each in seen[1:-1]} == {"RUNNING"}
    last = seen[-1]["job"]
    assert (last["status"], last["progress"], last["subTasks"]) == ("FINISHED", 1, None)
    assert last["addTime"] <= last["startTime"] <= last["endTime"]
    progress = [each["job"]["progress"] for each in seen if each["job"]["progress"] is not None]
    assert progress == sorted(progress)
    assert len(set(progress)) == 7
    assert _find(server, job_id) == last


def test_updates_that_come_too_fast_are_left_out_but_never_the_end(server: Sandbox) -> None:
    server.state.jobs.update_seconds = 60
    with socket_to(server) as socket:
        subscribe(socket, _EVENTS)
        ask(server, _GENERATE)
        seen: list[str] = []
        for event in _events(socket):
            seen.append(event["type"])
            if event["type"] == "REMOVE":
                break
    assert seen[0] == "ADD"
    assert len(seen) <= 6


def test_a_running_job_stops_through_stopping(server: Sandbox) -> None:
    job_id = _start_held(server)
    (queued,) = ask(server, f"{{ jobQueue {_JOB} }}")
    assert queued["status"] == "RUNNING"
    assert len(queued["subTasks"]) == 1
    assert ask(server, f'mutation {{ stopJob(job_id: "{job_id}") }}') is True
    assert _find(server, job_id)["status"] == "STOPPING"
    with socket_to(server) as socket:
        subscribe(socket, _EVENTS)
        server.faults.release_tasks()
        last = next(event for event in _events(socket) if event["type"] == "REMOVE")
    assert last["job"]["status"] == "CANCELLED"
    assert last["job"]["error"] is None
    assert ask(server, f"{{ jobQueue {_JOB} }}") is None


def test_a_waiting_job_is_cancelled_at_once(server: Sandbox) -> None:
    first = _start_held(server)
    second = ask(server, _GENERATE)
    assert [each["id"] for each in ask(server, "{ jobQueue { id } }")] == [first, second]
    assert _find(server, second)["status"] == "READY"
    ask(server, f'mutation {{ stopJob(job_id: "{second}") }}')
    cancelled = _find(server, second)
    assert (cancelled["status"], cancelled["startTime"]) == ("CANCELLED", None)
    assert _find(server, first)["status"] == "RUNNING"


def test_all_jobs_can_be_stopped_together(server: Sandbox) -> None:
    first = _start_held(server)
    second = ask(server, _GENERATE)
    assert ask(server, "mutation { stopAllJobs }") is True
    assert _find(server, first)["status"] == "STOPPING"
    assert _find(server, second)["status"] == "CANCELLED"


def test_a_failed_job_says_why(server: Sandbox) -> None:
    job = run_job(server, _FAILING)
    found = _find(server, job.id)
    assert found["status"] == "FAILED"
    assert found["error"] == "Error creating plugin task: no plugin with ID none"
    assert found["description"] == "Running plugin task: Do it"
    (line,) = [
        each["message"]
        for each in ask(server, "{ logs { level message } }")
        if each["level"] == "Error"
    ]
    assert "no plugin with ID none" in line


def test_only_the_last_ten_ended_jobs_are_remembered(server: Sandbox) -> None:
    ids = [run_job(server, _FAILING).id for _ in range(11)]
    assert _find(server, ids[0]) is None
    assert all(_find(server, each) is not None for each in ids[1:])


def test_unknown_and_bad_ids(server: Sandbox) -> None:
    assert _find(server, "99999") is None
    assert ask(server, 'mutation { stopJob(job_id: "99999") }') is True
    bad = 'parsing "x": invalid syntax'
    assert error(server, _FIND, i={"id": "x"}) == f"strconv.Atoi: {bad}"
    assert error(server, 'mutation { stopJob(job_id: "x") }') == (
        f"converting id: strconv.Atoi: {bad}"
    )


def test_a_restart_forgets_jobs_and_counts_anew(server: Sandbox) -> None:
    run_job(server, _FAILING)
    _start_held(server)
    server.restart()
    assert _find(server, "1") is None
    assert ask(server, "{ jobQueue { id } }") is None
    assert run_job(server, _GENERATE).id == "1"


def test_a_sandbox_stops_while_a_job_is_held() -> None:
    with Sandbox(scenes=3) as server:
        _start_held(server)
    assert not [each for each in threading.enumerate() if each.name.startswith("sandbox-")]
