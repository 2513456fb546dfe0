"""Which class of the runtime a generated input stands on."""

from __future__ import annotations

import ast

from graphql import GraphQLInputObjectType, get_named_type

__all__ = ["base_imports", "base_of"]

_OPERATORS = ("AND", "NOT", "OR")
_MODULES = {
    "InputModel": ".base_model",
    "CriterionInput": "stash_typed._runtime.criterion",
    "FilterInput": "stash_typed._runtime.filter_input",
}


def base_of(input_type: GraphQLInputObjectType) -> str:
    """Return the base class of an input."""
    fields = input_type.fields
    if all(
        name in fields and get_named_type(fields[name].type) is input_type for name in _OPERATORS
    ):
        return "FilterInput"
    return "CriterionInput" if input_type.name.endswith("CriterionInput") else "InputModel"


def base_imports(bases: set[str]) -> list[ast.stmt]:
    """Return the import statements for base classes."""
    lines = [f"from {_MODULES[base]} import {base}" for base in sorted(bases)]
    return ast.parse("\n".join(lines)).body
