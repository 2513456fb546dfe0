"""Checking a request's variables against the types that the operation declares.

graphql-core checks them too, but its messages, paths and conversions differ from the server's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
)
from graphql.utilities import (
    type_from_ast,  # pyright: ignore[reportUnknownVariableType]  # bare generics in its signature
)

from .documents import InvalidDocumentError

_Path = tuple["str | int", ...]


def check_variables(
    schema: GraphQLSchema, operation: OperationDefinitionNode, given: Mapping[str, object]
) -> dict[str, object]:
    """Return the declared variables, or raise the first mismatch with its path."""
    checked: dict[str, object] = {}
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        expected = cast("Any", type_from_ast(schema, definition.type))
        if name in given:
            checked[name] = _check(expected, given[name], ("variable", name))
        elif isinstance(expected, GraphQLNonNull) and definition.default_value is None:
            raise _misfit("must be defined", ("variable", name))
    return checked


def _check(expected: Any, value: object, path: _Path) -> object:
    if isinstance(expected, GraphQLNonNull):
        if value is None:
            raise _misfit("cannot be null", path)
        return _check(cast("Any", expected).of_type, value, path)
    if value is None:
        return None
    if isinstance(expected, GraphQLList):
        item = cast("Any", expected).of_type
        if isinstance(value, list):
            values = cast("list[object]", value)
            return [_check(item, each, (*path, at)) for at, each in enumerate(values)]
        return [_check(item, value, path)]
    if isinstance(expected, GraphQLInputObjectType):
        return _check_object(expected, value, path)
    if isinstance(expected, GraphQLEnumType):
        if not isinstance(value, str):
            raise _misfit("enums must be ints or strings", path)
        if value not in expected.values:
            raise _misfit(f"{value} is not a valid {expected.name}", path)
        return value
    return _check_scalar(expected.name, value, path)


def _check_object(expected: GraphQLInputObjectType, value: object, path: _Path) -> object:
    if not isinstance(value, Mapping):
        raise _misfit(f"must be a {expected.name}, not a {_kind(value)}", path)
    values = cast("Mapping[str, object]", value)
    for name in values:
        if name not in expected.fields:
            raise _misfit("unknown field", (*path, name))
    checked: dict[str, object] = {}
    for name, field in expected.fields.items():
        if name in values:
            checked[name] = _check(field.type, values[name], (*path, name))
        elif isinstance(field.type, GraphQLNonNull) and field.default_value is Undefined:
            raise _misfit("must be defined", (*path, name))
    return checked


def _check_scalar(name: str, value: object, path: _Path) -> object:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    fits = {
        "Int": number and float(cast("float", value)).is_integer(),
        "Float": number,
        "Boolean": isinstance(value, bool),
        "ID": number or isinstance(value, str),
        "String": number or isinstance(value, str),
    }
    if not fits.get(name, True):
        raise _misfit(f"cannot use {_kind(value)} as {name}", path)
    # As the server does, which reads numbers as text first.
    return str(value) if number and name in ("ID", "String") else value


def _kind(value: object) -> str:
    # A number counts as a string here, for the same reason.
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, Mapping):
        return "map"
    return "slice" if isinstance(value, list) else "string"


def _misfit(message: str, path: _Path) -> InvalidDocumentError:
    code = {"code": "GRAPHQL_VALIDATION_FAILED"}
    return InvalidDocumentError([{"message": message, "path": list(path), "extensions": code}])
