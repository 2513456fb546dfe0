"""What changed between two schemas, by noun, and whom it touches."""

from __future__ import annotations

import json

import pytest
from graphql import parse

from stash_typed.codegen.documents.documents import Documents
from stash_typed.codegen.schema.diff import compare
from stash_typed.codegen.schema.nouns import Nouns
from stash_typed.codegen.shipped import shipped_documents
from tests.codegen.editing import (
    Edit,
    added,
    edited,
    new_type,
    packaged,
    removed,
    renamed,
    renamed_type,
    retyped,
    without_type,
)

OWN = Documents(
    parse(
        """\
query Brief($filter: SceneFilterType, $ids: [ID!]) {
  findScenes(scene_filter: $filter, ids: $ids) {
    scenes { ...Line }
  }
}
query One($id: ID!) { findScene(id: $id) { ...Line } }
query Males { findPerformers(performer_filter: {gender: {modifier: EQUALS, value: MALE}}) { count } }
mutation Rename($input: TagUpdateInput!) { tagUpdate(input: $input) { id name } }
fragment Line on Scene {
  id
  title
  files { id format }
}
"""
    )
)


def touched(edit: Edit) -> dict[str, list[str]]:
    diff = compare(packaged(), edited(edit), OWN)
    return {change.what: [str(use) for use in change.uses] for change in diff.breaking}


@pytest.mark.parametrize(
    ("edit", "what", "uses"),
    [
        pytest.param(
            removed("Scene.title"),
            "Scene.title",
            [
                "GraphQL request:11: fragment Line",
                "GraphQL request:1: query Brief through fragment Line",
                "GraphQL request:6: query One through fragment Line",
            ],
            id="field",
        ),
        pytest.param(
            retyped("Tag.name", "Int"),
            "Tag.name",
            ["GraphQL request:8: mutation Rename"],
            id="field of another type",
        ),
        pytest.param(
            removed("Query.findScenes(ids:)"),
            "Query.findScenes(ids:)",
            ["GraphQL request:2: query Brief"],
            id="argument",
        ),
        pytest.param(
            added("Query.findScene", "token: String!"),
            "Query.findScene(token:)",
            ["GraphQL request:6: query One"],
            id="required argument added",
        ),
        pytest.param(
            removed("TagUpdateInput.name"),
            "TagUpdateInput.name",
            ["GraphQL request:8: mutation Rename"],
            id="input field of a variable",
        ),
        pytest.param(
            added("TagUpdateInput", "token: String!"),
            "TagUpdateInput.token",
            ["GraphQL request:8: mutation Rename"],
            id="required input field added",
        ),
        pytest.param(
            removed("TagFilterType.name"),
            "TagFilterType.name",
            [
                "GraphQL request:1: query Brief through SceneFilterType",
            ],
            id="input field further inside",
        ),
        pytest.param(
            removed("GenderEnum.MALE"),
            "GenderEnum.MALE",
            [
                "GraphQL request:7: query Males",
                "GraphQL request:1: query Brief through SceneFilterType",
            ],
            id="enum value in a literal",
        ),
        pytest.param(removed("Gallery.title"), "Gallery.title", [], id="nobody uses it"),
    ],
)
def test_a_breaking_change_names_whom_it_touches(edit: Edit, what: str, uses: list[str]) -> None:
    assert touched(edit)[what] == uses


def test_a_type_that_goes_touches_fragments_variables_and_fields() -> None:
    uses = touched(renamed_type("SceneFilterType", "SceneFilter"))["SceneFilterType"]

    assert uses[0] == "GraphQL request:1: query Brief"
    assert touched(without_type("TagUpdateInput"))["TagUpdateInput"] == [
        "GraphQL request:8: mutation Rename"
    ]


@pytest.mark.parametrize(
    ("edit", "what", "kind", "noun"),
    [
        (new_type("type Extra { id: ID! }"), "Extra", "type added", "Extra"),
        (added("Tag", "extra: Int"), "Tag.extra", "field added", "Tag"),
        (added("Query", "findNews: Int"), "Query.findNews", "root field added", "Other"),
        (added("Query.findTag", "x: Int"), "Query.findTag(x:)", "argument added", "Tag"),
        (added("TagFilterType", "x: Int"), "TagFilterType.x", "input field added", "Tag"),
        (added("GenderEnum", "NEW"), "GenderEnum.NEW", "enum value added", "Other"),
    ],
)
def test_what_is_new(edit: Edit, what: str, kind: str, noun: str) -> None:
    diff = compare(packaged(), edited(edit))

    assert [(c.what, c.kind, c.noun, c.severity) for c in diff.new] == [(what, kind, noun, "new")]
    assert diff.breaking == ()


def test_what_is_dangerous_is_new_as_well() -> None:
    diff = compare(packaged(), edited(added("GenderEnum", "NEW")))

    assert [(c.what, c.kind) for c in diff.dangerous] == [("GenderEnum.NEW", "value added to enum")]


@pytest.mark.parametrize(
    ("edit", "what", "now"),
    [
        (renamed("Scene.details", "detail"), "Scene.details", "Scene.detail"),
        (renamed_type("CircumisedEnum", "CircumcisedEnum"), "CircumisedEnum", "CircumcisedEnum"),
        (
            renamed("GenderEnum.NON_BINARY", "NONBINARY"),
            "GenderEnum.NON_BINARY",
            "GenderEnum.NONBINARY",
        ),
        (
            renamed("Query.findScenes(scene_ids:)", "sceneIds"),
            "Query.findScenes(scene_ids:)",
            "Query.findScenes(sceneIds:)",
        ),
    ],
)
def test_a_new_name_is_guessed(edit: Edit, what: str, now: str) -> None:
    change = next(c for c in compare(packaged(), edited(edit)).breaking if c.what == what)

    assert change.message.endswith(f"was removed. It may be {now} now.") or (
        change.message.endswith(f"It may be {now} now.")
    )


def test_a_removal_without_a_successor_guesses_nothing() -> None:
    (change,) = compare(packaged(), edited(removed("Scene.details"))).breaking

    assert change.message == "Scene.details was removed."


def test_a_schema_is_no_different_from_itself() -> None:
    diff = compare(packaged(), packaged(), shipped_documents())

    assert (diff.breaking, diff.dangerous, diff.new) == ((), (), ())


def test_every_change_of_the_shipped_operations_has_file_and_line() -> None:
    schema = edited(removed("Scene.title"), removed("Image.title"), added("Tag", "x: Int"))

    diff = compare(packaged(), schema, shipped_documents())

    assert [change.noun for change in (*diff.breaking, *diff.new)] == ["Image", "Scene", "Tag"]
    uses = diff.breaking[1].uses
    assert str(uses[0]).startswith("stash_typed/queries/fragments/scenes.graphql:3: fragment Scene")
    assert {"query FindScene", "mutation SceneUpdate"} <= {use.definition for use in uses}
    plain = json.loads(json.dumps(diff.to_json()))
    assert [len(plain[severity]) for severity in ("breaking", "dangerous", "new")] == [2, 0, 1]
    assert plain["breaking"][1]["uses"][0] == {
        "where": "stash_typed/queries/fragments/scenes.graphql:3",
        "definition": "fragment Scene",
        "through": "",
    }


@pytest.mark.parametrize(
    ("coordinate", "noun"),
    [
        ("SceneFilterType", "Scene"),
        ("BulkSceneUpdateInput.ids", "Scene"),
        ("Query.findScenes(ids:)", "Scene"),
        ("Query.findGalleries", "Gallery"),
        ("BulkSceneMarkerUpdateInput", "SceneMarker"),
        ("ScrapedScene.title", "Scraping"),
        ("ConfigDLNAInput", "Configuration"),
        ("VideoFile", "File"),
        ("Query.stats", "System"),
        ("Mutation.metadataScan", "Tasks"),
        ("IntCriterionInput", "Criteria"),
        ("StashBoxInput", "StashBox"),
        ("Int64", "Other"),
    ],
)
def test_nouns(coordinate: str, noun: str) -> None:
    assert Nouns(packaged()).of(coordinate) == noun
