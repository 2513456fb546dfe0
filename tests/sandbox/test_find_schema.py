"""Every field of every filter input: looked at, or refused by name."""

from __future__ import annotations

import pytest
from graphql import GraphQLInputObjectType, build_schema

from stash_typed.sandbox.errors import AnswerError, RefusedError
from stash_typed.sandbox.schema import load_sdl
from stash_typed.sandbox.store import Store
from stash_typed.sandbox.store.find import FINDERS, Finder, find
from tests.sandbox.library import Library

_SCHEMA = build_schema(load_sdl())
_COMBINATIONS = {"AND", "OR", "NOT"}


def _fields(name: str) -> set[str]:
    found = _SCHEMA.type_map[name]
    assert isinstance(found, GraphQLInputObjectType)
    return set(found.fields)


@pytest.mark.parametrize("finder", FINDERS.values(), ids=FINDERS)
def test_each_field_of_a_filter_is_done_or_refused_by_name(finder: Finder, store: Store) -> None:
    fields = _fields(finder.input) - _COMBINATIONS
    assert fields
    for name in fields - set(finder.filters):
        with pytest.raises(RefusedError, match=rf"{finder.input}\.{name}\b"):
            find(store, finder, {name: {}})
    # Nothing is done that the schema does not have.
    assert set(finder.filters) <= fields


def test_every_filter_input_of_the_schema_has_a_finder() -> None:
    inputs = {name for name in _SCHEMA.type_map if name.endswith("FilterType")}
    # Paging, once asked and once kept; groups under their old name.
    others = {"FindFilterType", "SavedFindFilterType", "MovieFilterType"}
    assert inputs - others == {finder.input for finder in FINDERS.values()}


def test_a_field_that_a_newer_schema_may_have_is_refused_by_name(library: Library) -> None:
    with pytest.raises(RefusedError, match=r"TagFilterType\.colour; use a real server"):
        library.store.tags.find({"colour": {"value": "red", "modifier": "EQUALS"}})
    with pytest.raises(RefusedError, match=r"TagFilterType\.colour"):
        library.store.scenes.find({"tags_filter": {"OR": {"colour": True}}})


@pytest.mark.parametrize("finder", FINDERS.values(), ids=FINDERS)
def test_an_unknown_sort_is_refused_by_name(finder: Finder, store: Store) -> None:
    with pytest.raises(AnswerError, match="invalid sort: colour"):
        find(store, finder, {}, {"sort": "colour"})


@pytest.mark.parametrize("finder", FINDERS.values(), ids=FINDERS)
def test_every_sort_works_in_both_directions(finder: Finder, seeded: Library) -> None:
    everything = set(find(seeded.store, finder, {}, {"per_page": -1}).ids)
    for sort in finder.sorts:
        for direction in ("ASC", "DESC"):
            options = {"sort": sort, "direction": direction, "per_page": -1}
            ids = find(seeded.store, finder, {}, options).ids
            assert set(ids) == everything
            assert len(ids) == len(everything)
