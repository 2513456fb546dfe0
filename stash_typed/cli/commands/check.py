"""`stash-typed check`: are the operations good against a server?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import typer

from ..connection import Server, with_server
from ..errors import extra
from ..project.settings import ProjectOption, project_here, project_of, server_of
from ..project.source import Source, schema_of, schema_of_server
from ..terminal.output import print_json, print_lines, say

__all__ = ["check"]

# What the client leaves out by itself; for whole operations that is told by their names.
_ADAPTED = ("Cannot query field", "Unknown argument", "Unknown type", "Unknown fragment")


@dataclass(frozen=True)
class _Line:
    where: str
    message: str
    fails: bool
    """Whether it makes the check fail; else it is worth knowing."""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"

    def to_json(self) -> dict[str, object]:
        return {"where": self.where, "message": self.message, "fails": self.fails}


@with_server
def check(
    server: Server,
    *,
    target: Annotated[
        str | None,
        typer.Argument(
            help="A server's address, or a schema file; else the server of the options.",
            metavar="URL",
        ),
    ] = None,
    project: ProjectOption = None,
    own: Annotated[
        bool, typer.Option("--own", help="Only the operations of your project.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Hold the shipped operations, and your own, against a server. Fails when one does not fit.

    What the client can leave out of a shipped operation for an older server is told, and is no
    failure. Your own are those of the pyproject.toml in this folder, if it has the table
    tool.stash-typed.
    """
    with extra("codegen"):
        from stash_typed.codegen.project.check import check_project
    mine = project_of(project) if own else project_here(project)
    source = schema_of(target, server) if target else schema_of_server(server_of(mine, server))
    lines = [
        _Line(finding.where, finding.message, fails=True)
        for finding in (check_project(mine, source.schema) if mine else ())
    ]
    if not own:
        lines += _shipped(source)
    failures = [line for line in lines if line.fails]
    if json:
        findings = [line.to_json() for line in lines]
        print_json({"server": source.to_json(), "ok": not failures, "findings": findings})
    else:
        print_lines(str(line) for line in (*failures, *(n for n in lines if not n.fails)))
        say(
            f"{source}: {f'{len(failures)} do not fit' if failures else 'all fit'},"
            f" {len(lines) - len(failures)} with less."
        )
    if failures:
        raise typer.Exit(1)


def _shipped(source: Source) -> Iterator[_Line]:
    """What the shipped client does with this server: it leaves out what it can do without."""
    with extra("codegen"):
        from graphql import introspection_from_schema

        from stash_typed.codegen.documents.check import check as held_against
        from stash_typed.codegen.documents.coordinates import definition_name, operations_of
        from stash_typed.codegen.findings import where
        from stash_typed.codegen.shipped import shipped_documents
    from stash_typed._runtime.versions.adaptation import lacking, shown_version
    from stash_typed._runtime.versions.introspection import SchemaAnswer
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
        name = definition_name(node)
        if needed:
            hopeless.add(where(node))
            yield _Line(where(node), f"{name} cannot do without {', '.join(needed)}.", fails=True)
        elif cut:
            yield _Line(
                where(node),
                f"{name} is sent without {', '.join(cut)}; None stands for it.",
                fails=False,
            )
    for finding in held_against(document, source.schema):
        if finding.where not in hopeless and not finding.message.startswith(_ADAPTED):
            yield _Line(finding.where, finding.message, fails=True)
