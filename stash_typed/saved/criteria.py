"""From what the server's web page keeps of a criterion to what the API takes.

The page stores its own widgets' values: labels where the API wants enums, named items where it
wants ids, "true" where it wants true.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, NoReturn, cast, get_args, get_origin

from pydantic import ValidationError

from .._runtime.base_model import InputModel
from .._runtime.foreign_text import one_line
from .labels import language_code, member_of

__all__ = [
    "SavedCriterion",
    "UnreadableCriterionError",
    "checked",
    "field_types",
    "flag",
    "word",
]

_VALUELESS = frozenset({"IS_NULL", "NOT_NULL"})
_RANGES = frozenset({"BETWEEN", "NOT_BETWEEN"})

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d.*)")


class UnreadableCriterionError(ValueError):
    """A stored criterion that cannot be said in the filter input, with field, value and reason."""

    def __init__(self, field: str, value: object, reason: str) -> None:
        self.field: str = one_line(field, 200)
        self.value: object = value
        self.reason: str = one_line(reason)
        super().__init__(f"{self.field}: {self.reason}")


def field_types(model: type[InputModel]) -> dict[str, Any]:
    """Return the types of a model's fields, without None, by the names of the schema."""
    model.model_rebuild()
    return {
        field.serialization_alias or name: _without_none(field.annotation)
        for name, field in model.model_fields.items()
    }


def _without_none(annotation: Any) -> Any:
    types = [type_ for type_ in get_args(annotation) if type_ is not type(None)]
    return types[0] if len(types) == 1 and get_origin(annotation) is not list else annotation


def checked(model: type[InputModel], field: str, content: object, values: object) -> InputModel:
    """Make an input of values, or say of the field that is stored so that they do not fit."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        reasons = (
            " ".join((".".join(map(str, entry["loc"])), entry["msg"])).strip()
            for entry in error.errors(include_url=False, include_input=False)
        )
        raise UnreadableCriterionError(field, content, "; ".join(reasons)) from error


def _inner(content: object) -> object:
    return cast("Mapping[str, object]", content).get("value") if _is_map(content) else content


def _as_list(content: object) -> list[object]:
    if isinstance(content, list):
        return cast("list[object]", content)
    return [content] if content else []


def _is_map(content: object) -> bool:
    return isinstance(content, Mapping)


def flag(field: str, content: object) -> bool:
    """Read a stored yes or no."""
    value = _inner(content)
    if value is True or value == "true":
        return True
    if value is False or value == "false":
        return False
    raise UnreadableCriterionError(field, content, "true or false is expected")


def word(field: str, content: object) -> str:
    """Read a stored text that the API wants bare; that of `has_markers` says true or false."""
    value = _inner(content)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value:
        return value
    raise UnreadableCriterionError(field, content, "a text is expected")


class SavedCriterion:
    """One stored criterion, `{value, modifier}` and what else it may have."""

    def __init__(self, field: str, stored: Mapping[str, object]) -> None:
        self._field = field
        self._stored = stored
        self._value = stored.get("value")
        modifier = stored.get("modifier")
        self._modifier = modifier if isinstance(modifier, str) else None

    def to(self, model: type[InputModel]) -> InputModel:
        """Convert it to a criterion input, whose fields tell what kind of criterion it is."""
        types = field_types(model)
        if "modifier" in types and self._modifier is None:
            self._refuse("it has no modifier")
        if "duplicated" in types:
            values = self._duplicated()
        elif "endpoint" in types:
            values = self._stash_id()
        elif "excludes" in types:
            values = self._relation(hierarchical="depth" in types)
        elif "value2" in types:
            values = self._range(types["value"])
        elif "distance" in types:
            values = self._distance()
        elif "value" in types:
            values = self._plain(types)
        else:
            self._refuse(f"{model.__name__} is a kind of criterion that is not known here")
        if "modifier" in types:
            values["modifier"] = values.get("modifier", self._modifier)
        return checked(model, self._field, self._stored, values)

    def _refuse(self, reason: str) -> NoReturn:
        raise UnreadableCriterionError(self._field, dict(self._stored), reason)

    @property
    def _valueless(self) -> bool:
        return self._modifier in _VALUELESS

    def _parts(self) -> Mapping[str, object]:
        """The object with the parts of a value; the criterion itself if the value has none."""
        return cast("Mapping[str, object]", self._value) if _is_map(self._value) else self._stored

    def _duplicated(self) -> dict[str, object]:
        parts = self._parts()
        values: dict[str, object] = {
            "duplicated": flag(self._field, parts.get("duplicated", self._value))
        }
        if parts.get("distance") is not None:
            values["distance"] = parts["distance"]
        return values

    def _stash_id(self) -> dict[str, object]:
        parts = self._parts()
        stash_id = parts.get("stashID", parts.get("stash_id"))
        if isinstance(self._value, str):
            stash_id = self._value
        if stash_id is None and not self._valueless:
            self._refuse("it has no stash id")
        # An empty endpoint stands for any of them.
        given = {"endpoint": parts.get("endpoint") or None, "stash_id": stash_id}
        return {name: value for name, value in given.items() if value is not None}

    def _relation(self, hierarchical: bool) -> dict[str, object]:
        values: dict[str, object] = {}
        if _is_map(self._value):
            parts = self._parts()
            items, excluded = self._ids(parts.get("items")), self._ids(parts.get("excluded"))
            if self._modifier == "EXCLUDES":
                values["modifier"] = "INCLUDES"
                items, excluded = [], [*excluded, *items]
            elif self._modifier not in {"INCLUDES", "INCLUDES_ALL"}:
                excluded = []
        else:
            parts = self._stored
            items, excluded = self._ids(self._value), self._ids(parts.get("excludes"))
        if not (items or excluded or self._valueless):
            # The server would take it for no criterion at all and find everything.
            self._refuse("nothing is chosen in it")
        values["value"] = items
        if excluded:
            values["excludes"] = excluded
        if hierarchical:
            values["depth"] = 0 if self._modifier == "EQUALS" else parts.get("depth") or 0
        return values

    def _ids(self, items: object) -> list[str]:
        if items is None:
            return []
        if isinstance(items, str) or not isinstance(items, Sequence):
            self._refuse("a list of things with ids is expected")
        return [self._id(item) for item in cast("Sequence[object]", items)]

    def _id(self, item: object) -> str:
        id_ = cast("Mapping[str, object]", item).get("id") if _is_map(item) else item
        if isinstance(id_, bool) or not isinstance(id_, (str, int)):
            self._refuse("one of the things has no id")
        return str(id_)

    def _range(self, type_: Any) -> dict[str, object]:
        if self._valueless:
            return {"value": "" if type_ is str else 0}
        parts = self._parts()
        first, second = parts.get("value"), parts.get("value2")
        if self._field == "rating100" and not _is_map(self._value):
            self._tell_stars_apart(first)
        values = {"value": self._one(first, type_)}
        if self._modifier in _RANGES:
            values["value2"] = self._one(second, type_)
        return values

    def _tell_stars_apart(self, value: object) -> None:
        """Bare numbers are from when ratings were stored in stars, or were written by a script."""
        if isinstance(value, (int, float)) and 0 < value <= 10:
            self._refuse("it may mean stars or hundredths; save the filter again on the page")

    def _one(self, value: object, type_: Any) -> object:
        if value is None or value == "" or isinstance(value, bool):
            self._refuse("a value is missing")
        if type_ is str and isinstance(value, str):
            return _MOMENT.sub(r"\1T\2", value.strip())
        return value

    def _distance(self) -> dict[str, object]:
        parts = self._parts()
        values = {"value": self._text(parts.get("value")), "distance": parts.get("distance")}
        return {name: value for name, value in values.items() if value is not None}

    def _plain(self, types: Mapping[str, Any]) -> dict[str, object]:
        # Where there is a list beside the single value, the single one is a thing of the past.
        name = "value_list" if "value_list" in types else "value"
        target = types[name]
        if get_origin(target) is list:
            labels = _as_list(self._value)
            if not labels and not self._valueless:
                self._refuse("nothing is chosen in it")
            return {name: [self._member(get_args(target)[0], label) for label in labels]}
        if isinstance(target, type) and issubclass(target, Enum):
            return {name: self._member(target, self._value)}
        if self._field == "captions":
            return {name: self._language()}
        return {name: self._text(self._value)}

    def _text(self, value: object) -> str:
        if value is None and self._valueless:
            return ""
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            self._refuse("a text is expected")
        return str(value)

    def _language(self) -> str:
        text = self._text(self._value)
        if not text and self._valueless:
            return text
        return language_code(text) or self._refuse("it names a language that is not known here")

    def _member(self, choices: type[Enum], label: object) -> Enum:
        known = ", ".join(str(member.value) for member in choices)
        shown = one_line(repr(label), 80)
        return member_of(choices, label) or self._refuse(f"{shown} is not one of {known}")
