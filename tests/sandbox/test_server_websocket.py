"""The `graphql-transport-ws` protocol, and the subscriptions that are not about jobs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.sync.connection import Connection
from websockets.typing import Subprotocol

from stash_typed.sandbox import Sandbox
from tests.sandbox.asking import ask, run_job, socket_to, subscribe

_SCAN = "mutation { metadataScan(input: {}) }"


@pytest.fixture(scope="module", name="server")
def _server() -> Iterator[Sandbox]:
    with Sandbox(scenes=2) as server:
        yield server


def _frame(socket: Any) -> Any:
    return json.loads(socket.recv(10))


def test_a_scan_that_ended_is_told(server: Sandbox) -> None:
    with socket_to(server) as socket:
        subscribe(socket, "subscription { scanCompleteSubscribe }")
        run_job(server, _SCAN)
        assert _frame(socket) == {
            "id": "1",
            "type": "next",
            "payload": {"data": {"scanCompleteSubscribe": True}},
        }


def test_the_log_comes_in_batches_of_what_is_new(server: Sandbox) -> None:
    with socket_to(server) as socket:
        subscribe(socket, "subscription { loggingSubscribe { time level message } }")
        run_job(server, _SCAN)
        entries: list[Any] = []
        while not any("Scan finished" in each["message"] for each in entries):
            entries += _frame(socket)["payload"]["data"]["loggingSubscribe"]
    assert entries[0]["message"] == "scanning 1 paths"
    assert {each["level"] for each in entries} == {"Info"}
    latest = ask(server, "{ logs { time level message } }")
    assert latest[: len(entries)] == entries[::-1]


def test_two_operations_share_a_connection_and_end_apart(server: Sandbox) -> None:
    with socket_to(server) as socket:
        subscribe(socket, "subscription { scanCompleteSubscribe }", "a")
        subscribe(socket, "subscription { scanCompleteSubscribe }", "b")
        run_job(server, _SCAN)
        assert {_frame(socket)["id"], _frame(socket)["id"]} == {"a", "b"}
        socket.send(json.dumps({"type": "complete", "id": "a"}))
        socket.send(json.dumps({"type": "ping"}))
        assert _frame(socket) == {"type": "pong"}
        run_job(server, _SCAN)
        assert _frame(socket)["id"] == "b"


def test_queries_and_mutations_run_on_a_socket_too(server: Sandbox) -> None:
    with socket_to(server) as socket:
        payload = {
            "query": "query Q($i: ID!) { findScene(id: $i) { id } }",
            "variables": {"i": 2},
            "operationName": "Q",
        }
        socket.send(json.dumps({"id": "q", "type": "subscribe", "payload": payload}))
        answer = {"data": {"findScene": {"id": "2"}}}
        assert _frame(socket) == {"id": "q", "type": "next", "payload": answer}
        assert _frame(socket) == {"id": "q", "type": "complete"}


def test_an_invalid_operation_ends_in_an_error_and_the_connection_goes_on(
    server: Sandbox,
) -> None:
    with socket_to(server) as socket:
        subscribe_frame = {"id": "1", "type": "subscribe", "payload": {"query": "{ nope }"}}
        socket.send(json.dumps(subscribe_frame))
        refused = _frame(socket)
        assert refused["type"] == "error"
        assert refused["payload"][0]["message"] == 'Cannot query field "nope" on type "Query".'
        socket.send(json.dumps({"type": "ping"}))
        assert _frame(socket) == {"type": "pong"}


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (["not json"], 4400),
        (["[]"], 4400),
        (['{"type": "unheard"}'], 4400),
        (['{"type": "subscribe", "id": "1", "payload": {"query": "{ x }"}}'], 4401),
        (['{"type": "connection_init"}', '{"type": "connection_init"}'], 4429),
        (['{"type": "connection_init"}', '{"type": "subscribe", "id": "1"}'], 4400),
        (
            ['{"type": "connection_init"}']
            + [
                '{"type": "subscribe", "id": "1", "payload":'
                ' {"query": "subscription { scanCompleteSubscribe }"}}'
            ]
            * 2,
            4409,
        ),
    ],
)
def test_a_breach_of_the_protocol_closes_the_connection_with_its_code(
    server: Sandbox, frames: list[str], code: int
) -> None:
    with (
        connect(
            server.url.replace("http", "ws", 1) + "/graphql",
            subprotocols=[Subprotocol("graphql-transport-ws")],
            proxy=None,
        ) as socket,
        pytest.raises(ConnectionClosed) as closed,
    ):
        _send_and_listen(socket, frames)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code


def _send_and_listen(socket: Connection, frames: list[str]) -> None:
    for frame in frames:
        socket.send(frame)
    while True:
        socket.recv(10)


def test_a_client_of_another_protocol_is_sent_away(server: Sandbox) -> None:
    address = server.url.replace("http", "ws", 1) + "/graphql"
    with (
        connect(address, subprotocols=[Subprotocol("graphql-ws")], proxy=None) as socket,
        pytest.raises(ConnectionClosed) as closed,
    ):
        socket.recv(10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4406


def test_nobody_is_told_after_leaving(server: Sandbox) -> None:
    with socket_to(server) as socket:
        subscribe(socket, "subscription { scanCompleteSubscribe }")
        assert len(server.state.scans_ended.listeners) == 1
    run_job(server, _SCAN)
    with socket_to(server) as other:
        subscribe(other, "subscription { scanCompleteSubscribe }")
        assert len(server.state.scans_ended.listeners) == 1
