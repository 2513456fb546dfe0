"""A stored object filter, field by field, as the filter input of its kind.

What becomes of a value is decided by the type of the field that it is for, so that a field of a
newer schema needs no line here while its shape is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast, get_origin

from .._runtime.base_model import InputModel
from .criteria import SavedCriterion, UnreadableCriterionError, checked, field_types, flag, word

__all__ = ["filter_from_saved"]

# Names that the page or an older one used where the schema has another, tried in this direction
# only when the filter does not have the name itself.
_OTHER_NAMES = {"favorite": "filter_favorites", "filter_favorites": "favorite"}
# The schema still has `movies`; the page gives it the value of its successor.
_SUCCESSORS = {"movies": "groups"}
_COMBINING = frozenset({"AND", "OR", "NOT"})
# Filters within filters; the page makes none, and Python gives up at some depth.
_DEEPEST = 30


def filter_from_saved(
    model: type[InputModel], saved: Mapping[str, object], *, depth: int = 0
) -> InputModel:
    """Make a filter input, with just the stored fields set, of criteria as the page or the API has them."""
    types = field_types(model)
    values: dict[str, object] = {}
    for field, content in saved.items():
        name = _SUCCESSORS.get(field, field)
        name = name if name in types else _OTHER_NAMES.get(name, name)
        if name not in types:
            raise UnreadableCriterionError(field, content, f"{model.__name__} has no such field")
        if name in values:
            raise UnreadableCriterionError(field, content, f"{name} is given twice")
        values[name] = _convert(types[name], field, content, depth)
        if isinstance(values[name], list):
            checked(model, field, content, {name: values[name]})
    return model.model_validate(values)


def _convert(target: Any, field: str, content: object, depth: int) -> object:
    if get_origin(target) is list:
        return _as_it_is(field, content)
    if target is bool:
        return flag(field, content)
    if target is str:
        return word(field, content)
    if isinstance(target, type) and issubclass(target, InputModel):
        if not isinstance(content, Mapping):
            raise UnreadableCriterionError(field, content, "a value with a modifier is expected")
        stored = cast("Mapping[str, object]", content)
        if field in _COMBINING or field.endswith("_filter"):
            return _nested(target, field, stored, depth + 1)
        return SavedCriterion(field, stored).to(target)
    raise UnreadableCriterionError(field, content, "the schema wants a value of another kind")


def _nested(
    model: type[InputModel], field: str, stored: Mapping[str, object], depth: int
) -> InputModel:
    """A filter within the filter, which the page never makes and scripts do."""
    if depth > _DEEPEST:
        raise UnreadableCriterionError(field, stored, f"it is nested more than {_DEEPEST} deep")
    try:
        return filter_from_saved(model, stored, depth=depth)
    except UnreadableCriterionError as error:
        raise UnreadableCriterionError(
            f"{field}.{error.field}", error.value, error.reason
        ) from error.__cause__


def _as_it_is(field: str, content: object) -> list[object]:
    """Custom fields, the one kind of criterion that the page keeps as the API takes it."""
    if not isinstance(content, list):
        raise UnreadableCriterionError(field, content, "a list is expected")
    return cast("list[object]", content)
