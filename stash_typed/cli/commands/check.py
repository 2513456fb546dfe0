"""`stash-typed check`: whether the operations fit a server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from ..connection import Server, with_server
from ..options import Json, argument, option
from ..project.settings import ProjectOption, project_here, project_of
from ..project.source import Source, schema_for
from ..terminal.output import print_json, print_lines, say

__all__ = ["check"]

# The client leaves these out by itself; what that costs is reported for whole operations.
_ADAPTED = ("Cannot query field", "Unknown argument", "Unknown type", "Unknown fragment")


@dataclass(frozen=True)
class _Line:
    where: str
    message: str
    fails: bool
    """Whether it makes the check fail, or is only worth knowing."""


@with_server
def check(
    server: Server,
    *,
    target: Annotated[
        str | None, argument("A server's address, or a schema file (default: --url).", "URL")
    ] = None,
    project: ProjectOption = None,
    own: Annotated[bool, option("Check only your own operations.", "--own")] = False,
    json: Json = False,
) -> None:
    """Check the shipped operations, and your own, against a server.

    Your own operations are those of the pyproject.toml in this folder, if it has the table
    tool.stash-typed. Exits with 1 if an operation does not fit. What the client leaves out of a
    shipped operation for an older server is listed, and does not fail the check.
    """
    from stash_typed.codegen.project.check import check_project

    mine = project_of(project) if own else project_here(project)
    source = schema_for(mine, target, server)
    lines = [
        _Line(finding.where, finding.message, fails=True)
        for finding in (check_project(mine, source.schema) if mine else ())
    ]
    if not own:
        lines += _shipped(source)
    failures = sum(line.fails for line in lines)
    if json:
        findings = [asdict(line) for line in lines]
        print_json({"server": source.to_json(), "ok": not failures, "findings": findings})
    else:
        lines.sort(key=lambda line: not line.fails)
        print_lines(f"{line.where}: {line.message}" for line in lines)
        result = f"{failures} do not fit" if failures else "all fit"
        say(f"{source}: {result}, {len(lines) - failures} with less.")
    if failures:
        raise typer.Exit(1)


def _shipped(source: Source) -> Iterator[_Line]:
    """Report what the client does with this server: it leaves out what it can do without."""
    from graphql import introspection_from_schema

    from stash_typed._runtime.versions.adaptation import lacking, shown_version
    from stash_typed._runtime.versions.introspection import SchemaAnswer
    from stash_typed.codegen.documents.check import check as held_against
    from stash_typed.codegen.documents.coordinates import definition_name, operations_of
    from stash_typed.codegen.findings import where
    from stash_typed.codegen.shipped import shipped_documents
    from stash_typed.compatibility import shipped_operations

    document = shipped_documents()
    nodes = operations_of(document)
    known = SchemaAnswer.model_validate(
        introspection_from_schema(source.schema, descriptions=False)
    ).of(shown_version(source.version))
    hopeless: set[str] = set()
    for operation in shipped_operations():
        node = nodes[operation.name]
        cut, needed = lacking(operation, known)
        name, place = definition_name(node), where(node)
        if needed:
            hopeless.add(place)
            yield _Line(place, f"{name} cannot do without {', '.join(needed)}.", fails=True)
        elif cut:
            without = f"{name} is sent without {', '.join(cut)}; None stands for it."
            yield _Line(place, without, fails=False)
    for finding in held_against(document, source.schema):
        if finding.where not in hopeless and not finding.message.startswith(_ADAPTED):
            yield _Line(finding.where, finding.message, fails=True)
