"""Base classes of everything generated: results, inputs, enums, and the value that says "not given"."""

from __future__ import annotations

from enum import Enum
from typing import Final, TypeVar, final

from pydantic import BaseModel as PydanticBaseModel
from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

__all__ = ["UNSET", "BaseModel", "InputModel", "OpenEnum", "UnsetType"]


@final
class UnsetType(Enum):
    """The type of `UNSET`. An enum of one member, so that type checkers narrow with `is`."""

    UNSET = "UNSET"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = UnsetType.UNSET
"""An argument that was not given. Unlike None, which is sent as null, it is left out of the request."""


class BaseModel(PydanticBaseModel):
    """What the server answers. Fields that this version does not know are ignored."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        defer_build=True,
        extra="ignore",
        populate_by_name=True,
        protected_namespaces=(),
    )


class InputModel(PydanticBaseModel):
    """What is sent to the server: only the fields that were given, an explicit None as null.

    A misspelt field is refused, since the server would refuse it too.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        defer_build=True,
        extra="forbid",
        populate_by_name=True,
        protected_namespaces=(),
        validate_assignment=True,
        arbitrary_types_allowed=True,
    )


_Open = TypeVar("_Open", bound="OpenEnum")


class OpenEnum(str, Enum):
    """An enum of the schema that also carries values which this version does not know yet.

    A newer server may answer `Colour.ULTRAVIOLET`: decoding gives a member of that name and value,
    equal to its text, instead of an error. `is_known` tells the two apart.
    """

    @classmethod
    def _missing_(cls: type[_Open], value: object) -> _Open | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    @property
    def is_known(self) -> bool:
        """Whether the schema that this client was generated from has this value."""
        return self._name_ in type(self).__members__

    def __str__(self) -> str:
        return str(self.value)

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) if isinstance(other, str) else NotImplemented

    def __hash__(self) -> int:
        return str.__hash__(self)
