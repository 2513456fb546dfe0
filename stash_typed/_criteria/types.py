"""What type checkers see of a criterion: a class that is every input whose meaning it has.

At run time each of them is a `Criterion`, and the field that it is given to makes its own input of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._runtime.criterion import Criterion

__all__ = [
    "CircumcisionCriterion",
    "DateCriterion",
    "FloatCriterion",
    "GenderCriterion",
    "HierarchyCriterion",
    "MomentCriterion",
    "NullCriterion",
    "NumberCriterion",
    "OrientationCriterion",
    "PartCriterion",
    "RelationCriterion",
    "ResolutionCriterion",
    "StashIDCriterion",
    "TermCriterion",
    "TextCriterion",
    "TimestampCriterion",
]

if TYPE_CHECKING:
    from stash_typed_graphql.input_types import (
        CircumcisionCriterionInput,
        DateCriterionInput,
        FloatCriterionInput,
        GenderCriterionInput,
        HierarchicalMultiCriterionInput,
        IntCriterionInput,
        MultiCriterionInput,
        OrientationCriterionInput,
        PhashDistanceCriterionInput,
        ResolutionCriterionInput,
        StashIDCriterionInput,
        StringCriterionInput,
        TimestampCriterionInput,
    )

    class NumberCriterion(  # type: ignore[misc]  # nobody reads `value` before it has a field
        IntCriterionInput,
        FloatCriterionInput,
    ):  # pyright: ignore[reportIncompatibleVariableOverride]
        """A whole number, for fields of either kind of number."""

    class FloatCriterion(FloatCriterionInput):
        """A number with a fraction."""

    class TermCriterion(
        StringCriterionInput,
        DateCriterionInput,
        TimestampCriterionInput,
        StashIDCriterionInput,
        PhashDistanceCriterionInput,
    ):
        """A text to be equal to."""

    class TextCriterion(StringCriterionInput, StashIDCriterionInput):
        """A pattern that a text matches."""

    class PartCriterion(  # type: ignore[misc]  # nobody reads `value` before it has a field
        StringCriterionInput,
        StashIDCriterionInput,
        MultiCriterionInput,
        HierarchicalMultiCriterionInput,
    ):  # pyright: ignore[reportIncompatibleVariableOverride]
        """A single text: part of another text, or the id of something related."""

    class StashIDCriterion(StashIDCriterionInput):
        """An id of one stash-box."""

    class MomentCriterion(DateCriterionInput, TimestampCriterionInput):
        """The text of a date or a moment."""

    class DateCriterion(DateCriterionInput):
        """A date."""

    class TimestampCriterion(TimestampCriterionInput):
        """A moment."""

    class RelationCriterion(MultiCriterionInput, HierarchicalMultiCriterionInput):
        """Ids of related items, in a hierarchy or not."""

    class HierarchyCriterion(HierarchicalMultiCriterionInput):
        """Ids of related items in a hierarchy."""

    class ResolutionCriterion(ResolutionCriterionInput):
        """A resolution."""

    class OrientationCriterion(OrientationCriterionInput):
        """Orientations."""

    class GenderCriterion(GenderCriterionInput):
        """Genders."""

    class CircumcisionCriterion(CircumcisionCriterionInput):
        """Cut or uncut."""

    class NullCriterion(  # type: ignore[misc]  # nobody reads `value` before it has a field
        IntCriterionInput,
        FloatCriterionInput,
        StringCriterionInput,
        DateCriterionInput,
        TimestampCriterionInput,
        MultiCriterionInput,
        HierarchicalMultiCriterionInput,
        StashIDCriterionInput,
        PhashDistanceCriterionInput,
        GenderCriterionInput,
        CircumcisionCriterionInput,
    ):  # pyright: ignore[reportIncompatibleVariableOverride]
        """A field that is empty, or not."""

else:
    NumberCriterion = FloatCriterion = TermCriterion = TextCriterion = PartCriterion = Criterion
    StashIDCriterion = MomentCriterion = DateCriterion = TimestampCriterion = Criterion
    RelationCriterion = HierarchyCriterion = ResolutionCriterion = OrientationCriterion = Criterion
    GenderCriterion = CircumcisionCriterion = NullCriterion = Criterion
