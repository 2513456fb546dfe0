"""Trouble on demand."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from stash_typed.sandbox import Sandbox
from tests.sandbox.asking import ask, client, error, run_job, socket_to

_WRITE = 'mutation { sceneUpdate(input: { id: 1, title: "New" }) { title } }'
_READ = "{ findScene(id: 1) { title } }"


@pytest.fixture(name="server")
def _server() -> Iterator[Sandbox]:
    with Sandbox(scenes=2) as server:
        yield server
        server.faults.clear()


def test_a_locked_database_fails_so_many_writes_and_no_read(server: Sandbox) -> None:
    before = ask(server, _READ)
    server.faults.lock_database(times=2)
    assert "database is locked" in error(server, _WRITE)
    assert ask(server, _READ) == before
    assert "database is locked" in error(server, _WRITE)
    assert ask(server, _READ) == before
    assert ask(server, _WRITE) == {"title": "New"}


def test_a_locked_database_undoes_a_write_of_many(server: Sandbox) -> None:
    server.faults.lock_database()
    mutation = (
        'mutation { scenesUpdate(input: [{ id: 1, title: "A" }, { id: 2, title: "B" }]) { id } }'
    )
    assert "database is locked" in error(server, mutation)
    titles = ask(server, "{ findScenes { scenes { title } } }")["scenes"]
    assert not {"A", "B"} & {each["title"] for each in titles}


def test_a_locked_database_fails_sql_as_well(server: Sandbox) -> None:
    server.faults.lock_database()
    sql = "mutation { execSQL(sql: \"update scenes set title = 'x'\") { rows_affected } }"
    assert "database is locked" in error(server, sql)
    assert ask(server, sql) == {"rows_affected": 2}


def test_slow_answers_take_their_time(server: Sandbox) -> None:
    server.faults.delay_answers(0.3)
    started = time.monotonic()
    ask(server, _READ)
    assert time.monotonic() - started >= 0.3
    with client(server) as http, pytest.raises(httpx.ReadTimeout):
        http.post("/graphql", json={"query": _READ}, timeout=0.05)
    server.faults.delay_answers(0)
    started = time.monotonic()
    ask(server, _READ)
    assert time.monotonic() - started < 0.3


def test_a_connection_can_break_in_mid_answer(server: Sandbox) -> None:
    link = ask(server, "mutation { backupDatabase(input: { download: true }) }")
    server.faults.drop_connections(times=2)
    with client(server) as http:
        for path in ("/graphql?query={version{version}}", link):
            with pytest.raises(httpx.RemoteProtocolError):
                http.get(path)
        assert http.get("/graphql?query={version{version}}").is_success
        assert http.get(link).content.startswith(b"SQLite format 3")


def test_a_broken_connection_does_not_undo_the_write(server: Sandbox) -> None:
    server.faults.drop_connections()
    with client(server) as http, pytest.raises(httpx.RemoteProtocolError):
        http.post("/graphql", json={"query": _WRITE})
    assert ask(server, _READ) == {"title": "New"}


def test_a_proxy_without_its_server_answers_a_page(server: Sandbox) -> None:
    server.faults.answer_bad_gateway(times=2)
    with client(server) as http:
        for path in ("/graphql", "/healthz"):
            response = http.get(path)
            assert response.status_code == 502
            assert response.headers["content-type"].startswith("text/html")
            assert "502 Bad Gateway" in response.text
        assert http.get("/healthz").text == "."


def test_websockets_can_be_refused(server: Sandbox) -> None:
    server.faults.refuse_websockets()
    with pytest.raises(InvalidStatus) as refused, socket_to(server):
        pass
    assert refused.value.response.status_code == 400
    server.faults.refuse_websockets(False)
    with socket_to(server):
        pass


def test_a_restart_cuts_open_sockets_and_serves_new_ones(server: Sandbox) -> None:
    with socket_to(server) as socket:
        server.restart()
        with pytest.raises(Exception, match=r"1012|1006|no close frame"):
            socket.recv(10)
    with socket_to(server):
        pass


def test_held_tasks_stand_still_until_released(server: Sandbox) -> None:
    server.faults.hold_tasks()
    job_id = ask(server, "mutation { metadataGenerate(input: { covers: true }) }")
    assert ask(server, "{ jobQueue { id } }") == [{"id": job_id}]
    server.faults.clear()
    run_job(server, "mutation { optimiseDatabase }")
    assert ask(server, "{ jobQueue { id } }") is None


def test_steps_last_as_long_as_they_are_asked_to() -> None:
    with Sandbox(scenes=3, step_seconds=0.05) as server:
        started = time.monotonic()
        run_job(server, "mutation { metadataGenerate(input: { covers: true }) }")
        assert time.monotonic() - started >= 0.15


def test_a_setting_sent_while_locked_is_not_half_set(server: Sandbox) -> None:
    server.faults.lock_database()
    mutation = 'mutation { configureUISetting(key: "a", value: 1) }'
    assert "database is locked" in error(server, mutation)
    assert ask(server, "{ configuration { ui } }") == {"ui": {}}
