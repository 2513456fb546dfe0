"""Starting, stopping and restarting a sandbox, in every way that there is."""

from __future__ import annotations

import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from stash_typed.sandbox import Sandbox, create_app
from stash_typed.sandbox.options import Options
from tests.sandbox.asking import ask

_COUNT = "{ findScenes { count } }"


def _listens(url: str) -> bool:
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def test_it_answers_inside_the_block_and_is_gone_after_it() -> None:
    before = threading.active_count()
    with Sandbox() as server:
        assert server.url.startswith("http://127.0.0.1:")
        assert server.api_key is None
        assert httpx.get(f"{server.url}/healthz", trust_env=False).text == "."
        folder = server.state.root
        assert folder.is_dir()
    assert not _listens(server.url)
    assert not folder.exists()
    assert threading.active_count() == before
    with pytest.raises(RuntimeError, match="does not run"):
        _ = server.state


@pytest.mark.anyio
async def test_it_serves_async_code_as_well() -> None:
    async with Sandbox(scenes=3) as server, httpx.AsyncClient(trust_env=False) as client:
        response = await client.post(f"{server.url}/graphql", json={"query": _COUNT})
        assert response.json() == {"data": {"findScenes": {"count": 3}}}
    assert not _listens(server.url)


def test_stopping_twice_and_without_start_does_no_harm() -> None:
    server = Sandbox()
    server.stop()
    server.start()
    server.stop()
    server.stop()


def test_a_taken_port_is_an_error_at_the_start() -> None:
    with Sandbox() as first:
        port = int(first.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            Sandbox(port=port).start()


def test_a_schema_that_is_not_there_is_an_error_at_the_start(tmp_path: Path) -> None:
    server = Sandbox(schema=tmp_path / "none.graphql")
    with pytest.raises(FileNotFoundError):
        server.start()
    assert not _listens(server.url)


def test_username_and_password_belong_together() -> None:
    with pytest.raises(ValueError, match="together"):
        Sandbox(username="stash")


def test_data_stays_in_its_folder_from_one_run_to_the_next(tmp_path: Path) -> None:
    with Sandbox(data=tmp_path, scenes=5) as server:
        ask(server, 'mutation { tagCreate(input: { name: "Kept" }) { id } }')
        ask(server, 'mutation { configureInterface(input: { language: "de-DE" }) { language } }')
    with Sandbox(data=tmp_path, scenes=5) as server:
        assert ask(server, _COUNT) == {"count": 5}
        found = ask(
            server,
            '{ findTags(tag_filter: { name: { value: "Kept", modifier: EQUALS } }) { count } }',
        )
        assert found == {"count": 1}
        assert ask(server, "{ configuration { interface { language } } }") == {
            "interface": {"language": "de-DE"}
        }
    connection = sqlite3.connect(tmp_path / "stash-go.sqlite")
    assert connection.execute("select count(*) from scenes").fetchone() == (5,)
    connection.close()


def test_the_same_seed_makes_the_same_library_and_another_another() -> None:
    def scenes(seed: int) -> object:
        with Sandbox(scenes=20, seed=seed) as server:
            return ask(
                server,
                '{ findScenes(filter: { sort: "id" }) { scenes { title date rating100 } } }',
            )

    assert scenes(7) == scenes(7)
    assert scenes(7) != scenes(8)


def test_a_restart_keeps_port_and_data_and_nothing_listens_in_between() -> None:
    with Sandbox(scenes=2) as server:
        url = server.url
        heard: list[bool] = []
        server.restart(lambda: heard.append(_listens(url)))
        assert heard == [False]
        assert server.url == url
        assert ask(server, _COUNT) == {"count": 2}


def test_in_the_foreground_it_ends_cleanly_at_ctrl_c() -> None:
    program = (
        "from stash_typed.sandbox import Sandbox, run\n"
        "run(Sandbox(scenes=1), started=lambda server: print(server.url, flush=True))\n"
        "print('ended')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert httpx.get(f"{url}/healthz", trust_env=False).text == "."
        process.send_signal(signal.SIGINT)
        out, trouble = process.communicate(timeout=20)
    assert (process.returncode, out, trouble) == (0, "ended\n", "")


def _inside(app: Starlette) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://testserver")


@pytest.mark.anyio
async def test_as_an_application_it_can_be_mounted_in_another() -> None:
    app = create_app(Options(scenes=4))
    async with _inside(Starlette(routes=[Mount("/stash", app)])) as client:
        response = await client.post("/stash/graphql", json={"query": _COUNT})
        assert response.json() == {"data": {"findScenes": {"count": 4}}}
        link = "mutation { backupDatabase(input: { download: true }) }"
        made = await client.post("/stash/graphql", json={"query": link})
        url = made.json()["data"]["backupDatabase"]
        assert url.startswith("http://testserver/stash/downloads/")
        assert (await client.get(url)).content.startswith(b"SQLite format 3")
    root: Path = app.state.server.root
    app.state.server.close()
    assert not root.exists()


@pytest.mark.anyio
async def test_as_an_application_of_its_own_it_closes_itself() -> None:
    app = create_app()
    async with app.router.lifespan_context(app), _inside(app) as client:
        assert (await client.get("/healthz")).text == "."
        assert app.state.server.root.exists()
    assert not app.state.server.root.exists()
