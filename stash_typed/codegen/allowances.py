"""The required fields that a supported release lacks: Optional in the shipped client's types.

`python -m stash_typed.codegen.allowances FOLDER` writes the table beside this module, from the
schemas of older releases in that folder.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeGuard, cast

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    is_non_null_type,
)

from .findings import CodegenError
from .generated_text import toml_string
from .releases import read_releases, version_key
from .schema.introspect import load_schema, stash_version_of
from .shipped import shipped_schema
from .toml_file import read_toml

__all__ = ["OLDEST", "allowances", "lacking_fields", "read_allowances"]

OLDEST = "v0.25.0"
"""The oldest release on which the shipped client has to tell the truth."""

_TABLE = Path(__file__).with_name("allowances.toml")
_HEAD = """\
# Written by `python -m stash_typed.codegen.allowances FOLDER`; do not edit.
# Fields that the schema requires and a supported release lacks, and the first release that is
# known to have each. In the shipped client they are Optional.
"""


def lacking_fields(newest: GraphQLSchema, older: GraphQLSchema) -> list[str]:
    """List the required fields that an older schema lacks, or may answer null for.

    Args:
        newest: the schema that types are made from.
        older: the schema of a release before.

    Returns:
        `Type.field`, sorted. Fields of the root types are operations, which are absent as a whole,
        and of types that the older schema does not have there is no object; both are left out.
    """
    roots = {newest.query_type, newest.mutation_type, newest.subscription_type}
    lacking: list[str] = []
    for name, type_ in sorted(newest.type_map.items()):
        before = older.get_type(name)
        if name.startswith("__") or type_ in roots or not _has_fields(before):
            continue
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field, value in sorted(type_.fields.items()):
                if is_non_null_type(value.type) and (
                    field not in before.fields or not is_non_null_type(before.fields[field].type)
                ):
                    lacking.append(f"{name}.{field}")
    return lacking


def allowances(
    newest: GraphQLSchema, release: str, older: Mapping[str, GraphQLSchema]
) -> dict[str, str]:
    """Give the fields that have to be Optional so that types are true on every supported release.

    Args:
        newest: the schema that the types are made from.
        release: the release that it belongs to.
        older: schemas of older releases. Where none is of the oldest supported version, the one
            before it stands for that: what it lacks counts as lacking.

    Returns:
        `Type.field` and the first release that has it, sorted. An interface's field is among them
        when that of a type that implements it is.
    """
    known = sorted((r for r in older if version_key(r) < version_key(release)), key=version_key)
    before = [r for r in known if version_key(r) < version_key(OLDEST)]
    supported = known[len(before) :]
    if before and not any(version_key(r)[:2] == version_key(OLDEST)[:2] for r in supported):
        supported.insert(0, before[-1])
    first: dict[str, str] = {}
    for position, old in enumerate(supported):
        since = [*supported, release][position + 1]
        for field in lacking_fields(newest, older[old]):
            for coordinate in (field, *_on_interfaces(field, newest)):
                first[coordinate] = since
    return dict(sorted(first.items()))


def read_allowances(path: Path = _TABLE) -> dict[str, str]:
    """Read the committed table.

    Args:
        path: another table of the same form.

    Returns:
        `Type.field` and the first release that has it.

    Raises:
        CodegenError: the file is missing or broken.
    """
    return cast("dict[str, str]", read_toml(path))


def _has_fields(type_: object) -> TypeGuard[GraphQLObjectType | GraphQLInterfaceType]:
    return isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)


def _on_interfaces(coordinate: str, schema: GraphQLSchema) -> list[str]:
    owner, _, field = coordinate.partition(".")
    type_ = schema.get_type(owner)
    if not _has_fields(type_):
        return []
    return [
        f"{interface.name}.{field}"
        for interface in type_.interfaces
        if field in interface.fields and is_non_null_type(interface.fields[field].type)
    ]


def main(arguments: list[str] | None = None) -> int:
    """Write the table.

    Args:
        arguments: the command line: the folder with the schemas of older releases.

    Returns:
        0, or 1 with the findings on standard error.
    """
    parser = argparse.ArgumentParser(prog="python -m stash_typed.codegen.allowances")
    parser.add_argument("folder", type=Path, help="schemas of releases: v0.27.2.graphql, …")
    folder: Path = parser.parse_args(arguments).folder
    try:
        older = read_releases(folder)
        path = shipped_schema()
        release = stash_version_of(path.read_text(encoding="utf-8")) or "unknown"
        table = allowances(load_schema(path), release, older)
    except CodegenError as error:
        print(error, file=sys.stderr)
        return 1
    lines = [f"{toml_string(field)} = {toml_string(since)}" for field, since in table.items()]
    _TABLE.write_text(_HEAD + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{_TABLE.name}: {len(table)} fields; run `make generate`")
    return 0


if __name__ == "__main__":
    sys.exit(main())
