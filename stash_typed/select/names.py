"""The mapping of a model's fields to schema fields, and the names they are read under."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._runtime.nearest import nearest

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

__all__ = ["TYPENAME", "AskedField", "Unnamed", "asked_field", "is_typename"]

TYPENAME = "__typename"

_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")


class Unnamed(Exception):
    """A field of the model has no counterpart in the schema, or cannot read it."""


@dataclass(frozen=True)
class AskedField:
    """A schema field that a model selects, and its key in the response."""

    name: str
    key: str

    @property
    def text(self) -> str:
        return self.name if self.name == self.key else f"{self.key}: {self.name}"


def asked_field(
    model: type[BaseModel], name: str, field: FieldInfo, type_name: str, fields: Mapping[str, str]
) -> AskedField:
    """Find the schema field for a model's field: its alias, else its name, else its name in camelCase.

    Raises:
        Unnamed: there is none, or the model would not find the answer; says what to do.
    """
    alias = field.validation_alias if field.validation_alias is not None else field.alias
    if alias is not None and not isinstance(alias, str):
        raise Unnamed(f"{type(alias).__name__} cannot be asked for; give an alias that is one text")
    wanted = [alias, name, _camel_case(name)]
    found = next((word for word in wanted if word in fields), None)
    if found is None and is_typename(name, field):
        found = TYPENAME
    if found is None:
        raise Unnamed(_unknown(alias or name, type_name, fields))
    keys = _keys(model, name, alias)
    if found in keys:
        return AskedField(found, found)
    key = next((key for key in keys if _NAME.fullmatch(key)), None)
    if key is None:
        raise Unnamed(f"the alias {alias!r} is not a name that GraphQL can answer under")
    return AskedField(found, key)


def is_typename(name: str, field: FieldInfo) -> bool:
    """Return whether a field reads `__typename`: by that alias, or by the name `typename`."""
    alias = field.validation_alias if field.validation_alias is not None else field.alias
    return alias == TYPENAME or name.strip("_") == "typename"


def _keys(model: type[BaseModel], name: str, alias: str | None) -> list[str]:
    config = model.model_config
    by_name = config.get("validate_by_name") or config.get("populate_by_name")
    keys: list[str] = []
    if alias is not None and config.get("validate_by_alias") is not False:
        keys.append(alias)
    if alias is None or by_name:
        keys.append(name)
    return keys


def _camel_case(name: str) -> str:
    first, *others = name.split("_") if name.strip("_") else [name]
    return first + "".join(word[:1].upper() + word[1:] for word in others)


def _unknown(name: str, type_name: str, fields: Mapping[str, str]) -> str:
    if not fields:
        return (
            f"{type_name} is a union: ask for its types with models that have a Literal __typename"
        )
    near = nearest(name, fields)
    return f"{type_name} has no field {name!r}" + (f"; the nearest is {near!r}" if near else "")
