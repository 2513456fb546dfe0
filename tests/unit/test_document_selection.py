"""`graphql(…, as_=Data)`: what a document leaves out is written from the model."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from stash_typed._runtime.operation import Operation
from stash_typed.errors import SelectionError
from stash_typed.select.document import completed

SCHEMA = build_schema((Path(__file__).resolve().parents[2] / "schema.graphql").read_text("utf-8"))


class Studio(BaseModel):
    name: str


class Row(BaseModel):
    id: str
    studio: Studio | None


class Page(BaseModel):
    count: int
    scenes: list[Row]


class Data(BaseModel):
    find_scene: Row | None = Field(alias="findScene")


class ByName(BaseModel):
    find_scene: Row | None


class Both(BaseModel):
    one: Row | None
    found: Page


def written(document: str, model: type[BaseModel]) -> str:
    """The document as it is sent, which is right by the schema."""
    text = completed(Operation.from_document(document), model).document
    assert [error.message for error in validate(SCHEMA, parse(text))] == []
    return " ".join(text.split())


ROW = "{ id studio { name } }"


@pytest.mark.parametrize(
    ("document", "model", "expected"),
    [
        ("{ findScene(id: 1) }", Data, f"{{ findScene(id: 1) {ROW} }}"),
        ("{ findScene(id: 1) }", ByName, f"{{ find_scene: findScene(id: 1) {ROW} }}"),
        (
            "query Two($id: ID!, $f: FindFilterType = {per_page: 5}) {"
            " one: findScene(id: $id) found: findScenes(filter: $f) }",
            Both,
            "query Two($id: ID!, $f: FindFilterType = {per_page: 5}) {"
            f" one: findScene(id: $id) {ROW} found: findScenes(filter: $f)"
            f" {{ count scenes {ROW} }} }}",
        ),
        (
            '{ findScene(checksum: "a) { b # c") @include(if: true) # }\n }',
            Data,
            f'{{ findScene(checksum: "a) {{ b # c") @include(if: true) {ROW} # }} }}',
        ),
        (
            "fragment F on Scene { id } { one: findScene(id: 1) { ...F } found: findScenes }",
            Both,
            "fragment F on Scene { id } { one: findScene(id: 1) { ...F }"
            f" found: findScenes {{ count scenes {ROW} }} }}",
        ),
        (
            "{ ... on Query { version { hash } } ...Q found: findScenes }"
            " fragment Q on Query { one: findScene(id: 1) { id } }",
            Both,
            "{ ... on Query { version { hash } } ...Q"
            f" found: findScenes {{ count scenes {ROW} }} }}"
            " fragment Q on Query { one: findScene(id: 1) { id } }",
        ),
    ],
)
def test_a_root_field_without_a_selection_gets_the_models(
    document: str, model: type[BaseModel], expected: str
) -> None:
    assert written(document, model) == expected


def test_a_document_that_says_it_all_stays_as_it_is() -> None:
    class Job(BaseModel):
        metadata_scan: str = Field(alias="metadataScan")

    whole = "query { findScene(id: 1) { id } }"
    scan = "mutation { metadataScan(input: {}) }"
    assert written(whole, Data) == whole
    assert written(scan, Job) == scan


def test_a_mutation_too() -> None:
    class Made(BaseModel):
        tag_create: Studio | None

    assert (
        written('mutation { tagCreate(input: {name: "a"}) }', Made)
        == 'mutation { tag_create: tagCreate(input: {name: "a"}) { name } }'
    )


def problems(document: str, model: type[BaseModel]) -> tuple[str, ...]:
    with pytest.raises(SelectionError) as caught:
        completed(Operation.from_document(document), model)
    return caught.value.problems


def test_what_does_not_fit_names_class_and_field() -> None:
    class Misspelt(BaseModel):
        titel: str | None

    class Wrong(BaseModel):
        one: Row
        two: Misspelt | None
        three: int

    assert problems(
        "{ one: findScene(id: 1) two: findScene(id: 2) three: findScene(id: 3)"
        " four: findScene(id: 4) }",
        Wrong,
    ) == (
        "Wrong.one: Query.findScene is Scene and can be null; write Row | None",
        "Misspelt.titel: Scene has no field 'titel'; the nearest is 'title'",
        "Wrong.three: Query.findScene is Scene, an object; give a model for it",
        "Wrong: it has no field for 'four', whose selection the document leaves to it",
    )


def test_an_unknown_root_field_is_the_servers_to_refuse() -> None:
    document = "{ noSuchThing(id: 1) }"
    assert completed(Operation.from_document(document), Data).document == document


@given(st.text(alphabet='{}()[]:$@!.,# \n"abfindScene1', max_size=40))
def test_no_document_is_too_broken_to_be_looked_at(document: str) -> None:
    with suppress(SelectionError):
        completed(Operation.from_document(document), Data)
