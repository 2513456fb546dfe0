"""Another schema for a user's client: what it means for them, then the new client, or nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from graphql import GraphQLSchema, introspection_from_schema

from ..documents.documents import definition_name
from ..findings import CodegenError, Finding
from ..schema.diff import Change, SchemaDiff, compare
from ..schema.introspect import sdl_of
from .client import ProjectResult, generated_from, render_project, write_project
from .documents import all_documents, own_documents
from .project import Project

__all__ = ["UpgradePlan", "apply_upgrade", "plan_upgrade"]


@dataclass(frozen=True)
class UpgradePlan:
    """What an upgrade would do. Nothing of it is done yet.

    Attributes:
        diff: all changes of the schema; None when there is no older schema to compare with.
        concerning: the breaking changes that touch the caller's operations and fragments: what to
            look at.
        shipped: the breaking changes that touch shipped operations only, where they are included.
        rest: all other changes.
        result: the client that would be written; None when there are findings.
        schema_file: the file that would be replaced by the new schema; None when there is none.
        schema_text: what would be in it.
        findings: why nothing can be generated, with file:line.
    """

    diff: SchemaDiff | None
    concerning: tuple[Change, ...]
    shipped: tuple[Change, ...]
    rest: tuple[Change, ...]
    result: ProjectResult | None
    schema_file: Path | None
    schema_text: str
    findings: tuple[Finding, ...]

    def to_json(self) -> dict[str, object]:
        """Return it as plain data, without the files' contents."""
        return {
            "concerning": [change.to_json() for change in self.concerning],
            "shipped": [change.to_json() for change in self.shipped],
            "rest": [change.to_json() for change in self.rest],
            "result": self.result.to_json() if self.result else None,
            "schema_file": str(self.schema_file) if self.schema_file else None,
            "findings": [{"where": f.where, "message": f.message} for f in self.findings],
        }


def plan_upgrade(
    project: Project, new_schema: GraphQLSchema, stash_version: str | None = None
) -> UpgradePlan:
    """Say what a new schema changes for a user's client, and make that client without writing it.

    The older schema is the one that the package was generated from, else the one that the settings
    name.
    """
    old_schema = generated_from(project)
    own = own_documents(project)
    diff = compare(old_schema, new_schema, all_documents(project, own)) if old_schema else None
    names = {definition_name(node) for node in own.node.definitions}
    result: ProjectResult | None = None
    findings: tuple[Finding, ...] = ()
    try:
        result = render_project(project, new_schema, stash_version)
    except CodegenError as error:
        findings = tuple(error.findings)
    breaking = diff.breaking if diff else ()
    concerning = tuple(c for c in breaking if names & {use.definition for use in c.uses})
    shipped = tuple(c for c in breaking if c.uses and c not in concerning)
    rest = tuple(c for c in breaking if not c.uses)
    return UpgradePlan(
        diff=diff,
        concerning=concerning,
        shipped=shipped,
        rest=(*rest, *diff.dangerous, *diff.new) if diff else (),
        result=result,
        schema_file=project.schema,
        schema_text=_schema_text(project.schema, new_schema, stash_version),
        findings=findings,
    )


def apply_upgrade(plan: UpgradePlan) -> ProjectResult:
    """Write what a plan says: the client, and the schema file that the settings name."""
    if plan.result is None:
        raise CodegenError(list(plan.findings))
    others = {plan.schema_file: plan.schema_text.encode()} if plan.schema_file else {}
    return write_project(plan.result, others)


def _schema_text(path: Path | None, schema: GraphQLSchema, stash_version: str | None) -> str:
    """Write the schema in the form that the file has."""
    if path is not None and path.suffix == ".json":
        result = introspection_from_schema(schema, descriptions=False)
        return json.dumps({"data": result}, indent=2) + "\n"
    return sdl_of(schema, stash_version)
