"""`stash-typed check`, `codegen` and `upgrade`: operations, and the clients generated from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from ..command import Json, Server, argument, option, with_server
from ..project import ProjectOption, Source, project_here, project_of, schema_for
from ..terminal.output import print_json, print_lines, say
from .schema import change_lines, counted, noun_lines

if TYPE_CHECKING:
    from stash_typed.codegen.project.client import ProjectResult
    from stash_typed.codegen.project.upgrade import UpgradePlan
    from stash_typed.codegen.schema.diff import Change

# The client leaves these out by itself; the effect is reported per operation.
_ADAPTED = ("Cannot query field", "Unknown argument", "Unknown type", "Unknown fragment")


@dataclass(frozen=True)
class _Line:
    where: str
    message: str
    fails: bool
    """Whether the finding fails the check, or is only informative."""


@with_server
def check(
    server: Server,
    *,
    target: Annotated[
        str | None, argument("A server's URL, or a schema file (default: --url).", "URL")
    ] = None,
    project: ProjectOption = None,
    own: Annotated[bool, option("Check only your own operations.", "--own")] = False,
    json: Json = False,
) -> None:
    """Check the shipped operations, and your own, against a server.

    Your own operations are those of the pyproject.toml in this folder, if it has the table
    tool.stash-typed. Exits with 1 if an operation does not fit the server's schema. Parts that the
    client leaves out of a shipped operation for an older server are listed, but are no failure.
    """
    from stash_typed.codegen.project.client import check_project

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
    """Report the shipped operations that the client must change, or cannot send, for this schema."""
    from graphql import introspection_from_schema

    from stash_typed._runtime.versions.adaptation import shown_version
    from stash_typed._runtime.versions.introspection import SchemaAnswer
    from stash_typed.codegen.documents.check import check as check_documents
    from stash_typed.codegen.documents.documents import definition_name
    from stash_typed.codegen.findings import where
    from stash_typed.codegen.shipped import shipped_documents
    from stash_typed.compatibility import compatibility_with

    documents = shipped_documents()
    nodes = documents.operations
    answer = SchemaAnswer.model_validate(
        introspection_from_schema(source.schema, descriptions=False)
    )
    found = compatibility_with(answer.of(shown_version(source.version)))
    for operation, needed in found.impossible.items():
        text = f"{definition_name(nodes[operation])} cannot do without {', '.join(needed)}."
        yield _Line(where(nodes[operation]), text, fails=True)
    for operation, cut in found.left_out.items():
        text = f"{definition_name(nodes[operation])} is sent without {', '.join(cut)}"
        yield _Line(where(nodes[operation]), f"{text}; None stands for it.", fails=False)
    hopeless = {where(nodes[operation]) for operation in found.impossible}
    for finding in check_documents(documents, source.schema):
        if finding.where not in hopeless and not finding.message.startswith(_ADAPTED):
            yield _Line(finding.where, finding.message, fails=True)


@with_server
def codegen(
    server: Server,
    *,
    project: ProjectOption = None,
    dry_run: Annotated[bool, option("Only list what would be written.", "--dry-run")] = False,
    json: Json = False,
) -> None:
    """Generate a typed client from your own operations.

    The settings are in the table tool.stash-typed of your pyproject.toml.
    """
    from stash_typed.codegen.project.client import generate_project

    with _findings_shown({"written": False} if json else None):
        mine = project_of(project)
        # If the settings name a schema file, a server is asked only with --url.
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
    print_lines(f"cut: {cut}" for cut in result.cuts)
    print_lines(result.changes if dry_run else (str(path) for path in result.files))
    release = f" for Stash {result.stash_version}" if result.stash_version else ""
    done = "would be written" if dry_run else "written"
    say(
        f"{result.package}: {len(result.files)} files {done}{release}, {len(result.changes)} of"
        f" them different from before; {len(result.cuts)} cuts in the shipped operations."
    )


@with_server
def upgrade(
    server: Server,
    *,
    target: Annotated[
        str | None,
        argument(
            "The server's URL, or a schema file (default: --url, or the project's url).", "URL"
        ),
    ] = None,
    project: ProjectOption = None,
    dry_run: Annotated[bool, option("Write nothing; show every change.", "--dry-run")] = False,
    json: Json = False,
) -> None:
    """Adapt your generated client to an upgraded server.

    Lists the changes that touch your operations, then generates the client again. Nothing is written if one of your operations no longer fits.
    """
    from stash_typed.codegen.findings import CodegenError
    from stash_typed.codegen.project.upgrade import apply_upgrade, plan_upgrade

    planned: dict[str, object] = {"result": None}
    with _findings_shown(planned if json else None):
        mine = project_of(project)
        source = schema_for(mine, target, server)
        plan = plan_upgrade(mine, source.schema, source.version)
        planned.update({"server": source.to_json(), **plan.to_json(), "result": None})
        if not json:
            print_lines(_told(plan, source, everything=dry_run))
        if plan.result is None:
            raise CodegenError(list(plan.findings))
        result = plan.result if dry_run else apply_upgrade(plan)
    if json:
        print_json({**planned, "result": result.to_json()})
        return
    if dry_run:
        print_lines(f"cut: {cut}" for cut in result.cuts)
        print_lines(result.changes)
    say(_summary(plan, result, "would be written" if dry_run else "written"))


def _told(plan: UpgradePlan, source: Source, *, everything: bool) -> Iterator[str]:
    if plan.diff is None:
        yield f"To {source}. There is no older schema here to compare it with."
        return
    yield f"To {source}: {counted((*plan.concerning, *plan.shipped, *plan.rest))}."
    if plan.concerning:
        yield from ("", "Look at these, they touch your operations:")
        yield from change_lines([_own(change) for change in plan.concerning])
    else:
        yield "No breaking change touches your operations."
    if plan.shipped and everything:
        yield ""
        yield "These touch only operations of stash-typed; what does not fit is cut out of them:"
        yield from change_lines(plan.shipped)
    elif plan.shipped:
        yield ""
        yield (
            f"Breaking changes that touch only operations of stash-typed: {len(plan.shipped)}."
            " What does not fit is cut out of them; --dry-run shows it."
        )
    if everything:
        yield from noun_lines(plan.rest)


def _own(change: Change) -> Change:
    from stash_typed.codegen.shipped import SHIPPED_PREFIX

    uses = (use for use in change.uses if not use.where.startswith(SHIPPED_PREFIX))
    return dataclasses.replace(change, uses=tuple(uses))


def _summary(plan: UpgradePlan, result: ProjectResult, done: str) -> str:
    also = f" and {plan.schema_file}" if plan.schema_file else ""
    if not result.changes:
        return f"{result.package}{also}: {done}; the client is the same as before."
    return (
        f"{result.package}{also}: {done}; {len(result.changes)} files of the client differ,"
        f" {len(result.cuts)} cuts in the shipped operations. Let your type checker look at"
        " what uses it."
    )


@contextmanager
def _findings_shown(json: Mapping[str, object] | None) -> Generator[None, None, None]:
    """Print the findings of a failed generation, and end the command.

    With `json`, the findings are also printed as JSON, together with its entries.
    """
    from stash_typed.codegen.findings import CodegenError

    try:
        yield
    except CodegenError as error:
        if json is not None:
            print_json({**json, "findings": [asdict(finding) for finding in error.findings]})
        for finding in error.findings:
            say(str(finding))
        say("Nothing was written.")
        raise typer.Exit(1) from None
