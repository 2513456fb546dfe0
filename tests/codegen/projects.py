"""Users' projects in temporary folders."""

from __future__ import annotations

from pathlib import Path

from stash_typed.codegen.project.project import Project, read_project
from tests.codegen.editing import PACKAGED

OWN = """\
query Brief($q: String) {
  findScenes(filter: {q: $q}) {
    count
    scenes { ...Line }
  }
}

subscription Watch { jobsSubscribe { type job { id status } } }

fragment Line on Scene { id title studio { id name } }
"""

SMALL_SCHEMA = """\
# Stash v0.1.0, written by hand

enum Mood {
  GLAD
  SAD
}
type Thing {
  id: ID!
  mood: Mood!
}
type Query {
  things(ids: [ID!]): [Thing!]!
}
"""
SMALL = "query Things($ids: [ID!]) { things(ids: $ids) { id mood } }"


def small_project(root: Path, operations: str = SMALL) -> Project:
    """Write a project with a schema of a few lines, which takes a fraction of the time."""
    return project(root, operations, schema=SMALL_SCHEMA)


def project(
    root: Path, operations: str = OWN, *, schema: str = PACKAGED, shipped: bool = False
) -> Project:
    """Write a project that names its schema and operations, and read its settings."""
    (root / "queries").mkdir(exist_ok=True)
    (root / "queries" / "own.graphql").write_text(operations, "utf-8")
    (root / "schema.graphql").write_text(schema, "utf-8")
    (root / "pyproject.toml").write_text(
        "[tool.stash-typed]\n"
        'schema = "schema.graphql"\n'
        'operations = ["queries"]\n'
        'package = "my_stash"\n'
        'target = "src"\n'
        f"include_shipped = {'true' if shipped else 'false'}\n",
        "utf-8",
    )
    return read_project(root / "pyproject.toml")


def snapshot(root: Path) -> dict[str, bytes | None]:
    """Give everything below a folder."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(root.rglob("*"))
    }
