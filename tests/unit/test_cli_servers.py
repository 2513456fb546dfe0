"""What the command prints when the server is not what it should be. No secret is ever in it."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, introspection_from_schema
from typer.testing import CliRunner, Result

from stash_typed.cli.app import app
from tests.unit.loopback import Asked, Says, loopback

KEY = "neutral-key-of-thirty-characters"
JSON = {"Content-Type": "application/json"}
READY = {
    "data": {
        "systemStatus": {
            "status": "OK",
            "appSchema": 75,
            "os": "linux",
            "workingDir": "/",
            "homeDir": "/",
        }
    }
}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "API_KEY", "USERNAME", "PASSWORD", "VERIFY", "TIMEOUT"):
        monkeypatch.delenv(f"STASH_{name}", raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


def _run(*arguments: str, text: str = "") -> Result:
    result = CliRunner().invoke(app, arguments, input=text)
    assert KEY not in result.output
    return result


def _error(*arguments: str) -> str:
    """Run a command that must fail, and give its one message."""
    result = _run(*arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def _says(body: object, status: int = 200) -> Says:
    return Says(status, json.dumps(body).encode(), JSON)


def _asks(request: Asked, name: str) -> bool:
    return name.encode() in request.body


def test_nothing_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    message = _error("status", "--url", url)

    assert f"{url}/graphql" in message
    assert "Is the server running?" in message


def test_there_is_no_such_host() -> None:
    message = _error("studios", "--url", "http://nobody.invalid:9999")

    assert "'nobody.invalid'" in message
    assert "Check the spelling" in message


@pytest.mark.parametrize("command", [("status",), ("query", "{ version { version } }"), ("jobs",)])
def test_a_web_server_that_is_no_stash(command: tuple[str, ...]) -> None:
    page = Says(200, b"<!DOCTYPE html><title>Router</title>", {"Content-Type": "text/html"})
    with loopback(lambda request: page) as server:
        message = _error(*command, "--url", server.url)

        assert f"{server.url}/graphql" in message
        assert "Is this a Stash server?" in message


def test_another_graphql_api() -> None:
    wrong = {
        "errors": [
            {
                "message": 'Cannot query field "systemStatus" on type "Query".',
                "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
            }
        ]
    }
    with loopback(lambda request: _says(wrong, 400)) as server:
        message = _error("status", "--url", server.url)

        assert "systemStatus" in message
        assert server.url in message


def test_credentials_are_asked_for_and_refused() -> None:
    with loopback(lambda request: Says(401)) as server:
        asked = _error("status", "--url", server.url)
        refused = _error("status", "--url", server.url, "--api-key", KEY)

        assert "--api-key or set STASH_API_KEY, or pass --username and --password" in asked
        assert "refuses the API key" in refused
        assert server.url in asked
        assert server.url in refused


def test_a_wrong_password_is_not_repeated() -> None:
    with loopback(lambda request: Says(401, b"invalid")) as server:
        message = _error(
            "status", "--url", server.url, "--username", "reader", "--password", "a-wrong-one"
        )

        assert "'reader'" in message
        assert "a-wrong-one" not in message


def test_a_key_that_the_server_repeats_in_its_error_is_hidden() -> None:
    echo = {"errors": [{"message": f"no session for {KEY}"}], "data": None}
    with loopback(lambda request: _says(echo)) as server:
        message = _error("studios", "--url", server.url, "--api-key", KEY)

        assert "no session for ***" in message


def _not_set_up(status: str) -> Callable[[Asked], Says]:
    def answer(request: Asked) -> Says:
        if _asks(request, "systemStatus"):
            facts = {**READY["data"]["systemStatus"], "status": status}
            return _says({"data": {"systemStatus": facts}})
        if _asks(request, "version"):
            return _says({"data": {"version": {"version": None, "hash": "", "build_time": ""}}})
        return _says({"errors": [{"message": "Internal system error."}], "data": None})

    return answer


@pytest.mark.parametrize("status", ["SETUP", "NEEDS_MIGRATION"])
@pytest.mark.parametrize("command", ["studios", "scan", "backup", "status"])
def test_a_server_that_is_not_ready(status: str, command: str) -> None:
    with loopback(_not_set_up(status)) as server:
        result = _run(command, "--url", server.url)

        assert result.exit_code == 1
        assert f"its status is {status} (at {server.url})" in result.stderr
        assert "in a browser" in result.stderr


def test_the_status_of_a_server_that_is_not_ready_is_shown_all_the_same() -> None:
    with loopback(_not_set_up("SETUP")) as server:
        result = _run("status", "--url", server.url, "--json")

        assert result.exit_code == 1
        shown = json.loads(result.stdout)
        assert (shown["ready"], shown["system"]["status"], shown["stats"]) == (False, "SETUP", None)


def test_what_came_with_the_errors_is_printed_before_them() -> None:
    both = {"errors": [{"message": "scene with id 9 not found"}], "data": {"a": 1, "b": None}}
    with loopback(lambda request: _says(both)) as server:
        result = _run("query", "{ a b }", "--url", server.url)

        assert result.exit_code == 1
        assert json.loads(result.stdout) == {"a": 1, "b": None}
        assert "scene with id 9 not found" in result.stderr


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ((), {}),
        (("--variables", '{"id": 5, "q": null}'), {"id": 5, "q": None}),
        (("--var", "id=5", "--var", "q=a=b", "--var", "t=true"), {"id": 5, "q": "a=b", "t": True}),
        (("--variables", '{"id": 5}', "--var", 'id="5"'), {"id": "5"}),
    ],
)
def test_variables_are_sent_as_given(options: tuple[str, ...], sent: dict[str, object]) -> None:
    with loopback(lambda request: _says({"data": {"ok": True}})) as server:
        assert _run("query", "{ ok }", *options, "--url", server.url).exit_code == 0

        body = json.loads(server.asked[-1].body)
        assert body.get("variables", {}) == sent


def test_a_document_comes_from_a_file_or_from_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "ok.graphql"
    file.write_text("query Ok { ok }")
    with loopback(lambda request: _says({"data": {"ok": True}})) as server:
        _run("query", str(file), "--url", server.url)
        _run("query", "-", "--url", server.url, text="{ ok }")

        assert [json.loads(asked.body)["query"] for asked in server.asked] == [
            "query Ok { ok }",
            "{ ok }",
        ]


def _older_server(request: Asked) -> Says:
    """A server that does not know the question which arguments are deprecated."""
    asked: dict[str, Any] = json.loads(request.body)
    if "inputFields(includeDeprecated" in asked["query"]:
        message = 'Unknown argument "includeDeprecated" on field "__Type.inputFields".'
        code = {"code": "GRAPHQL_VALIDATION_FAILED"}
        return _says({"errors": [{"message": message, "extensions": code}], "data": None}, 422)
    if "__schema" in asked["query"]:
        schema = build_schema("type Query { b: Int a(x: Int): Int @deprecated }")
        return _says({"data": introspection_from_schema(schema, input_value_deprecation=False)})
    return _says({"data": {"version": {"version": "v0.19.0", "hash": "1", "build_time": "2"}}})


def test_an_older_server_is_introspected_too() -> None:
    with loopback(_older_server) as server:
        result = _run("introspect", "--url", server.url, "--output", "-")

        assert result.exit_code == 0, result.output
        lines = result.stdout.splitlines()
        assert lines[0].startswith("# Stash v0.19.0,")
        assert lines[-3:] == ["  a(x: Int): Int @deprecated", "  b: Int", "}"]


def test_what_is_not_a_schema_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "schema.graphql"
    with loopback(
        lambda request: _says({"data": {"version": {"hash": "", "build_time": ""}}})
    ) as s:
        message = _error("introspect", "--url", s.url, "--output", str(file))

        assert "not an introspection result" in message
        assert not file.exists()


@pytest.mark.parametrize(
    ("name", "options", "version"),
    [
        ("v0.30.1.json", (), "v0.30.1"),
        ("answer.json", ("--stash-version", "v0.30.1"), "v0.30.1"),
        ("v0.1.0.json", ("--stash-version", "v0.30.1"), "v0.30.1"),
        ("answer.json", (), "of unknown version"),
    ],
)
def test_a_file_says_its_version_by_option_or_name(
    tmp_path: Path, name: str, options: tuple[str, ...], version: str
) -> None:
    schema = build_schema("type Query { a: Int }")
    source = tmp_path / name
    source.write_text(json.dumps({"data": introspection_from_schema(schema)}))

    result = _run("introspect", "--from", str(source), "--output", "-", *options)

    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"# Stash {version}, written by")


def test_what_should_not_happen_says_so_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError(f"a bug, apikey={KEY}")

    monkeypatch.setattr("stash_typed.client.StashClient.all_studios", broken)

    result = _run("studios")

    assert result.exit_code == 1
    assert "unexpected RuntimeError: a bug, apikey=***" in result.stderr
    assert "--debug" in result.stderr
    assert isinstance(CliRunner().invoke(app, ["--debug", "studios"]).exception, RuntimeError)


def test_a_password_is_asked_for_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def prompt(text: str, **options: object) -> str:
        asked.append(text)
        assert options["hide_input"]
        return "typed-password"

    monkeypatch.setattr("typer.prompt", prompt)
    monkeypatch.setattr("stash_typed.cli.command._is_terminal", lambda: True)

    def answer(request: Asked) -> Says:
        if request.path == "/login":
            return Says(200, headers={"Set-Cookie": "session=neutral; Path=/"})
        return _says({"data": {"allStudios": []}})

    with loopback(answer) as server:
        result = _run("--username", "reader", "studios", "--url", server.url)

        assert result.exit_code == 0, result.output
        assert asked == ["Password for reader"]
        assert [b"typed-password" in login.body for login in server.paths("/login")] == [True]


def test_a_backup_replaces_a_file_of_the_server_s_name_only_when_told(tmp_path: Path) -> None:
    there = tmp_path / "library.sqlite"
    there.write_bytes(b"the one before")

    def answer(request: Asked) -> Says:
        if request.path == "/graphql":
            return _says({"data": {"backupDatabase": "/downloads/token/library.sqlite"}})
        return Says(body=b"the new one")

    with loopback(answer) as server:
        told = _error("backup", "--to", str(tmp_path), "--url", server.url)
        assert "is there already" in told
        assert "Give --overwrite to replace it, or --to a file of another name" in told
        assert there.read_bytes() == b"the one before"
        _run("backup", "--to", str(tmp_path), "--url", server.url, "--overwrite")

    assert there.read_bytes() == b"the new one"
