"""From filters to an expression and back: what stands behind `&`, `|` and `~`."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, TypeVar, cast

from .errors import InvalidVariableError
from .filter_check import trouble
from .filter_facts import Kind, kind_of
from .filter_logic import (
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
from .filter_relations import apart, written
from .filter_terms import alternatives, possible_alternatives

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .filter_input import FilterInput

__all__ = ["inverted", "joined"]

_Filter = TypeVar("_Filter", bound="FilterInput")
_OPERATORS = ("AND", "OR", "NOT")


def joined(first: _Filter, second: _Filter, *, every: bool) -> _Filter:
    """Join two filters.

    Args:
        first, second: filters of one type; both stay as they are.
        every: whether both must fit, or one of them.

    Returns:
        A new filter.

    Raises:
        InvalidVariableError: the server cannot answer it rightly as one filter.
    """
    return _filter(type(first), gathered(every, [_read(first), _read(second)]))


def inverted(filter_: _Filter) -> _Filter:
    """Give the opposite of a filter.

    Args:
        filter_: the filter; it stays as it is.

    Returns:
        A new filter.

    Raises:
        InvalidVariableError: the filter has no criteria, or the server cannot answer the opposite.
    """
    node = negated(_read(filter_))
    if node == Group(False):
        raise InvalidVariableError(
            f"~{type(filter_).__name__}() would let nothing pass: the filter has no criteria"
        )
    return _filter(type(filter_), node)


def _read(filter_: FilterInput) -> Node:
    """Give the expression that the server makes of a filter."""
    fields: Fields = {}
    deeper: dict[str, FilterInput] = {}
    for name in type(filter_).model_fields:
        value: object = getattr(filter_, name)
        if value is None or name not in filter_.model_fields_set:
            continue
        if name in _OPERATORS:
            deeper[name] = cast("FilterInput", value)
        else:
            fields[name] = deepcopy(value)
    if len(deeper) > 1:
        raise InvalidVariableError(
            f"{type(filter_).__name__} has {' and '.join(deeper)} at once, which the server refuses",
            hint="Join filters with &, | and ~ instead.",
        )
    own = Literal(fields) if fields else None
    for operator, rest in deeper.items():
        other = _read(rest)
        if other == EVERYTHING:
            continue  # to the server a level without criteria is not there
        if operator == "NOT":
            other = negated(other)
        return gathered(operator != "OR", [own, other]) if own else other
    return own or EVERYTHING


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
    telling = bool(reasons)
    for shaped in (_as_it_is, alternatives, possible_alternatives):
        for expression in expressions:
            try:
                level = chain(_first_things_first(shaped(expression), name))
                reason = trouble(level, name)
            except Unwritable as error:
                reason = str(error)
            else:
                if reason is None:
                    return level
            if not telling:
                reasons.append(reason)
        telling = True  # the reasons of the first way to write it are those that it was written in
    raise InvalidVariableError(
        f"Stash would not answer this {name} rightly: {reasons[-1]}",
        hint="Ask with several filters, one after another, and join what they give.",
    )


def _as_it_is(node: Node) -> Node:
    return node


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
        if isinstance(part, Literal) and part.positive and not first.keys() & part.fields.keys():
            kinds = {kind_of(name, field, value) for field, value in part.fields.items()}
            if kinds & {Kind.FIRST, Kind.COMPANIONS} or "performer_tags" in part.fields:
                first.update(part.fields)
                continue
        others.append(part)
    return gathered(True, [Literal(first), *others]) if first else node


def _built(filter_type: type[_Filter], level: Level) -> _Filter:
    given: dict[str, object] = dict(level.fields)
    if level.rest is not None:
        given[level.operator] = _built(filter_type, level.rest)
    return filter_type.model_validate(given)
