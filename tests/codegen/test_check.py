"""Operations that a server would refuse are found, each with its place and the nearest name."""

from __future__ import annotations

import pytest
from graphql import Source, parse

from stash_typed._runtime.nearest import nearest
from stash_typed.codegen.documents.check import check
from stash_typed.codegen.documents.documents import Documents
from stash_typed.codegen.shipped import shipped_documents
from tests.codegen.editing import edited, packaged, removed


def found(text: str) -> list[str]:
    return [
        str(finding) for finding in check(Documents(parse(Source(text, "q.graphql"))), packaged())
    ]


def test_the_shipped_operations_are_good_against_their_own_schema() -> None:
    assert check(shipped_documents(), packaged()) == []


def test_one_line_for_each_finding_in_the_order_of_the_document() -> None:
    schema = edited(removed("Tag.favorite"), removed("Scene.title"), removed("Query.version"))

    findings = check(shipped_documents(), schema)

    assert [finding.where for finding in findings] == [
        "stash_typed/queries/fragments/scenes.graphql:3",
        "stash_typed/queries/fragments/scenes.graphql:57",
        "stash_typed/queries/fragments/tags.graphql:7",
        "stash_typed/queries/system.graphql:8",
    ]


def test_more_than_a_hundred_findings_are_all_told() -> None:
    text = "query Q {" + "\n".join(f"nope{i}: nope" for i in range(150)) + "}"

    assert len(found(text)) == 150


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("query Q { findScenes { scenes { titel } } }", "Did you mean 'title'"),
        ("query Q { findScenes { scenes { ratings } } }", "Did you mean 'rating100'?"),
        ("query Q { findScenes(sceneFilter: {}) { count } }", "Did you mean 'scene_filter'"),
        ("query Q { sceneWal { id } }", "Did you mean 'sceneWall'?"),
        ("query Q { find_scenes { count } }", "Did you mean 'findScenes'"),
        ("query Q($f: SceneFilter) { findScenes(scene_filter: $f) { count } }", "SceneFilterType"),
        ("query Q { findScenes(filter: {perPage: 1}) { count } }", "Did you mean 'per_page'"),
        ("query Q { findScenes(filter: {direction: asc}) { count } }", "'ASC'"),
        (
            "query Q { version { ...version } } fragment Version on Version { hash }",
            "Unknown fragment 'version'. Did you mean 'Version'?",
        ),
        (
            "query Q($tagId: ID!) { findTag(id: $tag_id) { id } }",
            "Variable '$tag_id' is not defined by operation 'Q'. Did you mean 'tagId'?",
        ),
    ],
)
def test_the_nearest_name_is_told(text: str, finding: str) -> None:
    findings = found(text)

    assert any(finding in line for line in findings), findings
    assert all(line.startswith("q.graphql:1: ") for line in findings)


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    assert found("query Q { zzzzzz }") == [
        "q.graphql:1: Cannot query field 'zzzzzz' on type 'Query'."
        " Fix: remove the field, or regenerate from a server that has it."
    ]


@pytest.mark.parametrize(
    ("name", "names", "expected"),
    [
        ("sceneFilter", ["filter", "scene_filter"], "scene_filter"),
        ("rating", ["title", "rating100"], "rating100"),
        ("include-shipped", ["include_shipped", "schema"], "include_shipped"),
        ("id", ["idea", "ids"], "ids"),
        ("zzz", ["title"], None),
        ("title", [], None),
    ],
)
def test_nearest(name: str, names: list[str], expected: str | None) -> None:
    assert nearest(name, names) == expected
