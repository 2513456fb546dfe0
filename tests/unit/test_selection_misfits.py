"""Selections: what is refused before anything is sent, and with which words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

import pytest
from pydantic import AliasChoices, AliasPath, BaseModel, Field, RootModel

from stash_typed.errors import ConfigurationError, SelectionError
from stash_typed.select.selection import selection_of


def problems_of(model: type[BaseModel], type_name: str = "Scene") -> list[str]:
    with pytest.raises(SelectionError) as caught:
        selection_of(model, type_name)
    return list(caught.value.problems)


class Tag(BaseModel):
    id: int
    name: str


class ParentStudio(BaseModel):
    name: str


class Studio(BaseModel):
    id: str
    parent_studio: ParentStudio | None


class VideoRow(BaseModel):
    typename: Literal["VideoFile"] = Field(alias="__typename")
    duration: float


class ImageRow(BaseModel):
    typename: Literal["ImageFile"] = Field(alias="__typename")
    width: int


class OtherRow(BaseModel):
    typename: str = Field(alias="__typename")
    path: str


@pytest.mark.parametrize(
    ("annotation", "field", "words"),
    [
        (str, "titel", "Scene has no field 'titel'; the nearest is 'title'"),
        (int, "playCountt", "Scene has no field 'playCountt'; the nearest is 'play_count'"),
        (str, "zzz", "Scene has no field 'zzz'"),
        (str, "title", "Scene.title is String and can be null; write str | None"),
        (Studio, "studio", "Scene.studio is Studio and can be null; write Studio | None"),
        (Tag, "tags", "Scene.tags is [Tag!]!, a list; write list[Tag]"),
        (str, "urls", "Scene.urls is [String!]!, a list; write list[str]"),
        (list[int], "urls", "an item of Scene.urls is String!, which does not always fit int"),
        (list[str], "id", "Scene.id is ID!, and not a list"),
        (Tag, "organized", "Scene.organized is Boolean!, a plain value without fields for Tag"),
        (str, "studio", "Scene.studio is Studio, an object; give a model for it"),
        (list[str], "tags", "an item of Scene.tags is Tag!, an object; give a model for it"),
        (dict[str, str], "paths", "Scene.paths is ScenePathsType!, an object; give a model for it"),
        (list[Tag | str], "tags", "a union of models and other things"),
        (Tag | ParentStudio | None, "studio", "Studio is always the same object; give one model"),
        (str | None, "rating100", "Scene.rating100 is Int, which does not always fit str"),
        (datetime | None, "date", "Scene.date is String, which does not always fit datetime"),
        (date, "created_at", "Scene.created_at is Time!, which does not always fit date"),
        (
            int | None,
            "play_duration",
            "Scene.play_duration is Float, which does not always fit int",
        ),
        (bool, "id", "Scene.id is ID!, which does not always fit bool"),
    ],
)
def test_a_misfit_names_class_field_and_what_the_schema_says(
    annotation: Any, field: str, words: str
) -> None:
    row: Any = type("Row", (BaseModel,), {"__annotations__": {field: annotation}})

    (problem,) = problems_of(row)
    assert problem.startswith(f"Row.{field}: ")
    assert words in problem


def test_all_problems_are_told_at_once() -> None:
    class Row(BaseModel):
        titel: str
        date: str

    with pytest.raises(ConfigurationError) as caught:
        selection_of(Row, "Scene")

    assert str(caught.value) == (
        "Row cannot be selected from Scene:\n"
        "  Row.titel: Scene has no field 'titel'; the nearest is 'title'\n"
        "  Row.date: Scene.date is String and can be null; write str | None"
    )


def test_aliases_that_name_no_single_text_are_refused() -> None:
    class Choices(BaseModel):
        title: str | None = Field(validation_alias=AliasChoices("title", "Title"))

    class Within(BaseModel):
        title: str | None = Field(validation_alias=AliasPath("titles", 0))

    class Spaced(BaseModel):
        title: str | None = Field(alias="the title")

    assert problems_of(Choices) == [
        "Choices.title: AliasChoices cannot be asked for; give an alias that is one text"
    ]
    assert "Within.title: AliasPath cannot be asked for" in problems_of(Within)[0]
    assert "'the title' is not a name that GraphQL can answer under" in problems_of(Spaced)[0]


def test_two_fields_cannot_be_answered_under_one_name() -> None:
    class Row(BaseModel):
        title: str | None = Field(alias="Same")
        code: str | None = Field(alias="Same")

    assert problems_of(Row) == [
        "Row.code: Scene.code and Scene.title cannot both be answered as 'Same'"
    ]


class Endless(BaseModel):
    id: str
    children: list[Endless]


def test_a_model_that_holds_itself_is_refused() -> None:
    assert problems_of(Endless, "Tag") == [
        "Endless.children: Endless holds itself (Endless -> Endless), and a selection must end;"
        " write a model for each level"
    ]


def test_fields_with_required_arguments_are_refused_by_name() -> None:
    class Row(BaseModel):
        fingerprint: str | None

    assert problems_of(Row, "VideoFile") == [
        "Row.fingerprint: VideoFile.fingerprint needs 'type', which a selection has no place for"
    ]


def test_unions_must_say_which_types_they_are_for_and_cover_all() -> None:
    class Partly(BaseModel):
        visual_files: list[VideoRow]

    class Strange(BaseModel):
        typename: Literal["VideoFiles"] = Field(alias="__typename")
        id: str

    class Wrong(BaseModel):
        visual_files: list[VideoRow | ImageRow | Strange]

    class AnotherRow(BaseModel):
        id: str

    class Twice(BaseModel):
        files: list[OtherRow | AnotherRow]

    assert problems_of(Partly, "Image") == [
        "Partly.visual_files: VisualFile may also be ImageFile; add a model for that, or one"
        " without a Literal for __typename"
    ]
    assert problems_of(Wrong, "Image") == [
        "Strange: VisualFile is never 'VideoFiles', but may be VideoFile"
    ]
    assert (
        "OtherRow and AnotherRow do not say which types they are for"
        in (problems_of(Twice, "FindFilesResultType")[0])
    )


def test_a_union_type_offers_no_fields_of_its_own() -> None:
    class Plain(BaseModel):
        id: str

    class Row(BaseModel):
        visual_files: list[Plain]

    assert "VisualFile is a union: ask for its types" in problems_of(Row, "Image")[0]


def test_types_of_a_union_must_answer_alike_under_one_name() -> None:
    class Performer(BaseModel):
        typename: Literal["ScrapedPerformer"] = Field(alias="__typename")
        name: str | None

    class StudioFound(BaseModel):
        typename: Literal["ScrapedStudio"] = Field(alias="__typename")
        name: str

    class Rest(BaseModel):
        typename: str = Field(alias="__typename")

    class Content(RootModel[Performer | StudioFound | Rest]):
        pass

    (problem,) = problems_of(Content, "ScrapedContent")
    assert "ScrapedStudio.name (String!) and ScrapedPerformer.name (String)" in problem


def test_a_literal_typename_of_another_object_is_refused() -> None:
    class Row(BaseModel):
        typename: Literal["Tag"] = Field(alias="__typename")

    assert problems_of(Row) == ["Row.typename: it is 'Scene' here, which is none of 'Tag'"]


def test_a_type_that_the_schema_lacks_is_refused() -> None:
    assert problems_of(Tag, "Sceen") == [
        "the schema has no type 'Sceen' with fields; the nearest is 'Scene'"
    ]
    assert "objects, interfaces and unions" in problems_of(Tag, "GenderEnum!")[0]


def test_a_model_without_fields_and_an_undefined_name_are_refused() -> None:
    class Nothing(BaseModel):
        note: str = Field(default="", exclude=True)

    undefined: Any = type("Row", (BaseModel,), {"__annotations__": {"tags": "list[Missing]"}})

    assert problems_of(Nothing) == ["Nothing: it has no fields to ask for"]
    assert problems_of(undefined) == ["Row: 'Missing' in an annotation is not defined"]
