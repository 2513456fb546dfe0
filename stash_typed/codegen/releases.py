"""A folder with the schemas of several releases: `v0.27.2.graphql` or `.json`, one file each."""

from __future__ import annotations

import re
from pathlib import Path

from graphql import GraphQLSchema

from .findings import CodegenError, Finding
from .schema.introspect import load_schema

__all__ = ["read_releases", "version_key"]

_FILE = re.compile(r"(v\d+\.\d+\.\d+)\.(graphql|json)")


def version_key(release: str) -> tuple[int, ...]:
    """Give what releases are ordered by: `v0.27.2` comes after `v0.9.0`."""
    return tuple(int(part) for part in re.findall(r"\d+", release))


def read_releases(folder: Path) -> dict[str, GraphQLSchema]:
    """Read the schemas of several releases.

    Args:
        folder: a folder whose files are named after their releases; others are left alone.

    Returns:
        Schemas by release, the oldest first.

    Raises:
        CodegenError: there is no such file, or one is not a schema.
    """
    found = {
        match.group(1): path for path in folder.glob("*") if (match := _FILE.fullmatch(path.name))
    }
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
