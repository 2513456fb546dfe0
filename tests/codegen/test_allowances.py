"""The shipped types say Optional where a supported release lacks a required field, and only there."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType

from stash_typed.codegen.generate import generate
from stash_typed.codegen.reading import read_toml
from stash_typed.codegen.settings import Settings, read_settings
from tests.codegen.editing import NO_RELEASES, RELEASES, ROOT, edited, packaged
from tools.allowances import allowances, lacking_fields, main
from tools.releases import read_releases, version_key

TABLE = ROOT / "tools" / "allowances.toml"

NEW = """\
interface File {
  id: ID!
  folder: String!
}
type Video implements File {
  id: ID!
  folder: String!
}
type Picture implements File {
  id: ID!
  folder: String!
}
type Thing {
  id: ID!
  fresh: Int!
  older: Int!
  free: Int
  sure: Int!
  file: File!
}
type Late {
  id: ID!
}
type Query {
  thing: Thing
  late: Late!
}
"""


def older(*gone: str) -> str:
    return "".join(line for line in NEW.splitlines(keepends=True) if line.strip() not in gone)


def test_what_is_lacking() -> None:
    new = edited(of=NEW)
    old = edited(of=NEW.replace("  fresh: Int!\n", "").replace("sure: Int!", "sure: Int"))

    assert lacking_fields(new, old) == ["Thing.fresh", "Thing.sure"]


def test_types_and_operations_that_are_absent_are_no_fields() -> None:
    old = edited(of=NEW.replace("type Late {\n  id: ID!\n}\n", "").replace("  late: Late!\n", ""))

    assert lacking_fields(edited(of=NEW), old) == []


def test_the_first_release_that_has_it() -> None:
    table = allowances(
        edited(of=NEW),
        "v0.30.1",
        {
            "v0.29.0": edited(of=older("fresh: Int!")),
            "v0.27.0": edited(of=older("fresh: Int!", "older: Int!")),
            "v0.24.0": edited(of=older("fresh: Int!", "older: Int!", "sure: Int!")),
            "v0.20.0": edited(of=older("file: File!")),
        },
    )

    # v0.24.0 stands for v0.25, of which there is no schema here; v0.20.0 is too old to matter.
    assert table == {
        "Thing.fresh": "v0.30.1",
        "Thing.older": "v0.29.0",
        "Thing.sure": "v0.27.0",
    }


def test_a_schema_of_the_oldest_supported_version_stands_for_itself() -> None:
    table = allowances(
        edited(of=NEW),
        "v0.30.1",
        {"v0.24.0": edited(of=older("sure: Int!")), "v0.25.1": edited(of=NEW)},
    )

    assert table == {}


def test_an_interface_is_optional_where_one_of_its_types_is() -> None:
    old = NEW.replace(
        "type Video implements File {\n  id: ID!\n  folder: String!", "type Video {\n  id: ID!"
    )

    assert allowances(edited(of=NEW), "v0.30.1", {"v0.29.0": edited(of=old)}) == {
        "File.folder": "v0.30.1",
        "Video.folder": "v0.30.1",
    }


def test_the_committed_table_names_required_fields_and_is_used() -> None:
    table, schema = read_toml(TABLE), packaged()

    for coordinate, release in table.items():
        owner, _, name = coordinate.partition(".")
        type_ = schema.type_map[owner]
        assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        assert str(type_.fields[name].type).endswith("!"), coordinate
        assert version_key("v0.25.0") < version_key(release) <= version_key("v0.30.1")
    assert {"StashID.updated_at", "Performer.custom_fields", "VideoFile.parent_folder"} <= set(
        table
    )
    assert read_settings(ROOT / "pyproject.toml").optional == tuple(table)


@pytest.mark.skipif(not RELEASES.is_dir(), reason=NO_RELEASES)
def test_the_committed_table_is_what_the_schemas_give() -> None:
    assert read_toml(TABLE) == allowances(packaged(), "v0.30.1", read_releases(RELEASES))


def test_the_generated_types_are_optional_where_types_of_one_union_differ(tmp_path: Path) -> None:
    """GraphQL itself would refuse `String` and `String!` side by side; the real schema has no such."""
    (tmp_path / "schema.graphql").write_text(NEW, "utf-8")
    (tmp_path / "q.graphql").write_text(
        "query Thing { thing { sure fresh file { __typename"
        " ... on Video { folder } ... on Picture { folder } } } }",
        "utf-8",
    )
    settings = Settings(
        schema=tmp_path / "schema.graphql",
        operations=(tmp_path / "q.graphql",),
        target=tmp_path,
        package="things",
        command="make",
        optional=("Thing.fresh", "File.folder", "Video.folder"),
    )

    generate(settings)
    text = (tmp_path / "things" / "thing.py").read_text("utf-8")
    generate(dataclasses.replace(settings, optional=()))
    plain = (tmp_path / "things" / "thing.py").read_text("utf-8")

    assert "sure: int\n" in text
    assert "fresh: Optional[int] = " in text
    assert (text.count("folder: Optional[str]"), text.count("folder: str")) == (1, 1)
    assert (plain.count("folder: Optional[str]"), plain.count("folder: str")) == (0, 2)


def test_a_folder_without_schemas_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.graphql").touch()

    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        f"{tmp_path}: no schema of a release here. Fix: name a folder with files such as"
        " v0.27.2.graphql.\n"
    )
