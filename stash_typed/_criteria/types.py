"""The types of criteria for type checkers: each is a subclass of every input that it can become.

At run time each is a `Criterion`, which the filter field converts to its own input type.
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
        """An integer, for fields of integers or floats."""

    class FloatCriterion(FloatCriterionInput):
        """A float."""

    class TermCriterion(
        StringCriterionInput,
        DateCriterionInput,
        TimestampCriterionInput,
        StashIDCriterionInput,
        PhashDistanceCriterionInput,
    ):
        """A text to compare for equality."""

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
        """An id in a stash-box."""

    class MomentCriterion(DateCriterionInput, TimestampCriterionInput):
        """The text of a date or timestamp."""

    class DateCriterion(DateCriterionInput):
        """A date."""

    class TimestampCriterion(TimestampCriterionInput):
        """A timestamp."""

    class RelationCriterion(MultiCriterionInput, HierarchicalMultiCriterionInput):
        """Ids of related items, with or without a hierarchy."""

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
        """Whether a field is empty."""

else:
    NumberCriterion = FloatCriterion = TermCriterion = TextCriterion = PartCriterion = Criterion
    StashIDCriterion = MomentCriterion = DateCriterion = TimestampCriterion = Criterion
    RelationCriterion = HierarchyCriterion = ResolutionCriterion = OrientationCriterion = Criterion
    GenderCriterion = CircumcisionCriterion = NullCriterion = Criterion
