"""Checks names, so that no class, module or argument shadows another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLSchema,
)

from ..documents.documents import Documents
from ..findings import Finding, where
from ..naming import LONGEST_NAME, argument_name, class_name, method_name, reserved_class_names

__all__ = ["check_document_names", "check_schema_names"]


def check_schema_names(
    schema: GraphQLSchema, scalars: Mapping[str, str], origin: str
) -> list[Finding]:
    """Find enums and inputs in a schema whose class names are taken."""
    reserved = reserved_class_names(scalars.values())
    return [
        Finding(
            origin,
            f'the type "{name}" would create a class whose name generated modules need, or'
            " Python does not allow. No client can be generated from this schema.",
        )
        for name, type_ in schema.type_map.items()
        if isinstance(type_, GraphQLEnumType | GraphQLInputObjectType)
        and (name in reserved or name.endswith("_FRAGMENT"))
    ]


def check_document_names(
    documents: Documents, schema: GraphQLSchema, scalars: Mapping[str, str]
) -> list[Finding]:
    """Find operations, fragments and variables whose Python names are taken."""
    return [
        *_long_names(documents),
        *_taken_names(documents, schema, reserved_class_names(scalars.values())),
        *_taken_modules(documents),
        *_taken_arguments(documents),
    ]


def _long_names(documents: Documents) -> Iterator[Finding]:
    """Find names that are too long for file names."""
    for name, node in (*documents.operations.items(), *documents.fragments.items()):
        if len(name) > LONGEST_NAME:
            message = f"the name is longer than {LONGEST_NAME} characters. Fix: rename it."
            yield Finding(where(node), message)


def _taken_names(
    documents: Documents, schema: GraphQLSchema, reserved: Collection[str]
) -> Iterator[Finding]:
    """Find fragments whose class would clash with an enum, an input or an import."""
    classes: set[str] = set()
    for fragment, node in documents.fragments.items():
        name = class_name(fragment)
        taken = schema.get_type(name)
        if (
            name in reserved
            or name in classes
            or not name.isidentifier()
            or fragment.startswith("__")
            or isinstance(taken, GraphQLEnumType | GraphQLInputObjectType)
        ):
            yield Finding(
                where(node),
                f'fragment "{fragment}" would create a class whose name is taken.'
                " Fix: rename the fragment.",
            )
        classes.add(name)


_MODULES = frozenset(
    {
        "base_client",
        "base_model",
        "client",
        "enums",
        "fragments",
        "input_types",
        "schema_types",
        "sync_client",
        "task_arguments",
    }
)


_PRIVATE = frozenset({"_execute", "_start", "_started", "_subscribe", "_transport"})
"""Names that generated clients inherit."""


def _taken_modules(documents: Documents) -> Iterator[Finding]:
    """Find operations that share a module and method, such as `findScene` and `FindScene`."""
    taken: dict[str, str] = {}
    for name, node in documents.operations.items():
        # File systems may ignore case.
        module = method_name(name).lower()
        if name.startswith("__") or name in _PRIVATE:
            other = "a private name of the client or its package"
        elif module in _MODULES:
            other = f"the module {module}.py of every package"
        elif module in taken:
            other = f'the operation "{taken[module]}"'
        else:
            taken[module] = name
            continue
        yield Finding(
            where(node),
            f'operation "{name}" would take the place of {other}. Fix: rename the operation.',
        )


def _taken_arguments(documents: Documents) -> Iterator[Finding]:
    """Find variables that share an argument, such as `$sceneID` and `$scene_id`."""
    for node in documents.every_operation:
        taken: dict[str, str] = {}
        for definition in node.variable_definitions or ():
            name = definition.variable.name.value
            other = taken.setdefault(argument_name(name), name)
            if other != name:
                yield Finding(
                    where(definition),
                    f"the variable ${name} would be the same argument as ${other}."
                    " Fix: rename the variable.",
                )
