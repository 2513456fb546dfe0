"""Audits a package before it is written, so that no foreign code gets in."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping

from ..annotations import mentions
from ..findings import Finding

__all__ = ["audit"]

_IMPORTS = frozenset(
    {
        "__future__",
        "collections.abc",
        "contextlib",
        "enum",
        "pydantic",
        "typing",
        "typing_extensions",
    }
)
_OURS = "stash_typed._runtime."
_CALLS = frozenset(
    {
        "Field",
        "Fragment",
        "Named",
        "Nullable",
        "Operation",
        "__name__.rpartition",
        "aclosing",
        "closing",
        "input_of",
        "self._execute",
        "self._start",
        "self._subscribe",
    }
)
_CALLS_OF_INIT = frozenset({"lazy"})
_STATEMENTS = (
    ast.AnnAssign,
    ast.Assign,
    ast.ClassDef,
    ast.Expr,
    ast.FunctionDef,
    ast.If,
    ast.ImportFrom,
)


def audit(contents: Mapping[str, bytes], scalars: Iterable[str]) -> list[Finding]:
    """Find code that the package's writers do not produce, and ambiguous names."""
    modules = _IMPORTS | {scalar.rpartition(".")[0] for scalar in scalars}
    findings: list[Finding] = []
    trees: dict[str, ast.Module] = {}
    for name, content in contents.items():
        if name.endswith(".py"):
            try:
                trees[name] = ast.parse(content)
            except (SyntaxError, ValueError) as error:
                findings.append(Finding(name, f"would not be valid Python ({error})"))
    fragments = _classes(trees.get("fragments.py", ast.Module([], [])))
    for name, tree in trees.items():
        calls = _CALLS_OF_INIT if name.endswith("__init__.py") else _CALLS
        for what in (
            *_foreign(tree, modules, calls),
            *_shadowed(tree),
            *_lost_fragments(tree, fragments),
        ):
            findings.append(Finding(name, what))
    return findings


def _classes(tree: ast.Module) -> set[str]:
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def _lost_fragments(tree: ast.Module, fragments: Collection[str]) -> Iterator[str]:
    """Find fragments without a class, because ariadne-codegen inlined their fields."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.level and node.module == "fragments":
            for alias in node.names:
                if alias.name not in fragments:
                    yield (
                        f"needs the fragment {alias.name} as a class, and there is none, since its"
                        " fields are written out for the types that are selected beside it. Fix:"
                        " write its fields there, in place of the fragment."
                    )


def _foreign(tree: ast.Module, modules: Collection[str], calls: Collection[str]) -> Iterator[str]:
    for statement in tree.body:
        if not isinstance(statement, _STATEMENTS) or (
            isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant)
        ):
            yield f"would hold a foreign statement, in line {statement.lineno}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) or (
            isinstance(node, ast.ImportFrom)
            and not node.level
            and node.module not in modules
            and not (node.module or "").startswith(_OURS)
        ):
            yield f"would hold a foreign import, in line {node.lineno}"
        elif isinstance(node, ast.Call) and ast.unparse(node.func) not in calls:
            yield f"would hold a foreign call, in line {node.lineno}"


class _Bare(ast.NodeTransformer):
    """Removes calls from annotations: `Field(discriminator="typename__")` names no type."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        return ast.copy_location(ast.Constant(None), node)


def _shadowed(tree: ast.Module) -> Iterator[str]:
    """Find duplicate fields, and fields that shadow the type of another field."""
    for class_def in tree.body:
        if not isinstance(class_def, ast.ClassDef):
            continue
        used: set[str] = set()
        names: list[str] = []
        for statement in class_def.body:
            if isinstance(statement, ast.AnnAssign):
                used |= mentions(_Bare().visit(statement.annotation))
                names.append(ast.unparse(statement.target))
            elif isinstance(statement, ast.Assign):
                names += map(ast.unparse, statement.targets)
        for name in sorted(set(names)):
            if names.count(name) > 1 or name in used:
                yield (
                    f"{class_def.name} would have two members called {name}. Fix: where it is a"
                    " selection, give it an alias; such an input or enum cannot be generated."
                )
