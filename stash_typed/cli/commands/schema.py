"""`stash-typed introspect` and `diff`: schemas as files, and the changes between two of them."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..command import Json, Server, argument, connected, option, with_server
from ..errors import UsageError
from ..project import ProjectOption, project_here, schema_of, sdl_from_server
from ..terminal.output import print_json, print_lines, print_text, say, write_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from stash_typed.codegen.documents.documents import Documents
    from stash_typed.codegen.project.project import Project
    from stash_typed.codegen.schema.diff import Change


@connected
async def introspect(
    server: Server,
    *,
    source: Annotated[
        Path | None,
        option(
            "Read a JSON file with an introspection result instead of asking a server.",
            "--from",
            metavar="FILE.json",
        ),
    ] = None,
    output: Annotated[
        str, option("The file to write, or - for standard output.", metavar="FILE")
    ] = "schema.graphql",
    stash_version: Annotated[
        str | None,
        option("The release of --from (default: the version in its name).", metavar="vX.Y.Z"),
    ] = None,
) -> None:
    """Write a server's schema to a .graphql file, in a stable order."""
    if source is None and stash_version is not None:
        raise UsageError("--stash-version needs --from; a server reports its own version.")
    if source is not None:
        sdl = _sdl_from_file(source, stash_version)
    else:
        async with server.client() as stash:
            sdl = await sdl_from_server(stash)
    if output == "-":
        print_text(sdl)
        return
    write_file(Path(output), sdl)
    say(f"{output}: {sdl.partition(chr(10))[0].lstrip('# ')}.")


def _sdl_from_file(source: Path, stash_version: str | None) -> str:
    from stash_typed.codegen.provenance import known_version, version_in
    from stash_typed.codegen.schema.introspect import read_introspection, sdl_of

    if stash_version is not None and known_version(stash_version) is None:
        raise UsageError("--stash-version must look like v0.31.0, or v0.31.0-12-gabcdef1.")
    return sdl_of(read_introspection(source), stash_version or version_in(source.name))


_ORDER = ("breaking", "dangerous", "new")
_SCHEMA = "A .graphql file, a .json file with an introspection result, a URL, or: packaged."


@with_server
def diff(
    server: Server,
    *,
    old: Annotated[str, argument(_SCHEMA, "OLD")],
    new: Annotated[str, argument("The schema to compare OLD with.", "NEW")],
    project: ProjectOption = None,
    json: Json = False,
    exit_code: Annotated[
        bool, option("Exit with 1 if a change is breaking.", "--exit-code")
    ] = False,
) -> None:
    """Compare two schemas. Breaking changes list the operations they touch."""
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


def _documents(project: Project | None) -> Documents:
    from stash_typed.codegen.project.documents import all_documents, own_documents
    from stash_typed.codegen.shipped import shipped_documents

    if project is None:
        return shipped_documents()
    both = dataclasses.replace(project, include_shipped=True)
    return all_documents(both, own_documents(project))


def counted(changes: Iterable[Change]) -> str:
    """Count changes, as in `3 breaking, 0 dangerous, 12 new`."""
    severities: list[str] = [change.severity for change in changes]
    return ", ".join(f"{severities.count(severity)} {severity}" for severity in _ORDER)


def noun_lines(changes: Iterable[Change]) -> Iterator[str]:
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(change.noun, []).append(change)
    for noun, group in sorted(groups.items()):
        yield ""
        yield noun
        yield from change_lines(sorted(group, key=lambda change: _ORDER.index(change.severity)))


def change_lines(changes: Sequence[Change]) -> Iterator[str]:
    width = max((len(change.severity) for change in changes), default=0)
    for change in changes:
        yield f"  {change.severity:<{width}}  {change.message}"
        for use in change.uses:
            yield f"  {'':<{width}}    {use}"
