"""Where resolvers are declared, and how they meet a schema that may be older or newer.

A resolver is a plain function `def resolver(parent, info, **arguments)`; a subscription's gives an
async iterator of the root field's values. Declaring one for a field that the served schema lacks
does no harm: it is skipped. A field without a resolver is read from its parent (a mapping's key,
else an attribute); where the parent has none the field is refused by name.

Resolvers run in the server's event loop thread, one at a time; tasks run in one worker thread.
Both reach the data through the store, whose lock keeps them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from ariadne import SchemaBindable, make_executable_schema
from graphql import (
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
)

from ..errors import refuse
from .scalars import SCALARS

__all__ = [
    "bind",
    "field",
    "mutation",
    "query",
    "read_field",
    "read_type",
    "subscription",
    "type_resolver",
]

_Function = TypeVar("_Function", bound=Callable[..., object])

_resolvers: dict[tuple[str, str], Callable[..., object]] = {}
_subscribers: dict[str, Callable[..., object]] = {}
_types: dict[str, Callable[[Any, GraphQLResolveInfo], str]] = {}


def field(type_name: str, *names: str) -> Callable[[_Function], _Function]:
    """Declare the resolver of one or more fields of an object type or interface.

    Args:
        type_name: `Scene`, or an interface such as `BaseFile` (then every type of it has them).
        names: the fields' names in the schema.
    """

    def declare(function: _Function) -> _Function:
        for name in names:
            if (type_name, name) in _resolvers:
                raise ValueError(f"{type_name}.{name} has a resolver already")
            _resolvers[type_name, name] = function
        return function

    return declare


def query(*names: str) -> Callable[[_Function], _Function]:
    """Declare the resolver of one or more root fields of `Query`."""
    return field("Query", *names)


def mutation(*names: str) -> Callable[[_Function], _Function]:
    """Declare the resolver of one or more root fields of `Mutation`."""
    return field("Mutation", *names)


def subscription(name: str) -> Callable[[_Function], _Function]:
    """Declare a function that gives an async iterator of a root field's values."""

    def declare(function: _Function) -> _Function:
        _subscribers[name] = function
        return function

    return declare


def type_resolver(
    name: str,
) -> Callable[[Callable[[Any, GraphQLResolveInfo], str]], Callable[[Any, GraphQLResolveInfo], str]]:
    """Declare the function that names the object type of a value of a union or interface."""

    def declare(
        function: Callable[[Any, GraphQLResolveInfo], str],
    ) -> Callable[[Any, GraphQLResolveInfo], str]:
        _types[name] = function
        return function

    return declare


def read_field(parent: Any, info: GraphQLResolveInfo, **_arguments: object) -> object:
    """Answer a field that has no resolver of its own from what its parent holds."""
    name = info.field_name
    if parent is not None:
        if isinstance(parent, Mapping):
            values = cast("Mapping[str, object]", parent)
            if name in values:
                return values[name]
        elif hasattr(parent, name):
            return cast("object", getattr(parent, name))
        raise refuse(f"{info.parent_type.name}.{name}")
    raise refuse(name)


def read_type(value: Any, _info: GraphQLResolveInfo, abstract: GraphQLAbstractType) -> str:
    """Name the object type of a value of a union or interface: its `__typename`."""
    if isinstance(value, Mapping):
        name = cast("Mapping[str, object]", value).get("__typename")
        if isinstance(name, str):
            return name
    raise refuse(f"a value of {abstract.name} without its type name")


class _Registered(SchemaBindable):
    """Everything declared, bound to whatever of it the schema has."""

    def bind_to_schema(self, schema: GraphQLSchema) -> None:
        for (type_name, name), resolver in _resolvers.items():
            owner = schema.type_map.get(type_name)
            targets: list[GraphQLObjectType] = []
            if isinstance(owner, GraphQLObjectType):
                targets = [owner]
            elif isinstance(owner, GraphQLInterfaceType):
                targets = [
                    each
                    for each in schema.get_implementations(owner).objects
                    if (each.name, name) not in _resolvers
                ]
            for target in targets:
                if name in target.fields:
                    target.fields[name].resolve = resolver
        for name, subscriber in _subscribers.items():
            subscriptions = schema.subscription_type
            if subscriptions is not None and name in subscriptions.fields:
                subscriptions.fields[name].subscribe = subscriber
                subscriptions.fields[name].resolve = _pass_on
        for type_name, namer in _types.items():
            abstract = schema.type_map.get(type_name)
            if abstract is not None and hasattr(abstract, "resolve_type"):
                cast("Any", abstract).resolve_type = _typed(namer)
        for scalar in SCALARS:
            if scalar.name in schema.type_map:
                scalar.bind_to_schema(schema)


def _pass_on(value: object, _info: GraphQLResolveInfo, **_arguments: object) -> object:
    return value


def _typed(
    namer: Callable[[Any, GraphQLResolveInfo], str],
) -> Callable[[Any, GraphQLResolveInfo, GraphQLAbstractType], str]:
    def resolve_type(value: Any, info: GraphQLResolveInfo, _type: GraphQLAbstractType) -> str:
        return namer(value, info)

    return resolve_type


def bind(sdl: str) -> GraphQLSchema:
    """Return an executable schema of an SDL text, with every declared resolver that fits it."""
    schema = make_executable_schema(sdl, _Registered())
    for each in schema.type_map.values():
        if isinstance(each, GraphQLEnumType):
            # Ariadne lays a function over this method for enums with Python values, which there
            # are none of here; newer releases of graphql-core call it with one argument more.
            vars(each).pop("parse_value", None)
    return schema
