"""`diff`, `check`, `codegen` and `upgrade`: what they print, what they write, how they end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, introspection_from_schema
from typer.testing import CliRunner, Result

from stash_typed.cli.app import app
from tests.codegen.editing import PACKAGED, added, edited_text, removed, renamed, retyped
from tests.codegen.projects import OWN, project, snapshot
from tests.unit.loopback import Asked, Says, loopback

KEY = "neutral-key-of-thirty-characters"
NEWER = edited_text(renamed("Scene.title", "titles"), added("Tag", "weight: Int"))
HARMLESS = edited_text(removed("Gallery.title"), added("Tag", "weight: Int"))


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("URL", "API_KEY", "USERNAME", "PASSWORD", "VERIFY", "TIMEOUT"):
        monkeypatch.delenv(f"STASH_{name}", raising=False)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.chdir(tmp_path)


def _run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert KEY not in result.output
    return result


def _json(result: Result) -> Any:
    return json.loads(result.stdout)


def _file(name: str, text: str) -> str:
    Path(name).write_text(text, "utf-8")
    return name


def _serving(sdl: str, version: str = "v0.31.0") -> Any:
    answer = {"data": {**introspection_from_schema(build_schema(sdl), descriptions=False)}}

    def says(request: Asked) -> Says:
        if request.headers.get("apikey") != KEY:
            return Says(401, b"", {})
        known = {"version": {"version": version, "hash": "1", "build_time": "2"}}
        body = answer if b"__schema" in request.body else {"data": known}
        return Says(200, json.dumps(body).encode(), {"Content-Type": "application/json"})

    return loopback(says)


def test_help_lists_the_commands() -> None:
    text = _run("--help").stdout

    assert all(f"\n  {name} " in text for name in ("diff", "check", "codegen", "upgrade"))


def test_diff_groups_by_noun_and_names_what_is_touched() -> None:
    result = _run("diff", "packaged", _file("v0.31.0.graphql", NEWER))

    assert result.exit_code == 0
    first, *lines = result.stdout.splitlines()
    assert first.startswith("From packaged (v0.30.1) to v0.31.0.graphql (v0.30.1): 1 breaking, ")
    assert [line for line in lines if line and line[0] != " "] == ["Scene", "Tag"]
    at = lines.index("  breaking  Scene.title was removed. It may be Scene.titles now.")
    assert "stash_typed/queries/fragments/scenes.graphql:" in lines[at + 1]
    assert any(line.endswith(": query FindScene through fragment Scene") for line in lines)
    assert lines.index("  new  Tag.weight is new.") > lines.index("Tag")


@pytest.mark.parametrize(("new", "code"), [(NEWER, 1), (PACKAGED, 0)])
def test_diff_fails_for_something_breaking_when_asked_to(new: str, code: int) -> None:
    assert _run("diff", "packaged", _file("new.graphql", new), "--exit-code").exit_code == code


def test_diff_names_operations_of_the_project_here(tmp_path: Path) -> None:
    project(tmp_path)

    told = _json(_run("diff", "packaged", _file("new.graphql", NEWER), "--json"))

    assert [change["what"] for change in told["breaking"]] == ["Scene.title"]
    assert {
        "where": "queries/own.graphql:10",
        "definition": "fragment Line",
        "through": "",
    } in told["breaking"][0]["uses"]
    assert {use["definition"] for use in told["breaking"][0]["uses"]} >= {"query FindScene"}
    assert told["old"] == {"name": "packaged", "stash_version": "v0.30.1"}


def test_diff_reads_introspection_results_and_servers() -> None:
    answer = {"data": {**introspection_from_schema(build_schema(PACKAGED))}}
    old = _file("old.json", json.dumps(answer))
    with _serving(NEWER) as server:
        result = _run("diff", old, server.url, "--api-key", KEY)

        assert f"From old.json to {server.url}" in result.stdout
        assert "(v0.31.0): 1 breaking" in result.stdout


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.graphql", None, "there is no file 'missing.graphql'. Name a .graphql file"),
        ("localhost:9999", None, "a server's URL such as http://localhost:9999"),
        ("broken.graphql", b"type Query {", "broken.graphql:1: is not a schema"),
        ("broken.json", b"{", "broken.json: is not JSON"),
        ("other.json", b"{}", "other.json: not an introspection result"),
        ("latin.graphql", b"type \xe9", "latin.graphql: is not UTF-8 text"),
    ],
)
def test_diff_says_what_is_no_schema(name: str, content: bytes | None, words: str) -> None:
    if content is not None:
        Path(name).write_bytes(content)

    result = _run("diff", name, "packaged")

    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr
    assert "unexpected" not in result.stderr


def test_check_is_content_with_the_release_it_was_made_for() -> None:
    result = _run("check", "packaged")

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "packaged (v0.30.1): all fit, 0 with less.\n"


def test_check_tells_what_is_left_out_and_what_cannot_be() -> None:
    less = _file("less.graphql", edited_text(removed("Studio.urls")))
    result = _run("check", less)

    assert result.exit_code == 0
    assert ": query FindStudio is sent without Studio.urls; None stands for it.\n" in result.stdout

    lacking = edited_text(removed("Query.findScene"), retyped("Query.findTag(id:)", "Int!"))
    result = _run("check", _file("lacking.graphql", lacking), "--json")

    assert result.exit_code == 1
    told = _json(result)
    assert told["ok"] is False
    messages = [finding["message"] for finding in told["findings"] if finding["fails"]]
    assert messages[0] == "query FindScene cannot do without Query.findScene."
    assert "position expecting type 'Int!'" in messages[1]
    assert len(messages) == 2


def test_check_holds_the_caller_s_operations_against_a_server(tmp_path: Path) -> None:
    project(tmp_path)
    with _serving(NEWER) as server:
        options = ("--url", server.url, "--api-key", KEY)
        result = _run("check", "--own", *options)

        assert result.exit_code == 1
        assert result.stdout.count("\n") == 1
        assert result.stdout.startswith("queries/own.graphql:10: Cannot query field 'title'")
    with _serving(HARMLESS) as server:
        assert _run("check", "--own", server.url, "--api-key", KEY).exit_code == 0
        refused = _run("check", server.url)

    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert "--api-key" in refused.stderr


def test_check_of_nothing_of_one_s_own() -> None:
    result = _run("check", "packaged", "--own")

    assert result.exit_code == 1
    assert "pyproject.toml does not exist" in result.stderr


def test_codegen_writes_the_package_and_tells_each_cut(tmp_path: Path) -> None:
    older = edited_text(removed("Gallery.title"))
    project(tmp_path, schema=older, shipped=True)
    before = snapshot(tmp_path)

    dry = _run("codegen", "--dry-run")

    assert dry.exit_code == 0
    assert "\nnew: brief.py\n" in dry.stdout
    assert snapshot(tmp_path) == before

    result = _run("codegen")

    assert result.exit_code == 0
    assert "Gallery.title: this schema does not have it" in result.stdout
    lines = result.stdout.splitlines()
    cuts = [line for line in lines if line.startswith("cut: stash_typed/queries/")]
    files = [Path(line) for line in lines if line not in cuts]
    assert len(cuts) == 2  # The noun's fragment, and that of its references.
    assert {path.name for path in files} >= {"client.py", "brief.py"}
    written = (tmp_path / "src" / "my_stash").rglob("*")
    assert {*files} == {path for path in written if path.is_file()}
    assert f"{len(files)} files written for Stash v0.30.1" in result.stderr


def test_codegen_asks_the_server_that_the_project_names(tmp_path: Path) -> None:
    project(tmp_path)
    with _serving(HARMLESS) as server:
        text = Path("pyproject.toml").read_text("utf-8")
        text = text.replace('schema = "schema.graphql"', f'url = "{server.url}"')
        Path("pyproject.toml").write_text(text, "utf-8")
        told = _json(_run("codegen", "--api-key", KEY, "--json", "--project", tmp_path))

    assert (told["written"], told["own"], told["stash_version"]) == (
        True,
        ["Brief", "Watch"],
        "v0.31.0",
    )
    assert told["findings"] == []


@pytest.mark.parametrize("command", ["codegen", "upgrade"])
def test_no_project_says_what_to_write(command: str) -> None:
    for content in (None, '[project]\nname = "neutral"\n'):
        if content:
            _file("pyproject.toml", content)
        result = _run(command)

        assert (result.exit_code, result.stdout) == (1, "")
        assert '\n[tool.stash-typed]\nurl = "http://localhost:9999"' in result.stderr
        assert 'package = "my_stash"' in result.stderr


def test_the_example_is_a_project(tmp_path: Path) -> None:
    example = _run("codegen").stderr.partition("\n\n")[2]
    _file("pyproject.toml", example)
    (tmp_path / "operations").mkdir()
    (tmp_path / "operations" / "own.graphql").write_text(OWN, "utf-8")
    with _serving(PACKAGED) as server:
        result = _run("codegen", "--url", server.url, "--api-key", KEY, "--dry-run")

    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (("operations = ", "operatons = "), "pyproject.toml:3: operatons is not a key"),
        (('"src"', "5"), "pyproject.toml:5: target must be a string"),
        (('"my_stash"', '"stash_typed"'), "pyproject.toml:4: stash_typed is taken"),
        (('"queries"', '"nothing"'), "nothing: no .graphql file here"),
        (('"schema.graphql"', '"gone.graphql"'), "gone.graphql: cannot be read"),
    ],
)
def test_codegen_says_where_a_setting_is_wrong(
    tmp_path: Path, wrong: tuple[str, str], words: str
) -> None:
    project(tmp_path)
    text = Path("pyproject.toml").read_text("utf-8")
    _file("pyproject.toml", text.replace(*wrong))
    before = snapshot(tmp_path)

    result = _run("codegen")

    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr
    assert result.stderr.endswith("\nNothing was written.\n")
    assert snapshot(tmp_path) == before


def test_a_project_that_is_not_toml() -> None:
    _file("pyproject.toml", "[tool")

    for command in (("codegen",), ("upgrade",), ("check", "packaged")):
        result = _run(*command)

        assert result.exit_code == 1
        assert "pyproject.toml: is not TOML" in result.stderr


def test_codegen_refuses_an_operation_that_does_not_fit(tmp_path: Path) -> None:
    project(tmp_path, OWN.replace("id title", "id titel"), shipped=True)
    before = snapshot(tmp_path)

    result = _run("codegen", "--json")

    assert result.exit_code == 1
    (finding,) = _json(result)["findings"]
    assert finding["where"] == "queries/own.graphql:10"
    assert "Did you mean 'title'" in finding["message"]
    assert result.stderr.startswith("queries/own.graphql:10: Cannot query field 'titel'")
    assert snapshot(tmp_path) == before


def test_upgrade_shows_what_concerns_the_caller_and_writes_nothing(tmp_path: Path) -> None:
    project(tmp_path, shipped=True)
    assert _run("codegen").exit_code == 0
    before = snapshot(tmp_path)
    with _serving(NEWER) as server:
        result = _run("upgrade", server.url, "--api-key", KEY)
        told = _run("upgrade", server.url, "--api-key", KEY, "--json")

    assert (result.exit_code, told.exit_code) == (1, 1)
    assert result.stdout.splitlines()[1:] == [
        "",
        "Look at these, they touch your operations:",
        "  breaking  Scene.title was removed. It may be Scene.titles now.",
        "              queries/own.graphql:10: fragment Line",
        "              queries/own.graphql:1: query Brief through fragment Line",
    ]
    assert result.stderr.startswith("queries/own.graphql:10: Cannot query field 'title'")
    assert result.stderr.endswith("\nNothing was written.\n")
    assert [change["what"] for change in _json(told)["concerning"]] == ["Scene.title"]
    assert _json(told)["result"] is None
    assert len(_json(told)["findings"]) == 1
    assert snapshot(tmp_path) == before


def test_upgrade_shows_all_and_then_does_it(tmp_path: Path) -> None:
    project(tmp_path, shipped=True)
    assert _run("codegen").exit_code == 0
    before = snapshot(tmp_path)
    with _serving(HARMLESS) as server:
        options = ("upgrade", "--url", server.url, "--api-key", KEY)
        dry = _run(*options, "--dry-run")

        assert dry.exit_code == 0
        assert "No breaking change touches your operations." in dry.stdout
        assert "  breaking  Gallery.title was removed." in dry.stdout
        assert "  new  Tag.weight is new." in dry.stdout
        assert "\ncut: stash_typed/queries/" in dry.stdout
        assert "\nchanged: fragments/gallery.py\n" in dry.stdout
        assert "would be written" in dry.stderr
        assert snapshot(tmp_path) == before

        result = _run(*options)

        assert result.exit_code == 0
        assert "\nBreaking changes that touch only operations of stash-typed: 1." in result.stdout
        assert Path("schema.graphql").read_text("utf-8").startswith("# Stash v0.31.0,")

        again = _json(_run(*options, "--json"))

    assert (again["result"]["changes"], again["result"]["written"]) == ([], True)
    assert (again["concerning"], again["shipped"], again["rest"]) == ([], [], [])
    assert again["server"]["stash_version"] == "v0.31.0"


def test_upgrade_of_a_project_without_a_client_yet(tmp_path: Path) -> None:
    project(tmp_path)
    Path("schema.graphql").unlink()

    result = _run("upgrade", "packaged")

    assert result.exit_code == 0
    assert "no older schema here to compare it with" in result.stdout
    assert (tmp_path / "src" / "my_stash" / "client.py").is_file()
    assert _run("codegen", "--dry-run").stdout == ""
