"""Annotations as ariadne-codegen builds them, turned into those that people read."""

from __future__ import annotations

import ast

__all__ = ["mentions", "names_in", "plain", "unquote"]


def unquote(name: str) -> str:
    """Return a class name without the quotes of a forward reference."""
    return name.strip("\"'")


class _Plain(ast.NodeTransformer):
    """`Optional[X]` and `Union[X, Y]` as `X | None` and `X | Y`, forward references bare."""

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(unquote(node.id))

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        head = node.value.id if isinstance(node.value, ast.Name) else ""
        if head == "Optional":
            return _either([node.slice, ast.Constant(None)])
        if head == "Union" and isinstance(node.slice, ast.Tuple):
            return _either(node.slice.elts)
        if head == "Annotated" and isinstance(node.slice, ast.Tuple):
            return node.slice.elts[0]
        return node


def _either(options: list[ast.expr]) -> ast.expr:
    result = options[0]
    for option in options[1:]:
        result = ast.BinOp(result, ast.BitOr(), option)
    return result


def plain(annotation: ast.expr) -> ast.expr:
    """Rewrite an annotation for a module with postponed evaluation."""
    copy = ast.parse(ast.unparse(annotation).replace("'\"", '"').replace("\"'", '"'), mode="eval")
    return ast.fix_missing_locations(_Unstring().visit(_Plain().visit(copy.body)))  # type: ignore[no-any-return]  # a transformer answers Any


class _Unstring(ast.NodeTransformer):
    """String constants of an annotation are forward references: names again."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Name(node.value) if isinstance(node.value, str) else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id == "Literal":
            return node
        self.generic_visit(node)
        return node


def names_in(annotation: ast.expr) -> set[str]:
    """Return the bare names that an annotation needs in scope."""
    return {unquote(node.id) for node in ast.walk(annotation) if isinstance(node, ast.Name)}


def mentions(node: ast.AST) -> set[str]:
    """Return the names that code uses, in forward references too; the texts of a Literal are none."""
    found: set[str] = set()
    literals = {
        id(constant)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Subscript) and ast.unparse(inner.value) == "Literal"
        for constant in ast.walk(inner.slice)
    }
    for inner in ast.walk(node):
        if id(inner) in literals:
            continue
        if isinstance(inner, ast.Name):
            found.add(inner.id)
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            found.add(inner.value)
    return found
