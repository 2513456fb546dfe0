"""Filters as logic: an expression, and the chain of levels that it is written as. No server in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Union

__all__ = [
    "EVERYTHING",
    "Fields",
    "Group",
    "Level",
    "Literal",
    "Node",
    "Unwritable",
    "chain",
    "gathered",
    "negated",
]

Fields = dict[str, object]
"""Criteria of one level by the Python names of their fields; all of them must fit."""

_MOST_TERMS = 64


@dataclass(frozen=True)
class Literal:
    """Criteria that are asked for together, or what does not fit all of them."""

    fields: Fields
    positive: bool = True


@dataclass(frozen=True)
class Group:
    """All of the parts, or any of them. Its groups are of the other kind."""

    every: bool
    parts: tuple[Node, ...] = ()


Node = Union[Literal, Group]

EVERYTHING = Group(True)
"""What a filter without criteria means."""


@dataclass(frozen=True)
class Level:
    """One level of a chain.

    Attributes:
        fields: its own criteria.
        operator: `AND`, `OR`, `NOT`, or nothing at the end.
        rest: the next level.
    """

    fields: Fields
    operator: str = ""
    rest: Level | None = None

    def levels(self) -> Iterator[Level]:
        """This level and all that follow."""
        level: Level | None = self
        while level is not None:
            yield level
            level = level.rest


class Unwritable(Exception):
    """There is no chain for an expression, or none was found."""


def gathered(every: bool, parts: Iterable[Node]) -> Node:
    """Join parts, without groups of the same kind inside one another.

    Args:
        every: all of them, or any of them.
        parts: what to join.

    Returns:
        The group, or the part if it is only one.
    """
    flat: list[Node] = []
    for part in parts:
        inner = part.parts if isinstance(part, Group) and part.every is every else (part,)
        flat += [node for node in inner if node not in flat]
    if Group(not every) in flat:
        return Group(not every)
    return flat[0] if len(flat) == 1 else Group(every, tuple(flat))


def negated(node: Node) -> Node:
    """Give the opposite, with `not` at the criteria only.

    Args:
        node: any expression.

    Returns:
        A new expression.
    """
    if isinstance(node, Literal):
        return Literal(node.fields, not node.positive)
    return gathered(not node.every, map(negated, node.parts))


Inverse = Callable[[str, object], Union[object, None]]
"""Gives the criterion that says the opposite of one, or None where there is none."""


def chain(node: Node, inverse: Inverse) -> Level:
    """Write an expression as a chain.

    Args:
        node: the expression.
        inverse: knows the opposites of criteria.

    Returns:
        The first level.

    Raises:
        Unwritable: no chain was found.
    """
    if isinstance(node, Literal):
        level = Level(node.fields)
        return level if node.positive else Level({}, "NOT", level)
    if len(node.parts) < 2:
        return chain(node.parts[0], inverse) if node.parts else Level({})
    literals, groups = _with_one_group(node, inverse)
    tail = chain(groups[0], inverse) if groups else None
    return _linked(node.every, literals, tail)


def _linked(every: bool, literals: list[Literal], tail: Level | None) -> Level:
    """Put literals before the rest of a group.

    Those that are negated go into one NOT together: `not b and not c` is `not (b or c)`.
    """
    own, other = ("AND", "OR") if every else ("OR", "AND")
    refused = [literal.fields for literal in literals if not literal.positive]
    if refused:
        level = None if tail is None else Level({}, "NOT", tail)
        for fields in reversed(refused):
            level = Level(fields) if level is None else _before(fields, other, level)
        tail = Level({}, "NOT", level)
    for literal in reversed(literals):
        if literal.positive:
            tail = Level(literal.fields) if tail is None else _before(literal.fields, own, tail)
    if tail is None:
        raise Unwritable
    return tail


def _before(fields: Fields, operator: str, rest: Level) -> Level:
    if operator == "AND" and not rest.fields:
        # A level of its own for AND NOT is not needed.
        return Level(fields, rest.operator if rest.operator == "NOT" else "AND", rest.rest)
    return Level(fields, operator, rest)


def _with_one_group(node: Group, inverse: Inverse) -> tuple[list[Literal], list[Group]]:
    """Rewrite a group until at most one of its parts is a group: a level leads to one other only."""
    for attempt in (_split, _merged, _factored, _multiplied):
        literals, groups = _split(attempt(node, inverse))
        if len(groups) < 2:
            return literals, groups
    raise Unwritable


def _split(node: Group, inverse: Inverse | None = None) -> tuple[list[Literal], list[Group]]:
    literals = [part for part in node.parts if isinstance(part, Literal)]
    groups = [part for part in node.parts if isinstance(part, Group)]
    return literals, groups
