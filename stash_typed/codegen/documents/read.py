"""Reads `.graphql` files; each finding in them has file:line and a fix."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from graphql import (
    DocumentNode,
    GraphQLError,
    Node,
    Source,
    StringValueNode,
    Visitor,
    concat_ast,
    parse,
    visit,
)

from ..findings import CodegenError, Finding
from ..reading import read_text

__all__ = ["read_documents"]


def read_documents(folders: Iterable[Path], root: Path, prefix: str = "") -> DocumentNode:
    """Read every `.graphql` file below some folders."""
    documents: list[DocumentNode] = []
    for folder in folders:
        paths = [folder] if folder.is_file() else sorted(folder.rglob("*.graphql"))
        if not paths:
            raise CodegenError.at(
                folder, "no .graphql file here; name the folder of your operations"
            )
        for path in paths:
            inside = path.is_relative_to(root)
            name = f"{prefix}{path.relative_to(root).as_posix()}" if inside else str(path)
            text = read_text(path, name)
            if not _has_definitions(text):
                continue
            try:
                documents.append(_without_words(parse(Source(text, name))))
            except GraphQLError as error:
                raise CodegenError([_unparsable(error, name)]) from error
            except RecursionError as error:
                message = "is nested too deeply. Fix: write it in several fragments."
                raise CodegenError.at(name, message) from error
    return concat_ast(documents)


def _unparsable(error: GraphQLError, name: str) -> Finding:
    line = error.locations[0].line if error.locations else 1
    return Finding(f"{name}:{line}", f"{error.message} Fix: correct the document.")


class _Words(Visitor):
    """Takes off what no server needs, and writes texts of several lines as one."""

    def enter(self, node: Node, *_: object) -> None:
        if getattr(node, "description", None) is not None:
            node.description = None
        if isinstance(node, StringValueNode):
            node.block = False


def _without_words(document: DocumentNode) -> DocumentNode:
    visit(document, _Words())
    return document


def _has_definitions(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())
