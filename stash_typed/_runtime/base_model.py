"""Base classes of generated results, inputs and enums, and the `UNSET` value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, ClassVar, Final, NoReturn, TypeVar, cast, final

from pydantic import BaseModel as PydanticBaseModel
from pydantic import ConfigDict, Field, model_validator

from .redact import redact_json


@final
class UnsetType(Enum):
    """The type of `UNSET`. An enum of one member, so that type checkers narrow with `is`."""

    UNSET = "UNSET"

    @property
    def value(self) -> NoReturn:
        """Raise AttributeError: pydantic would otherwise accept a member as its value."""
        raise AttributeError("UNSET has no value")

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = UnsetType.UNSET
"""An argument that was not given. Unlike None, which is sent as null, it is left out of the request."""


def Named(name: str) -> object:  # noqa: N802  # stands beside pydantic's Field
    """Annotate a field with the name that the server has for it.

    Type checkers take the `alias` of a Field for the name of the constructor's argument.
    """
    return Field(validation_alias=name, serialization_alias=name)


def Nullable(name: str) -> Any:  # noqa: N802
    """Declare a field with another name on the server that is None when absent."""
    return Field(validation_alias=name, serialization_alias=name, default=None)


_SECRET_FIELDS = frozenset({"api_key", "handy_key", "password"})


class _Discreet(PydanticBaseModel):
    """A model whose repr hides secrets: keys, passwords, URLs that carry a key."""

    def __repr_args__(self) -> Iterator[tuple[str | None, object]]:
        for name, value in super().__repr_args__():
            if name in _SECRET_FIELDS and value:
                yield name, "***"
            else:
                yield name, redact_json(value)


class BaseModel(_Discreet):
    """A result from the server. Fields unknown to this version are ignored."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        defer_build=True,
        extra="ignore",
        hide_input_in_errors=True,
        populate_by_name=True,
        protected_namespaces=(),
    )


class InputModel(_Discreet):
    """An input sent to the server: only the fields that were given, an explicit None as null.

    A misspelt field is refused, since the server would refuse it too.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        defer_build=True,
        extra="forbid",
        hide_input_in_errors=True,
        populate_by_name=True,
        protected_namespaces=(),
        validate_assignment=True,
        arbitrary_types_allowed=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _refuse_unset(cls, value: object) -> object:
        try:
            place = _unset_in(value)
        except RecursionError:
            raise ValueError("a value is nested too deeply, or holds itself") from None
        if place is not None:
            raise ValueError(
                f"{'.'.join(place)}: UNSET stands for an argument that is not given; leave the field"
                " out to keep what the server has, or give None to empty it"
            )
        return value


def _unset_in(value: object) -> list[str] | None:
    """Return the path to an `UNSET` in the values of a model, or None."""
    if value is UNSET:
        return []
    if isinstance(value, dict):
        items: Iterable[tuple[object, object]] = cast("dict[object, object]", value).items()
    elif isinstance(value, (list, tuple)):
        items = enumerate(cast("Sequence[object]", value))
    else:
        return None
    for name, item in items:
        place = _unset_in(item)
        if place is not None:
            return [f"{name}", *place]
    return None


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
