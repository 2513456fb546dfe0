"""Files of the schema cache are read only when they are the user's own and private."""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stash_typed._runtime.versions.adaptation import ServerSchema
from stash_typed._runtime.versions.cache import SchemaCache

SERVER = "http://nas:9999"
SCHEMA = ServerSchema(
    "v0.27.2", frozenset({"Query", "Query.findScenes", "Query.findScenes(ids)", "Scene.title"})
)

posix = pytest.mark.skipif(sys.platform == "win32", reason="owners and pipes are those of POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def cache(folder: Path) -> SchemaCache:
    return SchemaCache(folder)


@pytest.fixture
def kept(cache: SchemaCache, folder: Path) -> Path:
    """The file of a schema that is kept."""
    cache.keep(SERVER, "abc", SCHEMA)
    (path,) = folder.iterdir()
    return path


def load(cache: SchemaCache) -> ServerSchema | None:
    """Read what is kept, or fail when that takes for ever."""
    found: list[ServerSchema | None] = []
    thread = threading.Thread(
        target=lambda: found.append(cache.load(SERVER, "v0.27.2", "abc")), daemon=True
    )
    thread.start()
    thread.join(10)
    assert found, "reading hangs or fails"
    return found[0]


def test_what_is_kept_is_found(cache: SchemaCache, kept: Path) -> None:
    assert load(cache) == SCHEMA
    assert len(kept.name) < 64


@pytest.mark.parametrize(
    ("server", "version", "build"),
    [
        ("http://nas:9998", "v0.27.2", "abc"),
        ("https://nas:9999", "v0.27.2", "abc"),
        ("http://nas:9999/stash", "v0.27.2", "abc"),
        (SERVER, "v0.27.3", "abc"),
        (SERVER, "v0.27.2", "abd"),
        (SERVER, "v0.27.2\0abc", ""),
    ],
)
def test_another_server_or_build_has_none(
    cache: SchemaCache, kept: Path, server: str, version: str, build: str
) -> None:
    assert cache.load(server, version, build) is None


def test_another_build_takes_the_place(cache: SchemaCache, kept: Path, folder: Path) -> None:
    newer = ServerSchema("v0.28.0", SCHEMA.names)
    cache.keep(SERVER, "def", newer)

    assert load(cache) is None
    assert cache.load(SERVER, "v0.28.0", "def") == newer
    assert list(folder.iterdir()) == [kept]


@posix
def test_files_are_the_user_s_alone(cache: SchemaCache, kept: Path, folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def as_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def as_device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def as_endless(path: Path) -> None:
    with path.open("ab") as file:
        file.truncate(1 << 34)


def appended(text: bytes) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        path.write_bytes(path.read_bytes() + text)

    return change


CHANGES: dict[str, Callable[[Path], object]] = {
    "pipe": as_pipe,
    "link": as_link,
    "folder": as_folder,
    "device": as_device,
    "16 gigabytes": as_endless,
    "writable by the group": lambda path: path.chmod(0o620),
    "writable by all": lambda path: path.chmod(0o602),
    "folder that is writable by all": lambda path: path.parent.chmod(0o777),
    "nested lists": lambda path: path.write_bytes(b"[" * 1_000_000),
    "a huge number": lambda path: path.write_bytes(b"9" * 1_000_000),
    "nothing": lambda path: path.write_bytes(b""),
    "no text": appended(b"\n\xff\xfe"),
    "no name": appended(b"\nScene.title; drop"),
    "an empty name": appended(b"\n"),
    "other letters": appended("\nScéne".encode()),
    "an escape": appended(b"\nScene.\x1b[2J"),
    "no Query": lambda path: path.write_bytes(path.read_bytes().replace(b"\nQuery\n", b"\n")),
}


@posix
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_not_private_or_not_whole_is_not_read(
    cache: SchemaCache, kept: Path, change: Callable[[Path], object]
) -> None:
    change(kept)

    assert load(cache) is None


@posix
@pytest.mark.parametrize("place", ["link", "16 gigabytes", "nested lists"])
def test_a_file_in_the_place_is_replaced(cache: SchemaCache, kept: Path, place: str) -> None:
    CHANGES[place](kept)

    cache.keep(SERVER, "abc", SCHEMA)

    assert load(cache) == SCHEMA
    assert not kept.is_symlink()


@posix
def test_what_belongs_to_another_is_not_read(
    cache: SchemaCache, kept: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = kept.read_bytes()
    monkeypatch.setattr("os.geteuid", lambda: os.stat(folder).st_uid + 1)

    assert load(cache) is None
    cache.keep(SERVER, "def", SCHEMA)

    assert kept.read_bytes() == content


@posix
def test_a_folder_behind_a_link_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "cache").symlink_to("theirs")
    cache = SchemaCache(tmp_path / "cache")

    cache.keep(SERVER, "abc", SCHEMA)

    assert load(cache) is None
    assert list((tmp_path / "theirs").iterdir()) == []


@posix
@pytest.mark.parametrize("place", ["file/cache", "file", "x" * 300, "a\0b", "/dev/null/cache"])
def test_a_folder_that_cannot_be_is_done_without(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    cache = SchemaCache(tmp_path / place)

    cache.keep(SERVER, "abc", SCHEMA)

    assert load(cache) is None
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_folder_stays_small(cache: SchemaCache, folder: Path) -> None:
    for port in range(40):
        cache.keep(f"http://nas:{port}", "abc", SCHEMA)
        (path,) = set(folder.iterdir()) - {each for each in folder.iterdir() if _old(each)}
        os.utime(path, (port, port))

    assert len(list(folder.iterdir())) == 32
    assert cache.load("http://nas:39", "v0.27.2", "abc") == SCHEMA
    assert cache.load("http://nas:0", "v0.27.2", "abc") is None


def _old(path: Path) -> bool:
    return path.stat().st_mtime < 1000


def test_a_schema_without_end_is_not_kept(cache: SchemaCache, folder: Path) -> None:
    names = frozenset({"Query", *(f"Query.f{n:0100}" for n in range(30_000))})

    cache.keep(SERVER, "abc", ServerSchema("v0.27.2", names))

    assert not folder.exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=200), st.booleans())
def test_no_content_is_an_error(
    cache: SchemaCache, kept: Path, content: bytes, whole: bool
) -> None:
    kept.write_bytes(b"stash-typed schema cache 2\n" + content if whole else content)
    kept.chmod(0o600)

    assert cache.load(SERVER, "v0.27.2", "abc") is None
