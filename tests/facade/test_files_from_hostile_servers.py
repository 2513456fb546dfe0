"""What is no whole file is not saved as one, and no file that was there is lost."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import socket
import sys
import threading
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from stash_typed import StashClient, SyncStashClient
from stash_typed.errors import ResponseFormatError, StashError
from stash_typed.inputs import ExportObjectTypeInput
from tests.unit.ends import ENDS, End
from tests.unit.loopback import Asked, Says, loopback

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("end", ENDS)]

FILE = b"SQLite format 3\x00" + b"\x17" * 4000
PAGE = b"\n<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head></html>"
LINK = "/downloads/token/backup.sqlite"

Save = Callable[..., Awaitable[object]]


async def call(end: End, url: str, method: str, *args: object, **options: object) -> Path:
    """Call a method of either client, which answers the path of a file."""
    if end == "async":
        async with StashClient(url) as stash:
            path = await getattr(stash, method)(*args, **options)
    else:
        with SyncStashClient(url) as plain:
            path = await asyncio.to_thread(getattr(plain, method), *args, **options)
    assert isinstance(path, Path)
    return path


def answering(file: Says) -> Callable[[Asked], Says]:
    """A server that offers one file as its backup, its anonymised copy and its export."""

    def answer(request: Asked) -> Says:
        if request.path != "/graphql":
            return file
        fields = ("backupDatabase", "anonymiseDatabase", "exportObjects")
        return Says(
            body=json.dumps({"data": dict.fromkeys(fields, LINK)}).encode(),
            headers={"Content-Type": "application/json"},
        )

    return answer


def html(**headers: str) -> Says:
    return Says(
        body=PAGE, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


NOT_WHOLE: dict[str, tuple[Says, str]] = {
    "a part": (
        Says(206, FILE, {"Content-Range": f"bytes 0-{len(FILE) - 1}/{len(FILE) * 2}"}),
        "status is 206",
    ),
    "nothing to say": (Says(204), "status is 204"),
    "made elsewhere": (Says(203, FILE), "status is 203"),
    "a portal's page": (html(Content_Type="text/html; charset=utf-8"), "web page"),
    "a portal's page as xhtml": (html(Content_Type="application/xhtml+xml"), "web page"),
    "a portal's page without a type": (html(), "web page"),
    "a portal's page that calls itself a file": (
        html(Content_Type="application/octet-stream"),
        "web page",
    ),
    "gzip that breaks off": (
        Says(body=gzip.compress(FILE * 9)[:-30], headers={"Content-Encoding": "gzip"}),
        "packed as 'gzip'",
    ),
    "deflate that breaks off": (
        Says(body=zlib.compress(FILE * 9)[:-30], headers={"Content-Encoding": "deflate"}),
        "packed as 'deflate'",
    ),
    "an encoding nobody knows": (
        Says(body=FILE, headers={"Content-Encoding": "x-\xe9"}),
        "packed as",
    ),
}


@pytest.mark.parametrize(("says", "why"), NOT_WHOLE.values(), ids=NOT_WHOLE)
async def test_what_is_no_whole_file_is_not_saved(
    end: End, says: Says, why: str, tmp_path: Path
) -> None:
    target = tmp_path / "copy"
    target.write_bytes(b"the one before")
    with loopback(answering(says)) as server:
        for to in (target, tmp_path, f"{tmp_path}/new/folder/"):
            with pytest.raises(ResponseFormatError, match=why) as caught:
                await call(end, server.url, "backup", to=to)
            assert server.url in str(caught.value)

    assert list(tmp_path.iterdir()) == [target]
    assert target.read_bytes() == b"the one before"


async def test_a_compressed_answer_is_not_asked_for(end: End, tmp_path: Path) -> None:
    with loopback(answering(Says(body=FILE))) as server:
        await call(end, server.url, "download", LINK, to=tmp_path)
        (asked,) = server.paths(LINK)

    assert asked.headers["accept-encoding"] == "identity"


async def test_a_file_that_ends_without_having_begun(end: End, tmp_path: Path) -> None:
    """Without a length, an end of the connection is an end of the file."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    with listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(ResponseFormatError, match="without a single byte"):
            await call(end, url, "download", "/file", to=tmp_path)
        thread.join()

    assert list(tmp_path.iterdir()) == []


async def test_an_empty_file_that_is_announced_as_such_is_one(end: End, tmp_path: Path) -> None:
    with loopback(answering(Says())) as server:
        path = await call(end, server.url, "download", "/empty", to=tmp_path)

    assert path.read_bytes() == b""


async def test_a_page_that_was_asked_for_is_a_file(end: End, tmp_path: Path) -> None:
    with loopback(answering(html(Content_Type="text/html"))) as server:
        path = await call(end, server.url, "download", "/plugin/x/assets/help.html", to=tmp_path)

    assert path.read_bytes() == PAGE


@pytest.mark.parametrize("length", ["٣", "9" * 5000])
async def test_an_odd_length_is_none(end: End, length: str, tmp_path: Path) -> None:
    """An http_client of the caller's own may let it through."""

    def answer(request: httpx.Request) -> httpx.Response:
        headers = [(b"Content-Length", length.encode())]
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(FILE))

    transport = httpx.MockTransport(answer)
    if end == "async":
        async with (
            httpx.AsyncClient(transport=transport) as http,
            StashClient("http://nas:9999", http_client=http) as stash,
        ):
            path = await stash.download("/file", to=tmp_path)
    else:
        with (
            httpx.Client(transport=transport) as plain,
            SyncStashClient("http://nas:9999", http_client=plain) as sync,
        ):
            path = sync.download("/file", to=tmp_path)

    assert path.read_bytes() == FILE


METHODS: dict[str, tuple[tuple[object, ...], dict[str, object]]] = {
    "download": ((LINK,), {}),
    "backup": ((), {}),
    "anonymise": ((), {}),
    "export_objects": ((), {"tags": ExportObjectTypeInput(all=True)}),
}
methods = pytest.mark.parametrize("method", METHODS)


@methods
async def test_a_name_of_the_server_replaces_nothing_unasked(
    end: End, method: str, tmp_path: Path
) -> None:
    args, options = METHODS[method]
    there = tmp_path / "backup.sqlite"
    there.write_bytes(b"the one before")
    with loopback(answering(Says(body=FILE))) as server:
        for to in (tmp_path, f"{tmp_path}/"):
            with pytest.raises(
                StashError, match=r"backup\.sqlite is there already.*overwrite=True"
            ):
                await call(end, server.url, method, *args, to=to, **options)
            assert there.read_bytes() == b"the one before"
        path = await call(end, server.url, method, *args, to=tmp_path, overwrite=True, **options)

    assert path == there
    assert list(tmp_path.iterdir()) == [there]
    assert there.read_bytes() == FILE


@methods
async def test_a_file_that_is_named_is_replaced(end: End, method: str, tmp_path: Path) -> None:
    args, options = METHODS[method]
    there = tmp_path / "mine"
    there.write_bytes(b"the one before")
    with loopback(answering(Says(body=FILE))) as server:
        path = await call(end, server.url, method, *args, to=there, **options)

    assert (path, there.read_bytes()) == (there, FILE)


async def test_a_link_in_the_folder_is_in_the_way_too(end: End, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "backup.sqlite").symlink_to(precious)
    with loopback(answering(Says(body=FILE))) as server:
        with pytest.raises(StashError, match="is there already"):
            await call(end, server.url, "backup", to=folder)
        await call(end, server.url, "backup", to=folder, overwrite=True)

    assert not precious.exists()
    assert (folder / "backup.sqlite").read_bytes() == FILE


async def test_a_file_that_comes_there_meanwhile_is_not_replaced(end: End, tmp_path: Path) -> None:
    """The name is free when the answer begins, and taken when it ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    there = tmp_path / "file"

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + b"x" * 1500000
            )
            for _ in range(1000):
                if any(tmp_path.iterdir()):
                    break
                threading.Event().wait(0.01)
            there.write_bytes(b"theirs")
            connection.sendall(b"x" * 500000)

    thread = threading.Thread(target=serve)
    thread.start()
    with listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(StashError, match="is there already"):
            await call(end, url, "download", "/file", to=tmp_path)
        thread.join()

    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"theirs"]


async def test_many_downloads_of_one_name_give_one_file(end: End, tmp_path: Path) -> None:
    with loopback(answering(Says(body=FILE))) as server:
        told = await asyncio.gather(
            *(call(end, server.url, "download", LINK, to=tmp_path) for _ in range(6)),
            return_exceptions=True,
        )

    assert [type(each) for each in told if isinstance(each, BaseException)] == [StashError] * 5
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [FILE]


def places(folder: Path) -> dict[str, str]:
    (folder / "file").write_bytes(b"in the way")
    os.mkfifo(folder / "fifo")
    (folder / "device").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(f"{folder}/s")
    return {
        "empty": "",
        "nul": f"{folder}/a\0b",
        "nul in a folder": f"{folder}/a\0b/",
        "long": f"{folder}/{'x' * 300}",
        "long folder": f"{folder}/{'x' * 300}/",
        "long path": f"{folder}/{'x/' * 3000}y",
        "half a character": f"{folder}/\ud800",
        "below a file": f"{folder}/file/backup",
        "a file for a folder": f"{folder}/file/",
        "fifo": f"{folder}/fifo",
        "socket": f"{folder}/s",
        "device by a link": f"{folder}/device",
        "system's folder": "/dev/shm/../backup-of-nobody",
        "no such user": "~nobody-of-that-name/backup",
    }


@pytest.mark.skipif(sys.platform == "win32", reason="the places are those of POSIX")
@methods
async def test_a_wrong_place_is_refused_before_anything_is_asked(
    end: End, method: str, tmp_path: Path
) -> None:
    args, options = METHODS[method]
    wrong = places(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with loopback(answering(Says(body=FILE))) as server:
        for what, to in wrong.items():
            with pytest.raises(StashError, match="to=") as caught:
                await call(end, server.url, method, *args, to=to, overwrite=True, **options)
            assert len(str(caught.value)) < 1000, what
            assert server.asked == [], what

    assert sorted(tmp_path.rglob("*")) == before


async def test_a_path_of_bytes_is_a_path(end: End, tmp_path: Path) -> None:
    class OfBytes:
        def __fspath__(self) -> bytes:
            return os.fsencode(tmp_path / "copy")

    with loopback(answering(Says(body=FILE))) as server:
        path = await call(end, server.url, "backup", to=OfBytes())

    assert path == tmp_path / "copy"


@pytest.mark.parametrize(
    "link",
    [
        "/a\0b",
        "/a b\n",
        "/\ud800",
        "/é/語",
        "/" + "x" * 70_000,
        "//[",
        "http://[::1",
        "/%",
        "?",
        "\0",
    ],
)
async def test_an_odd_link_is_a_stash_error_or_a_file(end: End, link: str, tmp_path: Path) -> None:
    with loopback(answering(Says(body=FILE))) as server:
        told = await asyncio.gather(
            call(end, server.url, "download", link, to=tmp_path), return_exceptions=True
        )

    if isinstance(told[0], Path):
        assert told[0].parent == tmp_path
    else:
        assert isinstance(told[0], StashError)
        assert len(str(told[0])) < 1000
