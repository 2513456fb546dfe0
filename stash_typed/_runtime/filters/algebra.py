"""Operations on criteria of one field: the modifier, the opposite, and joining two into one."""

from __future__ import annotations

from pydantic import BaseModel

from .facts import MEASURED

_PAIRS = (
    ("EQUALS", "NOT_EQUALS"),
    ("BETWEEN", "NOT_BETWEEN"),
    ("MATCHES_REGEX", "NOT_MATCHES_REGEX"),
    ("IS_NULL", "NOT_NULL"),
    ("INCLUDES", "EXCLUDES"),
)
_OPPOSITES = {**dict(_PAIRS), **{second: first for first, second in _PAIRS}}
_INVERTIBLE = frozenset(
    {
        "CircumcisionCriterionInput",
        "DateCriterionInput",
        "FloatCriterionInput",
        "GenderCriterionInput",
        "IntCriterionInput",
        "ResolutionCriterionInput",
        "StringCriterionInput",
        "TimestampCriterionInput",
    }
)
_RELATIONS = frozenset({"HierarchicalMultiCriterionInput", "MultiCriterionInput"})
_MANY_VALUED = frozenset({"aliases", "captions", "performer_age", "url"})
_LEAST, _MOST = -(2**31), 2**31 - 1
_ENDS: dict[str, tuple[object, object]] = {
    "DateCriterionInput": ("0001-01-01", "9999-12-31"),
    "FloatCriterionInput": (-1e300, 1e300),
    "IntCriterionInput": (_LEAST, _MOST),
    "TimestampCriterionInput": ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
}


def modifier_of(criterion: object) -> str:
    modifier = getattr(criterion, "modifier", "")
    return str(getattr(modifier, "value", modifier))


def opposite(field: str, value: object) -> object:
    """Return the criterion that fits exactly when another does not, empty fields apart, if any."""
    if field not in MEASURED:
        return None
    if isinstance(value, bool):
        return not value
    if field in _MANY_VALUED or not isinstance(value, BaseModel) or _name(value) not in _INVERTIBLE:
        return None
    modifier = modifier_of(value)
    if modifier in _OPPOSITES:
        return _changed(value, modifier=_OPPOSITES[modifier])
    if _name(value) in _ENDS:
        least, most = _ENDS[_name(value)]
        limit = getattr(value, "value", None)
        if modifier == "GREATER_THAN":
            return _changed(value, modifier="BETWEEN", value=least, value2=limit)
        if modifier == "LESS_THAN":
            return _changed(value, modifier="BETWEEN", value=limit, value2=most)
    return None


def both(field: str, first: object, second: object) -> object:
    """Return one criterion for two of the same field, if the server has one."""
    if first == second:
        return first
    if field not in MEASURED:
        return None
    if not isinstance(first, BaseModel) or not isinstance(second, BaseModel):
        return None
    if _name(first) in _RELATIONS:
        return _both_relations(first, second)
    ranges = _range(first), _range(second)
    if ranges[0] is None or ranges[1] is None:
        return None
    least, most = max(ranges[0][0], ranges[1][0]), min(ranges[0][1], ranges[1][1])
    if most >= _MOST or least <= _LEAST:
        return first if _range(first) == (least, most) else second
    return _changed(first, modifier="BETWEEN", value=least, value2=most)


def _both_relations(first: BaseModel, second: BaseModel) -> object:
    """Join what to exclude, or what to include with what to exclude."""
    if _name(first) != _name(second) or _depth(first) != _depth(second):
        return None
    if any(getattr(criterion, "excludes", None) for criterion in (first, second)):
        return None
    modifiers = modifier_of(first), modifier_of(second)
    if modifiers == ("EXCLUDES", "EXCLUDES"):
        return _changed(first, value=list(dict.fromkeys([*_ids(first), *_ids(second)])))
    if _name(first) == "MultiCriterionInput":
        return None
    if modifiers == ("INCLUDES", "EXCLUDES"):
        return _changed(first, excludes=_ids(second))
    if modifiers == ("EXCLUDES", "INCLUDES"):
        return _changed(second, excludes=_ids(first))
    return None


def _range(criterion: BaseModel) -> tuple[int, int] | None:
    """Return the range of whole numbers that a criterion lets pass, if it is one."""
    least, most = getattr(criterion, "value", None), getattr(criterion, "value2", None)
    if _name(criterion) != "IntCriterionInput" or not isinstance(least, int):
        return None
    modifier = modifier_of(criterion)
    if modifier == "BETWEEN":
        return (least, most) if isinstance(most, int) else None
    ranges = {
        "EQUALS": (least, least),
        "GREATER_THAN": (least + 1, _MOST),
        "LESS_THAN": (_LEAST, least - 1),
    }
    return ranges.get(modifier)


def _changed(criterion: BaseModel, **changes: object) -> BaseModel:
    given = criterion.model_dump(exclude_unset=True)
    return type(criterion).model_validate({**given, **changes})


def _name(criterion: BaseModel) -> str:
    return type(criterion).__name__


def _depth(criterion: BaseModel) -> object:
    return getattr(criterion, "depth", None) or 0


def _ids(criterion: BaseModel) -> list[str]:
    return list(getattr(criterion, "value", None) or ())
