"""An expression as a plain list of alternatives: the shape that fits a chain when no other does."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain as concatenated
from itertools import product

from .algebra import opposite
from .logic import Literal, Node, Unwritable, gathered, negated

__all__ = ["alternatives", "possible_alternatives"]

_MOST = 64

_Term = tuple[Literal, ...]


def alternatives(node: Node) -> Node:
    """Write an expression as alternatives, each of them criteria that must all fit."""
    return _of(_terms(node))


def possible_alternatives(node: Node) -> Node:
    """Write an expression as alternatives, without those that nothing can pass.

    The opposite of what is left out would be neither true nor false for an empty field, and is true
    for it now: only for what can be written in no other way."""
    terms = _terms(node)
    possible = [term for term in terms if not _contradicts_itself(term)]
    if possible:
        return _of(possible)
    return gathered(True, [terms[0][0], negated(terms[0][0])])


def _of(terms: list[_Term]) -> Node:
    return gathered(False, [gathered(True, term) for term in terms])


def _terms(node: Node) -> list[_Term]:
    if isinstance(node, Literal):
        if node.positive:
            return [tuple(Literal({name: value}) for name, value in node.fields.items())]
        return [(_asked_for(name, value),) for name, value in node.fields.items()]
    inner = [_terms(part) for part in node.parts]
    if not node.every:
        return _shortest(concatenated.from_iterable(inner))
    whole: list[_Term] = [()]
    for terms in inner:
        whole = _shortest(_without_repetition(pair) for pair in product(whole, terms))
        if len(whole) > _MOST:
            raise Unwritable(f"it comes to more than {_MOST} alternatives, which is too many")
    return whole


def _asked_for(name: str, value: object) -> Literal:
    other = opposite(name, value)
    return Literal({name: value}, positive=False) if other is None else Literal({name: other})


def _without_repetition(terms: tuple[_Term, ...]) -> _Term:
    literals: list[Literal] = []
    for literal in concatenated.from_iterable(terms):
        if literal not in literals:
            literals.append(literal)
    return tuple(literals)


def _shortest(terms: Iterable[_Term]) -> list[_Term]:
    """Leave out what asks for more than another alternative, or for the same in another order."""
    shortest: list[_Term] = []
    for term in terms:
        if not any(_holds_all(term, other) for other in shortest):
            shortest = [*(other for other in shortest if not _holds_all(other, term)), term]
    return shortest


def _holds_all(term: _Term, other: _Term) -> bool:
    return len(other) <= len(term) and all(literal in term for literal in other)


def _contradicts_itself(term: _Term) -> bool:
    return any(
        Literal({name: value}, not literal.positive) in term
        or (literal.positive and Literal({name: opposite(name, value)}) in term)
        for literal in term
        for name, value in literal.fields.items()
    )
