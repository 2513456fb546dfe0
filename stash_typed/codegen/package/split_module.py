"""Splits a generated module of many classes into a package of one module each.

Making a class takes pydantic a third of a millisecond; a process that asks for one thing should not
make the classes of all the others. What refers to each other in a circle stays in one module.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from keyword import iskeyword

from ..annotations import mentions
from ..naming import snake_case
from .layout import formatted, init_module
from .result_module import with_names

__all__ = ["SplitModule", "split_module"]


@dataclass
class SplitModule:
    """A module of many classes that becomes a package."""

    name: str
    title: str
    imports: list[ast.ImportFrom]
    classes: dict[str, ast.ClassDef]
    modules: dict[str, list[str]]
    lines: dict[str, tuple[list[str], list[str]]]

    @classmethod
    def of(cls, text: str, name: str, title: str, besides: Iterable[str] = ()) -> SplitModule:
        """Parse a module."""
        tree = ast.parse(text)
        classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        refers = {name: _refers(node) & classes.keys() - {name} for name, node in classes.items()}
        groups = [*_circles(refers), *([name] for name in besides if name not in classes)]
        imports = [_one_up(node) for node in tree.body if isinstance(node, ast.ImportFrom)]
        return cls(name, title, imports, classes, _named(groups), {})

    @property
    def home(self) -> dict[str, str]:
        """The module of each class."""
        return {name: module for module, group in self.modules.items() for name in group}

    def files(self) -> dict[str, str]:
        """Write the package's files, unformatted; their names have its own in front.

        Every class can be imported from the package itself, which imports its module then.
        """
        home = self.home
        files: dict[str, str] = {}
        exports: dict[str, list[str]] = {}
        for module, group in self.modules.items():
            own = [self.classes[name] for name in self.classes if name in group]
            others = sorted({name for node in own for name in _refers(node)} - set(group))
            others = [name for name in others if name in self.classes]
            imports, code = self.lines.get(module, ([], []))
            lines = [
                "from typing import Annotated",
                "from ..base_model import Named",
                *(ast.unparse(statement) for statement in self.imports),
                *(f"from .{home[other]} import {other}" for other in others),
                *imports,
                *(ast.unparse(with_names(_unquoted(node, others))) for node in own),
                *code,
            ]
            files[f"{self.name}/{module}.py"] = "\n\n".join(lines)
            if own:
                exports[module] = sorted(node.name for node in own)
        files[f"{self.name}/__init__.py"] = init_module(dict(sorted(exports.items())), self.title)
        return files


def split_module(text: str, name: str, title: str, header: str) -> dict[str, bytes]:
    """Split a module into a formatted package."""
    return formatted(SplitModule.of(text, name, title).files(), header)


def _named(groups: list[list[str]]) -> dict[str, list[str]]:
    """Name each group's module after its first class.

    No two names differ in upper case only, which some file systems do not tell apart, and none is
    that of a class: the package has both for attributes.
    """
    modules: dict[str, list[str]] = {}
    taken = {"__init__"}
    classes = {name for group in groups for name in group}
    for group in groups:
        module = snake_case(group[0]).lower()
        while module in taken or module in classes or iskeyword(module):
            module += "_"
        taken.add(module)
        modules[module] = group
    return modules


def _one_up(node: ast.ImportFrom) -> ast.ImportFrom:
    """Return the same import, from inside the package."""
    level = node.level + 1 if node.level else 0
    return ast.ImportFrom(module=node.module, names=node.names, level=level)


def _refers(node: ast.ClassDef) -> set[str]:
    """Return the names in the bases and annotations of a class."""
    annotations = [each.annotation for each in node.body if isinstance(each, ast.AnnAssign)]
    return {name for each in (*node.bases, *annotations) for name in mentions(each)}


def _unquoted(node: ast.ClassDef, imported: Collection[str]) -> ast.ClassDef:
    """Remove the quotes around imported classes.

    Python 3.10 leaves the text in `list["Tag"]` alone, and a subclass in another module would look
    there for it.
    """
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign):
            statement.annotation = _Unquoting(imported).visit(statement.annotation)
    return node


class _Unquoting(ast.NodeTransformer):
    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:  # a name that ast looks for
        return node if ast.unparse(node.value) == "Literal" else self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:  # a name that ast looks for
        known = isinstance(node.value, str) and node.value in self._names
        return ast.Name(str(node.value)) if known else node


def _circles(refers: Mapping[str, set[str]]) -> list[list[str]]:
    """Group classes that refer to each other, directly or in a cycle (Tarjan's algorithm)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []
    groups: list[list[str]] = []

    def visit(name: str) -> None:
        number[name] = lowest[name] = len(number)
        waiting.append(name)
        for other in sorted(refers[name]):
            if other not in number:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in waiting:
                lowest[name] = min(lowest[name], number[other])
        if lowest[name] == number[name]:
            at = waiting.index(name)
            groups.append(sorted(waiting[at:]))
            del waiting[at:]

    for name in refers:
        if name not in number:
            visit(name)
    return groups
