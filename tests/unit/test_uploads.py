"""What can be uploaded, and what is refused before anything is sent."""

from __future__ import annotations

import asyncio
import io
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stash_typed._runtime.auth.credentials import Password
from stash_typed._runtime.operation import Operation
from stash_typed._runtime.upload import Upload
from stash_typed.errors import InvalidVariableError, StashError
from tests.unit.ends import ENDS, NO_RETRY, End, connect
from tests.unit.loopback import Asked, Says, loopback

pytestmark = pytest.mark.anyio

IMPORT = Operation("ImportObjects", "mutation", "importObjects", "mutation ImportObjects { x }")
DATA = Says(body=b'{"data": {"importObjects": "1"}}')
SESSION = Says(headers={"Set-Cookie": "session=s1; Path=/"})


def answer(request: Asked) -> Says:
    return SESSION if request.path == "/login" else DATA


@pytest.fixture
def odd(tmp_path: Path) -> Iterator[dict[str, Path]]:
    """Paths of what is no file."""
    if sys.platform == "win32":
        pytest.skip("has no pipes and devices with a path")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        yield {
            "a pipe": tmp_path / "fifo",
            "a pipe (FIFO)": tmp_path / "link",
            "a socket": tmp_path / "socket",
            "a folder": tmp_path,
            "a device": Path("/dev/zero"),
        }


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", ["a pipe", "a pipe (FIFO)", "a socket", "a folder", "a device"])
async def test_what_is_no_file_is_refused_before_anything_is_sent(
    end: End, kind: str, odd: dict[str, Path]
) -> None:
    with loopback(answer) as server:
        async with connect(end, server.url, Password("ada", "word")) as connection:
            with pytest.raises(InvalidVariableError) as caught:
                await connection.execute_raw(IMPORT, {"file": Upload(odd[kind])})
    assert f"it is {kind}" in str(caught.value)
    assert str(odd[kind]) in str(caught.value)
    assert server.asked == []


async def test_a_file_that_becomes_a_pipe(tmp_path: Path, odd: dict[str, Path]) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 10)
    upload = Upload(path)
    assert upload.size == 10
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(InvalidVariableError, match="it is a pipe"):
        list(upload.chunks())


@pytest.mark.parametrize("name", ["a\0b", "a" * 5000])
def test_a_path_that_can_be_none(name: str) -> None:
    with pytest.raises(InvalidVariableError, match="cannot be read"):
        assert Upload(name).size


class Growing(io.BytesIO):
    """A stream whose length is another one while it is sent."""

    def __init__(self, first: int, then: int) -> None:
        super().__init__(b"x" * first)
        self._then = then

    def read(self, size: int | None = -1, /) -> bytes:
        if self._then:
            self.truncate(0)
            self.seek(0)
            self.write(b"y" * self._then)
            self.seek(0)
            self._then = 0
        return super().read(size)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("first", "then", "words"),
    [(100, 50, "it has 50 bytes, and had 100"), (100, 200, "more than the 100 bytes")],
)
async def test_an_upload_that_changes_its_size(end: End, first: int, then: int, words: str) -> None:
    with loopback(answer) as server:
        async with connect(end, server.url, retry=NO_RETRY) as connection:
            upload = Upload(Growing(first, then), filename="log.txt")
            with pytest.raises(InvalidVariableError, match=words) as caught:
                await connection.execute_raw(IMPORT, {"file": upload})
            assert "'log.txt' changed while it was sent" in str(caught.value)
            await connection.execute_raw(IMPORT, {"file": Upload(b"bytes")})
    assert [b"bytes" in request.body for request in server.asked].count(True) == 1


@pytest.mark.parametrize("end", ENDS)
async def test_a_file_that_is_cut_after_it_was_looked_at(
    end: End, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "objects.zip"
    path.write_bytes(b"x" * 300_000)
    chunks = Upload.chunks

    def cut_first(self: Upload) -> Iterator[bytes]:
        os.truncate(path, 1000)
        return chunks(self)

    monkeypatch.setattr(Upload, "chunks", cut_first)
    with loopback(answer) as server:
        async with connect(end, server.url, retry=NO_RETRY) as connection:
            with pytest.raises(
                InvalidVariableError, match=r"objects\.zip.*1000 bytes, and had 300000"
            ):
                await connection.execute_raw(IMPORT, {"file": Upload(path)})


class Held:
    """A stream that waits for a signal."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.release = threading.Event()
        self.pieces = [b"first", b"second"]

    def read(self, size: int, /) -> bytes:
        self.begun.set()
        self.release.wait(10)
        return self.pieces.pop(0) if self.pieces else b""


async def test_other_tasks_go_on_while_a_stream_waits() -> None:
    stream = Held()
    with loopback(answer) as server:
        async with connect("async", server.url) as connection:
            sending = asyncio.create_task(connection.execute_raw(IMPORT, {"file": Upload(stream)}))
            await asyncio.to_thread(stream.begun.wait, 10)
            # The stream waits until this task, of the same loop, has had another answer.
            await connection.execute_raw(IMPORT, {"file": Upload(b"bytes")})
            stream.release.set()
            await sending
    assert [b"firstsecond" in request.body for request in server.asked] == [False, True]


async def test_a_cancelled_upload_does_not_wait_for_its_stream() -> None:
    stream = Held()
    with loopback(answer) as server:
        async with connect("async", server.url, limit=1) as connection:
            sending = asyncio.create_task(connection.execute_raw(IMPORT, {"file": Upload(stream)}))
            await asyncio.to_thread(stream.begun.wait, 10)
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
            assert not stream.release.is_set()
            await connection.execute_raw(IMPORT, {"file": Upload(b"bytes")})
            stream.release.set()


class Broken:
    def read(self, size: int, /) -> bytes:
        raise ConnectionResetError("peer went away")


class Hasty:
    def read(self, size: int, /) -> bytes:
        return None  # type: ignore[return-value]  # as a raw stream that does not block


def closed() -> io.BytesIO:
    stream = io.BytesIO(b"x")
    stream.close()
    return stream


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("stream", "words"),
    [(Broken, "peer went away"), (Hasty, "nothing to read yet"), (closed, "clos")],
)
async def test_a_stream_that_fails(end: End, stream: type[Broken | Hasty], words: str) -> None:
    with loopback(answer) as server:
        async with connect(end, server.url, retry=NO_RETRY) as connection:
            with pytest.raises(StashError, match=words) as caught:
                await connection.execute_raw(IMPORT, {"file": Upload(stream())})
            assert isinstance(caught.value, InvalidVariableError)
