"""Every snippet of docs/testing.md runs as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SNIPPETS = re.findall(
    r"^```python\n(.*?)^```$", (ROOT / "docs" / "testing.md").read_text(), re.DOTALL | re.MULTILINE
)


def _is_conftest(snippet: str) -> bool:
    return snippet.startswith("# conftest.py\n")


def test_there_are_snippets() -> None:
    assert len([each for each in SNIPPETS if not _is_conftest(each)]) >= 4
    assert len([each for each in SNIPPETS if _is_conftest(each)]) == 2


@pytest.mark.parametrize("conftest", [each for each in SNIPPETS if _is_conftest(each)])
def test_the_snippets(tmp_path: Path, conftest: str) -> None:
    (tmp_path / "conftest.py").write_text(conftest)
    own = "stash_sandbox_session" in conftest
    tests = [each for each in SNIPPETS if not _is_conftest(each)]
    for number, snippet in enumerate(tests):
        (tmp_path / f"test_{number}.py").write_text(snippet)
    if own:
        # With a server that all tests share, what the others say of their own is not so.
        (tmp_path / "test_0.py").write_text(
            "def test_shared(sync_stash):\n    assert sync_stash.scenes.count() == 200\n"
        )

    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "stash_typed.pytest_plugin",
            "--strict-markers",
        ],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")]),
            "PYTEST_ADDOPTS": "-p no:asyncio -W error -W ignore::pytest.PytestAssertRewriteWarning",
        },
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    assert "skipped" not in result.stdout
