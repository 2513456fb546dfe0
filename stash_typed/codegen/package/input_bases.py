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
    """Give the base class of an input.

    Args:
        input_type: the schema's input.

    Returns:
        `FilterInput` when its AND, OR and NOT are filters of the same type, `CriterionInput` for
        what says so in its name, `InputModel` for the others.
    """
    fields = input_type.fields
    if all(
        name in fields and get_named_type(fields[name].type) is input_type for name in _OPERATORS
    ):
        return "FilterInput"
    return "CriterionInput" if input_type.name.endswith("CriterionInput") else "InputModel"


def base_imports(bases: set[str]) -> list[ast.stmt]:
    """Give the import statements for base classes.

    Args:
        bases: what `base_of` gave for a module's inputs.

    Returns:
        One statement for each of them.
    """
    lines = [f"from {_MODULES[base]} import {base}" for base in sorted(bases)]
    return ast.parse("\n".join(lines)).body
