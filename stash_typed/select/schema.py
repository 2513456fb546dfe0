"""What the schema offers to a selection, as the generated package has it in `schema_types`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = [
    "JSON_SCALARS",
    "SchemaType",
    "arguments_of",
    "fields_of",
    "is_known",
    "known_types",
    "members_of",
    "nearest",
    "root_fields_of",
]

JSON_SCALARS = frozenset({"Any", "BoolMap", "Map", "PluginConfigMap"})
"""Scalars that hold any JSON, objects too."""


@dataclass(frozen=True)
class SchemaType:
    """The type of a field.

    Attributes:
        text: as the schema writes it, such as `[Tag!]!`.
    """

    text: str

    @property
    def nullable(self) -> bool:
        """Whether the server may answer null."""
        return not self.text.endswith("!")

    @property
    def item(self) -> SchemaType | None:
        """Of a list, the type of its items."""
        bare = self.text.removesuffix("!")
        return SchemaType(bare[1:-1]) if bare.startswith("[") else None

    @property
    def name(self) -> str:
        """The type that it is, or is a list of."""
        return self.text.strip("[]!")

    @property
    def leaf(self) -> str | None:
        """`scalar` or `enum`; None when the type has fields."""
        from stash_typed_graphql.schema_types import LEAVES

        return LEAVES.get(self.name)

    @property
    def answer_shape(self) -> str:
        """What must be the same in all that is answered under one name."""
        return self.text if self.leaf else self.text.replace(self.name, "object")


def is_known(type_name: str) -> bool:
    """Tell whether the schema has an object, interface or union of this name."""
    from stash_typed_graphql.schema_types import FIELDS, MEMBERS

    return type_name in FIELDS or type_name in MEMBERS


def known_types() -> list[str]:
    """Give the names of all objects, interfaces and unions."""
    from stash_typed_graphql.schema_types import FIELDS, MEMBERS

    return sorted({*FIELDS, *MEMBERS})


def fields_of(type_name: str) -> Mapping[str, str]:
    """Give the fields of an object or an interface with the texts of their types; a union has none."""
    from stash_typed_graphql.schema_types import FIELDS

    return FIELDS.get(type_name, {})


def members_of(type_name: str) -> tuple[str, ...]:
    """Give the objects that an interface or a union can be; none for an object."""
    from stash_typed_graphql.schema_types import MEMBERS

    return MEMBERS.get(type_name, ())


def arguments_of(coordinate: str) -> tuple[str, ...]:
    """Give the arguments without which a field, `Type.field`, cannot be asked for."""
    from stash_typed_graphql.schema_types import ARGUMENTS

    return ARGUMENTS.get(coordinate, ())


def root_fields_of(kind: str) -> Mapping[str, str]:
    """Give the root fields for a kind of operation (`query` …) with the texts of their types."""
    from stash_typed_graphql.schema_types import ROOTS

    return ROOTS.get(kind, {})


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Give the name that was probably meant.

    Args:
        name: what was written.
        candidates: the names that there are.

    Returns:
        The most similar one, None when none is similar.
    """
    from difflib import get_close_matches

    plain = {candidate.replace("_", "").lower(): candidate for candidate in candidates}
    found = get_close_matches(name.replace("_", "").lower(), plain, n=1, cutoff=0.6)
    return plain[found[0]] if found else None
