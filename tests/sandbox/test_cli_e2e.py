"""The command as people run it: a process of its own, against a sandbox, over real sockets."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import IO, Any

import pytest

from stash_typed.cli.demo.media import make_media
from stash_typed.sandbox import Sandbox
from stash_typed.sandbox.jobs import JobHandle

ROOT = Path(__file__).resolve().parents[2]
KEY = "neutral-key-of-the-sandbox"
COMMAND = [sys.executable, "-m", "stash_typed.cli"]
TIMEOUT = 120
LINE = re.compile(r"job (\d+) (READY|RUNNING|STOPPING|FINISHED|CANCELLED|FAILED)(?: +\d+%)? .+")


def _environment(**more: str) -> dict[str, str]:
    """The environment without anything that names a server."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("STASH_")}
    path = f"{ROOT}{os.pathsep}{ROOT / 'generated'}"
    return {**inherited, "PYTHONPATH": path, "NO_PROXY": "*", "PYTHONWARNINGS": "error", **more}


def _run(*arguments: str, text: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        [*COMMAND, *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        env=_environment(**more),
        cwd=ROOT,
        timeout=TIMEOUT,
    )
    assert "Traceback" not in result.stderr
    assert KEY not in result.stdout + result.stderr
    return result


def _start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(),
        cwd=ROOT,
    )


def _first_line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline()


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    make_media(folder)
    return folder


@pytest.fixture(scope="module")
def server(media: Path) -> Generator[Sandbox, None, None]:
    """A sandbox that wants a key; tests leave its scenes as they are, but for what scans add."""
    with Sandbox(
        scenes=12, api_key=KEY, username="reader", password="a-password", media=media
    ) as running:
        yield running


def _ask(server: Sandbox, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command that must succeed, with url and key from the environment."""
    key = {} if server.api_key is None else {"STASH_API_KEY": server.api_key}
    result = _run(*arguments, text=text, STASH_URL=server.url, **key)
    assert result.returncode == 0, result.stderr
    return result


def _json(server: Sandbox, *arguments: str) -> Any:
    return json.loads(_ask(server, *arguments, "--json").stdout)


def test_status_shows_the_server(server: Sandbox) -> None:
    shown = _ask(server, "status").stdout

    assert re.search(rf"^server +{re.escape(server.url)}$", shown, re.MULTILINE)
    assert re.search(r"^version +v0\.30\.1", shown, re.MULTILINE)
    assert re.search(r"^status +OK$", shown, re.MULTILINE)
    assert re.search(r"^studios +[1-9]\d*$", shown, re.MULTILINE)
    assert "\x1b" not in shown


def test_status_as_json(server: Sandbox) -> None:
    shown = _json(server, "status")

    assert shown["url"] == server.url
    assert shown["ready"] is True
    assert shown["version"]["version"] == "v0.30.1"
    assert shown["system"]["status"] == "OK"
    assert shown["stats"]["scene_count"] >= 12
    assert shown["jobs"] == []


def test_credentials_as_options(server: Sandbox) -> None:
    for options in (("--api-key", KEY), ("--username", "reader", "--password", "a-password")):
        assert _run("status", "--url", server.url, *options).returncode == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "the server asks for credentials"),
        (("--api-key", "neutral-but-wrong"), "refuses the API key"),
        (("--username", "reader", "--password", "a-wrong-word"), "the password of user 'reader'"),
    ],
)
def test_credentials_that_do_not_do(server: Sandbox, options: tuple[str, ...], says: str) -> None:
    result = _run("studios", "--url", server.url, *options)

    assert result.returncode == 1
    assert says in result.stderr
    assert server.url in result.stderr
    assert "neutral-but-wrong" not in result.stderr
    assert "a-wrong-word" not in result.stderr


def test_a_scan_takes_up_the_folder_and_shows_its_progress(server: Sandbox) -> None:
    result = _ask(server, "scan", "--rescan", "--covers")

    assert result.stdout == ""
    *lines, last = result.stderr.splitlines()
    assert all(LINE.fullmatch(line) for line in lines), lines
    assert lines[-1].endswith("FINISHED 100% Scanning")
    assert re.fullmatch(r"Job \d+ finished in \d+\.\d s\.", last)
    found = _ask(server, "query", '{ findScenes(filter: {q: "clip-3"}) { scenes { title } } }')
    assert len(json.loads(found.stdout)["findScenes"]["scenes"]) == 1


def test_a_scan_of_one_file_as_json(server: Sandbox, media: Path) -> None:
    job = _json(server, "scan", "--rescan", str(media / "picture-1.png"))

    assert (job["status"], job["progress"], job["error"]) == ("FINISHED", 1.0, None)


def test_without_waiting_the_job_s_id_is_printed(server: Sandbox) -> None:
    result = _ask(server, "generate", "--covers", "--no-wait")

    assert re.fullmatch(r"\d+\n", result.stdout)
    assert result.stderr == ""
    watched = _ask(server, "jobs", "watch", result.stdout.strip())
    assert watched.stderr.splitlines()[-1] == f"Job {result.stdout.strip()} is FINISHED."


def test_generate_sends_what_was_asked_for(media: Path) -> None:
    with Sandbox(scenes=3, media=media) as fresh:
        heard: list[str] = []
        fresh.state.jobs.listen(lambda event: heard.extend(event.job.subTasks or ()))

        _ask(fresh, "generate", "--sprites", "--scene-id", "2", "--scene-id", "3")

        assert heard
        assert all("sprite" in step.lower() for step in heard)


def test_generate_all(server: Sandbox) -> None:
    assert _json(server, "generate", "--all", "--overwrite")["status"] == "FINISHED"


def test_an_unknown_scene_is_an_error_of_the_job_or_nothing_at_all(server: Sandbox) -> None:
    result = _run(
        *("generate", "--covers", "--scene-id", "no-id"),
        *("--url", server.url, "--api-key", KEY),
    )

    assert result.returncode == 1
    assert "no-id" in result.stderr


def test_a_job_that_fails_ends_with_the_server_s_error() -> None:
    def fail(job: JobHandle) -> None:
        raise RuntimeError("the disk is full")

    with Sandbox() as broken:
        job = broken.state.jobs.add("Scanning...", fail)
        result = _run("jobs", "watch", job, "--url", broken.url)

    assert result.returncode == 1
    assert result.stdout == ""
    message = result.stderr.splitlines()[-1]
    assert message.startswith("Error: ")
    assert f"job {job} (Scanning) failed: " in message
    assert "the disk is full" in message


def test_ctrl_c_stops_the_job_on_the_server(media: Path) -> None:
    with Sandbox(media=media) as slow:
        slow.faults.hold_tasks()
        process = _start("scan", "--url", slow.url)
        first = _first_line(process.stderr)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT)
        slow.faults.release_tasks()

        found = LINE.fullmatch(first.strip())
        assert found, first + err
        assert process.returncode == 130, err
        assert out == ""
        assert "Traceback" not in err
        assert f"the server was told to stop job {found[1]}" in err
        watched = _run("jobs", "watch", found[1], "--url", slow.url)
        assert watched.returncode == 1
        assert "was stopped before it was done" in watched.stderr


def test_ctrl_c_ends_the_watching_and_not_the_job(media: Path) -> None:
    with Sandbox(media=media) as slow:
        slow.faults.hold_tasks()
        job = _ask(slow, "scan", "--no-wait").stdout.strip()
        process = _start("jobs", "watch", job, "--url", slow.url)
        _first_line(process.stderr)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=TIMEOUT)

        assert process.returncode == 130, err
        assert f"Job {job} continues on the server." in err
        listed = _json(slow, "jobs")
        assert [(entry["id"], entry["status"]) for entry in listed] == [(job, "RUNNING")]
        slow.faults.release_tasks()


def test_ctrl_c_while_the_server_does_not_answer_is_quiet() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        mute.settimeout(TIMEOUT)
        process = _start("studios", "--url", f"127.0.0.1:{mute.getsockname()[1]}")
        asking, _ = mute.accept()
        with asking:
            assert asking.recv(1024)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=TIMEOUT)

    assert (process.returncode, out, err) == (130, "", "")


def test_jobs_are_listed_and_stopped(media: Path) -> None:
    with Sandbox(media=media) as slow:
        assert "No jobs" in _ask(slow, "jobs").stderr
        slow.faults.hold_tasks()
        job = _ask(slow, "scan", "--no-wait").stdout.strip()
        listed = _ask(slow, "jobs", "list").stdout.splitlines()
        assert listed[0].split() == ["id", "status", "progress", "description", "started"]
        assert listed[1].split()[:2] == [job, "RUNNING"]

        assert f"told to stop job {job}" in _ask(slow, "jobs", "stop", job).stderr
        slow.faults.release_tasks()
        assert _run("jobs", "watch", job, "--url", slow.url).returncode == 1
        assert "already ended: CANCELLED" in _ask(slow, "jobs", "stop", job).stderr


@pytest.mark.parametrize("command", ["stop", "watch"])
def test_an_unknown_job_is_an_error(server: Sandbox, command: str) -> None:
    result = _run("jobs", command, "98765", "--url", server.url, "--api-key", KEY)

    assert result.returncode == 1
    assert "98765" in result.stderr
    assert "last ten" in result.stderr


def test_a_backup_lands_in_a_file(server: Sandbox, tmp_path: Path) -> None:
    result = _ask(server, "backup", "--to", str(tmp_path / "new" / "library.sqlite"))

    path = Path(result.stdout.strip())
    assert path == tmp_path / "new" / "library.sqlite"
    assert re.search(r"\d+\.\d [kM]B", result.stderr)
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("SELECT count(*) FROM scenes").fetchone()[0] >= 12
    finally:
        connection.close()


def test_a_backup_keeps_the_server_s_name_in_a_folder(server: Sandbox, tmp_path: Path) -> None:
    told = _json(server, "backup", "--to", str(tmp_path))

    (file,) = tmp_path.iterdir()
    assert told == {"path": str(file), "size": file.stat().st_size}
    assert "sqlite" in file.name


def test_a_backup_without_a_place_stays_on_the_server(server: Sandbox) -> None:
    result = _ask(server, "backup")

    assert "stored on the server" in result.stderr
    assert server.url in result.stderr
    assert result.stdout == ""


def test_a_backup_that_cannot_be_written(server: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = _run(
        *("backup", "--to", str(tmp_path / "file" / "x")),
        *("--url", server.url, "--api-key", KEY),
    )

    assert result.returncode == 1
    assert "Cannot write to" in result.stderr


def test_studios_as_a_table_and_as_json(server: Sandbox) -> None:
    studios = _json(server, "studios")
    table = _ask(server, "studios").stdout.splitlines()

    assert len(table) == len(studios) + 1
    assert table[0].split() == ["id", "name", "url", "scenes", "image"]
    assert all(
        studio.keys() == {"id", "name", "url", "scene_count", "image_path"} for studio in studios
    )
    for studio in studios:
        row = next(line for line in table if line.startswith(f"{studio['id']} "))
        assert studio["name"] in row
        assert row.endswith(studio["image_path"])


def test_an_empty_library_has_no_studios() -> None:
    with Sandbox() as empty:
        assert "has no studios" in _ask(empty, "studios").stderr
        assert _json(empty, "studios") == []


def test_freeones_is_searched(server: Sandbox) -> None:
    names = _ask(server, "scrape", "search", "ada").stdout.splitlines()

    assert "Ada Example" in names
    assert _json(server, "scrape", "search", "ada") == names
    assert "nobody like 'nobody at all'" in _ask(server, "scrape", "search", "nobody at all").stderr


def test_a_performer_s_attributes_are_shown(server: Sandbox) -> None:
    shown = _ask(server, "scrape", "performer", "ada example", "--interval", "0").stdout
    told = _json(server, "scrape", "performer", "Ada Example", "--interval", "0")

    for attribute in (
        *("name", "url", "twitter", "instagram", "birthdate", "ethnicity", "country"),
        *("eye_color", "height", "measurements", "fake_tits", "career_length", "tattoos"),
        *("piercings", "aliases"),
    ):
        assert told[attribute]
        assert re.search(rf"^{attribute} +{re.escape(told[attribute])}$", shown, re.MULTILINE)


def test_a_performer_whom_nobody_knows(server: Sandbox) -> None:
    result = _run(
        *("scrape", "performer", "Ada", "--interval", "0"), *("--url", server.url, "--api-key", KEY)
    )

    assert result.returncode == 1
    assert "Ada Example" in result.stderr, "the nearest ones are named"


def test_a_query_from_standard_input_with_variables(server: Sandbox) -> None:
    document = "query Named($id: ID!) { findScene(id: $id) { id } }"

    result = _ask(server, "query", "-", "--var", "id=2", text=document)

    assert json.loads(result.stdout) == {"findScene": {"id": "2"}}


def test_a_query_shows_links_without_the_key(server: Sandbox) -> None:
    result = _ask(server, "query", "{ findScene(id: 2) { paths { stream } } }")

    assert "apikey=***" in json.loads(result.stdout)["findScene"]["paths"]["stream"]


def test_a_query_about_what_is_not_there(server: Sandbox) -> None:
    document = 'mutation { sceneUpdate(input: {id: 98765, title: "x"}) { id } }'
    result = _run("query", document, "--url", server.url, "--api-key", KEY)

    assert result.returncode == 1
    assert "98765" in result.stderr
    assert json.loads(result.stdout) == {"sceneUpdate": None}


def test_the_schema_of_a_server_is_the_committed_one(server: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "schema.graphql"

    result = _ask(server, "introspect", "--output", str(file))

    assert file.read_text() == (ROOT / "schema.graphql").read_text()
    assert "Stash v0.30.1" in result.stderr


def test_a_server_that_is_not_set_up() -> None:
    with Sandbox(status="SETUP") as new:
        for command in ("status", "studios"):
            result = _run(command, "--url", new.url)

            assert result.returncode == 1
            assert f"its status is SETUP (at {new.url})" in result.stderr


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_sandbox_runs_until_it_is_told_to_stop(ending: signal.Signals, media: Path) -> None:
    process = _start(
        *("sandbox", "--port", "0", "--scenes", "3", "--api-key", KEY, "--media", str(media))
    )
    url, key = (_first_line(process.stdout).rstrip("\n") for _ in range(2))
    status = _run("status", "--json", "--url", url, "--api-key", KEY)
    scan = _run("scan", "--url", url, "--api-key", KEY)
    process.send_signal(ending)
    out, err = process.communicate(timeout=TIMEOUT)

    assert json.loads(status.stdout)["stats"]["scene_count"] == 3
    assert scan.returncode == 0
    assert process.returncode == 0, err
    assert (key, out) == (f"API key: {KEY}", "")
    assert f"stash-typed status --url {url} --api-key {KEY}" in err
    assert "Traceback" not in err
    assert not list(Path(json.loads(status.stdout)["system"]["databasePath"]).parent.glob("*"))


def test_a_sandbox_with_a_password_does_not_print_it(tmp_path: Path) -> None:
    process = _start(
        *("sandbox", "--port", "0", "--username", "reader", "--password", "a-password"),
        *("--data", str(tmp_path)),
    )
    url = _first_line(process.stdout).strip()
    status = _run("status", "--url", url, "--username", "reader", "--password", "a-password")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=TIMEOUT)

    assert status.returncode == 0
    assert "a-password" not in out + err
    assert list(tmp_path.glob("*.sqlite")), "the data stay"


def test_a_port_that_is_taken(server: Sandbox) -> None:
    port = server.url.rpartition(":")[2]
    result = _run("sandbox", "--port", port)

    assert result.returncode == 1
    assert f"port {port} of 127.0.0.1 is in use" in result.stderr


def test_the_demonstration_goes_from_schema_to_results() -> None:
    result = _run("demo")

    assert result.returncode == 0, result.stdout + result.stderr
    shown = result.stdout
    assert re.search(r"all \d+ files are as committed", shown)
    assert "new: scenes 6, images 12, galleries 1" in shown
    assert re.search(r"backup\.sqlite, \d+\.\d kB", shown)
    assert "Ada Example" in shown
    assert "10 steps done, 0 left out" in shown
    assert "FINISHED 100% Scanning" in result.stderr


def test_the_demonstration_changes_nothing_on_a_server_of_yours(server: Sandbox) -> None:
    changes = server.state.require_store().connection.total_changes
    heard: list[str] = []
    server.state.jobs.listen(lambda event: heard.append(event.type))

    result = _ask(server, "demo")

    assert "5 steps done, 4 left out" in result.stdout
    assert "it changes the library" in result.stdout
    assert server.state.require_store().connection.total_changes == changes
    assert heard == [], "no job was started"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_terminal_gets_a_bar(server: Sandbox) -> None:
    import pty

    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "scan", "--rescan", "--url", server.url],
        stdin=end,
        stdout=end,
        stderr=end,
        env=_environment(STASH_API_KEY=KEY, STASH_URL=server.url, TERM="xterm", COLUMNS="100"),
        cwd=ROOT,
    )
    os.close(end)
    shown = b""
    try:
        while piece := os.read(terminal, 65536):
            shown += piece
    except OSError:
        pass  # how Linux says that the other end is closed
    finally:
        os.close(terminal)
        code = process.wait(timeout=TIMEOUT)

    assert code == 0, shown.decode()
    assert "━" in shown.decode()
    assert "100%" in shown.decode()
    assert b"\x1b[" in shown
