"""How the command shows things."""

from __future__ import annotations

import json
import stat
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest

from stash_typed.cli.errors import CommandError
from stash_typed.cli.terminal import output
from stash_typed.cli.terminal.progress import PlainProgress
from stash_typed.enums import JobStatus
from stash_typed.errors import StashConnectionError
from stash_typed.jobs.update import JobUpdate
from stash_typed.models import Job


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_960, "1.0 MB"),
        (5_779_966.0, "5.8 MB"),
        (22_100_000_000, "22.1 GB"),
        (3_000_000_000_000_000, "3000.0 TB"),
    ],
)
def test_sizes_are_for_people(amount: float, shown: str) -> None:
    assert output.size(amount) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.04, "0.0 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min 0 s"),
        (200, "3 min 20 s"),
        (3599.7, "1 h 0 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_time_spans_are_for_people(seconds: float, shown: str) -> None:
    assert output.duration(seconds) == shown


def test_a_table_in_a_pipe_is_neither_cut_nor_folded(capsys: pytest.CaptureFixture[str]) -> None:
    long = "https://nas/" + "x" * 300

    output.print_table(("id", "url", "scenes#"), [(1, long, 12), (20, None, 3)])

    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [
        ["id", "url", "scenes"],
        ["1", long, "12"],
        ["20", "3"],
    ]
    assert all(line == line.rstrip() for line in lines)
    assert len({len(line) for line in lines}) == 1, "numbers end at the same column"


def test_what_the_server_says_is_no_markup_and_steers_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    output.print_table(("name",), [("[red]a[/red]",), ("\x1b[31mb\x07",)])
    output.print_lines(["c\r\nd"])

    assert capsys.readouterr().out.splitlines() == [
        *("name", "[red]a[/red]", r"\x1b[31mb\x07", "c d")
    ]


def test_links_are_shown_without_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    link = "http://nas:9999/scene/1/stream?apikey=neutral-secret"

    output.print_table(("link",), [(link,)])
    output.print_pairs([("link", link), ("absent", None)])
    output.print_json({"scenes": [{"paths": {"stream": link}}], "note": "API keys are fine"})

    shown = capsys.readouterr().out
    assert "neutral-secret" not in shown
    assert shown.count("apikey=***") == 3
    assert "absent" not in shown
    assert "API keys are fine" in shown


def test_json_keeps_every_letter(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"b": "Ünïcode ☃", "a": [1, 2.5, None, True]}

    output.print_json(value)

    shown = capsys.readouterr().out
    assert json.loads(shown) == value
    assert "☃" in shown


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "schema.graphql"
    file.write_text("old")

    output.write_file(file, "new\nlines\n")

    assert file.read_bytes() == b"new\nlines\n"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are those of POSIX")
def test_a_new_file_is_an_ordinary_one(tmp_path: Path) -> None:
    ordinary, written = tmp_path / "ordinary", tmp_path / "written"
    ordinary.touch()

    output.write_file(written, "text")

    assert stat.S_IMODE(written.stat().st_mode) == stat.S_IMODE(ordinary.stat().st_mode)


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "taken"
    folder.mkdir()

    with pytest.raises(CommandError, match=r"cannot write .*taken: .+\."):
        output.write_file(folder, "text")
    with pytest.raises(CommandError, match=r"cannot write .*absent/x: No such file or directory"):
        output.write_file(tmp_path / "absent" / "x", "text")

    assert list(tmp_path.iterdir()) == [folder]


def _job(status: str, progress: float | None, *steps: str) -> Job:
    return Job(
        id="7",
        status=JobStatus(status),
        description="Scanning...",
        sub_tasks=list(steps) or None,
        progress=progress,
        add_time=datetime(2024, 1, 1, tzinfo=timezone.utc),
    )


def test_plain_progress_tells_of_an_interruption_and_of_its_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress, job = PlainProgress("7"), _job("RUNNING", 0.25)
    refused = StashConnectionError("connection refused: nothing listens there", url="http://nas")

    for update in (JobUpdate.of(job), JobUpdate.of(job, refused), JobUpdate.of(job)):
        progress.show(update)

    assert capsys.readouterr().err.splitlines() == [
        "job 7 RUNNING  25% Scanning",
        "job 7 cannot be reached, still waiting: connection refused: nothing listens there",
        "job 7 RUNNING  25% Scanning",
    ]


def test_plain_progress_is_a_line_for_each_tenth_and_each_state(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = PlainProgress("7")

    for job in (
        _job("READY", 0.0),
        _job("RUNNING", None, "Walking directory tree"),
        *(_job("RUNNING", step / 100, f"Scanning clip-{step}.mp4") for step in range(30)),
        _job("FINISHED", 1.0),
    ):
        progress.show(job)

    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "job 7 READY   0% Scanning",
        "job 7 RUNNING Walking directory tree",
        "job 7 RUNNING   0% Scanning clip-0.mp4",
        "job 7 RUNNING  10% Scanning clip-10.mp4",
        "job 7 RUNNING  20% Scanning clip-20.mp4",
        "job 7 FINISHED 100% Scanning",
    ]
