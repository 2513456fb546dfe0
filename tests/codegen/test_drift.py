"""What is committed is what the sources give: nobody edits generated files, nobody forgets to make them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from stash_typed.codegen.atomic import differences
from stash_typed.codegen.generate import generate
from stash_typed.codegen.settings import read_settings

ROOT = Path(__file__).resolve().parents[2]
REMEDY = "run `make generate` and commit what it writes"


def test_generated_package_is_what_the_sources_give(tmp_path: Path) -> None:
    settings = dataclasses.replace(read_settings(ROOT / "pyproject.toml"), target=tmp_path)

    generate(settings)

    assert differences(ROOT / "generated", tmp_path) == [], REMEDY


def test_differences_name_each_kind(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, names in ((old, ("same", "edited", "stale")), (new, ("same", "edited", "added"))):
        folder.mkdir()
        for name in names:
            (folder / f"{name}.py").write_text(folder.name if name == "edited" else name, "utf-8")

    assert differences(old, new) == [
        "changed: edited.py",
        "left over: stale.py",
        "missing: added.py",
    ]
    assert differences(old, old) == []


def test_generating_twice_gives_the_same_bytes_and_leaves_nothing_stale(tmp_path: Path) -> None:
    settings = dataclasses.replace(read_settings(ROOT / "pyproject.toml"), target=tmp_path)
    first = {path: path.read_bytes() for path in generate(settings)}
    stale = tmp_path / settings.package / "gone_operation.py"
    stale.write_text("x = 1\n", encoding="utf-8")

    second = {path: path.read_bytes() for path in generate(settings)}

    assert second == first
    assert not stale.exists()
    assert {path.name for path in tmp_path.iterdir()} == {settings.package, "PROVENANCE.toml"}
