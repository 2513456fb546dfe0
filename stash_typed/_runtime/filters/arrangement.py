"""Conversion of filters to an expression and back, for `&`, `|` and `~`."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, TypeVar, cast

from ..errors import InvalidVariableError
from .check import trouble
from .facts import Kind, kind_of
from .logic import (
    EVERYTHING,
    Fields,
    Group,
    Level,
    Literal,
    Node,
    Unwritable,
    chain,
    gathered,
    negated,
)
from .relations import apart, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..filter_input import FilterInput

_Filter = TypeVar("_Filter", bound="FilterInput")
_OPERATORS = ("AND", "OR", "NOT")


def joined(first: _Filter, second: _Filter, *, every: bool) -> _Filter:
    if every:
        for own, other in ((first, second), (second, first)):
            simply = _put_before(own, other)
            if simply is not None:
                return simply
    return _filter(type(first), gathered(every, [_read(first), _read(second)]))


def _put_before(own: _Filter, other: _Filter) -> _Filter | None:
    """Add criteria on an item's own values to a filter that stays the chain that it is."""
    name = type(own).__name__
    fields, operators = _level_of(own)
    others, deeper = _level_of(other)
    if operators or not fields or len(deeper) > 1 or not (others or deeper):
        return None
    if any(kind_of(name, field, value) is not Kind.OWN for field, value in fields.items()):
        return None
    while not others and list(deeper) == ["AND"]:
        other = cast("_Filter", deeper["AND"])
        others, deeper = _level_of(other)
    if _belongs_first(name, others) or any(map(_asks_unknown, deeper.values())):
        return None
    operator, rest = ("NOT", deeper["NOT"]) if not others and "NOT" in deeper else ("AND", other)
    return type(own).model_validate({**deepcopy(fields), operator: rest.model_copy(deep=True)})


def _belongs_first(name: str, fields: Fields) -> bool:
    kinds = {kind_of(name, field, value) for field, value in fields.items()}
    return bool(kinds & {Kind.FIRST, Kind.COMPANIONS, Kind.UNKNOWN}) or "performer_tags" in fields


def _asks_unknown(filter_: FilterInput) -> bool:
    fields, deeper = _level_of(filter_)
    kinds = [kind_of(type(filter_).__name__, field, value) for field, value in fields.items()]
    return Kind.UNKNOWN in kinds or any(map(_asks_unknown, deeper.values()))


def inverted(filter_: _Filter) -> _Filter:
    node = negated(_read(filter_))
    if node == Group(False):
        raise InvalidVariableError(
            f"~{type(filter_).__name__}() would let nothing pass: the filter has no criteria"
        )
    return _filter(type(filter_), node)


def _read(filter_: FilterInput) -> Node:
    """Return the expression that the server makes of a filter."""
    fields, deeper = _level_of(filter_)
    if len(deeper) > 1:
        raise InvalidVariableError(
            f"{type(filter_).__name__} has {' and '.join(deeper)} at once, which the server refuses",
            hint="Join filters with &, | and ~ instead.",
        )
    own = Literal(deepcopy(fields)) if fields else None
    for operator, rest in deeper.items():
        other = _read(rest)
        if other == EVERYTHING:
            continue  # to the server a level without criteria is not there
        if operator == "NOT":
            other = negated(other)
        return gathered(operator != "OR", [own, other]) if own else other
    return own or EVERYTHING


def _level_of(filter_: FilterInput) -> tuple[Fields, dict[str, FilterInput]]:
    """Return a filter's own criteria, and the filters that its operators lead to."""
    fields: Fields = {}
    deeper: dict[str, FilterInput] = {}
    for name in type(filter_).model_fields:
        value: object = getattr(filter_, name)
        if value is None or name not in filter_.model_fields_set:
            continue
        if name in _OPERATORS:
            deeper[name] = cast("FilterInput", value)
        else:
            fields[name] = value
    return fields, deeper


def _filter(filter_type: type[_Filter], node: Node) -> _Filter:
    level = _arranged(node, filter_type.__name__)
    if level.operator == "OR" and level.fields:
        # A text search (`q`) is put before the first level without brackets around that.
        level = Level({}, "AND", level)
    return _built(filter_type, level)


def _arranged(node: Node, name: str) -> Level:
    """Find a chain that the server answers rightly."""
    reasons: list[str] = []
    expressions = list(_ways_to_write(node, name, reasons))
    for expression in expressions:
        try:
            level = chain(_first_things_first(expression, name))
        except Unwritable as error:
            reasons.append(str(error))
            continue
        reason = trouble(level, name)
        if reason is None:
            return level
        reasons.append(reason)
    raise InvalidVariableError(
        f"Stash would not answer this {name} rightly: {reasons[0]}",
        hint="Ask with several filters, one after another, and join what they give.",
    )


def _ways_to_write(node: Node, name: str, reasons: list[str]) -> Iterator[Node]:
    yield node
    taken_apart = apart(node, name)
    for plainly in (True, False):
        try:
            yield written(taken_apart, name, plainly=plainly)
        except Unwritable as error:
            reasons.append(str(error))


def _first_things_first(node: Node, name: str) -> Node:
    """Put what only the first level knows there."""
    if isinstance(node, Literal) or not node.every:
        return node
    first: Fields = {}
    others: list[Node] = []
    for part in node.parts:
        fields = part.fields if isinstance(part, Literal) and part.positive else {}
        if _belongs_first(name, fields) and not first.keys() & fields.keys():
            first.update(fields)
        else:
            others.append(part)
    return gathered(True, [Literal(first), *others]) if first else node


def _built(filter_type: type[_Filter], level: Level) -> _Filter:
    given: dict[str, object] = dict(level.fields)
    if level.rest is not None:
        given[level.operator] = _built(filter_type, level.rest)
    return filter_type.model_validate(given)
