"""Writes the package's `__init__.py`: every name, each module imported when a name of it is used."""

from __future__ import annotations

import ast

from ..generated_text import docstring, literal

__all__ = ["init_module", "with_all"]

_TEMPLATE = '''\
{title}

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
{imports}

_MODULES = {modules}


if not TYPE_CHECKING:  # a checker would take any misspelt name for an object

    def __getattr__(name: str) -> object:
        """Import the module of a name the first time that it is used."""
        if name not in _MODULES:
            raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
        from importlib import import_module

        value = getattr(import_module(_MODULES[name], __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)


__all__ = {names}
'''


def init_module(exports: dict[str, list[str]], title: str) -> str:
    """Write the package's `__init__.py`.

    Args:
        exports: names by the module that they live in.
        title: the package's docstring, one line.

    Returns:
        The module's text, unformatted.
    """
    modules = {name: f".{module}" for module, names in exports.items() for name in names}
    return _TEMPLATE.format(
        title=docstring(title),
        imports="\n".join(
            f"    from .{module} import {', '.join(sorted(names))}"
            for module, names in exports.items()
            if names
        ),
        modules=literal(dict(sorted(modules.items()))),
        names=literal(sorted(modules)),
    )


def with_all(module: ast.Module) -> ast.Module:
    """Say which names a module offers, for `from … import *`.

    Args:
        module: a module of classes; changed in place.

    Returns:
        The module.
    """
    names = sorted(node.name for node in module.body if isinstance(node, ast.ClassDef))
    module.body.append(ast.parse(f"__all__ = {literal(names)}").body[0])
    return module
