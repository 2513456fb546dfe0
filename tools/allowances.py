"""The required fields that a supported release lacks, which are Optional in the shipped client.

`python -m tools.allowances FOLDER` writes the table beside this module, which pyproject.toml names,
from the schemas of older releases in the folder.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeGuard

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    is_non_null_type,
)

from stash_typed.codegen.findings import CodegenError
from stash_typed.codegen.generated_text import toml_string
from stash_typed.codegen.schema.introspect import load_schema, stash_version_of
from stash_typed.codegen.shipped import shipped_schema

from .releases import read_releases, version_key

__all__ = ["OLDEST", "allowances", "lacking_fields"]

OLDEST = "v0.25.0"
"""The oldest release for which the shipped client's types are correct."""

_TABLE = Path(__file__).with_name("allowances.toml")
_HEAD = """\
# Written by `python -m tools.allowances FOLDER`; do not edit.
# Fields that the schema requires and a supported release lacks, and the first release that is
# known to have each. In the shipped client they are Optional.
"""


def lacking_fields(newest: GraphQLSchema, older: GraphQLSchema) -> list[str]:
    """Return the required fields that are absent or nullable in an older schema.

    Root fields and fields of types that the older schema lacks are left out: there the whole
    operation or type is absent.
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
    """Return the fields that must be Optional, each with the first release that has it.

    If there is no schema of the oldest supported version, the one before it is used. An
    interface's field is included if the field of an implementing type is.
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
    """Write the table; return 1 and print the findings if a schema is broken."""
    parser = argparse.ArgumentParser(prog="python -m tools.allowances")
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
