"""Writes the package's `__init__.py`: every name, each module imported when a name of it is used."""

from __future__ import annotations

import ast
from collections.abc import Collection

from ..generated_text import docstring, literal

__all__ = ["init_module", "with_all"]

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


def init_module(exports: dict[str, list[str]], title: str, packages: Collection[str] = ()) -> str:
    """Write the package's `__init__.py`, unformatted."""
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
    """Say which names a module offers, for `from … import *`."""
    names = sorted(node.name for node in module.body if isinstance(node, ast.ClassDef))
    module.body.append(ast.parse(f"__all__ = {literal(names)}").body[0])
    return module
