"""The table of releases says what the schemas say."""

from __future__ import annotations

import pytest
from graphql import parse

from stash_typed.codegen.documents.documents import Documents
from stash_typed.codegen.shipped import shipped_documents
from tests.codegen.editing import (
    NO_RELEASES,
    RELEASES,
    ROOT,
    edited,
    packaged,
    removed,
    renamed_type,
)
from tools.matrix import matrix
from tools.releases import read_releases

OPERATIONS = """\
query FindTag($id: ID!) { findTag(id: $id) { id favorite } }
query FindScenes($f: SceneFilterType, $ids: [ID!]) { findScenes(scene_filter: $f, ids: $ids) { count } }
query Stats { stats { tag_count } }
"""


def test_counts_and_what_is_left_out() -> None:
    middle = edited(removed("Tag.favorite"), removed("Query.findScenes(ids:)"))
    old = edited(
        removed("Tag.favorite"),
        removed("Query.findScenes(ids:)"),
        removed("Query.stats"),
        renamed_type("SceneFilterType", "SceneFilter"),
    )

    page = matrix(
        {"v0.1.0": old, "v0.2.0": middle, "v0.3.0": packaged()}, Documents(parse(OPERATIONS))
    ).splitlines()

    assert page[page.index("| Stash | as it is | pruned | absent |") :][:5] == [
        "| Stash | as it is | pruned | absent |",
        "|---|---|---|---|",
        "| v0.3.0 | 3 | 0 | 0 |",
        "| v0.2.0 | 1 | 2 | 0 |",
        "| v0.1.0 | 0 | 2 | 1 |",
    ]
    assert page[page.index("### v0.2.0") :] == [
        "### v0.2.0",
        "",
        "- Fields: `Tag: favorite`",
        "- Arguments: `findScenes(ids:)`",
        "",
        "### v0.1.0 (in addition to what v0.2.0 lacks)",
        "",
        "- Absent: `stats`",
        "- Variables of another type: `FindScenes $f`",
    ]


@pytest.mark.skipif(not RELEASES.is_dir(), reason=NO_RELEASES)
def test_the_committed_page_is_what_the_schemas_give() -> None:
    releases = read_releases(RELEASES) | {"v0.30.1": packaged()}

    page = matrix(releases, shipped_documents())

    committed = (ROOT / "docs" / "versions.md").read_text("utf-8")
    assert committed == page, "run `python -m tools.matrix ../shared/schemas`"
