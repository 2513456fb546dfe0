"""The packaged schema and operations are found, in the repository and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

import pytest

from stash_typed.codegen import shipped
from stash_typed.codegen.findings import CodegenError
from tests.codegen.editing import ROOT, SCHEMA


def test_in_the_repository_they_are_its_own() -> None:
    assert shipped.shipped_schema() == SCHEMA
    assert shipped.shipped_operations() == ROOT / "queries"


def test_in_a_wheel_they_are_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "stash_typed"
    (package / "queries").mkdir(parents=True)
    (package / "queries" / "a.graphql").write_text("query A { version { hash } }", "utf-8")
    (package / "schema.graphql").touch()
    monkeypatch.setattr(shipped, "_FOLDERS", (package, package.parent))

    assert shipped.shipped_schema() == package / "schema.graphql"
    node = shipped.shipped_documents().node.definitions[0]
    assert node.loc is not None
    assert node.loc.source.name == "stash_typed/queries/a.graphql"


def test_an_incomplete_installation_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipped, "_FOLDERS", (tmp_path,))

    with pytest.raises(CodegenError, match="install it again"):
        shipped.shipped_schema()
