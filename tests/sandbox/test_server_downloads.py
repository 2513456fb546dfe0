"""Backups, anonymised copies and exports: files beside the database and behind links."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from stash_typed.sandbox import Sandbox
from tests.sandbox.asking import ask, client

_LINK = "mutation { backupDatabase(input: { download: true }) }"


@pytest.fixture(name="server")
def _server(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(scenes=4, data=tmp_path / "data", allowed_folders=[tmp_path]) as server:
        yield server


def _fetch(server: Sandbox, link: str) -> bytes:
    with client(server) as http:
        response = http.get(link)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    return response.content


def _opened(data: bytes, folder: Path) -> sqlite3.Connection:
    path = folder / "copy.sqlite"
    path.write_bytes(data)
    return sqlite3.connect(path)


def test_a_backup_is_stored_beside_the_database(server: Sandbox) -> None:
    assert ask(server, "mutation { backupDatabase(input: { download: false }) }") is None
    (path,) = server.state.root.glob("stash-go.sqlite.75.*")
    connection = sqlite3.connect(path)
    assert connection.execute("select count(*) from scenes").fetchone() == (4,)
    assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    connection.close()


def test_a_backup_goes_where_the_settings_say(server: Sandbox, tmp_path: Path) -> None:
    ask(
        server,
        "mutation($p: String) { configureGeneral(input: { backupDirectoryPath: $p })"
        " { backupDirectoryPath } }",
        p=str(tmp_path / "backups"),
    )
    ask(server, "mutation { backupDatabase(input: {}) }")
    assert len(list((tmp_path / "backups").iterdir())) == 1


def test_a_backup_behind_a_link_is_a_whole_database(server: Sandbox, tmp_path: Path) -> None:
    link = ask(server, _LINK)
    assert link.startswith(f"{server.url}/downloads/")
    connection = _opened(_fetch(server, link), tmp_path)
    assert connection.execute("select count(*) from scenes").fetchone() == (4,)
    connection.close()
    assert _fetch(server, link)


def test_a_part_of_a_download_may_be_asked_for(server: Sandbox) -> None:
    link = ask(server, _LINK)
    with client(server) as http:
        part = http.get(link, headers={"range": "bytes=0-15"})
    assert part.status_code == 206
    assert part.content == b"SQLite format 3\0"


def test_a_link_dies_some_time_after_its_first_use(server: Sandbox) -> None:
    now = 1000.0
    downloads = server.state.downloads
    downloads.clock = lambda: now
    link = ask(server, _LINK)
    now += 3600
    assert _fetch(server, link)
    now += downloads.seconds - 1
    assert _fetch(server, link)
    now += 1
    with client(server) as http:
        gone = http.get(link)
    assert (gone.status_code, gone.text) == (404, "404 page not found\n")
    assert not list(server.state.generated_path.rglob("stash-go.sqlite.*"))


def test_an_anonymised_copy_tells_nothing(server: Sandbox, tmp_path: Path) -> None:
    ask(
        server,
        'mutation { sceneUpdate(input: { id: 1, title: "Telltale", details: "Telltale",'
        ' urls: ["https://telltale.example"] }) { id } }',
    )
    ask(
        server, 'mutation { tagCreate(input: { name: "Telltale", aliases: ["Telltales"] }) { id } }'
    )
    link = ask(server, "mutation { anonymiseDatabase(input: { download: true }) }")
    assert "stash-go.sqlite.anonymous.75." in link
    data = _fetch(server, link)
    assert b"elltale" not in data
    connection = _opened(data, tmp_path)
    assert connection.execute("select count(*) from scenes").fetchone() == (4,)
    assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    connection.close()
    found = ask(server, "{ findScene(id: 1) { title } }")
    assert found == {"title": "Telltale"}


def test_an_export_is_a_zip_file_whose_link_names_it(server: Sandbox) -> None:
    link = ask(server, "mutation { exportObjects(input: { tags: { all: true } }) }")
    assert link.endswith(".zip")
    with zipfile.ZipFile(BytesIO(_fetch(server, link))) as content:
        assert content.testzip() is None
        assert all(name.startswith("tags/") for name in content.namelist())


def test_an_unknown_link_is_a_404_in_plain_text(server: Sandbox) -> None:
    with client(server) as http:
        response = http.get("/downloads/00000000/stash.sqlite")
    assert (response.status_code, response.text) == (404, "404 page not found\n")
