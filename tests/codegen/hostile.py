"""Schemas of one shape whose words are anybody's, and packages that are made of them."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any, cast

from graphql import (
    Visitor,
    build_client_schema,
    build_schema,
    introspection_from_schema,
    parse,
    print_ast,
    print_schema,
    visit,
)
from graphql.language import StringValueNode

from stash_typed.codegen.documents.read import read_documents
from stash_typed.codegen.generate import render_package
from stash_typed.codegen.provenance import provenance
from stash_typed.codegen.schema.introspect import (
    load_schema,
    schema_from_introspection,
    sdl_of,
    stash_version_of,
)
from stash_typed.codegen.settings import SCALARS, Settings

CANARY = "STASH_TYPED_CANARY"
ATTACK = f"import os; os.environ.update({CANARY}=str(1))"

WORDS = (
    f'"""\n\n\n{ATTACK}\n\n\nclass Evil:\n    async def evil(self):\n        """',
    f"'''\n{ATTACK}\n'''",
    f"= 'x' '\\n{ATTACK}\\nclass Evil:\\n    async def evil(self):\\n        '",
    f'"; {ATTACK} #',
    f"\n{ATTACK}\n",
    f"\r\n{ATTACK}\r",
    f"\u2028{ATTACK}\u2029{ATTACK}\x85{ATTACK}\x0c{ATTACK}",
    "ends in a backslash \\",
    "ends in three \\\\\\",
    'ends in a quote "',
    'ends in quotes and a backslash """\\',
    '"' * 7,
    f"\\N{{LATIN SMALL LETTER A}} {{{ATTACK}}} {{0!r}} %s",
    "*/ # ''' --> ]]>",
    f"nul \x00 bell \x07 escape \x1b[2J {ATTACK}",
    f"\u202e{ATTACK}\u202c \u2066 \ufeff \U000e0041",
    "half of a pair \ud83d",
    f'document="x", package={ATTACK}',
    "a" * 100_000,
    "Use other.",
)
"""What a server may write where it may write anything: a reason, a description, a default."""

_SHAPE = """\
directive @marked(why: String = "WORD 0") on FIELD
scalar Time @specifiedBy(url: "WORD 1")
enum Mood { GLAD @deprecated(reason: "WORD 2") SAD mro title }
input Inner { mood: Mood = mro text: String! = "WORD 3" }
input ThingInput {
  text: String = "WORD 4"
  list: [String!] = ["WORD 5", "b"]
  inner: Inner = {mood: GLAD, text: "WORD 6"}
  old: Int @deprecated(reason: "WORD 7")
}
interface Named { name: String! @deprecated(reason: "WORD 8") }
type Thing implements Named { id: ID! name: String! mood: Mood at: Time }
union Any_ = Thing
type Query {
  things(input: ThingInput, sort: String = "WORD 9"): [Thing!]! @deprecated(reason: "WORD 10")
  named: Named @deprecated(reason: "WORD 11")
}
type Mutation { thingCreate(input: ThingInput!): Thing @deprecated(reason: "WORD 12") }
type Subscription { thingChanged: Any_ @deprecated(reason: "WORD 13") }
"""
PLACES = 14

DOCUMENT = """\
query Things($input: ThingInput) { things(input: $input, sort: WORD) { ...Thing } }
query Named { named { name ... on Thing { id } } }
mutation ThingCreate($input: ThingInput!) { thingCreate(input: $input) { ...Thing } }
subscription ThingChanged { thingChanged { ... on Thing { id mood } } }
fragment Thing on Thing { id name mood at }
"""


def introspection(words: list[str], description: str = "") -> dict[str, Any]:
    """Give what a server with this schema answers, words in their places."""
    result: Any = introspection_from_schema(
        build_schema(_SHAPE),
        descriptions=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    return {"data": _said(result, words, description)}


def _said(value: object, words: list[str], description: str) -> Any:
    if isinstance(value, list):
        return [_said(item, words, description) for item in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    said: dict[str, Any] = {}
    for key, entry in cast("dict[str, object]", value).items():
        said[key] = _said(entry, words, description)
        if key == "description":
            said[key] = description
        elif isinstance(entry, str) and "WORD" in entry:
            for place in reversed(range(PLACES)):
                # Inside of a default value it stands between quotes.
                word = words[place]
                quoted = print_ast(StringValueNode(value=word)) if key == "defaultValue" else word
                mark = f'"WORD {place}"' if key == "defaultValue" else f"WORD {place}"
                said[key] = str(said[key]).replace(mark, quoted)
    return said


def package(
    folder: Path, words: list[str], *, word: str = "name", version: str = "v0.31.0"
) -> dict[str, bytes]:
    """Generate a package from what a server answers, the whole way; give all of its files."""
    answer = introspection(words, description=words[0])
    sdl = sdl_of(schema_from_introspection(json.loads(json.dumps(answer))), version)
    return package_of(folder, sdl, word=word)


def package_of_file(folder: Path, words: list[str], *, word: str = "name") -> dict[str, bytes]:
    """Generate a package from a file that somebody else printed, descriptions and all."""
    schema = build_client_schema(introspection(words, description=words[0])["data"])
    return package_of(folder, f"# Stash v0.31.0, as it is\n\n{print_schema(schema)}\n", word=word)


def package_of(folder: Path, sdl: str, *, word: str = "name") -> dict[str, bytes]:
    """Generate a package from SDL."""
    literal = print_ast(StringValueNode(value=word))
    path = folder / "schema.graphql"
    path.write_text(sdl, "utf-8")
    (folder / "own.graphql").write_text(DOCUMENT.replace("WORD", literal), "utf-8")
    documents = read_documents([folder / "own.graphql"], folder)
    settings = Settings(
        schema=path,
        operations=(folder,),
        target=folder,
        package="made",
        command="stash-typed codegen",
    )
    schema, version = load_schema(path), stash_version_of(sdl)
    contents = render_package(settings, schema, documents, version, "schema.graphql")
    origin = provenance(sdl, print_ast(documents.node), version, SCALARS)
    return {
        **contents,
        "PROVENANCE.toml": origin.encode(),
        "schema.graphql": sdl_of(schema, version).encode(),
    }


def shape(contents: dict[str, bytes]) -> dict[str, str]:
    """Give the code and the schema of a package without what their texts say."""
    shapes = dict.fromkeys(contents, "")
    for name, content in contents.items():
        if name.endswith(".py"):
            shapes[name] = ast.dump(_Silent().visit(ast.parse(content)))
        elif name.endswith(".graphql"):
            shapes[name] = print_ast(visit(parse(content.decode()), _SilentSDL()))
    return shapes


class _SilentSDL(Visitor):
    def enter_string_value(self, node: StringValueNode, *_: object) -> StringValueNode:
        return StringValueNode(value="", block=False)


class _Silent(ast.NodeTransformer):
    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        if node.arg == "parts":  # where they stand depends on how long a text is
            for inner in ast.walk(node):
                if isinstance(inner, ast.Constant) and type(inner.value) is int:
                    inner.value = 0
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:  # a name that ast looks for
        return ast.Constant("") if isinstance(node.value, str) else node
