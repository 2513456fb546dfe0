"""The command with streams that are narrow, closed, full, or left by their reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.unit.loopback import Loopback, Says, loopback

ROOT = Path(__file__).resolve().parents[2]
COMMAND = f"{sys.executable} -m stash_typed.cli"
NAME = "Zoë ☃ 😀 \x9b \u202e"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the shell is POSIX's")


@pytest.fixture(scope="module")
def server() -> Generator[Loopback, None, None]:
    data = json.dumps({"data": {"name": NAME, "rows": [NAME] * 5000}}).encode()
    with loopback(lambda request: Says(200, data, {"Content-Type": "application/json"})) as running:
        yield running


def _shell(script: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a script; `$stash` is the command. A traceback is a failure wherever it is shown."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("STASH_", "PYTHON"))}
    result = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        check=False,
        env={
            **inherited,
            "stash": COMMAND,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'generated'}",
            "NO_PROXY": "*",
            **environment,
        },
        timeout=60,
    )
    shown = result.stdout + result.stderr
    assert b"Traceback" not in shown, shown.decode(errors="replace")
    assert b"Exception ignored" not in shown, shown.decode(errors="replace")
    assert b"unexpected" not in shown, shown.decode(errors="replace")
    return result


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_json_is_the_same_in_every_encoding(server: Loopback, encoding: str) -> None:
    result = _shell(f"$stash query '{{ name }}' --url {server.url}", PYTHONIOENCODING=encoding)

    assert result.returncode == 0
    shown = result.stdout.decode(encoding)
    assert json.loads(shown)["name"] == NAME
    assert ("☃" in shown) == (encoding == "utf-8")


def test_messages_show_what_the_encoding_lacks_as_escapes() -> None:
    result = _shell("$stash statusé☃; $stash playground --url nas/é☃", PYTHONIOENCODING="cp1252")

    assert "'statusé\\u2603'" in result.stderr.decode("cp1252")
    assert b"playground" in result.stdout + result.stderr


def test_a_file_s_name_that_is_no_text_is_quoted() -> None:
    result = _shell(r"$stash query $'absent\xe9'; $stash diff $'\xe9' packaged", LC_ALL="C.UTF-8")

    assert result.returncode == 1
    assert rb"absent\udce9" in result.stderr


@pytest.mark.parametrize(
    ("closed", "code"),
    [(">&-", 0), (">&- 2>&-", 0), ("<&- >&- 2>&-", 0), ("2>&-", 0), (">/dev/full", 1)],
)
def test_streams_that_cannot_be_written_to(server: Loopback, closed: str, code: int) -> None:
    result = _shell(f"$stash query '{{ name }}' --url {server.url} {closed}")

    assert result.returncode == code
    assert (b"cannot be written: No space left on device" in result.stderr) == (code == 1)


def test_help_and_errors_need_no_output() -> None:
    assert _shell("$stash --help >&-").returncode == 0
    assert _shell("$stash no-such-command >&- 2>&-").returncode == 2


@pytest.mark.parametrize("reader", ["head -1", "true"])
def test_a_reader_that_goes_away_ends_the_command_quietly(server: Loopback, reader: str) -> None:
    script = f"$stash query '{{ rows }}' --url {server.url} | {reader}; exit ${{PIPESTATUS[0]}}"

    result = _shell(script)

    assert result.returncode == 1
    assert result.stderr == b""


def test_a_closed_input_is_an_empty_one(server: Loopback) -> None:
    query = _shell(f"$stash query - --url {server.url} <&-")
    password = _shell(f"$stash status --username ada --url {server.url} <&-")

    assert b"standard input is empty" in query.stderr
    assert b"--username needs --password" in password.stderr
    assert (query.returncode, password.returncode) == (1, 2)


def test_little_of_an_environment_is_needed(server: Loopback) -> None:
    # Neither HOME, nor TERM, nor a locale.
    bare = f"env -i PYTHONPATH=$PYTHONPATH {COMMAND} query '{{ name }}' --url {server.url}"
    dumb = f"TERM=dumb NO_COLOR=1 $stash query '{{ name }}' --url {server.url}"

    for script in (bare, dumb):
        result = _shell(script)
        assert json.loads(result.stdout)["name"] == NAME
