"""Filters as logic: an expression, and the chain of levels that it is written as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

from .algebra import both, opposite

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


Node = Literal | Group

EVERYTHING = Group(True)
"""The meaning of a filter without criteria."""


@dataclass(frozen=True)
class Level:
    fields: Fields
    operator: str = ""
    rest: Level | None = None

    def levels(self) -> Iterator[Level]:
        level: Level | None = self
        while level is not None:
            yield level
            level = level.rest


class Unwritable(Exception):
    """There is no chain for an expression, or none was found."""


def gathered(every: bool, parts: Iterable[Node]) -> Node:
    """Join parts, without groups of the same kind inside one another, nor parts that hold others."""
    flat: list[Node] = []
    for part in parts:
        inner = part.parts if isinstance(part, Group) and part.every is every else (part,)
        for node in inner:
            if not any(_holds(node, other) for other in flat):
                flat = [*(other for other in flat if not _holds(other, node)), node]
    if Group(not every) in flat:
        return Group(not every)
    return flat[0] if len(flat) == 1 else Group(every, tuple(flat))


def _holds(node: Node, other: Node) -> bool:
    """Whether a part asks what another asks and more, so that beside it, it makes no difference."""
    if node == other:
        return True
    own = other.parts if isinstance(other, Group) else (other,)
    return isinstance(node, Group) and bool(own) and all(part in node.parts for part in own)


def negated(node: Node) -> Node:
    """Return the opposite, with `not` at the criteria only."""
    if isinstance(node, Literal):
        return Literal(node.fields, not node.positive)
    return gathered(not node.every, map(negated, node.parts))


def chain(node: Node) -> Level:
    """Write an expression as a chain, or raise Unwritable."""
    if isinstance(node, Literal):
        level = Level(node.fields)
        return level if node.positive else _not(level)
    if len(node.parts) < 2:
        return chain(node.parts[0]) if node.parts else Level({})
    for rewrite in (_unchanged, _merged, _factored, _multiplied):
        rewritten = rewrite(node)
        if isinstance(rewritten, Literal):
            return chain(rewritten)
        literals = [part for part in rewritten.parts if isinstance(part, Literal)]
        groups = [part for part in rewritten.parts if isinstance(part, Group)]
        if len(groups) > 1:
            continue
        try:
            tail = chain(groups[0]) if groups else None
        except Unwritable:
            continue
        return linked(rewritten.every, literals, tail)
    raise Unwritable("a level leads to one other only, and this branches")


def linked(every: bool, literals: list[Literal], tail: Level | None) -> Level:
    """Put literals before the rest of a group.

    Those that are negated go into one NOT together: `not b and not c` is `not (b or c)`."""
    own, other = ("AND", "OR") if every else ("OR", "AND")
    refused = [literal.fields for literal in literals if not literal.positive]
    if refused:
        inner = None if tail is None else _not(tail)
        for fields in reversed(refused):
            inner = _before(fields, other, inner)
        tail = None if inner is None else _not(inner)
    for literal in reversed(literals):
        if literal.positive:
            tail = _before(literal.fields, own, tail)
    if tail is None:
        raise Unwritable("a level leads to one other only, and this branches")
    return tail


def _not(level: Level) -> Level:
    if level.operator == "NOT" and level.rest is not None and not level.fields:
        return level.rest
    return Level({}, "NOT", level)


def _before(fields: Fields, operator: str, rest: Level | None) -> Level:
    if rest is None:
        return Level(fields)
    if operator == "AND" and not rest.fields and rest.operator == "NOT":
        return Level(fields, "NOT", rest.rest)
    return Level(fields, operator, rest)


def _unchanged(node: Group) -> Node:
    return node


def _merged(node: Group) -> Node:
    """Make one literal of each group of criteria on different fields."""
    return gathered(node.every, [_as_literal(part) or part for part in node.parts])


def _as_literal(node: Node) -> Literal | None:
    if isinstance(node, Literal):
        return node
    fields: Fields = {}
    for part in node.parts:
        if isinstance(part, Group):
            return None
        own = part.fields
        if part.positive is not node.every:
            flipped = {name: opposite(name, value) for name, value in own.items()}
            if len(flipped) > 1 or None in flipped.values():
                return None
            own = flipped
        for name, value in own.items():
            whole = both(name, fields[name], value) if name in fields else value
            if whole is None:
                return None
            fields[name] = whole
    return Literal(fields, positive=node.every)


def _factored(node: Group) -> Node:
    """Draw out what all parts have in common: `a and b or a and c` is `a and (b or c)`."""
    alternatives = [part.parts if isinstance(part, Group) else (part,) for part in node.parts]
    common = [part for part in alternatives[0] if all(part in other for other in alternatives[1:])]
    if not common:
        return node
    rests = [
        gathered(not node.every, [part for part in parts if part not in common])
        for parts in alternatives
    ]
    return gathered(not node.every, [*common, gathered(node.every, rests)])


def _multiplied(node: Group) -> Node:
    """Turn the groups inside out: `(a or b) and (c or d)` is `a and c or a and d or …`."""
    groups = [part.parts for part in node.parts if isinstance(part, Group)]
    if prod(map(len, groups)) > _MOST_TERMS:
        return node
    multiplied = gathered(not node.every, (gathered(node.every, term) for term in product(*groups)))
    if isinstance(multiplied, Group):
        multiplied = _merged(multiplied)
    if isinstance(multiplied, Group) and sum(isinstance(p, Group) for p in multiplied.parts) > 1:
        return node
    literals = [part for part in node.parts if isinstance(part, Literal)]
    return gathered(node.every, [*literals, multiplied])
