"""Criteria on related items: taken apart into "has any of these", and written so that they get along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import cast

from pydantic import BaseModel

from .algebra import modifier_of
from .facts import Kind, kind_of
from .logic import EVERYTHING, Group, Literal, Node, Unwritable, gathered, negated

_RELATIONS = frozenset({Kind.RELATED, Kind.HIERARCHY, Kind.FIRST})


@dataclass(frozen=True)
class _Has:
    """Related to any of these ids, or to anything at all; stands for a criterion in a literal."""

    input_type: type[BaseModel]
    ids: tuple[str, ...] | None
    depth: int | None

    def criterion(self, modifier: str) -> BaseModel:
        given: dict[str, object] = {"modifier": modifier}
        if self.ids is not None:
            given["value"] = list(self.ids)
            if self.depth is not None:
                given["depth"] = self.depth
        return self.input_type.model_validate(given)


def apart(node: Node, filter_name: str) -> Node:
    """Put each criterion of an expression into its own literal, and take those on related items apart."""
    if isinstance(node, Group):
        return _united(gathered(node.every, [apart(part, filter_name) for part in node.parts]))
    parts: list[Node] = []
    for name, value in node.fields.items():
        kind = kind_of(filter_name, name, value)
        if kind in _RELATIONS:
            parts.append(_taken_apart(name, cast("BaseModel", value)))
        else:
            parts.append(Literal({name: value}))
    every = gathered(True, parts)
    return _united(every if node.positive else negated(every))


def _taken_apart(field: str, criterion: BaseModel) -> Node:
    modifier = modifier_of(criterion)
    values = [str(id_) for id_ in getattr(criterion, "value", None) or ()]
    excluded = [str(id_) for id_ in getattr(criterion, "excludes", None) or ()]
    depth = getattr(criterion, "depth", None)

    def has(ids: Iterable[str] | None, positive: bool = True) -> Node:
        known = None if ids is None else tuple(dict.fromkeys(ids))
        return Literal({field: _Has(type(criterion), known, depth)}, positive)

    if modifier in ("IS_NULL", "NOT_NULL"):
        return has(None, modifier == "NOT_NULL")
    if modifier not in ("INCLUDES", "INCLUDES_ALL", "EXCLUDES"):
        return Literal({field: criterion})
    if modifier == "EXCLUDES":
        values, excluded = [], values + excluded
    lists = [[value] for value in values] if modifier == "INCLUDES_ALL" else [values]
    parts = [has(ids) for ids in lists if ids]
    if excluded:
        parts.append(has(excluded, positive=False))
    return gathered(True, parts) if parts else EVERYTHING


def _united(node: Node) -> Node:
    """Make one list of several: "any of a or any of b", "none of a and none of b"."""
    if isinstance(node, Literal):
        return node
    lists: dict[tuple[str, _Has], list[str]] = {}
    others: list[Node] = []
    for part in node.parts:
        found = _has_of(part)
        if found and found[1].ids is not None and cast("Literal", part).positive is not node.every:
            key = (found[0], replace(found[1], ids=()))
            lists.setdefault(key, []).extend(found[1].ids)
        else:
            others.append(part)
    united = [
        Literal({field: replace(has, ids=tuple(dict.fromkeys(ids)))}, not node.every)
        for (field, has), ids in lists.items()
    ]
    return gathered(node.every, [*others, *united])


def _has_of(node: Node) -> tuple[str, _Has] | None:
    if isinstance(node, Literal):
        for name, value in node.fields.items():
            if isinstance(value, _Has):
                return name, value
    return None


def written(node: Node, filter_name: str, *, plainly: bool) -> Node:
    """Write what `apart` took apart as criteria again."""

    def kind(field: str) -> Kind:
        has = next((h for f, h, _ in _all_has(node) if f == field), None)
        return kind_of(filter_name, field, has and has.criterion("NOT_NULL"))

    node = _all_at_once(node, lambda field: plainly or kind(field) is not Kind.RELATED)
    fields = list(dict.fromkeys(field for field, _, _ in _all_has(node)))
    sides = {field: _sides(node, field) for field in fields if kind(field) is Kind.HIERARCHY}

    def literal(field: str, has: _Has, positive: bool) -> Literal:
        if has.ids is None:
            return Literal({field: has.criterion("NOT_NULL" if positive else "IS_NULL")})
        if field in sides:
            side = sides[field][has]
            return Literal({field: has.criterion(side)}, positive is (side == "INCLUDES"))
        if positive and not plainly and kind(field) is Kind.RELATED:
            return Literal({field: has.criterion("EXCLUDES")}, positive=False)
        return Literal({field: has.criterion("INCLUDES" if positive else "EXCLUDES")})

    def rewritten(part: Node) -> Node:
        if isinstance(part, Group):
            return gathered(part.every, map(rewritten, part.parts))
        found = _has_of(part)
        if found:
            return literal(*found, part.positive)
        return part if part.positive else _asked_for(part, filter_name)

    return rewritten(node)


def _asked_for(literal: Literal, filter_name: str) -> Literal:
    """Return a negated literal as a criterion, where NOT around it would say something else."""
    if len(literal.fields) == 1:
        name, value = next(iter(literal.fields.items()))
        kind = kind_of(filter_name, name, value)
        if kind is Kind.FAVOURITE:
            return Literal({name: not value})
        # Several words are any of them to `INCLUDES`, and one text to `EXCLUDES`.
        words = str(getattr(value, "value", "")).split()
        if kind is Kind.LISTED and modifier_of(value) == "INCLUDES" and len(words) == 1:
            excludes = {"modifier": "EXCLUDES", "value": words[0]}
            return Literal({name: type(cast("BaseModel", value)).model_validate(excludes)})
    return literal


def _all_has(node: Node) -> Iterator[tuple[str, _Has, bool]]:
    if isinstance(node, Group):
        for part in node.parts:
            yield from _all_has(part)
    else:
        found = _has_of(node)
        if found:
            yield *found, node.positive


def _all_at_once(node: Node, wanted: Callable[[str], bool]) -> Node:
    """Ask for several related items by one `INCLUDES_ALL`, where everything else is required too."""
    if isinstance(node, Literal) or not node.every:
        return node
    singles: dict[tuple[str, _Has], list[str]] = {}
    for part in node.parts:
        found = _has_of(part)
        if found and found[1].ids and len(found[1].ids) == 1 and cast("Literal", part).positive:
            key = (found[0], replace(found[1], ids=()))
            singles.setdefault(key, []).append(found[1].ids[0])
    once: list[Node] = []
    for (field, has), ids in singles.items():
        if len(ids) > 1 and wanted(field):
            all_of_them = replace(has, ids=tuple(ids)).criterion("INCLUDES_ALL")
            once.append(Literal({field: all_of_them}))
            gone = {(field, replace(has, ids=(id_,))) for id_ in ids}
            node = Group(True, tuple(p for p in node.parts if not _is_one_of(p, gone)))
    return gathered(True, [*node.parts, *once])


def _is_one_of(node: Node, known: set[tuple[str, _Has]]) -> bool:
    return isinstance(node, Literal) and node.positive and _has_of(node) in known


def _sides(node: Node, field: str) -> dict[_Has, str]:
    """Choose for each list whether it is joined to include or to exclude."""
    found = [(has, positive) for name, has, positive in _all_has(node) if name == field]
    lists = list(dict.fromkeys(has for has, _ in found))
    # Whether anything is related at all is joined in the place of the list to include.
    lists.sort(key=lambda has: (has.ids is not None, (has, True) not in found))
    free = ["INCLUDES", "EXCLUDES"]
    if any(_takes_the_join(literal, field) for literal in _literals(node)):
        free.remove("INCLUDES")
    sides: dict[_Has, str] = {}
    for has in lists:
        liked = "INCLUDES" if has.ids is None or (has, True) in found else "EXCLUDES"
        if not free or (has.ids is None and "INCLUDES" not in free):
            raise Unwritable(f"it joins no more than two different lists of `{field}`")
        sides[has] = liked if liked in free else free[0]
        free.remove(sides[has])
    return sides


def _takes_the_join(literal: Literal, field: str) -> bool:
    value = literal.fields.get(field)
    related = f"{field}_filter"
    return related in literal.fields or (value is not None and not isinstance(value, _Has))


def _literals(node: Node) -> Iterator[Literal]:
    if isinstance(node, Literal):
        yield node
    else:
        for part in node.parts:
            yield from _literals(part)
