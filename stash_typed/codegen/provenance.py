"""Writes `PROVENANCE.toml`, the sources of a generated package, and recognises Stash releases."""

from __future__ import annotations

import hashlib
import re
from importlib.metadata import version

from .generated_text import comment, toml_string
from .naming import is_name

__all__ = ["known_version", "provenance", "version_in"]

_VERSION = re.compile(r"v?\d{1,6}(\.\d{1,6}){1,3}([-+][0-9A-Za-z][0-9A-Za-z.+-]{0,60})?", re.ASCII)
_RELEASE = re.compile(r"v\d+\.\d+\.\d+", re.ASCII)


def known_version(text: str | None) -> str | None:
    """Return the text if it looks like a version: a server may report anything."""
    return text if text is not None and _VERSION.fullmatch(text) else None


def version_in(name: str) -> str | None:
    """Return the release in a file name."""
    found = _RELEASE.search(name)
    return found.group() if found else None


def provenance(sdl: str, documents: str, stash_version: str | None, scalars: dict[str, str]) -> str:
    """Return the contents of `PROVENANCE.toml`."""
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
