"""Saved filters: found by name, and turned into the filter input of their kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from .._runtime.base_model import InputModel
from .._runtime.errors import InvalidVariableError, NotFoundError, StashError
from .._runtime.filter_input import FilterInput
from .._runtime.steps import Ask, Procedure
from ..library.given import given_name
from .criteria import UnreadableCriterionError
from .fields import filter_from_saved

if TYPE_CHECKING:
    from stash_typed_graphql.find_saved_filters import FindSavedFiltersData

    from ..enums import SortDirectionEnum
    from ..library.kinds import Kind
    from ..models import SavedFilter

__all__ = ["SavedPreset", "load_saved"]

_NAMES_SHOWN = 10
_VALUE_SHOWN = 300


@dataclass(frozen=True)
class SavedPreset:
    """A saved filter, ready to be asked; a shuffled order is `random`, or `random_` and a seed."""

    name: str
    q: str | None = None
    sort: str | None = None
    direction: SortDirectionEnum | None = None
    where: InputModel | None = None

    def narrowed_by(self, where: object) -> InputModel | None:
        """Combine it with a filter of the caller's to what matches both; None when that is everything."""
        own = self.where
        if own is None or where is None:
            return cast("InputModel | None", where if own is None else own)
        if type(where) is not type(own):
            raise TypeError(
                f"{self.name!r} is a {type(own).__name__} and cannot be narrowed down by"
                f" a {type(where).__name__}"
            )
        try:
            if isinstance(own, FilterInput) and isinstance(where, FilterInput):
                return own & where
            return _side_by_side(own, where)
        except InvalidVariableError as error:
            raise StashError(
                f"The saved filter {self.name!r} cannot be narrowed down by this filter:"
                f" {error.message}",
                hint="Ask for the saved filter alone, and look at the rest in Python.",
            ) from error


def load_saved(kind: Kind, name: str) -> Procedure[SavedPreset]:
    """Find a saved filter by its name and make a filter input of it (`findSavedFilters`).

    Upper and lower case count only where two saved filters differ in nothing else.

    Raises:
        NotFoundError: there is none of that name; names the nearest.
        StashError: one of its criteria cannot be said in a filter input; names filter, field and
            value.
    """
    from stash_typed_graphql.find_saved_filters import OPERATION, FindSavedFiltersData

    wanted = given_name(name, "saved")
    data: FindSavedFiltersData = yield Ask(
        OPERATION, FindSavedFiltersData, {"mode": kind.filter_mode}
    )
    return _preset(kind, _called(kind, wanted, data.find_saved_filters))


def _called(kind: Kind, name: str, saved: Sequence[SavedFilter]) -> SavedFilter:
    for same in (
        [entry for entry in saved if entry.name == name],
        [entry for entry in saved if entry.name.casefold() == name.casefold()],
    ):
        if len(same) == 1:
            return same[0]
    names = [entry.name for entry in saved]
    raise NotFoundError(
        f"No saved filter of {kind.words} is called {name!r}",
        operation="FindSavedFilters",
        hint=_suggestion(name, names),
    )


def _suggestion(wanted: str, names: Sequence[str]) -> str:
    from difflib import get_close_matches

    if not names:
        return "There are none of this kind."
    spelt = {name.casefold(): name for name in reversed(names)}
    near = get_close_matches(wanted.casefold(), spelt, n=_NAMES_SHOWN)
    shown = [spelt[name] for name in near] or sorted(names)[:_NAMES_SHOWN]
    more = "" if near or len(names) <= _NAMES_SHOWN else f" and {len(names) - _NAMES_SHOWN} more"
    return f"There {'is' if len(shown) == 1 else 'are'} {', '.join(map(repr, shown))}{more}."


def _preset(kind: Kind, saved: SavedFilter) -> SavedPreset:
    from .. import inputs

    where: InputModel | None = None
    if saved.object_filter:
        model = cast("type[InputModel]", getattr(inputs, kind.filter_type))
        try:
            where = filter_from_saved(model, saved.object_filter)
        except UnreadableCriterionError as error:
            raise StashError(
                f"The saved filter {saved.name!r} of {kind.words} cannot be used:"
                f" {error.field} holds {repr(error.value)[:_VALUE_SHOWN]}: {error.reason}",
                operation="FindSavedFilters",
                hint=f"Write this filter as a {kind.filter_type} instead.",
            ) from error
    find = saved.find_filter
    return SavedPreset(
        name=saved.name,
        q=(find and find.q) or None,
        sort=(find and find.sort) or None,
        direction=find.direction if find else None,
        where=where,
    )


def _side_by_side(first: InputModel, second: InputModel) -> InputModel:
    """Join two filters of a kind that has no AND: a field can be used by one of them alone."""
    added = {name: getattr(second, name) for name in second.model_fields_set}
    for name in added.keys() & first.model_fields_set:
        if getattr(first, name) not in (None, added[name]):
            raise InvalidVariableError(f"both have {name}, and {type(first).__name__} has no AND")
    return first.model_copy(update=added)
