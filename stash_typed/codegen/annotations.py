"""Rewrites annotations from ariadne-codegen in modern syntax."""

from __future__ import annotations

import ast
from functools import reduce

__all__ = ["mentions", "names_in", "plain", "unquote"]


def unquote(name: str) -> str:
    """Return a class name without the quotes of a forward reference."""
    return name.strip("\"'")


class _Plain(ast.NodeTransformer):
    """`Optional[X]` and `Union[X, Y]` as `X | None` and `X | Y`, forward references bare."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(unquote(node.id))

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Name(node.value) if isinstance(node.value, str) else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        head = node.value.id if isinstance(node.value, ast.Name) else ""
        if head == "Literal":
            return node
        self.generic_visit(node)
        if head == "Optional":
            return ast.BinOp(node.slice, ast.BitOr(), ast.Constant(None))
        if head == "Union" and isinstance(node.slice, ast.Tuple):
            return reduce(lambda one, other: ast.BinOp(one, ast.BitOr(), other), node.slice.elts)
        if head == "Annotated" and isinstance(node.slice, ast.Tuple):
            return node.slice.elts[0]
        return node


def plain(annotation: ast.expr) -> ast.expr:
    """Rewrite an annotation for a module with postponed evaluation."""
    copy = ast.parse(ast.unparse(annotation).replace("'\"", '"').replace("\"'", '"'), mode="eval")
    return ast.fix_missing_locations(_Plain().visit(copy.body))  # type: ignore[no-any-return]  # a transformer answers Any


def names_in(annotation: ast.expr) -> set[str]:
    """Return the bare names that an annotation needs in scope."""
    return {unquote(node.id) for node in ast.walk(annotation) if isinstance(node, ast.Name)}


def mentions(node: ast.AST) -> set[str]:
    """Return the names that code uses, including forward references but not the strings of a Literal."""
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
        return {"Literal"}
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    found = {node.id} if isinstance(node, ast.Name) else set[str]()
    return found.union(*map(mentions, ast.iter_child_nodes(node)))
