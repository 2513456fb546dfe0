"""`stash-typed diff`: what changed between two schemas, and which operations it touches."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated

import typer

from ..connection import Server, with_server
from ..options import Json, argument, option
from ..project.report import counted, noun_lines
from ..project.settings import ProjectOption, project_here
from ..project.source import schema_of
from ..terminal.output import print_json, print_lines

if TYPE_CHECKING:
    from graphql import DocumentNode

    from stash_typed.codegen.project.project import Project

__all__ = ["diff"]

_SCHEMA = "A .graphql file, a .json file with an introspection result, an address, or: packaged."


@with_server
def diff(
    server: Server,
    *,
    old: Annotated[str, argument(_SCHEMA, "OLD")],
    new: Annotated[str, argument("The schema to compare with it.", "NEW")],
    project: ProjectOption = None,
    json: Json = False,
    exit_code: Annotated[
        bool, option("Exit with 1 if a change is breaking.", "--exit-code")
    ] = False,
) -> None:
    """Compare two schemas, and list the operations that each breaking change touches."""
    from stash_typed.codegen.schema.diff import compare

    document = _documents(project_here(project))
    before, after = schema_of(old, server), schema_of(new, server)
    found = compare(before.schema, after.schema, document)
    if json:
        print_json({"old": before.to_json(), "new": after.to_json(), **found.to_json()})
    else:
        changes = (*found.breaking, *found.dangerous, *found.new)
        print_lines([f"From {before} to {after}: {counted(changes)}.", *noun_lines(changes)])
    if exit_code and found.breaking:
        raise typer.Exit(1)


def _documents(project: Project | None) -> DocumentNode:
    """Return the shipped operations, which the client works with, and those of the caller."""
    from stash_typed.codegen.project.documents import all_documents, own_documents
    from stash_typed.codegen.shipped import shipped_documents

    if project is None:
        return shipped_documents()
    both = dataclasses.replace(project, include_shipped=True)
    return all_documents(both, own_documents(project))
