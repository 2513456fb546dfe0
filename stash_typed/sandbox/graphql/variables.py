"""A request's variables against the types that the operation declares, refused in the server's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, cast

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
)
from graphql.utilities import (
    type_from_ast,  # pyright: ignore[reportUnknownVariableType]  # bare generics in its signature
)

from .documents import InvalidDocumentError

__all__ = ["check_variables"]

_Path = tuple["str | int", ...]


class _Wrapping(Protocol):
    """A list or non-null type."""

    of_type: object


def check_variables(
    schema: GraphQLSchema, operation: OperationDefinitionNode, given: Mapping[str, object]
) -> dict[str, object]:
    """Check the variables of an operation.

    Args:
        schema: the served schema.
        operation: the operation that declares them.
        given: the request's `variables`.

    Returns:
        The declared ones of them; numbers given for text are turned into text, as the server does.

    Raises:
        InvalidDocumentError: the first that does not fit, with its path.
    """
    checked: dict[str, object] = {}
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        expected = cast("object", type_from_ast(schema, definition.type))
        path: _Path = ("variable", name)
        if name not in given:
            if isinstance(expected, GraphQLNonNull) and definition.default_value is None:
                raise _misfit("must be defined", path)
            continue
        checked[name] = _check(expected, given[name], path)
    return checked


def _check(expected: object, value: object, path: _Path) -> object:
    if isinstance(expected, GraphQLNonNull):
        if value is None:
            raise _misfit("cannot be null", path)
        return _check(_inner(cast("_Wrapping", expected)), value, path)
    if value is None:
        return None
    if isinstance(expected, GraphQLList):
        item = _inner(cast("_Wrapping", expected))
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
    return _check_scalar(cast("GraphQLScalarType", expected), value, path)


def _inner(expected: _Wrapping) -> object:
    return expected.of_type


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


def _check_scalar(expected: GraphQLScalarType, value: object, path: _Path) -> object:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    name = expected.name
    fits = True
    if name == "Int":
        fits = number and float(cast("float", value)).is_integer()
    elif name == "Float":
        fits = number
    elif name == "Boolean":
        fits = isinstance(value, bool)
    elif name in ("ID", "String"):
        fits = number or isinstance(value, str)
    if not fits:
        raise _misfit(f"cannot use {_kind(value)} as {name}", path)
    return str(value) if number and name in ("ID", "String") else value


def _kind(value: object) -> str:
    # The server reads numbers as text first, so that a number counts as a string here.
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, Mapping):
        return "map"
    return "slice" if isinstance(value, list) else "string"


def _misfit(message: str, path: _Path) -> InvalidDocumentError:
    code = {"code": "GRAPHQL_VALIDATION_FAILED"}
    return InvalidDocumentError([{"message": message, "path": list(path), "extensions": code}])
