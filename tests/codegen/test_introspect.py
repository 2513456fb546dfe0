"""Introspection results become one and the same SDL, whatever order the server lists things in."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, cast

import pytest
from graphql import (  # graphql-core leaves type arguments out
    build_schema,
    graphql_sync,  # pyright: ignore[reportUnknownVariableType]
    introspection_from_schema,
)

from stash_typed.codegen.findings import CodegenError
from stash_typed.codegen.schema.introspect import (
    introspection_query,
    load_schema,
    read_introspection,
    schema_from_introspection,
    sdl_of,
    stash_version_of,
)

ROOT = Path(__file__).resolve().parents[2]

SDL = """\
type Query {
  b(y: Int = 3, x: ID!): Colour @deprecated(reason: "Use a")
  a: [Colour!]
}
enum Colour { RED GREEN @deprecated(reason: "gone") }
input In { z: Int y: Colour = RED }
type Mutation { put(input: In!): Boolean! }
"""


def _shuffled(value: Any, source: random.Random) -> Any:
    if isinstance(value, dict):
        return {k: _shuffled(v, source) for k, v in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        inner = [_shuffled(item, source) for item in value]  # pyright: ignore[reportUnknownVariableType]
        source.shuffle(inner)
        return inner
    return value


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_server_does_not_matter(seed: int) -> None:
    result: Any = introspection_from_schema(build_schema(SDL), descriptions=False)

    shuffled = schema_from_introspection(_shuffled(result, random.Random(seed)))

    assert sdl_of(shuffled) == sdl_of(schema_from_introspection({"data": result}))


def test_deprecations_stay_and_descriptions_are_not_asked_for() -> None:
    described = SDL.replace("type Query", '"""all of it"""\ntype Query')
    query = introspection_query()
    result = graphql_sync(build_schema(described), query).formatted

    sdl = sdl_of(schema_from_introspection(cast("dict[str, Any]", result)), "v1.2.3")

    assert "all of it" not in sdl
    assert '@deprecated(reason: "Use a")' in sdl
    assert '@deprecated(reason: "gone")' in sdl
    assert stash_version_of(sdl) == "v1.2.3"
    assert stash_version_of(sdl_of(build_schema(SDL))) is None


def test_a_required_argument_loses_the_deprecation_that_graphql_forbids() -> None:
    """Stash's server marks each argument of a deprecated field, required ones too."""
    result: Any = introspection_from_schema(build_schema(SDL), input_value_deprecation=True)
    field = next(
        f
        for t in result["__schema"]["types"]
        if t["name"] == "Query"
        for f in t["fields"]
        if f["name"] == "b"
    )
    for argument in field["args"]:
        argument.update(isDeprecated=True, deprecationReason="Use a")

    sdl = sdl_of(schema_from_introspection(result))

    assert 'x: ID!, y: Int = 3 @deprecated(reason: "Use a")' in sdl
    build_schema(sdl)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "no JSON object"),
        ('{"data": {}}', "not an introspection result"),
        ('{"errors": [{"message": "no"}]}', "not an introspection result"),
        (None, "cannot be read"),
    ],
)
def test_a_file_with_something_else_is_named(
    tmp_path: Path, content: str | None, message: str
) -> None:
    path = tmp_path / "v9.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    with pytest.raises(CodegenError, match=message) as caught:
        read_introspection(path)

    assert str(caught.value).startswith(str(path))


def test_a_json_file_serves_as_schema_too(tmp_path: Path) -> None:
    path = tmp_path / "v1.json"
    path.write_text(json.dumps(introspection_from_schema(build_schema(SDL))), encoding="utf-8")

    assert sdl_of(load_schema(path)) == sdl_of(build_schema(SDL))


def test_the_committed_schema_is_in_its_own_order() -> None:
    text = (ROOT / "schema.graphql").read_text(encoding="utf-8")

    assert sdl_of(build_schema(text), stash_version_of(text)) == text
    assert stash_version_of(text) == "v0.30.1"
