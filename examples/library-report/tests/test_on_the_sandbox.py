"""What the project does to a library, on a server that behaves like Stash."""

from __future__ import annotations

from pathlib import Path

import pytest
from library_report.command import main, run
from library_report.marking import TAG, mark_unrated
from library_report.report import make_report

from stash_typed import StashClient
from stash_typed.criteria import includes
from stash_typed.inputs import SceneFilterType
from stash_typed.sandbox import Sandbox

pytestmark = pytest.mark.anyio


@pytest.mark.stash_sandbox(scenes=40)
async def test_the_report_agrees_with_the_server(stash: StashClient) -> None:
    report = await make_report(stash)

    stats = await stash.stats()
    assert report.scenes == stats.scene_count == 40
    assert report.size == stats.scenes_size
    assert report.duration == pytest.approx(stats.scenes_duration)


@pytest.mark.stash_sandbox(scenes=40)
async def test_all_unrated_scenes_are_marked_once(stash: StashClient) -> None:
    unrated = (await make_report(stash)).unrated

    assert await mark_unrated(stash) == unrated > 0
    assert await mark_unrated(stash) == unrated

    tag = (await stash.tags.resolve([TAG]))[TAG]
    assert await stash.scenes.count(SceneFilterType(tags=includes(tag))) == unrated


async def test_a_scan_comes_first(
    stash: StashClient, stash_sandbox: Sandbox, tmp_path: Path
) -> None:
    folder = Path((await stash.configuration()).general.stashes[0].path)
    (folder / "clip.mp4").write_bytes(b"synthetic clip " * 5000)

    assert (await run(stash, scan=False, mark=False))[0].startswith("0 scenes")
    assert (await run(stash, scan=True, mark=False))[0].startswith("1 scenes")


@pytest.mark.stash_sandbox(scenes=3, api_key="some-key")
def test_the_command_finds_its_server(
    stash_sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    # STASH_URL and STASH_API_KEY lead to the sandbox while the test runs.
    assert main(["--mark"]) == 0

    out = capsys.readouterr().out
    assert out.startswith("3 scenes")
    assert out.endswith(" marked\n")


@pytest.mark.stash_sandbox(scenes=3, api_key="some-key")
def test_a_wrong_key(
    stash_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STASH_API_KEY", "another-key")

    assert main([]) == 1
    assert "key" in capsys.readouterr().err
