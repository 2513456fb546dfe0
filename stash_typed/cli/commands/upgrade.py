"""`stash-typed upgrade`: what another release means for the caller, and their client made again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from ..connection import Server, with_server
from ..errors import extra
from ..project.changes import change_lines, counted, noun_lines
from ..project.settings import ProjectOption, as_json, print_cuts, project_of, refuse, server_of
from ..project.source import Source, schema_of, schema_of_server
from ..terminal.output import print_json, print_lines, say

if TYPE_CHECKING:
    from stash_typed.codegen.project.upgrade import UpgradePlan
    from stash_typed.codegen.schema.diff import Change

__all__ = ["upgrade"]


@with_server
def upgrade(
    server: Server,
    *,
    target: Annotated[
        str | None,
        typer.Argument(
            help="The server's address, or a schema file; else --url, else the project's url.",
            metavar="URL",
        ),
    ] = None,
    project: ProjectOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show every change, and write nothing.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Follow a server that was upgraded: what to look at, then your client generated again.

    Nothing is written when an operation of yours does not fit any more.
    """
    with extra("codegen"):
        from stash_typed.codegen.findings import CodegenError
        from stash_typed.codegen.project.upgrade import apply_upgrade, plan_upgrade
    planned: dict[str, object] = {}
    try:
        mine = project_of(project)
        source = schema_of(target, server) if target else schema_of_server(server_of(mine, server))
        plan = plan_upgrade(mine, source.schema, source.version)
        planned = {"server": source.to_json(), **plan.to_json()}
        if not json:
            print_lines(_told(plan, source, everything=dry_run))
        if plan.result is None:
            raise CodegenError(list(plan.findings))
        result = plan.result if dry_run else apply_upgrade(plan)
    except CodegenError as error:
        if json:
            print_json({**planned, "result": None, "findings": as_json(error.findings)})
        raise refuse(error) from None
    if json:
        print_json({**planned, "result": result.to_json()})
        return
    if dry_run:
        print_cuts(result.cuts)
        print_lines(result.changes)
    say(_summary(plan, str(result.package), dry_run=dry_run))


def _told(plan: UpgradePlan, source: Source, *, everything: bool) -> Iterator[str]:
    if plan.diff is None:
        yield f"To {source}. There is no older schema here to compare it with."
        return
    changes = (*plan.concerning, *plan.shipped, *plan.rest)
    yield f"To {source}: {counted(changes)}."
    if plan.concerning:
        yield ""
        yield "Look at these, they touch your operations:"
        yield from change_lines([_own(change) for change in plan.concerning])
    else:
        yield "No breaking change touches your operations."
    if not everything:
        if plan.shipped:
            yield ""
            yield (
                f"Breaking changes that touch only operations of stash-typed: {len(plan.shipped)}."
                " What does not fit is cut out of them; --dry-run shows it."
            )
        return
    if plan.shipped:
        yield ""
        yield "These touch only operations of stash-typed; what does not fit is cut out of them:"
        yield from change_lines(plan.shipped)
    yield from noun_lines(plan.rest)


def _own(change: Change) -> Change:
    """Of what a change touches, keep what the caller wrote."""
    from stash_typed.codegen.shipped import SHIPPED_PREFIX

    uses = (use for use in change.uses if not use.where.startswith(SHIPPED_PREFIX))
    return dataclasses.replace(change, uses=tuple(uses))


def _summary(plan: UpgradePlan, package: str, *, dry_run: bool) -> str:
    assert plan.result is not None
    done = "would be written" if dry_run else "written"
    also = f" and {plan.schema_file}" if plan.schema_file else ""
    changes = len(plan.result.changes)
    if not changes:
        return f"{package}{also}: {done}; the client is the same as before."
    return (
        f"{package}{also}: {done}; {changes} files of the client differ,"
        f" {len(plan.result.cuts)} cuts in the shipped operations. Let your type checker look at"
        " what uses it."
    )
