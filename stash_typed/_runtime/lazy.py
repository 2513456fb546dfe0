"""Packages whose names are imported when they are first used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def lazy(
    package: str, modules: Mapping[str, str], packages: Sequence[str] = ()
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return the `__getattr__` and the `__dir__` of a package; its `__all__` is given by the first.

    `modules` has the module of each name; the names of `packages` below are the package's own too.
    """

    def names() -> list[str]:
        below = (import_module(each, package).__all__ for each in packages)
        return sorted({*modules, *(name for each in below for name in each)})

    def get(name: str) -> object:
        if name == "__all__":
            return names()
        home = modules.get(name)
        if home is None and not name.startswith("_"):
            home = next((p for p in packages if name in import_module(p, package).__all__), None)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(home, package), name)
        setattr(sys.modules[package], name, value)
        return value

    return get, names
