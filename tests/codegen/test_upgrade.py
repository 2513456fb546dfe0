"""An upgrade says what concerns the caller, and is done whole or not at all."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from graphql import GraphQLObjectType

from stash_typed.codegen.findings import CodegenError
from stash_typed.codegen.project.client import generate_project
from stash_typed.codegen.project.upgrade import apply_upgrade, plan_upgrade
from stash_typed.codegen.schema.introspect import load_schema
from tests.codegen.editing import added, edited, removed, renamed
from tests.codegen.projects import SMALL_SCHEMA, project, small_project, snapshot

GOOD = edited(
    removed("Gallery.title"),
    removed("Studio.urls"),
    added("Tag", "weight: Int"),
    removed("TagFilterType.name"),
)


def test_what_concerns_the_caller_comes_first(tmp_path: Path) -> None:
    mine = project(tmp_path, shipped=True)
    before = snapshot(tmp_path)

    plan = plan_upgrade(
        mine,
        edited(
            renamed("Scene.title", "heading"), removed("Studio.urls"), removed("Group.o_counter")
        ),
    )

    assert [change.what for change in plan.concerning] == ["Scene.title"]
    assert [str(use) for use in plan.concerning[0].uses if "own" in use.where] == [
        "queries/own.graphql:10: fragment Line",
        "queries/own.graphql:1: query Brief through fragment Line",
    ]
    assert [change.what for change in plan.shipped] == ["Studio.urls"]
    assert {change.what for change in plan.rest} == {"Group.o_counter", "Scene.heading"}
    assert plan.result is None
    assert [str(finding) for finding in plan.findings] == [
        "queries/own.graphql:10: Cannot query field 'title' on type 'Scene'. Did you mean 'date' or 'files'?"
        " Fix: remove the field, or regenerate from a server that has it."
    ]
    with pytest.raises(CodegenError, match="Cannot query field 'title'"):
        apply_upgrade(plan)
    assert snapshot(tmp_path) == before
    assert json.loads(json.dumps(plan.to_json()))["concerning"][0]["what"] == "Scene.title"


def test_a_plan_changes_nothing_and_is_then_done(tmp_path: Path) -> None:
    mine = project(tmp_path)
    generate_project(mine)
    before = snapshot(tmp_path)

    plan = plan_upgrade(mine, GOOD, "v0.31.0")

    assert snapshot(tmp_path) == before
    assert plan.result is not None
    assert "changed: schema.graphql" in plan.result.changes
    assert (plan.concerning, plan.findings) == ((), ())
    assert {change.what for change in plan.rest} >= {"Gallery.title", "Tag.weight"}

    assert apply_upgrade(plan).written

    assert (tmp_path / "schema.graphql").read_text("utf-8") == plan.schema_text
    assert plan.schema_text.startswith("# Stash v0.31.0,")
    again = plan_upgrade(mine, load_schema(tmp_path / "schema.graphql"), "v0.31.0")
    assert again.diff is not None
    assert (again.diff.breaking, again.diff.new) == ((), ())
    assert again.result is not None
    assert again.result.changes == ()


def test_the_schema_file_keeps_its_form(tmp_path: Path) -> None:
    mine = dataclasses.replace(small_project(tmp_path), schema=tmp_path / "v0.json")
    older = edited(of=SMALL_SCHEMA)
    (tmp_path / "v0.json").write_text(plan_upgrade(mine, older).schema_text, "utf-8")

    apply_upgrade(plan_upgrade(mine, edited(added("Thing", "extra: Int"), of=SMALL_SCHEMA)))

    json.loads((tmp_path / "v0.json").read_text("utf-8"))
    thing = load_schema(tmp_path / "v0.json").type_map["Thing"]
    assert isinstance(thing, GraphQLObjectType)
    assert "extra" in thing.fields


def test_without_an_older_schema_there_is_nothing_to_compare(tmp_path: Path) -> None:
    mine = dataclasses.replace(project(tmp_path), schema=None, url="http://nas:9999")

    plan = plan_upgrade(mine, GOOD)

    assert plan.diff is None
    assert (plan.concerning, plan.shipped, plan.rest) == ((), (), ())
    assert plan.result is not None
    assert plan.schema_file is None


def test_an_interruption_leaves_package_and_schema_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = small_project(tmp_path)
    generate_project(mine)
    plan = plan_upgrade(mine, edited(added("Thing", "extra: Int"), of=SMALL_SCHEMA))
    before = snapshot(tmp_path)
    import os

    replace = os.replace

    def interrupted(source: Path, target: Path) -> None:
        if target == tmp_path / "schema.graphql":
            monkeypatch.setattr("os.replace", replace)
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr("os.replace", interrupted)

    with pytest.raises(KeyboardInterrupt):
        apply_upgrade(plan)

    assert snapshot(tmp_path) == before
