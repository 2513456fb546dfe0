"""The caller's project: its pyproject.toml, and what to write when there is none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ..errors import CommandError
from ..options import option

if TYPE_CHECKING:
    from stash_typed.codegen.project.project import Project

__all__ = ["ProjectOption", "project_here", "project_of"]

_NAME = "pyproject.toml"
_EXAMPLE = f"""\
Write this into {_NAME}, and your operations into .graphql files in the folder that it names:

[tool.stash-typed]
url = "http://localhost:9999"   # or a file: schema = "schema.graphql"
operations = ["operations"]
package = "my_stash"
include_shipped = true          # the operations of stash-typed as well"""

ProjectOption = Annotated[
    Path | None,
    option(
        f"The {_NAME} with the table tool.stash-typed, or its folder (default: the one here).",
        "--project",
        metavar="FILE",
    ),
]


def project_of(given: Path | None) -> Project:
    """Read the project that `--project` names, or the one in this folder."""
    from stash_typed.codegen.project.project import SECTION, read_project

    path = given or Path(_NAME)
    if path.is_dir():
        path /= _NAME
    if not path.exists():
        raise CommandError(f"there is no file {path}. {_EXAMPLE}")
    if not _has_table(path):
        raise CommandError(f"{path} has no [{SECTION}]. {_EXAMPLE}")
    return read_project(path)


def project_here(given: Path | None) -> Project | None:
    """Read the project that `--project` names, or the one in this folder if there is one."""
    here = Path(_NAME)
    absent = given is None and not (here.is_file() and _has_table(here))
    return None if absent else project_of(given)


def _has_table(path: Path) -> bool:
    from stash_typed.codegen.toml_file import read_toml

    tool: object = read_toml(path).get("tool")
    return isinstance(tool, dict) and "stash-typed" in tool
