"""What stands in the way of generating is named with file:line and a fix, and nothing is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stash_typed.codegen.findings import CodegenError
from stash_typed.codegen.generate import generate
from stash_typed.codegen.settings import Settings

SCHEMA = """\
scalar Colour

enum Mood { GLAD SAD }

interface File { id: ID! size: Int! }
type Video implements File { id: ID! size: Int! seconds: Int! }
type Picture implements File { id: ID! size: Int! }
type Thing { id: ID! name: String tint: String file: File! }
input ThingInput { name: String }

type Query { thing(id: ID!): Thing things: [Thing!]! }
type Mutation { thingCreate(input: ThingInput!): Thing }
"""


def settings(folder: Path, operations: str, schema: str = SCHEMA) -> Settings:
    (folder / "queries").mkdir()
    (folder / "queries" / "things.graphql").write_text(operations, encoding="utf-8")
    (folder / "schema.graphql").write_text(schema, encoding="utf-8")
    return Settings(
        schema=folder / "schema.graphql",
        operations=(folder / "queries",),
        target=folder / "out",
        package="things",
        command="make generate",
        scalars={"Colour": "str"},
    )


@pytest.mark.parametrize(
    ("operations", "finding"),
    [
        pytest.param(
            "query Thing($id: ID!) {\n  thing(id: $id) { id colour }\n}",
            "queries/things.graphql:2: Cannot query field 'colour' on type 'Thing'."
            " Fix: remove the field, or regenerate from a server that has it.",
            id="unknown field",
        ),
        pytest.param(
            "query Things { things { id } }\n\nfragment Spare on Thing { name }",
            "queries/things.graphql:3: Fragment 'Spare' is never used."
            " Fix: delete the fragment, or spread it in an operation.",
            id="unused fragment",
        ),
        pytest.param(
            "query Things {\n  things {\n    name\n    ...Thing\n  }\n}\n"
            "fragment Thing on Thing { id name }",
            'queries/things.graphql:4: "name" is selected twice here, once through another'
            " selection. Fix: leave it in one of the two.",
            id="duplicate through a fragment",
        ),
        pytest.param(
            "query Things {\n  things { file {\n    id\n    ... on Video { id seconds }\n  } }\n}",
            'queries/things.graphql:4: "id" is selected twice here, once through another'
            " selection. Fix: leave it in one of the two.",
            id="duplicate through an interface",
        ),
        pytest.param(
            "{ things { id } }",
            "queries/things.graphql:1: the operation has no name."
            " Fix: name it after its root field.",
            id="no name",
        ),
        pytest.param(
            "query Things { things { ...Mood } }\nfragment Mood on Thing { id }",
            'queries/things.graphql:2: fragment "Mood" would create a class whose name is taken.'
            " Fix: rename the fragment.",
            id="taken name",
        ),
        pytest.param(
            "query Things {\n  things {\n    id\n",
            "queries/things.graphql:4: Syntax Error: Expected Name, found <EOF>."
            " Fix: correct the document.",
            id="syntax",
        ),
        pytest.param(
            "query Things { things { id } }\nquery Things { things { name } }",
            "queries/things.graphql:1: There can be only one operation named 'Things'."
            " Fix: rename one of the two.",
            id="same name twice",
        ),
    ],
)
def test_a_finding_names_its_place_and_a_fix(tmp_path: Path, operations: str, finding: str) -> None:
    with pytest.raises(CodegenError) as caught:
        generate(settings(tmp_path, operations))

    assert str(caught.value).splitlines() == [finding]
    assert list((tmp_path / "out").glob("*")) == []


def test_a_scalar_without_a_python_type_is_refused(tmp_path: Path) -> None:
    schema = SCHEMA + "\nscalar Weight\n"

    with pytest.raises(CodegenError) as caught:
        generate(settings(tmp_path, "query Things { things { id } }", schema))

    assert str(caught.value) == (
        'schema.graphql:14: no Python type is known for the scalar "Weight". Fix: add'
        ' [tool.ariadne-codegen.scalars.Weight] with type = "…".'
    )


JOBS = SCHEMA.replace("type Mutation {", "type Mutation { thingScan(input: ThingInput!): ID!")
MUTATIONS = (
    "mutation ThingScan($input: ThingInput!) { thingScan(input: $input) }\n"
    "mutation ThingCreate($input: ThingInput!) { thingCreate(input: $input) { id } }"
)
TABLE = "pyproject.toml: [tool.ariadne-codegen]"


@pytest.mark.parametrize(
    ("named", "finding"),
    [
        pytest.param(
            {"jobs": ("thingScam",)},
            f'{TABLE} jobs: no operation asks for "thingScam". Fix: name "thingScan".',
            id="unknown job",
        ),
        pytest.param(
            {"jobs": ("thingCreate",)},
            f'{TABLE} jobs: "thingCreate" is not a mutation that returns an id. Fix: remove the name.',
            id="no job",
        ),
        pytest.param(
            {"without_method": ("zebra",)},
            f'{TABLE} without_method: no operation asks for "zebra".'
            " Fix: write one, or remove the name.",
            id="unknown root field",
        ),
        pytest.param(
            {"tasks": {"scan": ("thing_scan", "Scan")}},
            f'{TABLE} tasks.scan: no operation asks for "thing_scan". Fix: name "thingScan".',
            id="unknown task",
        ),
        pytest.param(
            {"tasks": {"scan": ("thingScan", "Scan")}, "without_method": ("thingScan",)},
            f'{TABLE} tasks.scan: "thingScan" is in without_method too.'
            " Fix: leave it in one of the two.",
            id="task without a method",
        ),
    ],
)
def test_a_root_field_that_the_settings_misname_is_refused(
    tmp_path: Path, named: dict[str, Any], finding: str
) -> None:
    with pytest.raises(CodegenError) as caught:
        generate(replace(settings(tmp_path, MUTATIONS, JOBS), **named))

    assert str(caught.value) == finding


def test_selections_of_different_types_are_no_duplicates(tmp_path: Path) -> None:
    operations = (
        "query Things { things { file { __typename"
        " ... on Video { id seconds } ... on Picture { id } } } }"
    )

    generate(settings(tmp_path, operations))

    assert (tmp_path / "out" / "things" / "things.py").is_file()


def test_a_failure_leaves_the_package_that_was_there(tmp_path: Path) -> None:
    good = settings(tmp_path, "query Things { things { id } }")
    before = {path: path.read_bytes() for path in generate(good)}
    (tmp_path / "queries" / "things.graphql").write_text("query Things { nope }", encoding="utf-8")

    with pytest.raises(CodegenError, match="Cannot query field"):
        generate(good)

    assert {path: path.read_bytes() for path in before} == before
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"things", "PROVENANCE.toml"}


def test_a_folder_without_operations_is_named(tmp_path: Path) -> None:
    empty = settings(tmp_path, "# nothing here\n")
    (tmp_path / "queries" / "things.graphql").unlink()

    with pytest.raises(CodegenError, match=r"no \.graphql file here"):
        generate(empty)


@pytest.mark.parametrize(
    ("content", "message"),
    [("type Query {", "is not a schema"), (None, "cannot be read")],
)
def test_a_broken_schema_is_named(tmp_path: Path, content: str | None, message: str) -> None:
    broken = settings(tmp_path, "query Things { things { id } }")
    if content is None:
        broken.schema.unlink()
    else:
        broken.schema.write_text(content, encoding="utf-8")

    with pytest.raises(CodegenError, match=message) as caught:
        generate(broken)

    assert str(caught.value).startswith(str(broken.schema))
