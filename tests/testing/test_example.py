"""The sample project's own tests pass, with the kit as its users have it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "examples" / "library-report"


def test_the_sample_project(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")]),
        # A server that a test must not reach: the fixtures lead elsewhere.
        "STASH_URL": "http://127.0.0.1:9",
        "STASH_API_KEY": "of-a-real-server",
    }

    result = subprocess.run(
        # Where the package is installed its entry point has this same name: it is loaded once.
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "stash_typed.pytest_plugin",
            "-p",
            "no:asyncio",
        ],
        cwd=PROJECT,
        env={**environment, "PYTEST_ADDOPTS": f"-o cache_dir={tmp_path}"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    assert "skipped" not in result.stdout
