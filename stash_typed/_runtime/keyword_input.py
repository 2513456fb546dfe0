"""An input of the schema from keyword arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from .base_model import InputModel
from .nearest import nearest

__all__ = ["input_of"]

_Input = TypeVar("_Input", bound=InputModel)


def input_of(model: type[_Input], method: str, options: Mapping[str, object]) -> _Input:
    """Make an input of just the options that were given to a method.

    Raises:
        TypeError: an option is misspelt.
        pydantic.ValidationError: an option has a value that does not fit.
    """
    for name in options:
        if name not in model.model_fields:
            near = nearest(name, model.model_fields)
            hint = f". Did you mean '{near}'?" if near else ""
            raise TypeError(f"{method}() got an unexpected keyword argument '{name}'{hint}")
    return model.model_validate(options)
