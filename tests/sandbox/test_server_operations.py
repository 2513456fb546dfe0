"""Every shipped operation, sent once: no field of an answer may be missing, none may break."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    concat_ast,
    get_operation_ast,
    parse,
    print_ast,
    separate_operations,
)
from graphql.utilities import (
    type_from_ast,  # pyright: ignore[reportUnknownVariableType]  # bare generics in its signature
)

from stash_typed.sandbox import Sandbox
from stash_typed.sandbox.schema import load_sdl
from tests.sandbox.asking import client
from tests.sandbox.test_server_schema import REFUSED

_SCHEMA: GraphQLSchema = build_schema(load_sdl())
_FOLDER = Path(__file__).parents[2] / "queries"
_UPLOADS = {"ImportObjects"}
"""Operations that send a file, which have tests of their own."""

_PARTLY = {"metadataIdentify"}
"""Answered with some arguments, refused by name with others."""

_VALUES: dict[str, Any] = {
    "ID": "1",
    "String": "x",
    "Int": 1,
    "Float": 1.0,
    "Boolean": True,
    "Map": {},
    "BoolMap": {},
    "Any": 1,
    "Time": "2024-01-01T00:00:00Z",
    "Timestamp": "2024-01-01T00:00:00Z",
    "Int64": 1,
}


_OPERATIONS = separate_operations(
    concat_ast(
        [parse(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.rglob("*.graphql"))]
    )
)


def _operation(name: str) -> OperationDefinitionNode:
    found = get_operation_ast(_OPERATIONS[name], name)
    assert found is not None
    return found


_NAMES = [
    name
    for name in sorted(_OPERATIONS.keys() - _UPLOADS)
    if _operation(name).operation is not OperationType.SUBSCRIPTION
]


def _inner(kind: Any) -> Any:
    return kind.of_type


def _value(kind: Any) -> Any:
    if isinstance(kind, GraphQLNonNull):
        return _value(_inner(kind))
    if isinstance(kind, GraphQLList):
        return [_value(_inner(kind))]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return {
            name: _value(field.type)
            for name, field in kind.fields.items()
            if isinstance(cast("object", field.type), GraphQLNonNull)
        }
    assert isinstance(kind, GraphQLScalarType)
    return _VALUES[kind.name]


@pytest.fixture(scope="module", name="http")
def _http() -> Iterator[httpx.Client]:
    with Sandbox(scenes=12) as server, client(server) as http:
        yield http


@pytest.mark.parametrize("name", _NAMES)
def test_each_operation_is_answered_or_refused_by_name(name: str, http: httpx.Client) -> None:
    operation = _operation(name)
    (root,) = operation.selection_set.selections
    assert isinstance(root, FieldNode)
    types = {
        each.variable.name.value: cast("object", type_from_ast(_SCHEMA, each.type))
        for each in operation.variable_definitions
    }
    variables = {
        each: _value(kind) for each, kind in types.items() if isinstance(kind, GraphQLNonNull)
    }
    document = print_ast(_OPERATIONS[name])
    response = http.post("/graphql", json={"query": document, "variables": variables})
    answer = response.json()
    messages = [each["message"] for each in answer.get("errors", [])]
    assert response.status_code == 200, messages
    assert not [each for each in messages if "Internal system error" in each]
    refusals = [each for each in messages if "the sandbox does not do" in each]
    if refusals:
        assert root.name.value in {*REFUSED, *_PARTLY}, refusals
