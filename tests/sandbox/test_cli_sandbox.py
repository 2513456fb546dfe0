"""`stash-typed sandbox`: the options that say what it may touch and whom it answers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import stash_typed.sandbox
from stash_typed.cli.app import app
from stash_typed.sandbox import Sandbox


@pytest.fixture(name="made")
def _made(monkeypatch: pytest.MonkeyPatch) -> list[Sandbox]:
    """The sandboxes that the command would have run."""
    made: list[Sandbox] = []

    def note(sandbox: Sandbox, **_more: Any) -> None:
        made.append(sandbox)
        with sandbox:
            pass

    monkeypatch.setattr(stash_typed.sandbox, "run", note)
    return made


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["sandbox", "--port", "0", "--scenes", "0", *arguments])
    return result.exit_code, result.output


def test_the_options_are_those_of_the_constructor(made: list[Sandbox], tmp_path: Path) -> None:
    names = [tmp_path / "a", tmp_path / "b"]
    for name in names:
        name.mkdir()
    folders = [text for name in names for text in ("--allow-folder", str(name))]
    more = ("--allow-delete", "--allow-host", "stash.test", "--allow-origin", "http://localhost:1")
    assert _run(*folders, *more)[0] == 0
    given = Sandbox(
        allowed_folders=names,
        allow_delete=True,
        allowed_hosts=["stash.test"],
        allowed_origins=["http://localhost:1"],
    )
    assert vars(made[0])["_options"] == vars(given)["_options"]


def test_without_them_nothing_is_granted(made: list[Sandbox]) -> None:
    assert _run()[0] == 0
    assert vars(made[0])["_options"] == vars(Sandbox())["_options"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--allow-host", "*"), "is not a valid host"),
        (("--allow-origin", "localhost:5173"), "is not a valid origin"),
        (("--allow-folder", "/absent/folder"), "--allow-folder: there is no folder"),
    ],
)
def test_a_wrong_one_is_said_in_a_line(
    made: list[Sandbox], arguments: tuple[str, ...], words: str
) -> None:
    status, output = _run(*arguments)
    assert status != 0
    assert words in output
    assert "Traceback" not in output
    assert made == []


def test_the_data_of_another_program_are_left_alone_in_a_line(
    made: list[Sandbox], tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "stash-go.sqlite")) as theirs:
        theirs.execute("create table scenes (id integer)")
        theirs.commit()
    status, output = _run("--data", str(tmp_path))
    assert status != 0
    assert "database of another program" in output
    assert "Traceback" not in output
