"""Upgrades a user's client to another schema: plans the changes, then writes the new client."""

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
    """The effects of an upgrade: schema changes by the operations they affect, and the new client."""

    diff: SchemaDiff | None  # None without an older schema
    concerning: tuple[Change, ...]  # breaking changes of the user's operations and fragments
    shipped: tuple[Change, ...]  # those of shipped operations only
    rest: tuple[Change, ...]
    result: ProjectResult | None  # None when there are findings
    schema_file: Path | None  # the file that the new schema replaces
    schema_text: str
    findings: tuple[Finding, ...]

    def to_json(self) -> dict[str, object]:
        """Return the plan as plain data, without file contents."""
        return {
            **{
                name: [change.to_json() for change in getattr(self, name)]
                for name in ("concerning", "shipped", "rest")
            },
            "result": self.result.to_json() if self.result else None,
            "schema_file": str(self.schema_file) if self.schema_file else None,
            "findings": [{"where": f.where, "message": f.message} for f in self.findings],
        }


def plan_upgrade(
    project: Project, new_schema: GraphQLSchema, stash_version: str | None = None
) -> UpgradePlan:
    """Compare schemas and render the new client, without writing it."""
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
    """Write the client of a plan, and update the schema file in the settings."""
    if plan.result is None:
        raise CodegenError(list(plan.findings))
    others = {plan.schema_file: plan.schema_text.encode()} if plan.schema_file else {}
    return write_project(plan.result, others)


def _schema_text(path: Path | None, schema: GraphQLSchema, stash_version: str | None) -> str:
    """Return the schema in the file's format, JSON or SDL."""
    if path is not None and path.suffix == ".json":
        result = introspection_from_schema(schema, descriptions=False)
        return json.dumps({"data": result}, indent=2) + "\n"
    return sdl_of(schema, stash_version)
