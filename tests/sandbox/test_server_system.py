"""Setup, migration, settings, log, folders, SQL, and what a server has but the sandbox does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stash_typed.sandbox import Sandbox
from tests.sandbox.asking import ask, client, error, run_job

_STATUS = "{ systemStatus { status databaseSchema appSchema databasePath configPath } }"
_SETUP = "mutation($input: SetupInput!) { setup(input: $input) }"
_GENERAL = "mutation($i: ConfigGeneralInput!) { configureGeneral(input: $i) "


@pytest.fixture(scope="module", name="server")
def _server() -> Iterator[Sandbox]:
    with Sandbox(scenes=2) as server:
        yield server


def test_a_new_server_wants_to_be_set_up(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    with Sandbox(data=tmp_path / "data", status="SETUP", allowed_folders=[media]) as server:
        assert ask(server, _STATUS)["status"] == "SETUP"
        for query in ("{ findScenes { count } }", "mutation { metadataScan(input: {}) }"):
            message = error(server, query)
            assert "not initialized" in message or "nil pointer" in message
        paths = {
            "configLocation": str(tmp_path / "data" / "config.yml"),
            "stashes": [{"path": str(media), "excludeVideo": False, "excludeImage": False}],
            "databaseFile": "",
            "generatedLocation": "",
            "cacheLocation": "",
            "storeBlobsInDatabase": True,
            "blobsLocation": "",
        }
        assert ask(server, _SETUP, input=paths) is True
        status = ask(server, _STATUS)
        assert (status["status"], status["databaseSchema"]) == ("OK", 75)
        assert status["databasePath"] == str(tmp_path / "data" / "stash-go.sqlite")
        assert ask(server, "{ findScenes { count } }") == {"count": 0}
        stashes = ask(server, "{ configuration { general { stashes { path } } } }")
        assert stashes["general"]["stashes"] == [{"path": str(media)}]


def test_an_upgraded_server_wants_to_be_migrated() -> None:
    with Sandbox(status="NEEDS_MIGRATION") as server:
        before = ask(server, _STATUS)
        assert before["status"] == "NEEDS_MIGRATION"
        assert before["databaseSchema"] < before["appSchema"]
        assert "errors" in _answer(server, "{ findScenes { count } }")
        job = run_job(server, 'mutation { migrate(input: { backupPath: "" }) }')
        assert job.status == "FINISHED"
        assert ask(server, _STATUS)["status"] == "OK"
        assert ask(server, "{ findScenes { count } }") == {"count": 0}


def _answer(server: Sandbox, query: str) -> dict[str, Any]:
    with client(server) as http:
        answer: dict[str, Any] = http.post("/graphql", json={"query": query}).json()
        return answer


def test_settings_are_changed_one_by_one(server: Sandbox) -> None:
    changed = ask(
        server,
        _GENERAL + "{ parallelTasks logLevel calculateMD5 previewSegments } }",
        i={"parallelTasks": 4, "logLevel": "Debug"},
    )
    assert changed == {
        "parallelTasks": 4,
        "logLevel": "Debug",
        "calculateMD5": False,
        "previewSegments": 12,
    }
    assert ask(server, "{ configuration { general { parallelTasks } } }") == {
        "general": {"parallelTasks": 4}
    }


def test_a_library_folder_has_to_be_there(server: Sandbox) -> None:
    folder = {"path": str(server.state.root / "none"), "excludeVideo": False, "excludeImage": False}
    assert error(server, _GENERAL + "{ username } }", i={"stashes": [folder]}) == (
        "file does not exist"
    )


@pytest.mark.parametrize(
    ("section", "mutation", "given", "fields"),
    [
        ("dlna", "configureDLNA", {"serverName": "S", "port": 1339}, "serverName port enabled"),
        (
            "scraping",
            "configureScraping",
            {"excludeTagPatterns": ["^a"]},
            "excludeTagPatterns scraperCertCheck",
        ),
        ("defaults", "configureDefaults", {"deleteFile": True}, "deleteFile deleteGenerated"),
        ("interface", "configureInterface", {"css": "a{}"}, "css cssEnabled language"),
    ],
)
def test_each_section_has_its_mutation(
    server: Sandbox, section: str, mutation: str, given: dict[str, Any], fields: str
) -> None:
    kind = {"dlna": "ConfigDLNAInput", "defaults": "ConfigDefaultSettingsInput"}.get(
        section, f"Config{section.capitalize()}Input"
    )
    changed = ask(
        server, f"mutation($i: {kind}!) {{ {mutation}(input: $i) {{ {fields} }} }}", i=given
    )
    assert {name: changed[name] for name in given} == given
    assert ask(server, f"{{ configuration {{ {section} {{ {fields} }} }} }}") == {section: changed}


def test_nested_groups_of_the_interface_are_changed_not_replaced(server: Sandbox) -> None:
    changed = ask(
        server,
        "mutation { configureInterface(input: { disableDropdownCreate: { tag: true } })"
        " { disableDropdownCreate { tag studio } } }",
    )
    assert changed == {"disableDropdownCreate": {"tag": True, "studio": False}}


def test_settings_of_the_web_page_are_free_json(server: Sandbox) -> None:
    assert ask(server, 'mutation { configureUISetting(key: "a.b", value: 3) }') == {"a": {"b": 3}}
    both = {"a": {"b": 3, "c": [1]}}
    partial = "mutation($p: Map) { configureUI(partial: $p) }"
    assert ask(server, partial, p={"a": {"c": [1]}}) == both
    whole = "mutation($p: Map) { configureUI(input: $p) }"
    assert ask(server, whole, p={"x": None}) == {"x": None}
    assert ask(server, "{ configuration { ui } }") == {"ui": {"x": None}}


def test_settings_of_plugins_are_kept_by_plugin(server: Sandbox) -> None:
    mutation = 'mutation($i: Map!) { configurePlugin(plugin_id: "p", input: $i) }'
    assert ask(server, mutation, i={"x": 1}) == {"x": 1}
    ask(server, mutation.replace('"p"', '"q"'), i={"y": [True]})
    chosen = ask(server, '{ configuration { plugins(include: ["p", "none"]) } }')
    assert chosen == {"plugins": {"p": {"x": 1}}}
    assert len(ask(server, "{ configuration { plugins } }")["plugins"]) == 2


def test_folders_can_be_looked_through(tmp_path: Path) -> None:
    for name in ("b", "A", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "out").symlink_to(tmp_path.parent)
    query = "query($p: String) { directory(path: $p) { path parent directories } }"
    with Sandbox(allowed_folders=[tmp_path]) as server:
        assert ask(server, query, p=str(tmp_path)) == {
            "path": str(tmp_path),
            "parent": str(tmp_path.parent),
            "directories": [str(tmp_path / "A"), str(tmp_path / "b")],
        }
        assert ask(server, query)["path"] == str(server.state.root)
        assert "no such file" in error(server, query, p=str(tmp_path / "none"))


def test_sql_reads_and_writes(server: Sandbox) -> None:
    query = 'mutation($a: [Any]) { querySQL(sql: "select id, ? as x from scenes", args: $a)'
    rows = ask(server, query + " { columns rows } }", a=["v"])
    assert rows == {"columns": ["id", "x"], "rows": [[1, "v"], [2, "v"]]}
    odd = "select null, 1.5, x'00ff'"
    assert ask(server, f'mutation {{ querySQL(sql: "{odd}") {{ rows }} }}') == {
        "rows": [[None, 1.5, "AP8="]]
    }
    done = ask(
        server,
        'mutation { execSQL(sql: "insert into tags (name, created_at, updated_at)'
        " values ('T', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z')\")"
        " { rows_affected last_insert_id } }",
    )
    assert done["rows_affected"] == 1
    assert ask(server, f"{{ findTag(id: {done['last_insert_id']}) {{ name }} }}") == {"name": "T"}


_RUN_SQL = ["querySQL(sql: $s) { rows }", "execSQL(sql: $s) { rows_affected }"]


@pytest.mark.parametrize("field", _RUN_SQL)
@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("begin", "cannot start a transaction within a transaction"),
        ("vacuum", "cannot VACUUM from within a transaction"),
        ("release a", "no such savepoint: a"),
        ("insert or rollback into tags (id) values (1)", "NOT NULL constraint failed: tags."),
    ],
)
def test_sql_leaves_no_transaction_open(server: Sandbox, field: str, sql: str, why: str) -> None:
    quoted = "" if field.startswith("query") else f"error executing `{sql}` [[]]: "
    message = error(server, f"mutation($s: String!) {{ {field} }}", s=sql)
    assert message.startswith(quoted + why)
    assert not server.state.require_store().connection.in_transaction
    ask(server, f"mutation($s: String!) {{ {field} }}", s="savepoint a")
    assert not server.state.require_store().connection.in_transaction


@pytest.mark.parametrize("field", _RUN_SQL)
@pytest.mark.parametrize("sql", ["commit", "end", "rollback"])
def test_sql_may_end_its_transaction(server: Sandbox, field: str, sql: str) -> None:
    """What v0.30.1 answers: it does not say that its own commit found none open."""
    ask(server, f"mutation($s: String!) {{ {field} }}", s=sql)
    assert not server.state.require_store().connection.in_transaction


@pytest.mark.parametrize("kind", ["querySQL", "execSQL"])
def test_bad_sql_is_an_error_that_quotes_it(server: Sandbox, kind: str) -> None:
    field = "columns" if kind == "querySQL" else "rows_affected"
    message = error(server, f'mutation {{ {kind}(sql: "selct", args: [1]) {{ {field} }} }}')
    assert message == 'error executing `selct` [[1]]: near "selct": syntax error'


def test_what_the_sandbox_has_none_of_is_empty(server: Sandbox) -> None:
    assert ask(server, "{ plugins { id } }") is None
    assert ask(server, "{ pluginTasks { name } }") is None
    assert ask(server, "{ installedPackages(type: Plugin) { name } }") == []
    assert ask(server, "{ dlnaStatus { running allowedIPAddresses { ipAddress } } }") == {
        "running": False,
        "allowedIPAddresses": [],
    }
    for mutation in ("reloadPlugins", "reloadScrapers", "setPluginsEnabled(enabledMap: {})"):
        assert ask(server, f"mutation {{ {mutation} }}") is True


def test_failed_resolvers_are_written_to_the_log(server: Sandbox) -> None:
    error(server, '{ findScene(id: "x") { id } }')
    newest = ask(server, "{ logs { level message time } }")[0]
    assert newest["level"] == "Error"
    assert newest["message"].startswith("findScene: ")


def test_the_pages_are_there_and_load_nothing_from_elsewhere(server: Sandbox) -> None:
    with client(server) as http:
        for path in ("/", "/playground", "/scenes", "/login"):
            page = http.get(path, follow_redirects=True)
            assert page.headers["content-type"] == "text/html; charset=utf-8"
            assert "//" not in page.text.replace("</", "")
        assert http.get("/none.js").status_code == 404
