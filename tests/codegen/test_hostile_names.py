"""Names of a schema or a document become right Python, or are refused with the place; nothing else."""

from __future__ import annotations

import ast
import builtins
import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from graphql import GraphQLError, build_schema, introspection_from_schema, parse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stash_typed.codegen.findings import CodegenError
from stash_typed.codegen.naming import reserved_class_names
from stash_typed.codegen.package.audit import audit
from stash_typed.codegen.package.split_module import split_module
from stash_typed.codegen.project.client import generate_project
from stash_typed.codegen.schema.introspect import load_schema, schema_from_introspection, sdl_of
from stash_typed.codegen.settings import SCALARS
from tests.codegen.editing import ROOT
from tests.codegen.projects import project, snapshot

SDL = """\
directive @loud(much: Int) on FIELD
enum Mood { GLAD SAD }
input ThingInput { text: String }
interface Named { name: String! }
type Thing implements Named { name: String! mood(of: ThingInput): Mood }
union Either = Thing
type Query { thing: Thing either: Either }
"""
NAMES = (
    *("loud", "much", "Mood", "GLAD", "ThingInput", "text", "Named", "name", "Thing", "mood"),
    *("of", "Either", "Query", "thing"),
)
BAD: tuple[object, ...] = (
    "x\n__import__('os')",
    "../../evil",
    "a b",
    "1st",
    "",
    "é",
    "a\0",
    "x" * 201,
    5,
    ["x"],
    {},
)


def answer(sdl: str = SDL) -> dict[str, Any]:
    return {**introspection_from_schema(build_schema(sdl), descriptions=False)}


def renamed(value: object, old: str, new: object) -> Any:
    if isinstance(value, list):
        return [renamed(item, old, new) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value).items()
        return {
            key: new if key == "name" and entry == old else renamed(entry, old, new)
            for key, entry in entries
        }
    return value


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("bad", BAD, ids=lambda bad: ascii(bad)[:12])
def test_an_introspection_result_has_names_only(name: str, bad: object) -> None:
    with pytest.raises(CodegenError, match="introspection: not an introspection result") as caught:
        schema_from_introspection(renamed(answer(), name, bad))

    assert "is not a name" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_the_place_of_a_name_is_told() -> None:
    with pytest.raises(CodegenError, match=r'"a b" is not a name in Thing\.mood\b'):
        schema_from_introspection(renamed(answer(), "of", "a b"))


@pytest.mark.parametrize("name", ["__class__", "__init__", "__doc__"])
@pytest.mark.parametrize("old", ["Mood", "GLAD", "ThingInput", "text", "name", "Thing", "thing"])
def test_names_that_graphql_keeps_to_itself_are_refused(old: str, name: str) -> None:
    with pytest.raises(CodegenError, match="must not begin with"):
        schema_from_introspection(renamed(answer(), old, name))


OTHER: tuple[object, ...] = (None, 3, "", "x", "é\n", [], {}, [None], {"name": "x"}, True)


def bent(value: object, source: st.DataObject) -> object:
    """The same JSON with something else at one place in a few."""
    if source.draw(st.integers(0, 40)) == 0:
        return source.draw(st.sampled_from(OTHER))
    if isinstance(value, list):
        return [bent(item, source) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value).items()
        return {key: bent(entry, source) for key, entry in entries}
    return value


_SMALL = "enum Mood { GLAD } input In { x: Int = 3 } type Query { q(i: In): Mood }"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_bent_answer_is_a_schema_or_refused(source: st.DataObject) -> None:
    whole = answer(_SMALL)["__schema"]
    own = [t for t in whole["types"] if not t["name"].startswith("__")]
    with contextlib.suppress(CodegenError):
        schema = schema_from_introspection({"__schema": bent({**whole, "types": own}, source)})
        sdl_of(schema)


def deep(levels: int) -> dict[str, Any]:
    type_: dict[str, Any] = {"kind": "SCALAR", "name": "Int", "ofType": None}
    for _ in range(levels):
        type_ = {"kind": "LIST", "name": None, "ofType": type_}
    result = answer()
    query = next(t for t in result["__schema"]["types"] if t["name"] == "Query")
    query["fields"][0]["type"] = type_
    return result


def wide(fields: int) -> dict[str, Any]:
    result = answer()
    query = next(t for t in result["__schema"]["types"] if t["name"] == "Query")
    query["fields"] += [{**query["fields"][0], "name": f"f{number}"} for number in range(fields)]
    return result


def with_default(text: str) -> dict[str, Any]:
    result = answer()
    loud = next(d for d in result["__schema"]["directives"] if d["name"] == "loud")
    loud["args"][0]["defaultValue"] = text
    return result


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(deep(10_000), "endless depth in Query", id="deep"),
        pytest.param(wide(100_000), "more than 500,000 values", id="wide"),
        pytest.param(with_default("[" * 9_000), "nested too deep", id="deep default"),
        pytest.param(with_default('"' * 20_000), "more than 10,000 characters", id="long default"),
        pytest.param({"data": []}, "not an introspection result", id="a list"),
        pytest.param({"data": None}, "not an introspection result", id="nothing"),
    ],
)
def test_an_answer_without_bounds_is_refused(content: dict[str, Any], message: str) -> None:
    with pytest.raises(CodegenError, match=message) as caught:
        schema_from_introspection(content)

    assert len(str(caught.value)) < 1_100


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("deep.json", "[" * 100_000, "is not JSON"),
        ("deep.graphql", f"type Query {{ a: {'[' * 5_000}Int{']' * 5_000} }}", "too deeply"),
        ("large.graphql", "#" * 20_000_001, "larger than any schema of Stash"),
        ("large.json", " " * 20_000_001, "larger than any schema of Stash"),
    ],
)
def test_a_file_without_bounds_is_refused(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    (tmp_path / name).write_text(content, "utf-8")

    with pytest.raises(CodegenError, match=message) as caught:
        load_schema(tmp_path / name)

    assert str(caught.value).startswith(str(tmp_path / name))


def test_lists_in_lists_that_python_cannot_parse_are_refused(tmp_path: Path) -> None:
    sdl = f"type Query {{ a: {'[' * 150}Int{']' * 150} }}"

    message = refused(tmp_path, sdl, "query A { a }")

    assert "no package can be generated" in message


def refused(root: Path, sdl: str, operations: str) -> str:
    """Generate in vain; give what is said. Nothing is written, and nothing raised but the finding."""
    mine = project(root, operations, schema=sdl)
    before = snapshot(root)
    with pytest.raises(CodegenError) as caught:
        generate_project(mine)
    assert snapshot(root) == before
    return str(caught.value)


CLASS_NAMES = (
    *("Any", "Optional", "Literal", "UNSET", "Field", "BaseModel", "str", "None", "class", "int"),
    *("SyncClient", "list", "Upload", "Map", "Operation", "OpenEnum", "True", "closing"),
)


@pytest.mark.parametrize("name", CLASS_NAMES)
@pytest.mark.parametrize(
    "sdl", ["enum NAME {{ A }} {}", "input NAME {{ a: Int }} {}"], ids=["enum", "input"]
)
def test_a_class_of_a_name_that_modules_need_is_refused(
    tmp_path: Path, sdl: str, name: str
) -> None:
    schema = sdl.format("type Query { a(x: NAME): Int }").replace("NAME", name)

    message = refused(tmp_path, schema, "query A { a }")

    assert message.startswith(f'schema.graphql: the type "{name}" would create a class')


@pytest.mark.parametrize("name", ["none", "any", "client", "true", "base_model", "__init__", "__"])
def test_a_fragment_of_a_name_that_modules_need_is_refused(tmp_path: Path, name: str) -> None:
    operations = f"query Thing {{ thing {{ ...{name} }} }} fragment {name} on Thing {{ name }}"

    assert f'fragment "{name}" would create a class' in refused(tmp_path, SDL, operations)


def test_what_generated_modules_use_by_name_is_reserved() -> None:
    """Else a class of the schema could stand in its place."""
    reserved = reserved_class_names(SCALARS.values())
    for path in (ROOT / "generated" / "stash_typed_graphql").rglob("*.py"):
        tree = ast.parse(path.read_bytes())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = {alias.asname or alias.name for alias in node.names}
                assert names - {"_AsyncBaseClient"} <= reserved, path
            if isinstance(node, ast.Name) and node.id in dir(builtins):
                assert node.id in reserved, path


HOSTILE_FIELDS = (
    *("class", "None", "import", "match", "case", "type", "async", "lambda", "print", "exec"),
    *("model_config", "modelDump", "model_dump_all", "modelFields", "copy", "json", "schema"),
    *("dict", "construct", "validate", "fields", "id", "str", "int", "list", "bool", "float"),
    *("Any", "Optional", "Literal", "UNSET", "Field", "BaseModel", "Union", "self", "cls"),
    *("_private", "_1", "_2nd", "_", "name", "value", "mro", "annotations", "typename__"),
    *("__typename_", "is_known", "sceneIDs", "URL", "x1", "globals", "getattr", "OPERATION"),
)
FIELDS = tuple(name for name in HOSTILE_FIELDS if not name.startswith("__"))
VALUES = (
    *(name for name in FIELDS if name not in ("_1", "_2nd", "_")),
    *("_missing_", "_ignore_", "_x_", "_Mood__x", "title", "encode", "_value_", "_name_"),
)


def imported(root: Path, sdl: str, operations: str, code: str) -> None:
    """Generate, and run code with the package `my_stash` in a process of its own."""
    generate_project(project(root, operations, schema=sdl))
    subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        check=True,
        cwd=root / "src",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
    )


def test_fields_of_any_name_are_right(tmp_path: Path) -> None:
    listed = " ".join(f"{name}: String" for name in FIELDS)
    sdl = f"type Thing {{ {listed} }} input ThingInput {{ {listed} }}"
    sdl += " type Query { thing(input: ThingInput): Thing }"
    document = f"query Thing($i: ThingInput) {{ thing(input: $i) {{ {' '.join(FIELDS)} }} }}"
    code = f"""\
import importlib, my_stash
given = {{name: f"value of {{name}}" for name in {FIELDS!r}}}
sent = my_stash.ThingInput.model_validate(given)
assert sent.model_dump(by_alias=True, exclude_unset=True) == given
assert my_stash.ThingInput().model_dump(exclude_unset=True) == {{}}
data = importlib.import_module("my_stash.thing").ThingData.model_validate({{"thing": given}})
assert data.model_dump(by_alias=True) == {{"thing": given}}
for model in (sent, data.thing):
    read = [getattr(model, field) for field in type(model).model_fields]
    assert sorted(read) == sorted(given.values()), read
"""
    imported(tmp_path, sdl, document, code)


def test_values_of_any_name_are_right(tmp_path: Path) -> None:
    sdl = f"enum Mood {{ {' '.join(VALUES)} }} type Query {{ mood(of: Mood = mro): Mood }}"
    code = f"""\
from my_stash import Mood
assert [member.value for member in Mood] == {list(VALUES)!r}
assert all(Mood(value).is_known for value in {VALUES!r})
assert str(Mood("title")).title() == "Title" and Mood("mro").name == "mro_"
"""
    imported(tmp_path, sdl, "query Mood { mood }", code)


VARIABLES = ("self", "OPERATION", "aclosing", "closing", "data", "stream", "class", "UNSET", "_x")


@pytest.mark.parametrize("kind", ["query", "subscription"])
def test_variables_of_any_name_are_sent(tmp_path: Path, kind: str) -> None:
    arguments = ", ".join(f"{name}: String" for name in VARIABLES)
    variables = ", ".join(f"${name}: String" for name in VARIABLES)
    given = ", ".join(f"{name}: ${name}" for name in VARIABLES)
    sdl = (
        f"type Query {{ thing({arguments}): Int }} type Subscription {{ thing({arguments}): Int }}"
    )
    code = f"""\
import inspect, my_stash
class Transport:
    def execute(self, operation, result, variables):
        assert variables == {{name: f"value of {{name}}" for name in {VARIABLES!r}}}, variables
        return result.model_validate({{"thing": 3}})
    def subscribe(self, operation, result, variables):
        yield self.execute(operation, result, variables)
method = my_stash.SyncClient(Transport()).thing
names = list(inspect.signature(method).parameters)
values = [f"value of {{name}}" for name in {VARIABLES!r}]
answer = method(**dict(zip(names, values)))
assert (answer if {kind!r} == "query" else list(answer)[0]) == 3
"""
    imported(tmp_path, sdl, f"{kind} Thing({variables}) {{ thing({given}) }}", code)


COLLIDING = {
    "fields of an input": (
        "input In { sceneID: ID scene_id: ID } type Query { a(i: In): Int }",
        "query A { a }",
        "In would have two members called scene_id",
    ),
    "fields of a selection": (
        "type Query { a: T } type T { sceneID: ID scene_id: ID }",
        "query A { a { sceneID scene_id } }",
        "two members called scene_id",
    ),
    "values of an enum": (
        "enum Mood { mro mro_ } type Query { a: Mood }",
        "query A { a }",
        "Mood would have two members called mro_",
    ),
    "variables": (
        "type Query { a(x: ID, y: ID): Int }",
        "query A($sceneID: ID, $scene_id: ID) { a(x: $sceneID, y: $scene_id) }",
        "$scene_id would be the same argument as $sceneID",
    ),
    "operations": (
        "type Query { a: Int }",
        "query sceneOne { a } query SceneOne { a }",
        'would take the place of the operation "sceneOne"',
    ),
    "operations but for the case": (
        "type Query { a: Int }",
        "query Scene { a } query SCENE { a }",
        'would take the place of the operation "Scene"',
    ),
    "fragments": (
        "type Query { a: T } type T { id: ID }",
        "query A { a { ...aB ...a_b } } fragment aB on T { id } fragment a_b on T { x: id }",
        'fragment "a_b" would create a class whose name is taken',
    ),
    "a fragment and a selection inside another": (
        "type Query { a: T b: S } type T { s: S } type S { id: ID }",
        "query A { a { ...T } b { ...TS } }"
        " fragment T on T { s { id } } fragment TS on S { x: id }",
        "two definitions would be called TS",
    ),
    "a fragment and the result of an operation": (
        "type Query { a: T } type T { id: ID }",
        "query A { a { ...AData } } fragment AData on T { id }",
        "two definitions would be called AData",
    ),
    "a selection and the result": (
        "type Query { a: T } type T { id: ID }",
        "query A { data: a { id } }",
        "two definitions would be called AData",
    ),
    "selections inside each other": (
        "type Query { a: T } type T { b: S bC: S id: ID } type S { c: T id: ID }",
        "query A { a { b { c { id } } bC { id } } }",
        "the selections of c and bC would both create a class AABC",
    ),
    "an enum and a selection": (
        "enum AB { X } type Query { b: T e: AB } type T { id: ID }",
        "query A { b { id } e }",
        "two definitions would be called AB",
    ),
}


@pytest.mark.parametrize("case", COLLIDING)
def test_two_things_of_one_name_are_refused(tmp_path: Path, case: str) -> None:
    sdl, operations, message = COLLIDING[case]

    assert message in refused(tmp_path, sdl, operations)


@pytest.mark.parametrize(
    "name",
    [
        *("__init__", "__getattribute__", "_execute", "_transport", "Client", "CLIENT", "client"),
        *("SchemaTypes", "BaseModel", "INPUT_TYPES", "x" * 201),
    ],
)
def test_an_operation_that_would_replace_something_is_refused(tmp_path: Path, name: str) -> None:
    message = refused(tmp_path, SDL, f"query {name} {{ thing {{ name }} }}")

    assert message.startswith("queries/own.graphql:1: ")
    assert "Fix: rename" in message


def test_an_operation_may_be_called_like_a_type_of_python(tmp_path: Path) -> None:
    code = """\
from typing import get_type_hints
from my_stash import Client, SyncClient
assert get_type_hints(SyncClient.list_)["return"] == list[int]
assert get_type_hints(Client.class_)["return"] is int
"""
    sdl = "type Query { a: [Int!]! b: Int! }"
    imported(tmp_path, sdl, "query list { a } query Class { b }", code)


def test_a_field_may_be_called_like_its_type(tmp_path: Path) -> None:
    sdl = """\
enum mood { GLAD }
input in { mood: mood in: in x: mood }
input box { box: box, in: in }
type Thing { mood: mood moods: [mood!] }
type Query { thing(in: in, box: box): Thing }
"""
    code = """\
import my_stash
from my_stash.thing import ThingData
sent = my_stash.box.model_validate({"box": {"in": {"mood": "GLAD", "x": "GLAD"}}})
assert sent.box_.in_.mood_ is my_stash.mood.GLAD
assert sent.model_dump(by_alias=True, exclude_unset=True, mode="json") == {
    "box": {"in": {"mood": "GLAD", "x": "GLAD"}}
}
got = ThingData.model_validate({"thing": {"mood": "GLAD", "moods": ["GLAD"]}})
assert got.thing.mood_ is got.thing.moods[0] is my_stash.mood.GLAD
"""
    sdl = sdl.replace("input in", "input inner").replace("in: in", "in: inner")
    operations = "query Thing($box: box) { thing(box: $box) { mood moods } }"
    imported(tmp_path, sdl, operations, code)


def test_unions_may_be_selected_inside_unions(tmp_path: Path) -> None:
    """The word by which their members are told apart is no name of a type."""
    sdl = """\
union Owner = Scene | Gallery
union File = Video | Image
type Scene { id: ID! files: [File!]! }
type Gallery { id: ID! }
type Video { path: String! }
type Image { path: String! }
type Query { owner: Owner }
"""
    operations = (
        "query Owner { owner { ... on Scene { ...Mine files { ... on Video { path } } } } }"
    )
    operations += " fragment Mine on Scene { id }"
    code = """\
from my_stash.owner import OwnerData
files = [{"__typename": "Video", "path": "a"}, {"__typename": "Image"}]
got = OwnerData.model_validate({"owner": {"__typename": "Scene", "id": "1", "files": files}})
assert got.owner.files[0].path == "a"
"""
    imported(tmp_path, sdl, operations, code)


def test_names_with_underscores_in_front_are_callable(tmp_path: Path) -> None:
    code = """\
import my_stash
class Transport:
    def execute(self, operation, result, variables):
        assert variables == {"__id": "5", "_full": True}
        return result.model_validate({"a": 3})
assert my_stash.SyncClient(Transport())._ping(_id="5", _full=True) == 3
"""
    sdl = "type Query { a(id: ID!, full: Boolean): Int }"
    operations = "query _ping($__id: ID!, $_full: Boolean) { a(id: $__id, full: $_full) }"
    imported(tmp_path, sdl, operations, code)


def test_a_fragment_that_would_be_both_a_class_and_none_is_refused(tmp_path: Path) -> None:
    """ariadne-codegen takes it for the class of one type, and writes its fields out for another."""
    sdl = "interface Named { name: String } type Thing implements Named { name: String id: ID }"
    sdl += " type Other implements Named { name: String } type Query { named: Named }"
    operations = "query A { named { ...Mine ... on Thing { id } } } fragment Mine on Named { name }"

    message = refused(tmp_path, sdl, operations)

    assert "needs the fragment Mine as a class" in message
    assert "Fix: write its fields there" in message


def test_inputs_that_differ_in_case_have_a_module_each(tmp_path: Path) -> None:
    names = ["Scene", "SCENE", "scene", "Scene_", "SceneIn", "Scene_In", "sceneIn"]
    inputs = " ".join(f"input {name} {{ {name.lower()}x: Int }}" for name in names)
    arguments = ", ".join(f"a{number}: {name}" for number, name in enumerate(names))
    code = f"""\
import my_stash
for name in {names!r}:
    assert list(getattr(my_stash, name).model_fields) == [name.lower() + "x"]
"""
    imported(tmp_path, f"{inputs} type Query {{ a({arguments}): Int }}", "query A { a }", code)

    files = [path.name.lower() for path in (tmp_path / "src/my_stash/input_types").glob("*.py")]
    assert len(set(files)) == len(files) == len(names) + 1


def test_a_class_is_not_hidden_by_a_module_of_its_name() -> None:
    """Importing a module puts it among the attributes of its package."""
    code = "import stash_typed_graphql.fragments.dlna_status\n"
    code += "from stash_typed_graphql.fragments import DLNAIP\nassert isinstance(DLNAIP, type)"
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'generated'}"}

    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=60)


def test_a_class_called_init_does_not_replace_the_package() -> None:
    text = 'class __init__:\n    a: int\n\n\nclass Other:\n    b: "__init__"\n'

    files = split_module(text, "some", "Some.", "# Made.")

    assert sorted(files) == ["some/__init__.py", "some/__init___.py", "some/other.py"]


def test_a_document_cannot_import_code(tmp_path: Path) -> None:
    """ariadne-codegen knows a directive for that; a schema may define it."""
    sdl = f"directive @mixin(from: String, import: String) repeatable on FIELD | QUERY\n{SDL}"
    operations = 'query Thing { thing @mixin(from: "os", import: "system") { name } }'

    assert "@mixin would import code" in refused(tmp_path, sdl, operations)


def test_texts_of_documents_keep_what_they_say(tmp_path: Path) -> None:
    """Blank lines in a text were taken for the end of a definition."""
    sdl = "type Query { a(x: String): Int }"
    said = 'one\n\nfragment Two on Three { id }\n\n"quoted" \\ \t\u202e'
    shown = said.replace("\n", "\n      ").replace("\t", "    ")
    document = f'"""\nOf A.\n\nMore.\n"""\nquery Text {{ a(x: """\n      {shown}\n      """) }}'
    code = f"""\
from graphql import parse
from my_stash.text import OPERATION
field = parse(OPERATION.document).definitions[0].selection_set.selections[0]
assert field.arguments[0].value.value == {said.replace(chr(9), "    ")!r}
assert "Of A" not in OPERATION.document
"""
    try:
        parse(document)
    except GraphQLError:  # older releases of graphql-core know no descriptions there
        document = document.partition('More.\n"""\n')[2]
    imported(tmp_path, sdl, document, code)


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("import os", "a foreign import, in line 1"),
        ("def f():\n    from subprocess import run", "a foreign import, in line 2"),
        ("x = __import__('os')", "a foreign call, in line 1"),
        ("class A:\n    x: int = open('x')", "a foreign call, in line 2"),
        ("for x in ():\n    pass", "a foreign statement, in line 1"),
        ("x.y", "a foreign statement, in line 1"),
        ("x = (", "would not be valid Python"),
        ("x = '\0'", "would not be valid Python"),
    ],
)
def test_code_that_nobody_of_us_writes_is_found_before_it_is_written(code: str, what: str) -> None:
    findings = audit({"a.py": code.encode()}, ())

    assert {finding.where for finding in findings} == {"a.py"}
    assert what in str(findings)


def test_the_shipped_package_holds_nothing_of_that_kind() -> None:
    folder = ROOT / "generated" / "stash_typed_graphql"
    files = {path.name: path.read_bytes() for path in folder.glob("*.py")}
    # They are looked over as they are before they are split.
    fragments = sorted((folder / "fragments").glob("[!_]*.py"))
    files["fragments.py"] = b"\n".join(path.read_bytes() for path in fragments)

    assert audit(files, SCALARS.values()) == []


@pytest.mark.parametrize("type_", ["os; x", "a..b", "a.b()", "typing.Any\nimport os", "", "class"])
def test_a_scalar_of_the_settings_is_a_type(tmp_path: Path, type_: str) -> None:
    project(tmp_path, "query Thing { thing { name } }", schema=SDL)
    settings_file = tmp_path / "pyproject.toml"
    table = f"\n[tool.stash-typed.scalars.Odd]\ntype = {json.dumps(type_)}\n"
    settings_file.write_text(settings_file.read_text("utf-8") + table, "utf-8")

    from stash_typed.codegen.project.project import read_project

    with pytest.raises(CodegenError, match="is not a type"):
        read_project(settings_file)
