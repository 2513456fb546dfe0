"""Whether the server answers a chain rightly, by what `facts` knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .algebra import modifier_of
from .facts import Kind, kind_of
from .logic import Level


@dataclass(frozen=True)
class _Place:
    """A criterion, and where in the chain it stands; `first` is also not in an OR."""

    field: str
    value: object
    kind: Kind
    first: bool
    required: bool
    positive: bool
    alternative: bool


def trouble(chain: Level, filter_name: str) -> str | None:
    """Return the mistakes the server would make, if any."""
    places = list(_places(chain, filter_name))
    counts = Counter(place.field for place in places)
    only_counts = all(p.kind is Kind.COUNTED for p in places if not p.required)
    for place in places:
        reason = _reason(place, places, counts[place.field], only_counts)
        if reason:
            return reason
    return None


def _places(chain: Level, filter_name: str) -> Iterator[_Place]:
    required = positive = True
    for number, level in enumerate(chain.levels()):
        if level.operator == "OR" and level.fields:
            required = False
        for field, value in level.fields.items():
            yield _Place(
                field,
                value,
                kind_of(filter_name, field, value),
                first=number == 0 and required,
                required=required,
                positive=positive,
                alternative=level.operator == "OR",
            )
        if level.operator == "NOT":
            required, positive = False, not positive


def _reason(place: _Place, places: list[_Place], times: int, only_counts: bool) -> str | None:
    field = f"`{place.field}`"
    kind, modifier = place.kind, modifier_of(place.value)
    if kind is Kind.COUNTED and not (place.required or only_counts):
        return f"it can only require {field}, not put it beside other criteria in an OR or a NOT"
    if kind is Kind.NARROWING and not place.required:
        return f"it can only require {field}, not put it into an OR or a NOT"
    if kind is Kind.NARROWING and times > 1:
        return f"it looks for one and the same related item with every {field}"
    if kind is Kind.ONCE and any(p.field == place.field and p.value != place.value for p in places):
        return f"it knows {field} only once in a filter"
    if kind is Kind.UNKNOWN and not (place.first and times == 1):
        return f"{field} is newer than this client, which knows only that it may be added with AND"
    if not place.positive and not _can_be_negated(place, modifier):
        return f"it cannot negate {field}, or only for each of several alone"
    if kind in (Kind.FIRST, Kind.COMPANIONS) and not (_is_null_check(modifier) and times == 1):
        if not place.first:
            return f"it knows {field} only where everything else is added with AND"
        if times > 1:
            return f"it knows {field} only once in a filter"
    counted = kind in (Kind.RELATED, Kind.HIERARCHY) and _counts(place.value, modifier)
    if counted and not place.required:
        return f"it can only require all of {field}, not put that into an OR or a NOT"
    return _reason_of_joins(place, places, modifier)


def _reason_of_joins(place: _Place, places: list[_Place], modifier: str) -> str | None:
    if _is_null_check(modifier) and place.kind is Kind.RELATED:
        return None
    filtered = any(p.field == f"{place.field}_filter" for p in places)
    same = [p for p in places if p.field == place.field]
    if place.kind is Kind.RELATED and _values(place.value, modifier)[0]:
        later = [p for p in same[same.index(place) + 1 :] if p.value != place.value]
        if not place.positive:
            return f"it negates `{place.field}` for each related item alone"
        if filtered or (not place.alternative and any(map(_includes, later))):
            return f"it looks for one and the same related item with every `{place.field}`"
        if place.field == "performer_tags" and not place.first:
            return "it knows `performer_tags` only where everything else is added with AND"
        if place.field == "galleries" and not place.required:
            return "it can only require `galleries`, not put it into an OR or a NOT"
    if place.kind is Kind.HIERARCHY:
        included = {v for p in same if (v := _values(p.value, modifier_of(p.value))[0])}
        excluded = {v for p in same if (v := _values(p.value, modifier_of(p.value))[1])}
        if len(included) > 1 or len(excluded) > 1 or (included and filtered):
            return f"it mixes up the lists when `{place.field}` is asked for more than once"
    return None


def _can_be_negated(place: _Place, modifier: str) -> bool:
    if place.kind is Kind.FAVOURITE:
        return False
    if place.kind in (Kind.ONCE, Kind.LISTED):
        listed = place.kind is Kind.LISTED and place.field != "captions"
        return _is_null_check(modifier) or (listed and modifier == "EXCLUDES")
    return True


def _includes(place: _Place) -> bool:
    modifier = modifier_of(place.value)
    return not _is_null_check(modifier) and _values(place.value, modifier)[0] is not None


def _is_null_check(modifier: str) -> bool:
    return modifier in ("IS_NULL", "NOT_NULL")


def _counts(value: object, modifier: str) -> bool:
    values = getattr(value, "value", None) or ()
    return modifier == "EQUALS" or (modifier == "INCLUDES_ALL" and len(values) > 1)


def _values(value: object, modifier: str) -> tuple[object, object]:
    """What is joined as a list to include, and what as one to exclude; None for nothing."""
    if _is_null_check(modifier):
        return "anything", None
    depth = getattr(value, "depth", None)
    ids = tuple(getattr(value, "value", None) or ())
    excluded = tuple(getattr(value, "excludes", None) or ())
    if modifier == "EXCLUDES":
        ids, excluded = (), ids + excluded
    return (ids, depth) if ids else None, (excluded, depth) if excluded else None
