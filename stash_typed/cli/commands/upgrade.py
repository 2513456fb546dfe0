"""`stash-typed upgrade`: what another release means for the caller, and their client again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from ..connection import Server, with_server
from ..options import Json, argument, option
from ..project.report import change_lines, counted, findings_shown, noun_lines, print_cuts
from ..project.settings import ProjectOption, project_of
from ..project.source import Source, schema_for
from ..terminal.output import print_json, print_lines, say

if TYPE_CHECKING:
    from stash_typed.codegen.project.client import ProjectResult
    from stash_typed.codegen.project.upgrade import UpgradePlan
    from stash_typed.codegen.schema.diff import Change

__all__ = ["upgrade"]


@with_server
def upgrade(
    server: Server,
    *,
    target: Annotated[
        str | None,
        argument(
            "The server's address, or a schema file (default: --url, or the project's url).", "URL"
        ),
    ] = None,
    project: ProjectOption = None,
    dry_run: Annotated[bool, option("Write nothing; show every change.", "--dry-run")] = False,
    json: Json = False,
) -> None:
    """Show what an upgraded server changes for you, and generate your client again.

    Nothing is written if one of your operations no longer fits.
    """
    from stash_typed.codegen.findings import CodegenError
    from stash_typed.codegen.project.upgrade import apply_upgrade, plan_upgrade

    planned: dict[str, object] = {"result": None}
    with findings_shown(planned if json else None):
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
        print_cuts(result.cuts)
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
