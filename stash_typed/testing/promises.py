"""What the schema promises although a generated model allows None, for the sake of older servers."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from graphql import GraphQLInterfaceType, GraphQLNonNull, GraphQLObjectType

from stash_typed._runtime.base_model import BaseModel

from .mock.schema import load_schema

if TYPE_CHECKING:
    import pydantic

__all__ = ["promised_fields"]

_OWNER = re.compile(r"\d+-\d+:(\w+)\.")


@lru_cache(maxsize=400)
def promised_fields(model: type[pydantic.BaseModel]) -> frozenset[str]:
    """Name the fields that a server of the client's own version never answers null for.

    Args:
        model: any model.

    Returns:
        Names as they stand in answers; none for a model that no fragment was generated for.
    """
    for each in model.__mro__:
        package = each.__module__.rpartition(".fragments.")[0]
        if not issubclass(each, BaseModel) or each is BaseModel or not package:
            continue
        try:
            parts = cast("dict[str, str]", import_module(f"{package}.document_parts").PARTS)
        except ImportError:
            continue
        owner = _OWNER.search(parts.get(f"fragment {each.__name__}", ""))
        if owner is not None:
            return _required(owner.group(1))
    return frozenset()


def _required(name: str) -> frozenset[str]:
    # The generated package's own table of types has the same allowances as its models.
    owner = load_schema().get_type(name)
    if not isinstance(owner, (GraphQLObjectType, GraphQLInterfaceType)):
        return frozenset()
    return frozenset(
        name for name, each in owner.fields.items() if isinstance(each.type, GraphQLNonNull)
    )
