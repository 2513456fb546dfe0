"""The registry of resolvers, and their binding to a schema that may be older or newer.

A resolver is a function `def resolver(parent, info, **arguments)`; a subscription's returns an
async iterator of the root field's values. Declaring one for a field that the served schema lacks
is safe: it is skipped. A field without a resolver is read from its parent (a mapping's key,
else an attribute); if the parent has none, the field is refused by name.

Resolvers run in the server's event loop thread, one at a time; tasks run in one worker thread.
Both access the data through the store, whose lock serialises them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar, cast

from graphql import (
    GraphQLAbstractType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
)

from ..errors import refuse
from .scalars import SCALARS

_Function = TypeVar("_Function", bound=Callable[..., object])

_resolvers: dict[tuple[str, str], Callable[..., object]] = {}
_subscribers: dict[str, Callable[..., object]] = {}


def field(type_name: str, *names: str) -> Callable[[_Function], _Function]:
    """Declare the resolver of fields of an object type, or of all types of an interface."""

    def declare(function: _Function) -> _Function:
        for name in names:
            if (type_name, name) in _resolvers:
                raise ValueError(f"{type_name}.{name} has a resolver already")
            _resolvers[type_name, name] = function
        return function

    return declare


def query(*names: str) -> Callable[[_Function], _Function]:
    return field("Query", *names)


def mutation(*names: str) -> Callable[[_Function], _Function]:
    return field("Mutation", *names)


def subscription(name: str) -> Callable[[_Function], _Function]:
    """Declare a function that returns an async iterator of a root field's values."""

    def declare(function: _Function) -> _Function:
        _subscribers[name] = function
        return function

    return declare


def read_field(parent: Any, info: GraphQLResolveInfo, **_arguments: object) -> object:
    """Resolve a field without a resolver of its own from its parent."""
    name = info.field_name
    if parent is None:
        raise refuse(name)
    if isinstance(parent, Mapping):
        values = cast("Mapping[str, object]", parent)
        if name in values:
            return values[name]
    elif hasattr(parent, name):
        return cast("object", getattr(parent, name))
    raise refuse(f"{info.parent_type.name}.{name}")


def read_type(value: Any, _info: GraphQLResolveInfo, abstract: GraphQLAbstractType) -> str:
    """Return the object type's name of a union or interface value: its `__typename`."""
    if isinstance(value, Mapping):
        name = cast("Mapping[str, object]", value).get("__typename")
        if isinstance(name, str):
            return name
    raise refuse(f"a value of {abstract.name} without its type name")


def bind(sdl: str) -> GraphQLSchema:
    """Return an executable schema for an SDL text, with every declared resolver that fits it."""
    schema = build_schema(sdl)
    for scalar, functions in SCALARS.items():
        if scalar in schema.type_map:
            vars(schema.type_map[scalar]).update(functions)
    for (type_name, name), resolver in _resolvers.items():
        for owner in _owners(schema, type_name, name):
            if name in owner.fields:
                owner.fields[name].resolve = resolver
    root = schema.subscription_type
    for name, subscriber in _subscribers.items():
        if root is not None and name in root.fields:
            root.fields[name].subscribe = subscriber
            root.fields[name].resolve = _pass_on
    return schema


def _owners(schema: GraphQLSchema, type_name: str, field_name: str) -> Iterator[GraphQLObjectType]:
    owner = schema.type_map.get(type_name)
    if isinstance(owner, GraphQLObjectType):
        yield owner
    elif isinstance(owner, GraphQLInterfaceType):
        for each in schema.get_implementations(owner).objects:
            if (each.name, field_name) not in _resolvers:
                yield each


def _pass_on(value: object, _info: GraphQLResolveInfo, **_arguments: object) -> object:
    return value
