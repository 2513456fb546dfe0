"""What the schema promises although a generated model allows None, for the sake of older servers."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING

from graphql import GraphQLInterfaceType, GraphQLNonNull, GraphQLObjectType

from stash_typed._runtime.operation import Fragment

from .mock.schema import load_schema

if TYPE_CHECKING:
    import pydantic

__all__ = ["promised_fields"]


@lru_cache(maxsize=400)
def promised_fields(model: type[pydantic.BaseModel]) -> frozenset[str]:
    """Name the fields that a server of the client's own version never answers null for.

    Args:
        model: any model.

    Returns:
        Names as they stand in answers; none for a model that no fragment was generated for.
    """
    for each in model.__mro__:
        module = sys.modules.get(each.__module__)
        for found in vars(module).values() if module else ():
            if isinstance(found, Fragment) and found.name == each.__name__:
                return _required(found.on)
    return frozenset()


def _required(name: str) -> frozenset[str]:
    # The generated package's own table of types has the same allowances as its models.
    owner = load_schema().get_type(name)
    if not isinstance(owner, (GraphQLObjectType, GraphQLInterfaceType)):
        return frozenset()
    return frozenset(
        name for name, each in owner.fields.items() if isinstance(each.type, GraphQLNonNull)
    )
