"""`PROVENANCE.toml`: what the generated package was made from, and with what."""

from __future__ import annotations

import hashlib
from importlib.metadata import version

from .generated_text import comment, toml_string
from .schema.bounds import is_name
from .stash_version import known_version

__all__ = ["provenance"]


def provenance(sdl: str, documents: str, stash_version: str | None, scalars: dict[str, str]) -> str:
    """Write the provenance of a generated package."""
    lines = [
        comment("Written by the generation command; do not edit."),
        f"stash_version = {toml_string(known_version(stash_version) or 'unknown')}",
        f'schema_sha256 = "{_sha256(sdl)}"',
        f'operations_sha256 = "{_sha256(documents)}"',
        "",
        "[generator]",
        *(
            f"{name} = {toml_string(version(name))}"
            for name in ("ariadne-codegen", "graphql-core", "ruff")
        ),
        "",
        "[scalars]",
        *(f"{_key(name)} = {toml_string(python)}" for name, python in sorted(scalars.items())),
    ]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if is_name(name) else toml_string(name)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
