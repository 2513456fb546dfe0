"""Reads `.graphql` files, with a `file:line` and a fix in each finding."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from graphql import DocumentNode, GraphQLError, Source, StringValueNode, parse

from ..findings import CodegenError
from ..reading import read_text
from .documents import Documents, nodes_in

__all__ = ["read_documents"]


def read_documents(folders: Iterable[Path], root: Path, prefix: str = "") -> Documents:
    """Read all `.graphql` files in the given folders, recursively."""
    documents: list[DocumentNode] = []
    for folder in folders:
        paths = [folder] if folder.is_file() else sorted(folder.rglob("*.graphql"))
        if not paths:
            message = "no .graphql file here; name the folder of your operations"
            raise CodegenError.at(folder, message)
        for path in paths:
            inside = path.is_relative_to(root)
            name = f"{prefix}{path.relative_to(root).as_posix()}" if inside else str(path)
            text = read_text(path, name)
            if _has_definitions(text):
                documents.append(_parsed(text, name))
    return Documents.of(node for document in documents for node in document.definitions)


def _parsed(text: str, name: str) -> DocumentNode:
    try:
        document = parse(Source(text, name))
    except GraphQLError as error:
        line = error.locations[0].line if error.locations else 1
        message = f"{error.message} Fix: correct the document."
        raise CodegenError.at(f"{name}:{line}", message) from error
    except RecursionError as error:
        message = "is nested too deeply. Fix: write it in several fragments."
        raise CodegenError.at(name, message) from error
    # Servers need no descriptions, and block strings become ordinary strings.
    for node in nodes_in(document):
        if getattr(node, "description", None) is not None:
            node.description = None
        if isinstance(node, StringValueNode):
            node.block = False
    return document


def _has_definitions(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())
