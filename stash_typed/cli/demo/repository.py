"""The repository checkout, and whether its client matches its schema."""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path

from ..errors import CommandError

_NEEDED = ("pyproject.toml", "schema.graphql", "queries", "generated")


def repository() -> Path | None:
    """Return the checkout, or None if the package is installed from a wheel."""
    root = Path(__file__).resolve().parents[3]
    return root if all((root / name).exists() for name in _NEEDED) else None


def difference(root: Path, schema: Path) -> str | None:
    ours, theirs = (f.read_text(encoding="utf-8") for f in (root / "schema.graphql", schema))
    if ours == theirs:
        return None
    lines = difflib.unified_diff(ours.splitlines(), theirs.splitlines(), n=0, lineterm="")
    changed = sum(line[:1] in "+-" for line in lines) - 2
    mine, yours = (text.partition(",")[0].lstrip("# ") for text in (ours, theirs))
    return f"the client is for {mine}, the server is {yours}: {changed} lines differ"


def regenerate(root: Path, schema: Path) -> int:
    """Generate the client, check that it equals the committed one, and count its files."""
    from stash_typed.codegen.atomic import differences
    from stash_typed.codegen.generate import generate
    from stash_typed.codegen.settings import read_settings

    settings = read_settings(root / "pyproject.toml")
    target = schema.parent / "generated"
    files = generate(replace(settings, schema=schema, target=target))
    different = differences(settings.target, target)
    if different:
        raise CommandError(
            "the client does not match the schema and the queries:"
            f" {len(different)} files differ ({', '.join(different[:5])}"
            f"{', …' if len(different) > 5 else ''}). Run `make generate`."
        )
    return len(files)
