"""Criteria on related ids, choices, parts of a text, and empty fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, overload

from .._runtime.criterion import Criterion

if TYPE_CHECKING:
    from stash_typed_graphql.enums import CircumisedEnum, GenderEnum, OrientationEnum
    from stash_typed_graphql.input_types import (
        CustomFieldCriterionInput,
        PhashDistanceCriterionInput,
        PHashDuplicationCriterionInput,
    )

    from .types import (
        CircumcisionCriterion,
        FloatCriterion,
        GenderCriterion,
        HierarchyCriterion,
        MomentCriterion,
        NullCriterion,
        NumberCriterion,
        OrientationCriterion,
        PartCriterion,
        RelationCriterion,
        StashIDCriterion,
        TermCriterion,
        TextCriterion,
    )

__all__ = [
    "custom_field",
    "duplicated",
    "excludes",
    "includes",
    "includes_all",
    "is_null",
    "near",
    "not_null",
]

# Overloads overlap where Python's types do: the schema's enums are texts.
# The first match counts, and it is the narrower one.
# mypy: disable-error-code="overload-overlap"
# pyright: reportOverlappingOverload=false


@overload
def includes(*values: GenderEnum) -> GenderCriterion: ...
@overload
def includes(*values: CircumisedEnum) -> CircumcisionCriterion: ...
@overload
def includes(*values: OrientationEnum) -> OrientationCriterion: ...
@overload
def includes(value: str, /) -> PartCriterion: ...
@overload
def includes(*values: str) -> RelationCriterion: ...
@overload
def includes(
    *values: str, depth: int | None = None, excludes: Sequence[str] = ()
) -> HierarchyCriterion: ...
def includes(*values: object, depth: int | None = None, excludes: Sequence[str] = ()) -> object:
    """Match any of the related ids, any of the enum members, or a text that contains another.

    Args:
        values: ids of related items, or members of an enum, or a single text. The server looks
            for any of the words in the text; quote it to look for the whole phrase.
        depth: for hierarchies: how many levels of descendants match as well, -1 for all.
        excludes: for hierarchies: ids that an item must not be related to; with or without values.

    Returns:
        A criterion (`INCLUDES`).

    Raises:
        ValueError: there are no values and nothing to exclude: the server would match everything.
        TypeError: a list was given instead of its items, or a string instead of a list.
    """
    return _relation("INCLUDES", values, depth, excludes)


@overload
def includes_all(*ids: str) -> RelationCriterion: ...
@overload
def includes_all(
    *ids: str, depth: int | None = None, excludes: Sequence[str] = ()
) -> HierarchyCriterion: ...
def includes_all(*ids: str, depth: int | None = None, excludes: Sequence[str] = ()) -> object:
    """Match all of the related ids; otherwise as `includes` (`INCLUDES_ALL`)."""
    return _relation("INCLUDES_ALL", ids, depth, excludes)


@overload
def excludes(*values: GenderEnum) -> GenderCriterion: ...
@overload
def excludes(*values: CircumisedEnum) -> CircumcisionCriterion: ...
@overload
def excludes(value: str, /) -> PartCriterion: ...
@overload
def excludes(*values: str) -> RelationCriterion: ...
@overload
def excludes(*values: str, depth: int | None = None) -> HierarchyCriterion: ...
def excludes(*values: object, depth: int | None = None) -> object:
    """Match none of the related ids; otherwise as `includes` (`EXCLUDES`).

    The server (v0.30.1) ignores it for `tags` of the marker filter and matches everything: write
    `tags=includes(excludes=["5"])` there.
    """
    return _relation("EXCLUDES", values, depth, ())


@overload
def is_null() -> NullCriterion: ...
@overload
def is_null(*, endpoint: str) -> StashIDCriterion: ...
def is_null(*, endpoint: str | None = None) -> object:
    """Match empty fields: no value, an empty text, or no related items.

    Args:
        endpoint: for `stash_id_endpoint`: the stash-box of which an item has no id.

    Returns:
        A criterion (`IS_NULL`) for every field that can be empty.
    """
    return _nullness("IS_NULL", endpoint)


@overload
def not_null() -> NullCriterion: ...
@overload
def not_null(*, endpoint: str) -> StashIDCriterion: ...
def not_null(*, endpoint: str | None = None) -> object:
    """Match fields that are not empty; otherwise as `is_null` (`NOT_NULL`)."""
    return _nullness("NOT_NULL", endpoint)


def near(phash: str, *, distance: int) -> PhashDistanceCriterionInput:
    """Match files with a similar perceptual hash.

    Args:
        phash: the hexadecimal hash, as in the fingerprint `phash` of a file.
        distance: the exclusive upper limit of differing bits; at least 1.

    Returns:
        The criterion for `phash_distance`.

    Raises:
        ValueError: the distance is below 1.
    """
    from stash_typed_graphql.enums import CriterionModifier
    from stash_typed_graphql.input_types import PhashDistanceCriterionInput

    if distance < 1:
        raise ValueError(f"near(distance={distance}): give 1 or more, or use equals()")
    return PhashDistanceCriterionInput(
        value=phash, modifier=CriterionModifier.EQUALS, distance=distance
    )


def duplicated(yes: bool = True) -> PHashDuplicationCriterionInput:
    """Match files with the same perceptual hash as another file.

    Args:
        yes: False for files whose hash is unique.

    Returns:
        The criterion for `duplicated`.
    """
    from stash_typed_graphql.input_types import PHashDuplicationCriterionInput

    return PHashDuplicationCriterionInput(duplicated=yes)


def custom_field(
    name: str,
    criterion: NumberCriterion
    | FloatCriterion
    | TermCriterion
    | TextCriterion
    | PartCriterion
    | MomentCriterion
    | NullCriterion,
) -> CustomFieldCriterionInput:
    """Match a custom field: `custom_fields=[custom_field("size", gt(5))]`.

    Args:
        name: the field's name.
        criterion: a criterion of this module for a number or a single text.

    Returns:
        An entry for `custom_fields`; an item must match every entry of the list.

    Raises:
        TypeError: the criterion is of another kind.
    """
    from stash_typed_graphql.enums import CriterionModifier
    from stash_typed_graphql.input_types import CustomFieldCriterionInput

    given: object = criterion
    if not isinstance(given, Criterion) or given.options or given.modifier == "INCLUDES_ALL":
        raise TypeError(f"custom_field() takes a criterion such as gt(5), not {given!r}")
    return CustomFieldCriterionInput(
        field=name,
        modifier=CriterionModifier(given.modifier),
        **({"value": list(given.values)} if given.values else {}),
    )


def _nullness(modifier: str, endpoint: str | None) -> Criterion:
    return Criterion(modifier, (), () if endpoint is None else (("endpoint", endpoint),))


def _relation(
    modifier: str, values: tuple[object, ...], depth: int | None, excluded: Sequence[str]
) -> Criterion:
    options: list[tuple[str, object]] = []
    if depth is not None:
        options.append(("depth", depth))
    if isinstance(excluded, (str, bytes)):
        raise TypeError(f"excludes={excluded!r} is one text: give a list, excludes=[{excluded!r}]")
    if excluded:
        options.append(("excludes", list(excluded)))
    criterion = Criterion(modifier, values, tuple(options))
    for value in values:
        if isinstance(value, Iterable) and not isinstance(value, str):
            raise TypeError(f"{criterion!r}: give the values one by one, with * before a list")
    if not values and not excluded:
        raise ValueError(f"{criterion!r}: give at least one; without any, everything would fit")
    return criterion
