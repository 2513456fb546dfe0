"""Keys and passwords of the command line are in no frame of this package, nor in what it prints."""

from __future__ import annotations

import socket

import pytest
from typer.testing import CliRunner, Result

from stash_typed.cli import command
from stash_typed.cli.app import app
from stash_typed.cli.errors import traceback_of
from stash_typed.errors import StashError

from .shown_locals import behind, frames, shown

CANARY = "Kanarienvogel"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "API_KEY", "USERNAME", "PASSWORD", "VERIFY", "TIMEOUT"):
        monkeypatch.delenv(f"STASH_{name}", raising=False)


def nobody() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def failure_of(result: Result) -> StashError:
    """What a command raised, which stands behind the exit that was made of it."""
    assert result.exception is not None
    return next(one for one in behind(result.exception) if isinstance(one, StashError))


def assert_discreet(error: BaseException) -> None:
    """The list of arguments itself is the process's own, in the frames above the commands."""
    above = ("/click/", "/_click/", "/typer/", "in main", "in make_context")
    leaks = {place: text for place, text in shown(error).items() if CANARY in text}
    assert {p: text for p, text in leaks.items() if not any(name in p for name in above)} == {}
    params = [f.f_locals["use_params"] for f in frames(error) if "use_params" in f.f_locals]
    assert params
    assert CANARY not in repr(params)


@pytest.mark.parametrize(
    "options",
    [
        ["--api-key", f"{CANARY}-key"],
        ["--username", "ada", "--password", f"{CANARY}-password"],
        ["--api-key", f"{CANARY}ü"],
        ["--api-key", CANARY, "--username", "ada", "--password", CANARY],
    ],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_no_frame_of_a_command_shows_a_secret(options: list[str], place: str) -> None:
    where = ["--url", nobody()]
    command = [*options, "status", *where] if place == "before" else ["status", *where, *options]
    told = CliRunner().invoke(app, command)
    assert told.exit_code == 1
    assert CANARY not in told.output
    result = CliRunner().invoke(app, ["--debug", *command])
    failure = failure_of(result)
    assert "Traceback" in traceback_of(failure)
    assert CANARY not in traceback_of(failure)
    assert_discreet(failure)


def test_an_answer_to_the_prompt_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_is_terminal", lambda: True)
    result = CliRunner().invoke(
        app,
        ["--debug", "status", "--url", nobody(), "--username", "ada"],
        input=f"{CANARY}-typed\n",
    )
    assert_discreet(failure_of(result))
