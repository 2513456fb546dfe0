"""Fields of a schema that is newer than what was measured: only where everything else is added with AND."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from stash_typed import inputs
from stash_typed._runtime.filter_input import FilterInput
from stash_typed._runtime.filters.facts import Kind, kind_of
from stash_typed.criteria import equals, gt, includes
from stash_typed.errors import InvalidVariableError
from stash_typed.inputs import IntCriterionInput, StringCriterionInput
from stash_typed.library.kinds import SCENES
from stash_typed.library.reading import after_id


class SceneFilterType(FilterInput):
    """A part of what `stash-typed codegen` makes of a schema whose filter of scenes has a field more."""

    id: IntCriterionInput | None = None
    title: StringCriterionInput | None = None
    organized: bool | None = None
    mood: StringCriterionInput | None = None
    AND: SceneFilterType | None = None
    OR: SceneFilterType | None = None
    NOT: SceneFilterType | None = None


S = SceneFilterType
CALM = {"modifier": "EQUALS", "value": "calm"}
TITLE = {"modifier": "INCLUDES", "value": "a"}


def mood(text: str = "calm", **others: Any) -> S:
    return S.model_validate({"mood": equals(text), **others})


def wire(filter_: FilterInput) -> dict[str, Any]:
    dumped: dict[str, Any] = filter_.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return dumped


@pytest.mark.parametrize(
    ("join", "expected"),
    [
        (lambda: mood() & S(title=includes("a")), {"mood": CALM, "AND": {"title": TITLE}}),
        (lambda: S(title=includes("a")) & mood(), {"mood": CALM, "AND": {"title": TITLE}}),
        (
            lambda: mood() & ~S(title=includes("a")),
            {"mood": CALM, "NOT": {"title": TITLE}},
        ),
        (
            lambda: mood() & (S(title=includes("a")) | S(organized=True)),
            {"mood": CALM, "AND": {"title": TITLE, "OR": {"organized": True}}},
        ),
        (lambda: mood() & S(), {"mood": CALM}),
        (
            lambda: S(title=includes("a")) & S(AND=mood()),
            {"mood": CALM, "AND": {"title": TITLE}},
        ),
    ],
)
def test_on_the_first_level_it_may_stand(
    join: Callable[[], FilterInput], expected: dict[str, Any]
) -> None:
    assert wire(join()) == expected


@pytest.mark.parametrize(
    "join",
    [
        lambda: ~mood(),
        lambda: ~mood(organized=True),
        lambda: mood() | S(title=includes("a")),
        lambda: S(title=includes("a")) | mood(),
        lambda: ~(mood() & S(title=includes("a"))),
        lambda: (mood() & S(title=includes("a"))) | S(organized=True),
        lambda: S(organized=True) & (S(title=includes("a")) | S(title=includes("b"), NOT=mood())),
        lambda: S(organized=True) & S(title=includes("a"), OR=mood()),
        lambda: S(organized=True) & S(NOT=mood()),
        lambda: mood() & mood("wild"),
    ],
)
def test_elsewhere_it_is_refused(join: Callable[[], FilterInput]) -> None:
    reason = "`mood` is newer than this client, which knows only that it may be added with AND"
    with pytest.raises(InvalidVariableError, match=re.escape(reason)) as caught:
        join()
    assert "Ask with several filters" in str(caught.value)


def test_it_may_be_read_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "SceneFilterType", S)

    beyond = after_id(SCENES, mood(), "7")

    assert isinstance(beyond, FilterInput)
    after = {"id": {"modifier": "GREATER_THAN", "value": 7}}
    assert wire(beyond) == {"mood": CALM, "AND": after}


def test_the_shipped_filters_have_no_field_of_which_nothing_is_known() -> None:
    filters = [
        model
        for name in dir(inputs)
        if isinstance(model := getattr(inputs, name), type) and issubclass(model, FilterInput)
    ]
    assert len(filters) == 10
    for model in filters:
        fields = set(model.model_fields) - {"AND", "OR", "NOT"}
        unknown = {f for f in fields if kind_of(model.__name__, f, gt(1)) is Kind.UNKNOWN}
        assert unknown == set(), (
            f"measure what the server makes of them, and add them to facts.py: {model}"
        )
