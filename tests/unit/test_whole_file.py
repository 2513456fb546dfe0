"""Files come into their place whole, as ordinary files, and nobody else's files change by it."""

from __future__ import annotations

import ast
import os
import stat
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stash_typed._runtime.whole_file import WholeFile, write_whole
from stash_typed.cli.terminal.output import write_file
from stash_typed.codegen.atomic import put_in_place
from stash_typed.files.partial_file import PartialFile

PACKAGE = Path(__file__).resolve().parents[2] / "stash_typed"

posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions are those of POSIX")


def _download(path: Path) -> None:
    with PartialFile(path, "/file", 3) as file:
        file.write(b"new")
        file.commit()


Writer = Callable[[Path], None]
WRITERS: dict[str, Writer] = {
    "whole file": lambda path: write_whole(path, b"new"),
    "download": _download,
    "command line": lambda path: write_file(path, "new"),
    "generator": lambda path: put_in_place({path: b"new"}),
}
writers = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@contextmanager
def umask(mask: int) -> Generator[None, None, None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def test_the_umask_is_touched_nowhere() -> None:
    touching = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr == "umask")
        or (isinstance(node, ast.alias) and node.name == "umask")
    ]

    assert touching == []


@posix
@writers
def test_files_that_others_make_meanwhile_keep_their_mode(
    write: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, seen = threading.Event(), threading.Event()
    modes: set[int] = set()

    def others() -> None:
        path = tmp_path / "theirs"
        while not done.is_set():
            path.touch()
            modes.add(mode_of(path))
            seen.set()
            path.unlink()

    set_umask = os.umask

    def slowly(mask: int) -> int:
        """The moment between two calls, long enough to be seen each time."""
        before = set_umask(mask)
        time.sleep(0.02)
        return before

    thread = threading.Thread(target=others)
    with umask(0o077):
        monkeypatch.setattr("os.umask", slowly)
        thread.start()
        try:
            for _ in range(10):
                write(tmp_path / "ours")
            assert seen.wait(10)
        finally:
            done.set()
            thread.join()
            monkeypatch.undo()

    assert modes == {0o600}


@posix
@writers
@pytest.mark.parametrize("mask", [0o022, 0o027, 0o077, 0o002])
def test_a_new_file_has_the_mode_of_any_other(write: Writer, mask: int, tmp_path: Path) -> None:
    with umask(mask):
        write(tmp_path / "ours")

    assert mode_of(tmp_path / "ours") == 0o666 & ~mask


@posix
@writers
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o755, 0o400])
def test_a_file_that_is_replaced_keeps_its_mode(write: Writer, mode: int, tmp_path: Path) -> None:
    path = tmp_path / "ours"
    path.write_bytes(b"old")
    path.chmod(mode)

    write(path)

    assert (path.read_bytes(), mode_of(path)) == (b"new", mode)


@posix
def test_what_is_being_written_is_no_more_open_than_what_it_replaces(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"old")
    path.chmod(0o600)

    with WholeFile(path):
        (temporary,) = (each for each in tmp_path.iterdir() if each != path)
        assert mode_of(temporary) == 0o600


@posix
def test_a_link_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    precious.chmod(0o600)
    for name, target in (("link", precious), ("dangling", tmp_path / "nothing")):
        (tmp_path / name).symlink_to(target)
        with umask(0o022):
            write_whole(tmp_path / name, b"new")
        assert not (tmp_path / name).is_symlink()
        assert mode_of(tmp_path / name) == 0o644

    assert precious.read_bytes() == b"precious"
    assert not (tmp_path / "nothing").exists()


@posix
def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "device").symlink_to("/dev/null")
    (tmp_path / "tty").symlink_to("fifo")
    before = sorted(tmp_path.iterdir())

    for path in [*before, Path("/dev/absent")]:
        with pytest.raises(OSError, match="Not an ordinary file"):
            write_whole(path, b"new")

    assert sorted(tmp_path.iterdir()) == before
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert not Path("/dev/absent").exists()


def test_of_many_that_want_one_place_one_gets_it(tmp_path: Path) -> None:
    _race(tmp_path)


def test_so_it_is_where_there_are_no_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    _race(tmp_path)


def _race(folder: Path) -> None:
    path = folder / "one"
    barrier = threading.Barrier(8)
    won: list[bytes] = []
    lost: list[bytes] = []

    def run(content: bytes) -> None:
        with WholeFile(path, replace=False) as file:
            file.write(content)
            barrier.wait(10)
            try:
                file.commit()
            except FileExistsError:
                lost.append(content)
            else:
                won.append(content)

    threads = [threading.Thread(target=run, args=(b"%d" % n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(won), len(lost)) == (1, 7)
    assert [each.read_bytes() for each in folder.iterdir()] == won


def test_a_place_that_is_lost_on_the_way_is_free_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.link", refuse)
    monkeypatch.setattr("os.replace", refuse)
    with (
        WholeFile(tmp_path / "one", replace=False) as file,
        pytest.raises(OSError, match="No space"),
    ):
        file.commit()

    assert list(tmp_path.iterdir()) == []


def test_a_long_name_can_be_written(tmp_path: Path) -> None:
    for name in ("x" * 255, "é" * 127):
        write_whole(tmp_path / name, b"new")
        put_in_place({tmp_path / name: b"newer"})
        assert (tmp_path / name).read_bytes() == b"newer"
