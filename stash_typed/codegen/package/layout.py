"""Formats modules, and writes the `__init__.py` that imports them lazily."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping

from ariadne_codegen.utils import format_many

from ..generated_text import docstring, literal

__all__ = ["formatted", "init_module", "with_all"]

_TEMPLATE = """\
{title}

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
{imports}
else:  # a checker would take any misspelt name for an object
    from stash_typed._runtime.lazy import lazy

    __getattr__, __dir__ = lazy(__name__, {modules}, {packages})
"""


def formatted(modules: Mapping[str, str], header: str) -> dict[str, bytes]:
    """Format modules, sort and prune their imports, and add the header."""
    codes = format_many(list(modules.values()))
    return {name: f"{header}\n\n{code}".encode() for name, code in zip(modules, codes, strict=True)}


def init_module(exports: dict[str, list[str]], title: str, packages: Collection[str] = ()) -> str:
    """Return the package's `__init__.py`, unformatted."""
    own = {
        name: f".{module}"
        for module, names in exports.items()
        if module not in packages
        for name in names
    }
    starred = [f"    from .{module} import *" for module in exports if module in packages]
    named = [f"    from {module} import {name} as {name}" for name, module in own.items()]
    return _TEMPLATE.format(
        title=docstring(title),
        imports="\n".join([*starred, *named]) or "    pass",
        modules=literal(dict(sorted(own.items()))),
        packages=literal(tuple(f".{module}" for module in exports if module in packages)),
    )


def with_all(module: ast.Module) -> ast.Module:
    """Add `__all__` to a module."""
    names = sorted(node.name for node in module.body if isinstance(node, ast.ClassDef))
    module.body.append(ast.parse(f"__all__ = {literal(names)}").body[0])
    return module
