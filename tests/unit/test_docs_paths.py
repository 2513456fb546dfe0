"""Every file and folder that the pages about this repository name is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "CONTRIBUTING.md",
    ROOT / "docs" / "architecture.md",
    ROOT / "docs" / "decisions.md",
]

# Names of releases stand for files that everybody keeps elsewhere.
_PATH = re.compile(r"`((?!v\d)[\w./-]+(?:/|\.(?:py|md|toml|graphql)))`")
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def _named(page: Path) -> Iterator[tuple[str, list[Path]]]:
    """Each path, and where it may be: a short one is beside or below those before in its paragraph."""
    before: list[Path] = []
    for line in page.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("|"):
            before = []
        for text in _PATH.findall(line):
            places = [ROOT / text, *(folder / text for folder in before)]
            yield text, places
            found = next((place for place in places if place.exists()), ROOT)
            before = [*before, found, *found.parents[:2]]
        for link in _LINK.findall(line):
            yield link, [page.parent / link]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_exists(page: Path) -> None:
    named = list(_named(page))

    assert len(named) > 5
    assert [text for text, places in named if not any(p.exists() for p in places)] == []


def test_a_page_that_names_what_is_not_there_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("| `stash_typed/client.py`, `absent.py` | [gone](gone.md)\n", "utf-8")

    absent = [text for text, places in _named(page) if not any(p.exists() for p in places)]

    assert absent == ["absent.py", "gone.md"]
