"""Finds the schema and the operations that this package ships."""

from __future__ import annotations

from pathlib import Path

from .documents.documents import Documents
from .documents.read import read_documents
from .findings import CodegenError

__all__ = ["SHIPPED_PREFIX", "shipped_documents", "shipped_operations", "shipped_schema"]

SHIPPED_PREFIX = "stash_typed/"
"""The prefix of shipped files in findings, wherever those files are."""

_PACKAGE = Path(__file__).resolve().parents[1]
_FOLDERS = (_PACKAGE, _PACKAGE.parent)
"""A wheel has them inside the package, an editable install in the repository."""


def shipped_schema() -> Path:
    """Return the schema that the shipped client was generated from."""
    return _shipped("schema.graphql")


def shipped_operations() -> Path:
    """Return the operations and fragments of the shipped client."""
    return _shipped("queries")


def shipped_documents() -> Documents:
    """Read the operations and fragments of the shipped client."""
    folder = shipped_operations()
    return read_documents([folder], folder.parent, prefix=SHIPPED_PREFIX)


def _shipped(name: str) -> Path:
    for folder in _FOLDERS:
        if (folder / name).exists():
            return folder / name
    raise CodegenError.at(_PACKAGE, f"{name} of stash-typed is missing. Fix: install it again.")
