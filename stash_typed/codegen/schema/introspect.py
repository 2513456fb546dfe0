"""Builds schemas from introspection results and SDL, and writes SDL."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from graphql import (
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    IntrospectionQuery,
    assert_valid_schema,
    build_client_schema,
    build_schema,
    get_introspection_query,
    is_required_argument,
    lexicographic_sort_schema,
    print_schema,
)

from stash_typed._runtime.foreign_text import one_line

from ..findings import CodegenError
from ..generated_text import comment, sdl_text
from ..provenance import known_version
from ..reading import read_text
from .bounds import refuse_unbounded

__all__ = [
    "introspection_query",
    "load_schema",
    "printed",
    "read_introspection",
    "schema_from_introspection",
    "schema_from_sdl",
    "sdl_of",
    "stash_version_of",
]

_VERSION_LINE = "# Stash "
_LARGEST = 20_000_000  # bytes; Stash's own schemas have 75,000, their introspection results 500,000

# Errors that graphql-core raises for an unusable schema.
_UNUSABLE = (
    GraphQLError,
    AttributeError,
    IndexError,
    KeyError,
    RecursionError,
    TypeError,
    ValueError,
)


def introspection_query(*, input_deprecation: bool = True) -> str:
    """Return the query that asks a server for its schema, without descriptions."""
    return get_introspection_query(descriptions=False, input_value_deprecation=input_deprecation)


def schema_from_introspection(
    result: dict[str, Any], where: str = "introspection"
) -> GraphQLSchema:
    """Build a schema from an introspection result, sorted by name."""
    data = result.get("data", result)
    refuse_unbounded(data, where)
    quiet = cast(IntrospectionQuery, _without_words(data))
    try:
        schema = _without_required_deprecations(build_client_schema(quiet))
        assert_valid_schema(schema)
        schema = lexicographic_sort_schema(schema)
    except _UNUSABLE as error:
        message = f"not an introspection result ({_reason(error)})"
        raise CodegenError.at(where, message) from error
    printed(schema, where)
    return schema


def read_introspection(path: Path) -> GraphQLSchema:
    """Build a schema from a JSON file with an introspection result."""
    text = _text_of(path)
    try:
        content: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CodegenError.at(path, f"is not JSON ({error})") from error
    if not isinstance(content, dict):
        raise CodegenError.at(path, "is not an introspection result: no JSON object")
    return schema_from_introspection(cast("dict[str, Any]", content), str(path))


def sdl_of(schema: GraphQLSchema, stash_version: str | None = None) -> str:
    """Return a schema as SDL, in a stable order and with deprecations."""
    version = known_version(stash_version) or "of unknown version"
    head = comment(f"Stash {version}, written by `stash-typed introspect`")
    return f"{head}\n\n{printed(lexicographic_sort_schema(schema))}\n"


def printed(schema: GraphQLSchema, where: str = "schema") -> str:
    """Return a schema's SDL."""
    try:
        return sdl_text(print_schema(schema))
    except _UNUSABLE as error:
        message = f"holds a value that cannot be written ({_reason(error)})"
        raise CodegenError.at(where, message) from error


def stash_version_of(sdl: str) -> str | None:
    """Return the Stash version in a schema file's header."""
    first, _, _ = sdl.partition("\n")
    if not first.startswith(_VERSION_LINE):
        return None
    return known_version(first.removeprefix(_VERSION_LINE).partition(",")[0].strip())


def load_schema(path: Path) -> GraphQLSchema:
    """Read a schema from an SDL file, or from a JSON file with an introspection result."""
    if path.suffix == ".json":
        return schema_from_sdl(sdl_of(read_introspection(path)), str(path))
    return schema_from_sdl(_text_of(path), str(path))


def schema_from_sdl(sdl: str, where: str) -> GraphQLSchema:
    """Build a schema from SDL."""
    try:
        schema = _without_required_deprecations(build_schema(sdl))
        assert_valid_schema(schema)
    except _UNUSABLE as error:
        line = error.locations[0].line if isinstance(error, GraphQLError) and error.locations else 1
        raise CodegenError.at(f"{where}:{line}", f"is not a schema: {_reason(error)}") from error
    return schema


def _text_of(path: Path) -> str:
    if path.is_file() and path.stat().st_size > _LARGEST:
        message = f"is larger than any schema of Stash: more than {_LARGEST:,} bytes"
        raise CodegenError.at(path, message)
    return read_text(path)


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return error.message if isinstance(error, GraphQLError) else str(error)


def _without_words(value: object) -> object:
    """Drop descriptions from an introspection result, and fold deprecation reasons to one line."""
    if isinstance(value, list):
        return [_without_words(item) for item in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    result = {key: _without_words(each) for key, each in cast("dict[str, object]", value).items()}
    for key in result.keys() & {"description", "specifiedByURL"}:
        result[key] = None
    if isinstance(reason := result.get("deprecationReason"), str):
        result["deprecationReason"] = one_line(reason)
    return result


def _without_required_deprecations(schema: GraphQLSchema) -> GraphQLSchema:
    """Remove deprecations of required arguments, which GraphQL does not allow.

    Stash's server deprecates each argument of a deprecated field; the field stays deprecated.
    """
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field in type_.fields.values():
                for argument in field.args.values():
                    if is_required_argument(argument):
                        argument.deprecation_reason = None
    return schema
