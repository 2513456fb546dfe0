"""`selection(Row, on="Scene")`: what a model asks for, in a document of the caller's own."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from graphql import build_schema, parse, validate
from pydantic import BaseModel, Field

from stash_typed import selection
from stash_typed.errors import SelectionError

SCHEMA = build_schema((Path(__file__).resolve().parents[2] / "schema.graphql").read_text("utf-8"))


class Studio(BaseModel):
    name: str


class Row(BaseModel):
    id: str
    heading: str | None = Field(alias="title")
    made_by: Studio | None = Field(alias="studio")


class Tagged(BaseModel):
    typename: Literal["Tag"]
    name: str


class Video(BaseModel):
    typename: Literal["VideoFile"] = Field(alias="__typename")
    duration: float


class Image(BaseModel):
    typename: Literal["ImageFile"] = Field(alias="__typename")
    width: int


class Picture(BaseModel):
    visual_files: list[Video | Image]


def test_it_has_braces_and_stands_on_one_line() -> None:
    assert selection(Row, on="Scene") == "{ id title studio { name } }"
    assert selection(Picture, on="Image") == (
        "{ visual_files { ... on VideoFile { __typename duration }"
        " ... on ImageFile { __typename width } } }"
    )


def test_the_type_of_a_model_that_names_it_is_known() -> None:
    assert selection(Tagged) == selection(Tagged, on="Tag") == "{ typename: __typename name }"


@pytest.mark.parametrize(
    "document",
    [
        f"query One($id: ID!) {{ findScene(id: $id) {selection(Row, on='Scene')} }}",
        f"{{ found: findScenes {{ count scenes {selection(Row, on='Scene')} }} }}",
        f'mutation {{ tagCreate(input: {{name: "a"}}) {selection(Tagged)} }}',
        f"{{ findImage(id: 1) {selection(Picture, on='Image')} }}",
    ],
)
def test_it_makes_a_document_that_is_right_by_the_schema(document: str) -> None:
    assert [error.message for error in validate(SCHEMA, parse(document))] == []


class Either(BaseModel):
    typename: Literal["VideoFile", "ImageFile"] = Field(alias="__typename")
    path: str


class Injected(BaseModel):
    title: str | None = Field(alias="title } } query Other { version")


@pytest.mark.parametrize(
    ("model", "on", "problem"),
    [
        (Row, None, "it has no __typename; name it, such as selection(Row, on='Scene')"),
        (Either, None, "its __typename is one of VideoFile, ImageFile; name it"),
        (Row, "Scenes", "the schema has no type 'Scenes' with fields; the nearest is 'Scene'"),
        (Row, "Scene } x {", "the schema has no type 'Scene } x {' with fields"),
        (Row, "SceneFilterType", "the schema has no type 'SceneFilterType' with fields"),
        (Row, "Tag", "Row.heading: Tag has no field 'title'"),
        (Injected, "Scene", "is not a name that GraphQL can answer under"),
    ],
)
def test_what_cannot_be_is_told(model: type[BaseModel], on: str | None, problem: str) -> None:
    with pytest.raises(SelectionError) as caught:
        selection(model, on=on)
    assert problem in str(caught.value)
