"""Rewrites inputs, and writes `task_arguments.py`, the task inputs as keyword arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from graphql import GraphQLInputObjectType, get_named_type

from ..annotations import plain

__all__ = [
    "arguments_module",
    "arguments_name",
    "base_imports",
    "base_of",
    "required_of",
    "without_default",
]

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


def base_imports(inputs: Iterable[ast.ClassDef]) -> list[ast.stmt]:
    """Return the import statements for the base classes of inputs."""
    bases = sorted({ast.unparse(node.bases[0]) for node in inputs})
    lines = [f"from {_MODULES[base]} import {base}" for base in bases]
    return ast.parse("\n".join(lines)).body


def arguments_name(input_name: str) -> str:
    """Return the name of an input's TypedDict: `ScanMetadataArguments` for `ScanMetadataInput`."""
    return f"{input_name.removesuffix('Input')}Arguments"


def arguments_module(inputs: list[ast.ClassDef], imports: list[ast.stmt]) -> str:
    """Write a TypedDict for each input."""
    names = {name for class_def in inputs for name in _names(class_def) if name[:1].isupper()}
    lines = [
        '"""Keyword arguments of the tasks, field for field those of their inputs."""',
        "from __future__ import annotations",
        "from typing import TYPE_CHECKING, TypedDict",
        "if TYPE_CHECKING:",
        "    from typing_extensions import Required",
        *(f"    {ast.unparse(statement)}" for statement in imports),
        f"    from .input_types import {', '.join(sorted(names))}" if names else "",
    ]
    for class_def in inputs:
        lines += [
            f"class {arguments_name(class_def.name)}(TypedDict, total=False):",
            f'    """Fields of `{class_def.name}`."""',
        ]
        for node in class_def.body:
            if isinstance(node, ast.AnnAssign):
                annotation = ast.unparse(plain(node.annotation))
                required = annotation if _is_optional(node) else f"Required[{annotation}]"
                lines.append(f"    {ast.unparse(node.target)}: {required}")
    return "\n".join(lines)


def required_of(class_def: ast.ClassDef) -> dict[str, bool]:
    """Return the fields of an input, and whether each is required."""
    return {
        ast.unparse(node.target): not _is_optional(node)
        for node in class_def.body
        if isinstance(node, ast.AnnAssign)
    }


def without_default(field: ast.AnnAssign) -> ast.AnnAssign:
    """Make a field with a schema default optional.

    An omitted field is not sent, and the server applies its default. The default itself is not
    written, because its Python value may not match the field's type.
    """
    nothing = ast.Constant(None)
    if not _is_optional(field):
        field.annotation = ast.Subscript(ast.Name("Optional"), field.annotation)
    keywords = field.value.keywords if isinstance(field.value, ast.Call) else []
    alias = [keyword for keyword in keywords if keyword.arg == "alias"]
    default = [*alias, ast.keyword("default", nothing)]
    field.value = ast.Call(ast.Name("Field"), [], default) if alias else nothing
    return field


def _is_optional(node: ast.AnnAssign) -> bool:
    return ast.unparse(node.annotation).startswith("Optional[")


def _names(class_def: ast.ClassDef) -> set[str]:
    """Return the other inputs that a class refers to; ariadne-codegen quotes only those."""
    return {
        name.id.strip("\"'")
        for node in class_def.body
        if isinstance(node, ast.AnnAssign)
        for name in ast.walk(node.annotation)
        if isinstance(name, ast.Name) and name.id.startswith(("'", '"'))
    }
