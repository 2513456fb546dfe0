"""A large library, read whole, from a server in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

_STATM = Path("/proc/self/statm")
_ROOT = Path(__file__).resolve().parents[2]
_SCENES = 100_000
_PAGE = 500
_QUERY = """query($page: Int) {
    findScenes(filter: { per_page: 500, page: $page, sort: "id" }) {
        count scenes { id title studio { id } files { path } }
    }
}"""


@contextmanager
def _server() -> Generator[tuple[httpx.Client, Path], None, None]:
    """A server of its own, for what a test gathers is no growth of the server's."""
    environment = {**os.environ, "PYTHONPATH": f"{_ROOT}{os.pathsep}{_ROOT / 'generated'}"}
    arguments = ("sandbox", "--port", "0", "--scenes", str(_SCENES))
    with subprocess.Popen(
        [sys.executable, "-m", "stash_typed.cli", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        try:
            assert process.stdout is not None
            url = next(line.split()[-1] for line in process.stdout if "http://" in line)
            with httpx.Client(base_url=url, timeout=60, trust_env=False) as http:
                yield http, Path(f"/proc/{process.pid}/statm")
        finally:
            process.terminate()


@pytest.mark.skipif(not _STATM.exists(), reason="this system does not tell its memory in /proc")
def test_a_hundred_thousand_scenes_are_served_by_pages_without_growing() -> None:
    seen: set[str] = set()
    at_first = 0
    with _server() as (http, statm):
        for page in range(1, _SCENES // _PAGE + 1):
            body = {"query": _QUERY, "variables": {"page": page}}
            found = http.post("/graphql", json=body).json()["data"]["findScenes"]
            assert found["count"] == _SCENES
            assert len(found["scenes"]) == _PAGE
            seen.update(each["id"] for each in found["scenes"])
            if page == 50:
                at_first = int(statm.read_text(encoding="ascii").split()[1])
        grown = (int(statm.read_text(encoding="ascii").split()[1]) - at_first) * 4096
    assert len(seen) == _SCENES
    assert grown < 20_000_000
