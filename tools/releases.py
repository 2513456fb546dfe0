"""Reads a folder of schemas, one file per release: `v0.27.2.graphql` or `.json`."""

from __future__ import annotations

import re
from pathlib import Path

from graphql import GraphQLSchema

from stash_typed.codegen.findings import CodegenError, Finding
from stash_typed.codegen.provenance import version_in
from stash_typed.codegen.schema.introspect import load_schema

__all__ = ["read_releases", "version_key"]


def version_key(release: str) -> tuple[int, ...]:
    """Return a sort key that puts `v0.27.2` after `v0.9.0`."""
    return tuple(int(part) for part in re.findall(r"\d+", release))


def read_releases(folder: Path) -> dict[str, GraphQLSchema]:
    """Read the schemas in a folder by release, oldest first; other files are ignored."""
    files = (path for path in folder.glob("*") if path.suffix in (".graphql", ".json"))
    found = {path.stem: path for path in files if version_in(path.stem) == path.stem}
    if not found:
        raise CodegenError(
            [
                Finding(
                    str(folder),
                    "no schema of a release here. Fix: name a folder with files such as"
                    " v0.27.2.graphql.",
                )
            ]
        )
    return {release: load_schema(found[release]) for release in sorted(found, key=version_key)}
