"""The commands that make files of a server's schema, against servers that mean harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from stash_typed._runtime.foreign_text import visible
from stash_typed.cli.app import app
from tests.codegen.editing import ROOT
from tests.codegen.hostile import CANARY, DOCUMENT, PLACES, WORDS, introspection
from tests.unit.loopback import Asked, Says, loopback

OWN = DOCUMENT.replace("WORD", '"name"')
HARMLESS = ["harmless"] * PLACES
VERSION = 'v0.31.0\ntype Evil { id: ID }\n"""\nimport os'
DEFAULTS = {0, 3, 4, 5, 6, 9}


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("URL", "API_KEY", "USERNAME", "PASSWORD", "VERIFY", "TIMEOUT"):
        monkeypatch.delenv(f"STASH_{name}", raising=False)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.chdir(tmp_path)


def said(word: str) -> list[str]:
    """A word everywhere but in default values, which have to be GraphQL."""
    return [word if place not in DEFAULTS else "harmless" for place in range(PLACES)]


@contextmanager
def serving(answer: dict[str, Any], version: str = VERSION) -> Generator[str, None, None]:
    def says(request: Asked) -> Says:
        known = {"version": {"version": version, "hash": version, "build_time": version}}
        body = answer if b"__schema" in request.body else {"data": known}
        return Says(200, json.dumps(body).encode(), {"Content-Type": "application/json"})

    with loopback(says) as server:
        yield server.url


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, [*arguments])
    assert "unexpected" not in result.output
    assert "Traceback" not in result.output
    assert visible(result.output) == result.output
    return result


def project(url: str) -> None:
    Path("own").mkdir(exist_ok=True)
    Path("own/own.graphql").write_text(OWN, "utf-8")
    Path("pyproject.toml").write_text(
        f'[tool.stash-typed]\nurl = "{url}"\noperations = ["own"]\npackage = "mine"\n', "utf-8"
    )


def files() -> dict[str, str]:
    paths = sorted(path for path in Path("mine").rglob("*") if "__pycache__" not in path.parts)
    return {str(path): path.read_text("utf-8") for path in paths if path.is_file()}


def import_mine() -> None:
    """Import what was generated, in another process; the server's word must not have become code."""
    code = f"""\
import importlib, sys, os
for name in sys.argv[1:]:
    importlib.import_module(name)
    assert {CANARY!r} not in os.environ, name
"""
    modules = [name.removesuffix(".py").replace("/", ".") for name in files() if name[-3:] == ".py"]
    subprocess.run(
        [sys.executable, "-c", code, *(name.removesuffix(".__init__") for name in modules)],
        check=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}."},
        timeout=60,
    )


@pytest.mark.parametrize(
    ("command", "word"),
    [("codegen", WORDS[0]), ("codegen", WORDS[2]), ("upgrade", WORDS[0]), ("upgrade", WORDS[15])],
    ids=["codegen", "codegen in two steps", "upgrade", "upgrade unseen"],
)
def test_a_client_holds_no_code_of_the_server(command: str, word: str) -> None:
    with serving(introspection(said(word), word), "v0.31.0") as url:
        project(url)
        result = run(command)

    assert result.exit_code == 0, result.output
    import_mine()
    assert all(visible(text) == text for text in files().values())


def test_a_client_holds_nothing_of_a_version_that_is_none() -> None:
    with serving(introspection(HARMLESS)) as url:
        project(url)
        result = run("codegen")

    assert result.exit_code == 0, result.output
    assert "Evil" not in str(files())
    assert 'stash_version = "unknown"' in files()["mine/PROVENANCE.toml"]


def test_a_schema_file_holds_no_definition_of_the_version() -> None:
    with serving(introspection(said(WORDS[15]))) as url:
        result = run("introspect", "--url", url)

    assert result.exit_code == 0, result.output
    text = Path("schema.graphql").read_text("utf-8")
    assert text.startswith("# Stash of unknown version, written by `stash-typed introspect`\n\n")
    assert "Evil" not in text
    assert visible(text) == text


@pytest.mark.parametrize("command", ["diff", "check"])
def test_a_server_is_compared_without_its_words(command: str) -> None:
    with serving(introspection(said(WORDS[14]), WORDS[0])) as url:
        Path("old.json").write_text(json.dumps(introspection(HARMLESS)), "utf-8")
        if command == "diff":
            result = run("diff", "old.json", url)
            assert result.stdout.startswith(f"From old.json to {url}: 0 breaking")
        else:
            project(url)
            result = run("check", "--own")
            assert result.exit_code == 0, result.output


def _with_name(name: object) -> dict[str, Any]:
    answer = introspection(HARMLESS)
    thing = next(t for t in answer["data"]["__schema"]["types"] if t["name"] == "Thing")
    thing["fields"][0]["name"] = name
    return answer


def _deep() -> dict[str, Any]:
    answer = introspection(HARMLESS)
    type_: dict[str, Any] = {"kind": "SCALAR", "name": "Int"}
    for _ in range(70):
        type_ = {"kind": "LIST", "ofType": type_}
    thing = next(t for t in answer["data"]["__schema"]["types"] if t["name"] == "Thing")
    thing["fields"][0]["type"] = type_
    return answer


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a name that is code": (_with_name(f"x\n{WORDS[0]}"), "is not a name in Thing"),
    "a name that is a path": (_with_name("../../evil"), '"../../evil" is not a name in Thing'),
    "a name of Python's": (_with_name("__class__"), "must not begin with"),
    "a name that is none": (_with_name(["x"]), '"list" is not a name in Thing'),
    "lists in lists": (_deep(), "endless depth in Thing.id"),
    "no types": ({"data": {"__schema": {"types": None}}}, "not an introspection result"),
    "another answer": ({"data": {"__schema": []}}, "not an introspection result"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_schema_that_is_none_is_refused_by_every_command(case: str) -> None:
    answer, message = REFUSED[case]
    with serving(answer) as url:
        project(url)
        for command in (
            ["introspect", "--url", url],
            ["codegen"],
            ["upgrade"],
            ["check", "--own"],
            ["diff", "packaged", url],
        ):
            result = run(*command)

            assert result.exit_code == 1, command
            assert message in result.stderr, command

    assert sorted(path.name for path in Path().iterdir()) == ["own", "pyproject.toml"]


def test_a_version_of_ones_own_has_to_look_like_one() -> None:
    Path("some.json").write_text(json.dumps(introspection(HARMLESS)), "utf-8")

    result = run("introspect", "--from", "some.json", "--stash-version", VERSION)

    assert result.exit_code == 2
    assert "--stash-version must look like v0.31.0" in result.stderr
    assert not Path("schema.graphql").exists()
