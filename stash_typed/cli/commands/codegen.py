"""`stash-typed codegen`: a client of the caller's own operations, for their server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..connection import Server, with_server
from ..errors import extra
from ..project.settings import ProjectOption, as_json, print_cuts, project_of, refuse, server_of
from ..project.source import Source, schema_of_server
from ..terminal.output import print_json, print_lines, say

if TYPE_CHECKING:
    from stash_typed.codegen.project.project import Project

__all__ = ["codegen"]


@with_server
def codegen(
    server: Server,
    *,
    project: ProjectOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; say what would be written.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Generate the typed client that your pyproject.toml describes."""
    with extra("codegen"):
        from stash_typed.codegen.findings import CodegenError
        from stash_typed.codegen.project.client import generate_project
    try:
        mine = project_of(project)
        source = _asked(mine, server)
        result = generate_project(
            mine,
            source.schema if source else None,
            stash_version=source.version if source else None,
            dry_run=dry_run,
        )
    except CodegenError as error:
        if json:
            print_json({"written": False, "findings": as_json(error.findings)})
        raise refuse(error) from None
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


def _asked(project: Project, server: Server) -> Source | None:
    """Ask the server, unless the settings name a file and `--url` does not say otherwise."""
    if project.schema is not None and server.url is None:
        return None
    return schema_of_server(server_of(project, server))
