"""Variables and inputs from keyword arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, cast

from .base_model import InputModel
from .nearest import nearest

_Input = TypeVar("_Input", bound=InputModel)


def input_of(model: type[_Input], method: str, options: Mapping[str, object]) -> _Input:
    """Make an input of the options that a method was given; raise TypeError for a misspelt one."""
    for name in options:
        if name not in model.model_fields:
            near = nearest(name, model.model_fields)
            hint = f". Did you mean '{near}'?" if near else ""
            raise TypeError(f"{method}() got an unexpected keyword argument '{name}'{hint}")
    return model.model_validate(options)


def given(**values: object) -> dict[str, object]:
    """Return the values that are not None, mappings among them as dictionaries."""
    return {
        name: dict(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else value
        for name, value in values.items()
        if value is not None
    }
