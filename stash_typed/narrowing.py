"""Two filters of one kind as one that matches what both match.

The server's AND is not quite a set's: a filter may use only one of AND, OR and NOT; below an AND
the same relation is looked at through the same joined rows, so that "tagged A, and tagged B" finds
things with a tag that is both; and some criteria fail when they stand only below. So what can stand
side by side does, what can be said in one criterion is, and AND is for the rest. Where that would
not be exact, the answer is that it cannot be said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from ._runtime.base_model import InputModel

__all__ = ["both"]

_COMBINING = ("AND", "OR", "NOT")
_SEVERAL_TEXTS = frozenset({"url", "aliases", "stash_id_endpoint", "captions"})
# Relations of which the server can ask for all of several, whatever the kind.
_ALL_OF = frozenset({"tags", "performers"})


def both(first: InputModel, second: InputModel) -> InputModel | None:
    """Combine two filters.

    Args:
        first, second: filter inputs of the same class; they are not changed.

    Returns:
        A filter of that class; None when the schema or the server cannot say it.
    """
    own, other = _given(first), _given(second)
    operators = [name for name in _COMBINING if name in own]
    others = [name for name in _COMBINING if name in other]
    if (operators or others) and _joined(own) & _joined(other):
        return None
    if not operators:
        return _beside(first, own, other)
    if not others:
        return _beside(second, other, own)
    for filter_, given, added in ((first, own, second), (second, other, first)):
        if "AND" in given:
            inner = both(cast("InputModel", given["AND"]), added)
            return None if inner is None else filter_.model_copy(update={"AND": inner})
    return None


def _given(filter_: InputModel) -> dict[str, object]:
    values = {name: getattr(filter_, name) for name in filter_.model_fields_set}
    return {name: value for name, value in values.items() if value is not None}


def _beside(
    plain: InputModel, top: dict[str, object], other: dict[str, object]
) -> InputModel | None:
    """Add to a filter without operators what another one has, which may have them."""
    top, below = dict(top), dict[str, object]()
    if "OR" in other:
        below = other
    else:
        for name, value in other.items():
            if name in _COMBINING:
                below[name] = value
            elif name not in top or top[name] == value:
                top[name] = value
            elif not _is_joined(name, value):
                below[name] = value
            elif (one := _one(name, top[name], value)) is not None:
                top[name] = one
            else:
                return None
    if len(below) == 1 and "OR" not in below and not below.keys().isdisjoint(_COMBINING):
        top.update(below)
    elif below:
        if "AND" not in type(plain).model_fields:
            return None
        top["AND"] = type(plain).model_validate(below)
    return type(plain).model_validate(top)


def _is_joined(name: str, value: object) -> bool:
    """Whether a thing can have several of it, in rows of their own."""
    return (
        isinstance(value, list)
        or name in _SEVERAL_TEXTS
        or name.endswith("_filter")
        or hasattr(value, "excludes")
    )


def _joined(given: dict[str, object]) -> set[str]:
    found: set[str] = set()
    for name, value in given.items():
        if name in _COMBINING:
            found |= _joined(_given(cast("InputModel", value)))
        elif _is_joined(name, value):
            found.add(name)
    return found


def _one(name: str, first: object, second: object) -> object | None:
    """Say two criteria of a relation, or two lists of custom fields, in one."""
    if hasattr(first, "excludes") and hasattr(second, "excludes"):
        return _one_relation(name, _Relation(first), _Relation(second))
    if isinstance(first, list) and isinstance(second, list):
        return [*cast("list[object]", first), *cast("list[object]", second)]
    return None


class _Relation:
    """What a criterion of a relation says."""

    def __init__(self, criterion: object) -> None:
        self.criterion = cast("InputModel", criterion)
        self.modifier = str(getattr(criterion, "modifier"))  # noqa: B009  # known by name only
        self.wanted: list[str] = getattr(criterion, "value", None) or []
        self.excluded: list[str] = getattr(criterion, "excludes", None) or []
        self.hierarchical = hasattr(criterion, "depth")
        self.depth: int = getattr(criterion, "depth", None) or 0
        if self.modifier == "EXCLUDES":
            self.wanted, self.excluded = [], [*self.excluded, *self.wanted]
            self.modifier = "INCLUDES"

    @property
    def of_all(self) -> bool:
        return self.modifier == "INCLUDES_ALL" or (
            self.modifier == "INCLUDES" and len(self.wanted) < 2
        )


def _one_relation(name: str, first: _Relation, second: _Relation) -> InputModel | None:
    usual = {first.modifier, second.modifier} <= {"INCLUDES", "INCLUDES_ALL"}
    if not usual or first.depth != second.depth:
        return None
    wanted = list(dict.fromkeys([*first.wanted, *second.wanted]))
    excluded = list(dict.fromkeys([*first.excluded, *second.excluded]))
    if not wanted:
        return _criterion(first, "EXCLUDES", excluded, [])
    if excluded and not (first.hierarchical or name == "performers"):
        return None  # the server overlooks `excludes` of these
    if not first.wanted or not second.wanted:
        modifier = first.modifier if first.wanted else second.modifier
        return _criterion(first, modifier, wanted, excluded)
    if name in _ALL_OF and first.of_all and second.of_all:
        return _criterion(first, "INCLUDES_ALL", wanted, excluded)
    return None


def _criterion(
    like: _Relation, modifier: str, wanted: list[str], excluded: list[str]
) -> InputModel:
    values: dict[str, object] = {"modifier": modifier, "value": wanted}
    if excluded:
        values["excludes"] = excluded
    if like.hierarchical:
        values["depth"] = like.depth
    return type(like.criterion).model_validate(values)
