"""What is committed, and whether a client that is generated anew is the same."""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path

from stash_typed.cli.errors import CommandError, extra

__all__ = ["Repository"]

_NEEDED = ("pyproject.toml", "schema.graphql", "queries", "generated")


class Repository:
    """A checkout of this project."""

    def __init__(self, root: Path) -> None:
        """Take a folder for one.

        Args:
            root: the folder with `pyproject.toml`, `queries/` and `generated/` in it.
        """
        self._root = root

    @classmethod
    def around(cls) -> Repository | None:
        """Give the checkout that this package is used from; None when it is installed from a wheel."""
        root = Path(__file__).resolve().parents[3]
        return cls(root) if all((root / name).exists() for name in _NEEDED) else None

    def difference(self, sdl: str) -> str | None:
        """Say how a schema differs from the committed one.

        Args:
            sdl: the schema.

        Returns:
            The difference in words; None when there is none.
        """
        committed = (self._root / "schema.graphql").read_text(encoding="utf-8")
        if sdl == committed:
            return None
        lines = difflib.unified_diff(committed.splitlines(), sdl.splitlines(), n=0, lineterm="")
        changed = sum(line[:1] in "+-" for line in lines) - 2
        mine, yours = (text.partition(",")[0].lstrip("# ") for text in (committed, sdl))
        return f"the client is made for {mine}, the server is {yours}: {changed} lines differ"

    def regenerate(self, sdl: str, target: Path) -> int:
        """Generate the client from a schema and the committed queries, and compare.

        Args:
            sdl: the schema.
            target: an empty folder to generate into.

        Returns:
            How many files the client has; all are the same.

        Raises:
            CommandError: they are not, or the extra "codegen" is not installed.
            CodegenError: the queries do not fit the schema.
        """
        schema = target / "schema.graphql"
        schema.write_text(sdl, encoding="utf-8")
        with extra("codegen"):
            from stash_typed.codegen.drift import differences
            from stash_typed.codegen.generate import generate
            from stash_typed.codegen.settings import read_settings

            settings = read_settings(self._root / "pyproject.toml")
            new = replace(settings, schema=schema, target=target / "generated")
            files = generate(new)
        different = differences(settings.target, new.target)
        if different:
            raise CommandError(
                "the client is not what the schema and the queries give:"
                f" {len(different)} files differ ({', '.join(different[:5])}"
                f"{', …' if len(different) > 5 else ''}). Run `make generate`."
            )
        return len(files)
