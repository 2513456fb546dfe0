"""Files and folders are replaced together or not at all, whatever happens in between."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stash_typed.codegen.atomic import contents_of, put_in_place


def snapshot(folder: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "old.py").write_bytes(b"old")
    (tmp_path / "schema.graphql").write_bytes(b"old schema")
    return tmp_path


def wanted(root: Path) -> dict[Path, dict[str, bytes] | bytes]:
    return {
        root / "package": {"new.py": b"new", "inner/x.py": b"x"},
        root / "schema.graphql": b"new schema",
        root / "deep" / "down" / "other": {"y.py": b"y"},
        root / "fresh.txt": b"fresh",
    }


def test_what_was_there_goes_as_a_whole(root: Path) -> None:
    put_in_place(wanted(root))

    assert snapshot(root) == {
        "deep": None,
        "deep/down": None,
        "deep/down/other": None,
        "deep/down/other/y.py": b"y",
        "fresh.txt": b"fresh",
        "package": None,
        "package/inner": None,
        "package/inner/x.py": b"x",
        "package/new.py": b"new",
        "schema.graphql": b"new schema",
    }
    assert contents_of(root / "package") == {"inner/x.py": b"x", "new.py": b"new"}


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("after", [False, True], ids=["before the move", "after the move"])
@pytest.mark.parametrize("step", range(6))
def test_an_interruption_at_any_step_leaves_what_was_there(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: int,
    after: bool,
    error: type[BaseException],
) -> None:
    before = snapshot(root)
    replace, calls = os.replace, iter(range(100))

    def interrupted(source: Path, target: Path) -> None:
        is_the_one = next(calls) == step
        if is_the_one and not after:
            raise error
        replace(source, target)
        if is_the_one:
            raise error

    monkeypatch.setattr("os.replace", interrupted)

    with pytest.raises(error):
        put_in_place(wanted(root))

    assert snapshot(root) == before


def test_an_interruption_while_writing_leaves_what_was_there(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(root)
    write = Path.write_bytes

    def interrupted(path: Path, data: bytes) -> int:
        if path.name == "x.py":
            raise KeyboardInterrupt
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", interrupted)

    with pytest.raises(KeyboardInterrupt):
        put_in_place(wanted(root))

    assert snapshot(root) == before


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert contents_of(tmp_path / "nothing") == {}
