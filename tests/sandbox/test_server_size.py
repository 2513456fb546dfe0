"""A large library, read whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from stash_typed.sandbox import Sandbox
from tests.sandbox.asking import client

_STATM = Path("/proc/self/statm")
_SCENES = 100_000
_PAGE = 500
_QUERY = """query($page: Int) {
    findScenes(filter: { per_page: 500, page: $page, sort: "id" }) {
        count scenes { id title studio { id } files { path } }
    }
}"""


def _resident_pages() -> int:
    return int(_STATM.read_text(encoding="ascii").split()[1])


@pytest.mark.skipif(not _STATM.exists(), reason="this system does not tell its memory in /proc")
def test_a_hundred_thousand_scenes_are_served_by_pages_without_growing() -> None:
    seen: set[str] = set()
    at_first = 0
    with Sandbox(scenes=_SCENES) as server, client(server) as http:
        for page in range(1, _SCENES // _PAGE + 1):
            body = {"query": _QUERY, "variables": {"page": page}}
            found = http.post("/graphql", json=body, timeout=60).json()["data"]["findScenes"]
            assert found["count"] == _SCENES
            assert len(found["scenes"]) == _PAGE
            seen.update(each["id"] for each in found["scenes"])
            if page == 50:
                at_first = _resident_pages()
        grown = (_resident_pages() - at_first) * 4096
    assert len(seen) == _SCENES
    # The ids that this test gathers take about 10 MB themselves.
    assert grown < 40_000_000
