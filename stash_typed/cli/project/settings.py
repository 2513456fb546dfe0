"""The caller's project: its pyproject.toml, the server that it names, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..connection import Server
from ..errors import CommandError, extra
from ..terminal.output import print_lines, say

if TYPE_CHECKING:
    from stash_typed.codegen.documents.prune import Cut
    from stash_typed.codegen.findings import CodegenError, Finding
    from stash_typed.codegen.project.project import Project

__all__ = [
    "ProjectOption",
    "as_json",
    "print_cuts",
    "project_here",
    "project_of",
    "refuse",
    "server_of",
]

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
    typer.Option(
        "--project",
        help=f"The {_NAME} with the table tool.stash-typed, or its folder; else the one here.",
        metavar="FILE",
    ),
]


def project_of(given: Path | None) -> Project:
    """Read the settings of the caller's project.

    Args:
        given: what `--project` says.

    Returns:
        The project.

    Raises:
        CommandError: the file or the table is missing; says what to write.
        CodegenError: a setting is wrong.
    """
    with extra("codegen"):
        from stash_typed.codegen.project.project import SECTION, read_project
    path = _file(given)
    if not path.exists():
        raise CommandError(f"there is no file {path}. {_EXAMPLE}")
    if not _has_table(path):
        raise CommandError(f"{path} has no [{SECTION}]. {_EXAMPLE}")
    return read_project(path)


def project_here(given: Path | None) -> Project | None:
    """Read the settings of the caller's project, if there is one.

    Args:
        given: what `--project` says; then there has to be one.

    Returns:
        The project; None when the folder has no pyproject.toml with the table.

    Raises:
        CommandError: `--project` names a file without the table.
        CodegenError: a setting is wrong.
    """
    if given is None and not (_file(None).is_file() and _has_table(_file(None))):
        return None
    return project_of(given)


def server_of(project: Project | None, server: Server) -> Server:
    """Give the server to ask: the one of `--url`, else the project's, else the environment's.

    Args:
        project: the caller's project.
        server: as the options say.
    """
    if server.url is None and project is not None and project.url is not None:
        return replace(server, url=project.url)
    return server


def print_cuts(cuts: Iterable[Cut]) -> None:
    """Print what was taken out of the shipped operations, one cut a line.

    Args:
        cuts: as the generator gives them.
    """
    print_lines(f"cut: {cut}" for cut in cuts)


def as_json(findings: Iterable[Finding]) -> list[object]:
    """Give findings as plain data.

    Args:
        findings: as the generator gives them.
    """
    return [{"where": finding.where, "message": finding.message} for finding in findings]


def refuse(error: CodegenError) -> typer.Exit:
    """Say on standard error what stands in the way, one finding a line.

    Args:
        error: what the generator raised.

    Returns:
        The end of the command, with exit code 1; to be raised.
    """
    for finding in error.findings:
        say(str(finding))
    say("Nothing was written.")
    return typer.Exit(1)


def _file(given: Path | None) -> Path:
    path = given or Path(_NAME)
    return path / _NAME if path.is_dir() else path


def _has_table(path: Path) -> bool:
    with extra("codegen"):
        from stash_typed.codegen.toml_file import read_toml
    tool: object = read_toml(path).get("tool")
    return isinstance(tool, dict) and "stash-typed" in tool
