"""The models of results: one class for each kind of object in the schema.

Each is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stash_typed_graphql.fragments import *
else:
    from stash_typed_graphql import fragments as _generated

    __all__ = _generated.__all__

    def __getattr__(name: str) -> object:
        """Import a class the first time that it is used."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(_generated, name)
        return value

    def __dir__() -> list[str]:
        return sorted(__all__)
