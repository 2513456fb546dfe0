"""Refuses two classes of the same name, because only one would be kept."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from graphql import ExecutableDefinitionNode, FieldNode

from ..annotations import unquote
from ..documents.documents import definition_name
from ..findings import CodegenError

__all__ = ["refuse_shared_classes", "refuse_twins"]

_BESIDE = ("schema_types",)
"""Modules of every package that define no class."""


def refuse_shared_classes(
    seen: dict[tuple[int, str], FieldNode],
    annotation: ast.expr,
    definition: ExecutableDefinitionNode,
    field: FieldNode,
) -> None:
    """Refuse fields whose classes share a name, because ariadne-codegen drops one of them."""
    if field.selection_set is None:
        return
    quoted = {n.id for n in ast.walk(annotation) if isinstance(n, ast.Name) and '"' in n.id}
    for name in sorted(quoted):
        first = seen.setdefault((id(definition), name), field)
        if first is not field:
            raise CodegenError.at(
                definition_name(definition),
                f"the selections of {_key(first)} and {_key(field)} would both create"
                f" a class {unquote(name)}. Fix: give one of them an alias.",
            )


def _key(field: FieldNode) -> str:
    return (field.alias or field.name).value


def refuse_twins(exports: Mapping[str, Iterable[str]]) -> None:
    """Refuse a package in which two classes, or a class and a module, share a name."""
    homes = {module: module for module in (*exports, *_BESIDE)}
    for module, names in exports.items():
        for name in names:
            if name in homes:
                places = " and ".join(dict.fromkeys((f"{homes[name]}.py", f"{module}.py")))
                raise CodegenError.at(
                    places,
                    f"two definitions would be called {name}. Fix: rename the fragment, the"
                    " operation or the alias that one of them comes from.",
                )
            homes[name] = module
