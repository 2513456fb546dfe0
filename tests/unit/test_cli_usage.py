"""The command line itself: what it offers, what it refuses, and how it says so."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from stash_typed import __version__
from stash_typed.cli.app import app

_GENERATE = (
    "--covers",
    "--sprites",
    "--previews",
    "--image-previews",
    "--markers",
    "--transcodes",
    "--phashes",
    "--interactive-heatmaps-speeds",
    "--image-thumbnails",
    "--clip-previews",
)


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "API_KEY", "USERNAME", "PASSWORD", "VERIFY", "TIMEOUT"):
        monkeypatch.delenv(f"STASH_{name}", raising=False)


def _run(*arguments: str, text: str = "") -> Result:
    return CliRunner().invoke(app, arguments, input=text)


def test_help_lists_the_commands() -> None:
    result = _run("--help")

    assert result.exit_code == 0
    for command in (
        *("status", "scan", "generate", "backup", "studios", "scrape", "jobs", "query"),
        *("playground", "sandbox", "introspect", "demo"),
    ):
        assert f"\n  {command} " in result.stdout
    assert "--debug" not in result.stdout


def _texts(command: Any) -> Iterator[str]:
    """The help of a command, of its options and of its subcommands."""
    yield command.help or ""
    for parameter in command.params:
        yield getattr(parameter, "help", None) or ""
    for inner in getattr(command, "commands", {}).values():
        yield from _texts(inner)


def test_help_has_nothing_that_a_terminal_would_take_for_markup() -> None:
    texts = list(_texts(typer.main.get_command(app)))

    assert len(texts) > 100
    assert [text for text in texts if "[" in text] == []


def test_the_version_is_the_package_s() -> None:
    assert _run("--version").stdout == f"stash-typed {__version__}\n"


@pytest.mark.parametrize(
    ("typed", "meant"), [("statsu", "status"), ("studio", "studios"), ("introspct", "introspect")]
)
def test_a_misspelt_command_suggests_the_nearest(typed: str, meant: str) -> None:
    result = _run(typed)

    assert result.exit_code == 2
    assert f"'{meant}'" in result.stderr


def test_a_misspelt_subcommand_suggests_the_nearest() -> None:
    result = _run("jobs", "wach")

    assert result.exit_code == 2
    assert "'watch'" in result.stderr


def test_a_misspelt_option_suggests_the_nearest() -> None:
    result = _run("scan", "--rescn")

    assert result.exit_code == 2
    assert "--rescan" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("generate",), ", ".join(_GENERATE)),
        (("generate", "--overwrite", "--scene-id", "1"), "nothing to generate"),
        (("query", "{ version }", "--variables", "{"), "--variables is not JSON"),
        (("query", "{ version }", "--variables", "[1]"), "must be a JSON object"),
        (("query", "{ version }", "--var", "id"), "'id' is not NAME=VALUE"),
        (("status", "--insecure", "--ca-file", __file__), "exclude each other"),
        (("status", "--ca-file", "absent.pem"), "absent.pem"),
        (("status", "--username", "reader"), "--username needs --password"),
        (("scrape", "performer", "Ada", "--interval", "-1"), "0 or more"),
        (("sandbox", "--username", "reader"), "--username and --password belong together"),
        (("sandbox", "--scenes", "-1"), "--scenes"),
        (("introspect", "--stash-version", "v0.30.1"), "--stash-version needs --from"),
        (("jobs", "stop"), "ID"),
        (("query",), "DOCUMENT"),
    ],
)
def test_a_command_line_that_makes_no_sense_is_refused(
    arguments: tuple[str, ...], says: str
) -> None:
    result = _run(*arguments)

    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("status", "--url", "http://a b"), "characters that no url has"),
        (("status", "--url", "ftp://nas"), "http:// or https://"),
        (("status", "--timeout", "0"), "above 0"),
        (("status", "--api-key", "k", "--username", "u", "--password", "p"), "Give either"),
        (("sandbox", "--media", "absent"), "there is no folder 'absent'"),
        (("query", "absent.graphql"), "there is no file 'absent.graphql'"),
        (("query", "-"), "standard input is empty"),
        (("query", "subscription { jobsSubscribe { type } }"), "stash-typed jobs watch"),
        (("introspect", "--from", "absent.json"), "absent.json: cannot be read"),
    ],
)
def test_a_mistake_ends_in_one_message(arguments: tuple[str, ...], says: str) -> None:
    result = _run(*arguments)

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert says in result.stderr


def test_hints_name_options_and_not_the_library_s_arguments() -> None:
    result = _run("status", "--url", "http://reader:hidden-word@127.0.0.1:1")

    assert "--username and --password" in result.stderr
    assert "…" not in result.stderr
    assert "hidden-word" not in result.stderr


def test_a_query_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "picture.graphql"
    file.write_bytes(b"\xff\xfe\x00")

    result = _run("query", str(file))

    assert result.exit_code == 1
    assert "is not UTF-8" in result.stderr


def test_the_playground_needs_no_server() -> None:
    assert _run("playground", "--url", "nas:9999").stdout == "http://nas:9999/playground\n"


def test_options_may_stand_before_the_command_and_the_nearer_one_counts() -> None:
    assert _run("--url", "nas:1", "playground").stdout == "http://nas:1/playground\n"
    result = _run("--url", "nas:1", "playground", "--url", "nas:2")
    assert result.stdout == "http://nas:2/playground\n"


def test_the_url_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STASH_URL", "https://nas/stash")

    assert _run("playground").stdout == "https://nas/stash/playground\n"


def _with_absent(package: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as if a package were not installed."""
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        f"from stash_typed.cli import main; sys.exit(main({list(arguments)!r}))"
    )
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": f"{root}:{root / 'generated'}"},
        timeout=60,
    )


@pytest.mark.parametrize(
    ("package", "arguments", "extra"),
    [
        ("typer", ("status",), "cli"),
        ("rich", ("status",), "cli"),
        ("graphql", ("introspect", "--from", "absent.json"), "codegen"),
        ("uvicorn", ("sandbox", "--port", "0"), "sandbox"),
    ],
)
def test_what_is_not_installed_is_named_with_the_extra_that_brings_it(
    package: str, arguments: tuple[str, ...], extra: str
) -> None:
    result = _with_absent(package, *arguments)

    assert result.returncode == 1
    assert f"needs {package}" in result.stderr
    assert f'pip install "stash-typed[{extra}]"' in result.stderr
    assert "Traceback" not in result.stderr


def test_help_is_quick_for_what_it_does_not_load() -> None:
    code = (
        "import sys; from stash_typed.cli import main; main(['--help'])\n"
        "print('loaded', *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    root = Path(__file__).resolve().parents[2]
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": f"{root}:{root / 'generated'}"},
        timeout=60,
    )
    loaded = set(result.stdout.rpartition("loaded ")[2].split())

    assert "typer" in loaded
    assert not loaded & {"httpx", "websockets", "graphql", "stash_typed_graphql"}
