"""Plain requests to a sandbox, so that its tests stand on no client."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import httpx
from websockets.sync.client import connect
from websockets.sync.connection import Connection
from websockets.typing import Subprotocol

from stash_typed.sandbox import Sandbox
from stash_typed.sandbox.jobs import Job, JobEvent

__all__ = ["answer", "ask", "client", "error", "run_job", "socket_to", "subscribe"]


def client(server: Sandbox, **headers: str) -> httpx.Client:
    """Give a client on a sandbox, without any credentials but those given as headers."""
    return httpx.Client(base_url=server.url, headers=headers, trust_env=False)


def answer(server: Sandbox, query: str, **variables: Any) -> dict[str, Any]:
    """Give the whole GraphQL answer."""
    headers = {} if server.api_key is None else {"ApiKey": server.api_key}
    with client(server, **headers) as http:
        response = http.post("/graphql", json={"query": query, "variables": variables})
    assert response.content, f"HTTP {response.status_code} without a body"
    result: dict[str, Any] = response.json()
    return result


def ask(server: Sandbox, query: str, **variables: Any) -> Any:
    """Give the value of the one root field asked for."""
    given = answer(server, query, **variables)
    assert "errors" not in given, given["errors"]
    (value,) = given["data"].values()
    return value


def error(server: Sandbox, query: str, **variables: Any) -> str:
    """Give the message of the one error that a request ends in."""
    (one,) = answer(server, query, **variables)["errors"]
    return str(one["message"])


def run_job(server: Sandbox, mutation: str, **variables: Any) -> Job:
    """Start a task and wait for its end."""
    ended = threading.Event()
    jobs: dict[str, Job] = {}

    def hear(event: JobEvent) -> None:
        if event.type == "REMOVE":
            jobs[event.job.id] = event.job
            ended.set()

    end = server.state.jobs.listen(hear)
    job_id = ask(server, mutation, **variables)
    while job_id not in jobs:
        assert ended.wait(20), f"job {job_id} did not end"
        ended.clear()
    end()
    return jobs[job_id]


@contextmanager
def socket_to(server: Sandbox, **headers: str) -> Generator[Connection]:
    """Give an open WebSocket that was greeted."""
    with connect(
        server.url.replace("http", "ws", 1) + "/graphql",
        subprotocols=[Subprotocol("graphql-transport-ws")],
        additional_headers=headers,
        proxy=None,
        open_timeout=10,
    ) as socket:
        socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(socket.recv(10)) == {"type": "connection_ack"}
        yield socket


def subscribe(socket: Connection, query: str, identity: str = "1") -> None:
    """Subscribe, and return once the server took it."""
    frame = {"id": identity, "type": "subscribe", "payload": {"query": query}}
    socket.send(json.dumps(frame))
    socket.send(json.dumps({"type": "ping"}))
    assert json.loads(socket.recv(10)) == {"type": "pong"}
