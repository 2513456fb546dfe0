"""From an introspection result to the SDL that everything else stands on."""

from __future__ import annotations

import json
import re
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

from .documents import CodegenError, Finding

__all__ = [
    "introspection_query",
    "load_schema",
    "read_introspection",
    "schema_from_introspection",
    "sdl_of",
    "stash_version_of",
]

_VERSION_LINE = re.compile(r"^# Stash ([^\s,]+)", re.MULTILINE)


def introspection_query(*, input_deprecation: bool = True) -> str:
    """Give the query that asks a server for its schema, without descriptions.

    Args:
        input_deprecation: also ask which arguments and input fields are deprecated; older servers
            do not know that question.

    Returns:
        A GraphQL document.
    """
    return get_introspection_query(descriptions=False, input_value_deprecation=input_deprecation)


def schema_from_introspection(result: dict[str, Any]) -> GraphQLSchema:
    """Build a schema from an introspection result, in an order that does not depend on the server's.

    Args:
        result: the answer to `introspection_query`, with or without its `data` envelope.

    Returns:
        The schema; types, fields, arguments and values sorted by name.

    Raises:
        CodegenError: this is not an introspection result.
    """
    data = result.get("data", result)
    try:
        schema = _without_required_deprecations(build_client_schema(cast(IntrospectionQuery, data)))
        assert_valid_schema(schema)
    except (TypeError, KeyError, GraphQLError) as error:
        raise CodegenError(
            [Finding("introspection", f"not an introspection result ({error})")]
        ) from error
    return lexicographic_sort_schema(schema)


def read_introspection(path: Path) -> GraphQLSchema:
    """Build a schema from a file that holds an introspection result.

    Args:
        path: a JSON file.

    Returns:
        The schema, sorted.

    Raises:
        CodegenError: the file is missing, is not JSON, or holds something else.
    """
    try:
        content: object = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CodegenError([Finding(str(path), f"cannot be read ({error.strerror})")]) from error
    except ValueError as error:
        raise CodegenError([Finding(str(path), f"is not JSON ({error})")]) from error
    if not isinstance(content, dict):
        raise CodegenError([Finding(str(path), "is not an introspection result: no JSON object")])
    try:
        return schema_from_introspection(cast("dict[str, Any]", content))
    except CodegenError as error:
        raise CodegenError([Finding(str(path), f.message) for f in error.findings]) from error


def sdl_of(schema: GraphQLSchema, stash_version: str | None = None) -> str:
    """Write a schema as SDL: stable order, no descriptions, deprecations kept.

    Args:
        schema: any schema.
        stash_version: the release that it belongs to, such as `v0.30.1`; said in the first line.

    Returns:
        The text of a `.graphql` file.
    """
    head = (
        f"# Stash {stash_version or 'of unknown version'}, written by `stash-typed introspect`\n\n"
    )
    return f"{head}{print_schema(lexicographic_sort_schema(schema))}\n"


def stash_version_of(sdl: str) -> str | None:
    """Give the release that a schema file says it belongs to.

    Args:
        sdl: the text of a schema file.

    Returns:
        `v0.30.1` or the like; None when its first line does not say.
    """
    match = _VERSION_LINE.search(sdl)
    return match.group(1) if match and match.group(1) != "of" else None


def load_schema(path: Path) -> GraphQLSchema:
    """Read a schema from an SDL file, or from a JSON file with an introspection result.

    Args:
        path: the file.

    Returns:
        The schema; nodes keep their place in the file, for findings.

    Raises:
        CodegenError: the file is missing or is neither.
    """
    if path.suffix == ".json":
        return build_schema(sdl_of(read_introspection(path)))
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CodegenError([Finding(str(path), f"cannot be read ({error.strerror})")]) from error
    try:
        schema = _without_required_deprecations(build_schema(text))
        assert_valid_schema(schema)
    except (GraphQLError, TypeError) as error:
        line = error.locations[0].line if isinstance(error, GraphQLError) and error.locations else 1
        raise CodegenError([Finding(f"{path}:{line}", f"is not a schema: {error}")]) from error
    return schema


def _without_required_deprecations(schema: GraphQLSchema) -> GraphQLSchema:
    """Take the deprecation off required arguments, where GraphQL does not allow one.

    Stash's server says it of each argument of a deprecated field; the field's own stays.
    """
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field in type_.fields.values():
                for argument in field.args.values():
                    if is_required_argument(argument):
                        argument.deprecation_reason = None
    return schema
