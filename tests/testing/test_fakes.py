"""`fake`: neutral instances that a server could have answered."""

from __future__ import annotations

from datetime import datetime, timezone
from importlib import import_module
from pkgutil import iter_modules

import pytest
import stash_typed_graphql
from pydantic import BaseModel, ValidationError

from stash_typed.enums import GenderEnum
from stash_typed.inputs import SceneUpdateInput
from stash_typed.models import FindScenesResult, Performer, Scene, VideoFile
from stash_typed.testing import StubError, fake
from stash_typed.testing.mock.rendering import render
from stash_typed.testing.mock.schema import load_schema
from stash_typed.testing.mock.targets import find_target

METHODS = [
    module.name
    for module in iter_modules(stash_typed_graphql.__path__)
    if hasattr(import_module(f"stash_typed_graphql.{module.name}"), "OPERATION")
    and "subscribe" not in module.name
]


def test_what_is_given_and_what_is_neutral() -> None:
    scene = fake(Scene, title="A", rating100=90, files=[fake(VideoFile, size=2**40)])

    assert (scene.id, scene.title, scene.rating100, scene.organized) == ("1", "A", 90, False)
    assert scene.created_at == datetime(2026, 1, 1, tzinfo=timezone.utc)
    assert (scene.files[0].size, scene.files[0].path) == (2**40, "")
    assert scene.studio is None
    assert scene.tags == []


def test_the_same_every_time() -> None:
    assert fake(Scene) == fake(Scene)
    assert fake(FindScenesResult) == FindScenesResult(count=0, scenes=[])


def test_what_the_schema_promises_is_there_although_the_type_allows_none() -> None:
    # None of them says that an older server does not know the field.
    assert fake(Scene).groups == []
    assert fake(Performer).custom_fields == {}


def test_values_are_validated() -> None:
    assert fake(Performer, gender="FEMALE").gender is GenderEnum.FEMALE
    with pytest.raises(ValidationError):
        fake(Scene, rating100="many")


def test_misspelt_fields() -> None:
    with pytest.raises(StubError, match=r"Scene has no field 'titel'. Did you mean title\?"):
        fake(Scene, titel="A")
    with pytest.raises(StubError, match=r"Row has no field 'xyzzy'. It has name\."):
        fake(Row, xyzzy=1)


class Row(BaseModel):
    name: str


class Odd(BaseModel):
    what: type[int]


def test_models_of_your_own() -> None:
    assert fake(Row) == Row(name="")
    with pytest.raises(StubError, match=r"Odd.what is a .*, which has no neutral value"):
        fake(Odd)


def test_inputs_hold_what_was_given() -> None:
    assert fake(SceneUpdateInput, title="A").model_dump(exclude_unset=True) == {
        "id": "1",
        "title": "A",
    }


@pytest.mark.parametrize("method", METHODS)
def test_every_operation_can_be_answered_with_fakes(method: str) -> None:
    schema = load_schema()
    module = import_module(f"stash_typed_graphql.{method}")

    target = find_target(method, schema)

    assert target.name == module.OPERATION.name
    assert target.document is not None
    assert target.result is not None
    rendered = render(fake(target.result), target.document, schema)
    assert rendered.faults == []
    target.result.model_validate(rendered.data)
