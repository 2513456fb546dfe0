"""`stash-typed codegen`: a client of the caller's own operations."""

from __future__ import annotations

from typing import Annotated

from ..connection import Server, with_server
from ..options import Json, option
from ..project.report import findings_shown, print_cuts
from ..project.settings import ProjectOption, project_of
from ..project.source import schema_for
from ..terminal.output import print_json, print_lines, say

__all__ = ["codegen"]


@with_server
def codegen(
    server: Server,
    *,
    project: ProjectOption = None,
    dry_run: Annotated[
        bool, option("Write nothing; list what would be written.", "--dry-run")
    ] = False,
    json: Json = False,
) -> None:
    """Generate a typed client of your own operations, as your pyproject.toml says."""
    from stash_typed.codegen.project.client import generate_project

    with findings_shown({"written": False} if json else None):
        mine = project_of(project)
        # The settings may name a schema file; then a server is asked only if --url says so.
        asks = mine.schema is None or server.url is not None
        source = schema_for(mine, None, server) if asks else None
        result = generate_project(
            mine,
            source.schema if source else None,
            stash_version=source.version if source else None,
            dry_run=dry_run,
        )
    if json:
        print_json({**result.to_json(), "findings": []})
        return
    print_cuts(result.cuts)
    print_lines(result.changes if dry_run else (str(path) for path in result.files))
    release = f" for Stash {result.stash_version}" if result.stash_version else ""
    done = "would be written" if dry_run else "written"
    say(
        f"{result.package}: {len(result.files)} files {done}{release}, {len(result.changes)} of"
        f" them different from before; {len(result.cuts)} cuts in the shipped operations."
    )
