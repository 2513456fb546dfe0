"""Selections: the text that a model's fields become."""

from __future__ import annotations

import enum
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NewType, Optional, TypeVar, Union

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    NoUnusedFragmentsRule,
    build_schema,
    parse,
    specified_rules,
    validate,
)
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    RootModel,
    computed_field,
    field_validator,
)
from pydantic.alias_generators import to_camel
from stash_typed_graphql import schema_types

from stash_typed.select.selection import selection_of

SCHEMA = build_schema((Path(__file__).resolve().parents[2] / "schema.graphql").read_text("utf-8"))


RULES = [rule for rule in specified_rules if rule is not NoUnusedFragmentsRule]


def text_of(model: type[BaseModel], type_name: str = "Scene") -> str:
    """The selection's text, which graphql-core finds right too."""
    text = selection_of(model, type_name).text
    document = parse(f"fragment Selected on {type_name} {{ {text} }}")
    assert [error.message for error in validate(SCHEMA, document, RULES)] == []
    return text


class Tag(BaseModel):
    id: int
    name: str


class Studio(BaseModel):
    id: str
    parent_studio: ParentStudio | None


class ParentStudio(BaseModel):
    name: str


class VideoRow(BaseModel):
    typename: Literal["VideoFile"] = Field(alias="__typename")
    duration: float


class ImageRow(BaseModel):
    typename: Literal["ImageFile"] = Field(alias="__typename")
    width: int


class OtherRow(BaseModel):
    typename: str = Field(alias="__typename")
    path: str


def test_a_field_stands_for_its_alias_its_name_or_its_name_in_camel_case() -> None:
    class Row(BaseModel):
        id: str
        rating: int | None = Field(alias="rating100")
        created: datetime = Field(validation_alias="created_at")
        heading: str | None = Field(alias="title", serialization_alias="Heading")

    assert text_of(Row) == "id rating100 created_at title"

    class Folder(BaseModel):
        exclude_video: bool

    class Settings(BaseModel):
        database_path: str
        stashes: list[Folder]

    assert text_of(Settings, "ConfigGeneralResult") == (
        "database_path: databasePath stashes { exclude_video: excludeVideo }"
    )


def test_an_answer_comes_under_the_name_that_the_model_reads() -> None:
    class Row(BaseModel):
        title: str | None = Field(alias="Heading")
        code: str | None = Field(alias="codeOfIt", validation_alias="Code")

    assert text_of(Row) == "Heading: title Code: code"
    assert Row.model_validate({"Heading": "a", "Code": None}).title == "a"

    class ByName(BaseModel):
        model_config = ConfigDict(populate_by_name=True)
        title: str | None = Field(alias="not a name")

    assert text_of(ByName) == "title"

    class OnlyByName(BaseModel):
        model_config = ConfigDict(validate_by_alias=False, validate_by_name=True)
        rating: int | None = Field(alias="rating100")

    assert text_of(OnlyByName) == "rating: rating100"


def test_an_alias_generator_counts_as_aliases() -> None:
    class Settings(BaseModel):
        model_config = ConfigDict(alias_generator=to_camel, defer_build=True)
        database_path: str
        cache_path: str

    assert text_of(Settings, "ConfigGeneralResult") == "databasePath cachePath"


def test_lists_models_and_optionals_nest() -> None:
    class Performer(BaseModel):
        name: str
        alias_list: list[str]

    class Group(BaseModel):
        name: str

    class InGroup(BaseModel):
        group: Group
        scene_index: int | None

    class Row(BaseModel):
        tags: list[Tag]
        performers: tuple[Performer, ...]
        studio: Optional[Studio]  # noqa: UP045  # people write it so
        urls: set[str]
        groups: list[InGroup]

    assert text_of(Row) == (
        "tags { id name } performers { name alias_list }"
        " studio { id parent_studio { name } } urls"
        " groups { group { name } scene_index }"
    )


T = TypeVar("T")
SceneId = NewType("SceneId", str)


def test_annotated_generic_inherited_and_named_types() -> None:
    class Page(BaseModel, Generic[T]):
        count: int
        scenes: list[T]

    class Base(BaseModel):
        id: SceneId

    class Row(Base):
        title: Annotated[str | None, Field(max_length=500)]
        tags: Annotated[list[Annotated[Tag, "a note"]], Field(min_length=0)]

    assert (
        text_of(Page[Row], "FindScenesResultType") == "count scenes { id title tags { id name } }"
    )


def test_what_is_not_the_servers_is_left_out() -> None:
    class Row(BaseModel):
        id: str
        note: str = Field(default="", exclude=True)
        hidden: str | None = Field(alias="title", exclude=True)
        _own: int = PrivateAttr(default=0)

        @computed_field  # type: ignore[prop-decorator]  # pydantic's own way to write it
        @property
        def link(self) -> str:
            return f"/scenes/{self.id}"

    # A field without a default is read, shown or not.
    assert text_of(Row) == "id title"


def test_a_union_over_typename_becomes_fragments() -> None:
    class Row(BaseModel):
        visual_files: list[
            Annotated[Union[VideoRow, ImageRow], Field(discriminator="typename")]  # noqa: UP007  # so too
        ]

    text = text_of(Row, "Image")
    assert text == (
        "visual_files { ... on VideoFile { __typename duration }"
        " ... on ImageFile { __typename width } }"
    )
    row = Row.model_validate(
        {
            "visual_files": [
                {"__typename": "ImageFile", "width": 5},
                {"__typename": "VideoFile", "duration": 1.5},
            ]
        }
    )
    assert [type(file) for file in row.visual_files] == [ImageRow, VideoRow]


def test_a_model_for_the_rest_takes_the_fields_of_the_interface() -> None:
    class Result(BaseModel):
        files: list[VideoRow | OtherRow]

    assert text_of(Result, "FindFilesResultType") == (
        "files { __typename path ... on VideoFile { __typename duration } }"
    )

    class Files(BaseModel):
        files: list[OtherRow]

    assert text_of(Files, "FindFilesResultType") == "files { __typename path }"


def test_one_model_for_several_types() -> None:
    class Either(BaseModel):
        kind: Literal["VideoFile", "ImageFile"] = Field(alias="__typename")
        height: int

    class Row(BaseModel):
        visual_files: list[Either]

    assert text_of(Row, "Image") == (
        "visual_files { ... on VideoFile { __typename height }"
        " ... on ImageFile { __typename height } }"
    )


def test_a_root_model_is_what_is_in_it() -> None:
    class Names(RootModel[list[Tag]]):
        pass

    class Row(BaseModel):
        tags: Names

    class File(RootModel[VideoRow | ImageRow]):
        pass

    assert text_of(Row) == "tags { id name }"
    assert text_of(File, "VisualFile").startswith("... on VideoFile {")


def test_json_scalars_take_anything() -> None:
    class Custom(BaseModel):
        size: int

    class Row(BaseModel):
        custom_fields: Custom | None

    class Loose(BaseModel):
        custom_fields: dict[str, Any] | None

    assert text_of(Row, "Performer") == text_of(Loose, "Performer") == "custom_fields"


def test_spans_and_coordinates_of_every_field() -> None:
    class Good(BaseModel):
        title: str | None = Field(alias="Heading")
        tags: list[Tag]
        studio: Studio | None

    selection = selection_of(Good, "Scene")
    assert [
        (selection.text[field.start : field.end], field.coordinate) for field in selection.fields
    ] == [
        ("Heading: title", "Scene.title"),
        ("tags { id name }", "Scene.tags"),
        ("id", "Tag.id"),
        ("name", "Tag.name"),
        ("studio { id parent_studio { name } }", "Scene.studio"),
        ("id", "Studio.id"),
        ("parent_studio { name }", "Studio.parent_studio"),
        ("name", "Studio.name"),
    ]


def test_a_selection_is_written_once_for_a_model_and_a_type() -> None:
    class Row(BaseModel):
        id: str

    assert selection_of(Row, "Scene") is selection_of(Row, "Scene")
    assert selection_of(Row, "Scene") is not selection_of(Row, "Tag")
    assert selection_of(Row, "Scene").model is Row


class Colour(enum.Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("annotation", "field", "type_name"),
    [
        (Any, "title", "Scene"),
        (object, "urls", "Scene"),
        (date | None, "date", "Scene"),
        (Colour | None, "title", "Scene"),
        (Literal["a", None], "title", "Scene"),
        (int | str, "id", "Scene"),
        (int, "id", "Scene"),
        (float, "size", "VideoFile"),
        (str, "created_at", "Scene"),
        (str | None, "gender", "Performer"),
    ],
)
def test_what_can_fit_is_left_to_pydantic(annotation: Any, field: str, type_name: str) -> None:
    row: Any = type("Row", (BaseModel,), {"__annotations__": {field: annotation}})

    assert text_of(row, type_name) == field


def test_a_validator_may_make_something_else_of_what_comes() -> None:
    def empty(value: object) -> object:
        return "" if value is None else value

    class Row(BaseModel):
        title: Annotated[str, BeforeValidator(empty)]
        date: str

        @field_validator("date", mode="before")
        @classmethod
        def _date(cls, value: object) -> object:
            return empty(value)

    assert text_of(Row) == "title date"


def test_a_deprecated_field_and_one_with_optional_arguments_are_fine() -> None:
    class Row(BaseModel):
        url: str | None

    class Count(BaseModel):
        scene_count: int

    assert text_of(Row) == "url"
    assert text_of(Count, "Tag") == "scene_count"


def test_what_is_known_of_the_schema_is_what_the_schema_says() -> None:
    known = {
        name: {field: str(value.type) for field, value in type_.fields.items()}
        for name, type_ in SCHEMA.type_map.items()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        and not name.startswith("__")
        and name not in ("Mutation", "Query", "Subscription")
    }

    assert known == schema_types.FIELDS
    assert {*schema_types.MEMBERS} == {"BaseFile", "ScrapedContent", "VisualFile"}
    assert schema_types.ARGUMENTS["Gallery.image"] == ("index",)
    assert schema_types.LEAVES["GenderEnum"] == "enum"
    assert schema_types.LEAVES["Time"] == "scalar"
