"""A module of many classes becomes a package that imports only what is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from stash_typed.codegen.package.split_module import split_module

MODULE = """
from typing import Literal, Optional, Union

from pydantic import BaseModel, Field
from .enums import Mood


class Leaf(BaseModel):
    mood: Mood
    kind: Literal["Tree"] = "Tree"


class Tree(BaseModel):
    leaves: list["Leaf"]
    filter: Optional["AFilter"] = None


class BFilter(BaseModel):
    a: Optional["AFilter"] = None
    leaf: Union["Leaf", None] = Field(default=None)


class AFilter(BaseModel):
    b: Optional["BFilter"] = None
    AND: Optional["AFilter"] = None


class Import(Leaf):
    pass


__all__ = ["AFilter", "BFilter", "Import", "Leaf", "Tree"]
"""


def write(folder: Path) -> dict[str, bytes]:
    files = split_module(MODULE, "things", "Things.", "# made")
    (folder / "enums.py").write_text(
        'from enum import Enum\n\n\nclass Mood(str, Enum):\n    GLAD = "GLAD"\n', "utf-8"
    )
    (folder / "__init__.py").write_text("", "utf-8")
    (folder / "things").mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return files


def run(folder: Path, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=folder.parent,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


def test_circles_stay_together_and_the_rest_is_by_itself(tmp_path: Path) -> None:
    files = split_module(MODULE, "things", "Things.", "# made")

    assert sorted(files) == [
        "things/__init__.py",
        "things/a_filter.py",
        "things/import_.py",
        "things/leaf.py",
        "things/tree.py",
    ]
    circle = files["things/a_filter.py"].decode()
    assert circle.startswith("# made\n")
    assert "class AFilter(" in circle
    assert "class BFilter(" in circle
    # A text that is no forward reference is no reason for an import.
    assert "tree" not in files["things/leaf.py"].decode()
    assert "from ..enums import Mood" in files["things/leaf.py"].decode()


def test_what_is_used_is_imported_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    write(folder)

    loaded = "sorted(m for m in sys.modules if m.startswith('package.things.'))"
    assert run(folder, f"import sys, package.things; print({loaded})") == "[]"
    used = f"import sys; from package.things import Import; print(Import(mood='GLAD'), {loaded})"
    assert run(folder, used) == (
        "mood=<Mood.GLAD: 'GLAD'> kind='Tree' ['package.things.import_', 'package.things.leaf']"
    )


def test_forward_references_are_found_across_modules(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    write(folder)

    code = (
        "from package.things import Tree\n"
        "tree = Tree.model_validate({'leaves': [{'mood': 'GLAD'}],"
        " 'filter': {'b': {'a': {'AND': {}}, 'leaf': {'mood': 'GLAD'}}}})\n"
        "print(tree.filter.b.leaf.mood.value, type(tree.filter.b.a).__name__)\n"
        "import package.things as things\n"
        "print(things.__all__, hasattr(things, 'Nope'))"
    )
    assert run(folder, code).splitlines() == [
        "GLAD AFilter",
        "['AFilter', 'BFilter', 'Import', 'Leaf', 'Tree'] False",
    ]
