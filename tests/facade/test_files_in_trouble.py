"""Files when something is wrong: a cut answer, a false length, a name that leads elsewhere."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from stash_typed import StashClient, SyncStashClient
from stash_typed.errors import ResponseFormatError, StashConnectionError, StashError
from stash_typed.files.partial_file import PartialFile
from stash_typed.inputs import BackupDatabaseInput
from stash_typed.sandbox import Sandbox
from tests.unit.loopback import Asked, Loopback, Says, loopback

pytestmark = pytest.mark.anyio

DATABASE = b"SQLite format 3\x00" + b"\x17" * 4000


@contextmanager
def serving(
    file: Says, link: str = "/downloads/token/backup.sqlite"
) -> Generator[Loopback, None, None]:
    """A server whose backups have that link, and which answers it with that file."""

    def answer(request: Asked) -> Says:
        if request.path == "/graphql":
            return Says(
                body=json.dumps({"data": {"backupDatabase": link}}).encode(),
                headers={"Content-Type": "application/json"},
            )
        return file

    with loopback(answer) as server:
        yield server


async def test_a_cut_download_leaves_nothing(tmp_path: Path) -> None:
    with Sandbox(scenes=50) as sandbox:
        async with StashClient(sandbox.url) as stash:
            link = await stash.backup_database(BackupDatabaseInput(download=True))
            assert link is not None
            sandbox.faults.drop_connections()
            with pytest.raises(StashConnectionError):
                await stash.download(link, to=tmp_path)
            assert list(tmp_path.iterdir()) == []
            path = await stash.download(link, to=tmp_path)

    assert list(tmp_path.iterdir()) == [path]


def test_a_cut_download_leaves_nothing_for_the_synchronous_client_either(tmp_path: Path) -> None:
    with Sandbox(scenes=50) as sandbox, SyncStashClient(sandbox.url) as stash:
        link = stash.backup_database(BackupDatabaseInput(download=True))
        assert link is not None
        sandbox.faults.drop_connections()
        with pytest.raises(StashConnectionError):
            stash.download(link, to=tmp_path)
        assert list(tmp_path.iterdir()) == []


async def test_a_server_that_breaks_off_leaves_the_file_before(tmp_path: Path) -> None:
    before = tmp_path / "backup.sqlite"
    before.write_bytes(b"the one before")
    headers = {"Content-Length": str(len(DATABASE) + 1), "Connection": "close"}
    with serving(Says(body=DATABASE, headers=headers)) as server:
        async with StashClient(server.url) as stash:
            with pytest.raises(
                StashConnectionError, match="lost before the whole answer"
            ) as caught:
                await stash.backup(to=before)

    assert "Ask for it again" in str(caught.value)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"the one before"]


async def test_a_length_that_is_not_what_came_is_refused(tmp_path: Path) -> None:
    """httpx counts what a socket brings; an http_client of the caller's own may not."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, headers={"Content-Length": "9"}, stream=httpx.ByteStream(b"four")
        )

    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http,
        StashClient("http://nas:9999", http_client=http) as stash,
    ):
        with pytest.raises(ResponseFormatError, match="came with 4 bytes, and 9 were announced"):
            await stash.download("/scene/1/stream", to=tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="../../outside.sqlite"', "outside.sqlite"),
        ('attachment; filename="..\\\\..\\\\outside.sqlite"', "outside.sqlite"),
        ('attachment; filename="/etc/outside"', "outside"),
        ("attachment; filename*=UTF-8''..%2F..%2Foutside", "outside"),
        ('attachment; filename=".."', "backup.sqlite"),
        ('attachment; filename="C:evil"', "C_evil"),
        ("inline", "backup.sqlite"),
    ],
)
async def test_a_name_of_the_server_stays_in_the_folder(
    tmp_path: Path, disposition: str, name: str
) -> None:
    folder = tmp_path / "deep" / "folder"
    file = Says(body=DATABASE, headers={"Content-Disposition": disposition})
    with serving(file) as server:
        async with StashClient(server.url) as stash:
            path = await stash.backup(to=f"{folder}/")

    assert path == folder / name
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]
    assert path.read_bytes() == DATABASE


@pytest.mark.parametrize(
    "link",
    [
        "http://10.0.0.9:9999/downloads/token/backup.sqlite",
        "https://stash.invalid/downloads/token/backup.sqlite",
        "/downloads/token/backup.sqlite",
    ],
)
async def test_a_link_to_an_address_that_only_the_server_knows(tmp_path: Path, link: str) -> None:
    with serving(Says(body=DATABASE), link) as server:
        async with StashClient(server.url, api_key="a-key") as stash:
            path = await stash.backup(to=tmp_path / "copy")
        (asked,) = server.paths("/downloads/token/backup.sqlite")

    assert path.read_bytes() == DATABASE
    assert asked.headers["apikey"] == "a-key"


async def test_a_server_without_a_link_is_said_to_have_none(tmp_path: Path) -> None:
    with serving(Says(body=DATABASE), "") as server:
        async with StashClient(server.url) as stash:
            with pytest.raises(ResponseFormatError, match="no link for the backup"):
                await stash.backup(to=tmp_path / "copy")

    assert list(tmp_path.iterdir()) == []


async def test_a_cancelled_download_leaves_nothing_and_the_client_goes_on(tmp_path: Path) -> None:
    arrived, release = threading.Event(), threading.Event()

    def answer(request: Asked) -> Says:
        if request.path == "/slow":
            arrived.set()
            release.wait(10)
        return Says(body=DATABASE)

    with loopback(answer) as server:
        async with StashClient(server.url) as stash:
            task = asyncio.create_task(stash.download("/slow", to=tmp_path))
            await asyncio.to_thread(arrived.wait, 10)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            release.set()
            path = await stash.download("/quick", to=tmp_path)

    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    """The folder comes into being while the file is on its way."""
    target = tmp_path / "copy"
    with PartialFile(target, "/file", len(DATABASE)) as file:
        file.write(DATABASE)
        (target / "kept").mkdir(parents=True)
        with pytest.raises(StashError, match=r"Cannot write to .*copy"):
            file.commit()

    assert [path.name for path in sorted(tmp_path.rglob("*"))] == ["copy", "kept"]
