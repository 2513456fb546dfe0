"""A server whose every text steers a terminal: nothing of it does, whatever the command prints it in."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, introspection_from_schema
from pydantic import BaseModel
from typer.testing import CliRunner, Result

from stash_typed import models
from stash_typed.cli import main
from stash_typed.cli.app import app
from stash_typed.cli.terminal import output
from stash_typed.cli.terminal.streams import guarded
from stash_typed.testing import fake
from tests.codegen.editing import PACKAGED
from tests.unit.loopback import Asked, Loopback, Says, loopback

ROOT = Path(__file__).resolve().parents[2]
STEERING = "\x1b]0;owned\x07\x1b[2J\x1b[8m\x08\r\x7f\x9b31m\u202egpj\u2028\u200b\x00"
TEXT = f"before{STEERING}after\nError: forged\n"
FIRST_SHOWN = r"before\x1b]0;owned\x07\x1b[2J\x1b[8m\x08"
_RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e]")


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("URL", "API_KEY", "USERNAME", "PASSWORD", "VERIFY", "TIMEOUT"):
        monkeypatch.delenv(f"STASH_{name}", raising=False)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


def _plain(model: BaseModel) -> Any:
    return model.model_dump(mode="json", by_alias=True)


def _job(status: str) -> Any:
    job = fake(
        models.Job,
        id="7",
        description=TEXT,
        sub_tasks=[TEXT, "second"],
        error=TEXT,
        progress=0.5,
    )
    return {**_plain(job), "status": status}


def _schema() -> GraphQLSchema:
    schema = build_schema(PACKAGED)
    scene, query = schema.type_map["Scene"], schema.query_type
    assert query is not None
    scene.description = TEXT
    query.fields["findScene"].description = TEXT
    query.fields["findScene"].deprecation_reason = TEXT
    return schema


_INTROSPECTION = {**introspection_from_schema(_schema())}
_DATA: dict[str, Any] = {
    "systemStatus": {
        **_plain(fake(models.SystemStatus, os=TEXT, database_path=TEXT)),
        "status": "OK",
    },
    "version": {"version": f"v0.30.1{STEERING}", "hash": TEXT, "build_time": TEXT},
    "stats": _plain(fake(models.Stats)),
    "jobQueue": [_job("RUNNING")],
    "findJob": _job("FAILED"),
    "metadataScan": "7",
    "allStudios": [
        _plain(
            fake(models.Studio, name=TEXT, urls=[TEXT], url=TEXT, image_path=f"http://nas/{TEXT}")
        )
    ],
    "scrapeSinglePerformer": [
        _plain(fake(models.ScrapedPerformer, name=f"Ada{STEERING}", details=TEXT, tattoos=TEXT))
    ],
    "backupDatabase": "/download/0/backup.sqlite",
}
_ERRORS = {"errors": [{"message": TEXT, "path": [TEXT]}], "data": {TEXT: TEXT}}


def _answer(request: Asked) -> Says:
    if request.method == "GET":
        name = "attachment; filename=\"b\x9b31m\x85.sqlite\"; filename*=UTF-8''b%1B%5B2J%E2%80%AE.sqlite"
        return Says(200, b"SQLite format 3\0", {"Content-Disposition": name})
    asked = json.loads(request.body)["query"]
    if "__schema" in asked:
        return _json(_INTROSPECTION)
    found = {name: value for name, value in _DATA.items() if re.search(rf"\b{name}\b", asked)}
    return _json(found) if found else Says(200, json.dumps(_ERRORS).encode(), _TYPE)


_TYPE = {"Content-Type": "application/json"}


def _json(data: object) -> Says:
    return Says(200, json.dumps({"data": data}).encode(), _TYPE)


@pytest.fixture(scope="module")
def server() -> Generator[Loopback, None, None]:
    with loopback(_answer) as running:
        yield running


def _run(*arguments: str, text: str = "") -> Result:
    result = CliRunner().invoke(app, arguments, input=text)
    _assert_harmless(result.stdout)
    _assert_harmless(result.stderr)
    return result


def _assert_harmless(shown: str) -> None:
    assert _RAW.search(shown.replace("\r\n", "\n")) is None, ascii(shown)
    assert not re.search(r"^Error: forged", shown, re.MULTILINE)


@pytest.mark.parametrize(
    ("command", "stream"),
    [
        (("status",), "stdout"),
        (("jobs",), "stdout"),
        (("jobs", "list"), "stdout"),
        (("jobs", "watch", "7"), "stderr"),
        (("scan",), "stderr"),
        (("query", "{ x }"), "stderr"),
        (("studios",), "stdout"),
        (("scrape", "search", "Ada"), "stdout"),
        (("scrape", "performer", f"Ada{STEERING}", "--interval", "0"), "stdout"),
    ],
)
def test_a_server_s_text_is_shown_and_steers_nothing(
    server: Loopback, command: tuple[str, ...], stream: str
) -> None:
    result = _run(*command, "--url", server.url)

    assert FIRST_SHOWN.removeprefix("before") in getattr(result, stream)


@pytest.mark.parametrize(
    "command",
    [
        ("backup",),
        ("backup", "--to", "."),
        ("check",),
        ("diff", "packaged", "{url}"),
        ("introspect", "--output", "-"),
        ("introspect",),
        ("playground",),
        ("codegen",),
        ("status", "--debug"),
        ("--debug", "jobs", "watch", "7"),
    ],
)
def test_nothing_steers_in_any_other_command(server: Loopback, command: tuple[str, ...]) -> None:
    arguments = [each.replace("{url}", server.url) for each in command]

    result = _run(*arguments, "--url", server.url)

    assert result.output


@pytest.mark.parametrize(
    ("says", "shown"),
    [
        (Says(403, f"up{STEERING}stream".encode(), {"Content-Type": "text/plain"}), r"up\x1b]0;"),
        (Says(302, b"", {"Location": "http://nas/\x9b31m"}), r"http://nas/\x9b31m"),
        (Says(200, b"x", {"Content-Type": "te\x9bxt/\x85y"}), r"te\x9bxt/"),
        (Says(200, STEERING.encode(), {"Content-Type": "text/html"}), "HTML"),
    ],
)
def test_what_is_no_graphql_steers_nothing_either(says: Says, shown: str) -> None:
    with loopback(lambda request: says) as server:
        result = _run("studios", "--url", server.url)

        assert result.exit_code == 1
        assert shown in result.stderr
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        (f"no{STEERING}such",),
        ("jobs", f"no{STEERING}such"),
        ("status", f"--no{STEERING}such"),
        ("status", "--timeout", STEERING),
        ("status", "--ca-file", f"absent{STEERING.rstrip(chr(0))}"),
        ("status", "--url", f"ftp{STEERING}://nas"),
        ("status", "--url", f"http://na{STEERING}s"),
        ("query", f"absent{STEERING.rstrip(chr(0))}.graphql"),
        ("query", "{ x }", "--var", STEERING),
        ("diff", f"absent{STEERING.rstrip(chr(0))}", "packaged"),
        ("check", f"absent{STEERING.rstrip(chr(0))}"),
        ("codegen", "--project", f"absent{STEERING.rstrip(chr(0))}"),
        ("status", f"--a{STEERING}", "--debug"),
    ],
)
def test_what_stood_on_the_command_line_is_quoted_visibly(arguments: tuple[str, ...]) -> None:
    result = _run(*arguments)

    assert result.exit_code in (1, 2)
    assert result.stderr


def test_a_traceback_passes_the_same_filter(
    server: Loopback, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--debug", "query", "{ x }", "--url", server.url]) == 1

    out, err = capsys.readouterr()
    _assert_harmless(out)
    _assert_harmless(err)
    assert "Traceback (most recent call last)" in err
    assert FIRST_SHOWN in err


def test_a_traceback_holds_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError(f"a bug, apikey=neutral-key {STEERING}")

    monkeypatch.setattr("stash_typed.client.StashClient.all_studios", broken)

    assert main(["--debug", "studios"]) == 1

    err = capsys.readouterr().err
    _assert_harmless(err)
    assert "RuntimeError: a bug, apikey=***" in err


def test_findings_about_a_file_are_shown_visibly(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.stash-typed]\nschema = "{PACKAGED[:0]}s.graphql"\noperations = ["ope\\u001brations"]\n'
        'package = "p\\u202e\\u0007"\n'
    )
    (tmp_path / "s.graphql").write_text("type Query { a: Int } \x1b[2J \u202e", encoding="utf-8")

    result = _run("codegen")

    assert result.exit_code == 1


def test_json_has_every_character_and_none_raw(server: Loopback) -> None:
    shown = _run("studios", "--url", server.url, "--json").stdout

    assert json.loads(shown)[0]["name"] == TEXT
    assert r"\u202e" in shown


@pytest.mark.parametrize(
    "name", ["a\x9b\u202e", "\udce9t\udce9", "\U000e0041\U0001f600☃", "\x7f\\"]
)
def test_a_file_s_name_in_json_is_that_file_s_name(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    output.print_json({"path": name})

    shown = capsys.readouterr().out
    _assert_harmless(shown)
    assert json.loads(shown) == {"path": name}


_WITHOUT_THE_COMMANDS = f"""
import logging, sys, warnings
from stash_typed.cli.terminal.streams import guarded
with guarded():
    warnings.warn("warned " + {STEERING!r})
    logging.error("logged " + {STEERING!r})
    sys.stdout.writelines([{STEERING!r}, "\\n"])
"""


def test_warnings_and_logs_pass_the_same_filter() -> None:
    result = subprocess.run(
        [sys.executable, "-c", _WITHOUT_THE_COMMANDS],
        capture_output=True,
        check=True,
        env={"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'generated'}", "PYTHONUTF8": "1"},
    )

    out, err = result.stdout.decode(), result.stderr.decode()
    _assert_harmless(out)
    _assert_harmless(err)
    assert r"warned \x1b]0;owned\x07" in err
    assert r"logged \x1b]0;owned\x07" in err
    assert r"\x1b]0;owned" in out


def test_bytes_do_not_pass_beside_the_filter() -> None:
    with guarded():
        assert not hasattr(sys.stdout, "buffer")
        assert sys.stdout.encoding


# On a terminal: tables, boxes and bars are drawn by rich, whose own sequences pass.

_OWN_SEQUENCES = re.compile(r"\x1b\[[0-9;]*[mKA]|\x1b\[\?25[lh]|\x1b\[1A|\r(?=\n|\x1b\[2K|$)|\r")


def _on_a_terminal(*arguments: str) -> str:
    import pty

    ours, theirs = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CI")}
    process = subprocess.Popen(
        [sys.executable, "-m", "stash_typed.cli", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={
            **environment,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'generated'}",
            "TERM": "xterm-256color",
            "COLUMNS": "400",
        },
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    process.wait(60)
    return shown.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals")
@pytest.mark.parametrize(
    "command",
    [
        ("studios",),
        ("status",),
        ("jobs", "watch", "7"),
        (f"no{STEERING.rstrip(chr(0))}such",),
    ],
)
def test_a_terminal_gets_the_command_s_own_sequences_alone(
    server: Loopback, command: tuple[str, ...]
) -> None:
    shown = _on_a_terminal("--url", server.url, *command)

    assert "\x1b[" in shown, "the command itself draws in colours"
    assert r"\x1b]0;owned\x07\x1b[2J" in shown
    assert "\x1b[8m" not in shown
    _assert_harmless(_OWN_SEQUENCES.sub("", shown))


# The one way out.

_PRINTING = {"print", "echo", "secho", "style", "print_exc", "Console", "confirm", "progressbar"}


def _calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func
            yield ast.unparse(function).rpartition(".")[2], node


def test_every_command_prints_through_one_module() -> None:
    folder = ROOT / "stash_typed" / "cli"
    terminal = folder / "terminal"
    own = {terminal / "output.py", terminal / "streams.py", folder / "__init__.py"}
    files = [file for file in folder.rglob("*.py") if file not in own]

    found = [
        f"{file.relative_to(ROOT)}:{call.lineno}: {name}"
        for file in files
        for name, call in _calls(file)
        if name in _PRINTING or ast.unparse(call.func).startswith(("sys.stdout.w", "sys.stderr.w"))
    ]

    assert len(files) > 15
    assert found == []
