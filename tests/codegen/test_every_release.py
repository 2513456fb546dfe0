"""For every release whose schema is there: the shipped operations become a client that is strict-clean."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from stash_typed.codegen.project.client import generate_project
from stash_typed.codegen.project.project import read_project
from tests.codegen.editing import NO_RELEASES, RELEASES, ROOT
from tools.releases import read_releases

pytestmark = pytest.mark.skipif(not RELEASES.is_dir(), reason=NO_RELEASES)

SOURCES = [str(ROOT), str(ROOT / "generated")]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a client for each release, each in a package of its own."""
    root = tmp_path_factory.mktemp("releases")
    for release in read_releases(RELEASES):
        package = f"stash_{release.replace('.', '_')}"
        folder = root / "projects" / package
        (folder / "queries").mkdir(parents=True)
        own = "query Mine { stats { scene_count } }"
        (folder / "queries" / "own.graphql").write_text(own, "utf-8")
        settings = {
            "schema": str(RELEASES / f"{release}.graphql"),
            "operations": ["queries"],
            "package": package,
            "target": "../../src",
            "include_shipped": True,
        }
        lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
        text = "[tool.stash-typed]\n" + "\n".join(lines) + "\n"
        (folder / "pyproject.toml").write_text(text, "utf-8")
        result = generate_project(read_project(folder / "pyproject.toml"))
        assert result.own == ("Mine",)
        assert result.stash_version == release
    return root / "src"


def check(folder: Path, *command: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment_with(environment),
        timeout=600,
        check=False,
    )
    return (done.stdout + done.stderr).strip().splitlines()[-1]


def environment_with(more: Mapping[str, str]) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, **more}


def test_mypy_finds_nothing(packages: Path) -> None:
    said = check(packages, "mypy", "--strict", ".", MYPYPATH=os.pathsep.join(SOURCES))

    assert said.startswith("Success: no issues found")


def test_pyright_finds_nothing(packages: Path) -> None:
    settings = {"typeCheckingMode": "strict", "pythonVersion": "3.10", "extraPaths": SOURCES}
    (packages / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")

    assert check(packages, "pyright") == "0 errors, 0 warnings, 0 informations"
