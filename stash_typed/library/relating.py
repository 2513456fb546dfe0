"""Procedures that add, remove or set the related tags or performers of items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from .._runtime.errors import (
    GraphQLError,
    NotFoundError,
    Outcome,
    ResponseFormatError,
    StashError,
    ValidationFailedError,
)
from .._runtime.versions.compat import SET_COUNTS_ONLY
from ..select.selection import Selection
from . import documents
from .changing import Made, change_each
from .confirming import (
    Change,
    answer_to,
    outcomes_by_list,
    raise_unless_made,
    refused_as_a_whole,
)
from .documents import JustId
from .given import given_ids
from .kinds import PERFORMERS, TAGS, Kind
from .reading import chunks, get_items

if TYPE_CHECKING:
    from .._runtime.steps import Procedure

__all__ = ["Mode", "change_relation"]

_BULK_CHUNK = 500
_RELATED = {"tag_ids": TAGS, "performer_ids": PERFORMERS}
_SOMETHING_ABSENT = re.compile(r"FOREIGN KEY|nil pointer dereference")
"""What the server says when an id is nobody's and it did not look: its database's words, or, for
markers, Go's."""

Mode = Literal["ADD", "REMOVE", "SET"]


class _Related(BaseModel):
    id: str
    related: list[JustId]


@dataclass(frozen=True)
class _Relation:
    """The change to each item: `field` is for example `tag_ids`, `others` are ids."""

    kind: Kind
    field: str
    others: list[str]
    mode: Mode

    def after(self, before: list[str]) -> list[str]:
        if self.mode == "ADD":
            return list(dict.fromkeys([*before, *self.others]))
        if self.mode == "REMOVE":
            return [id_ for id_ in before if id_ not in self.others]
        return self.others


def change_relation(
    kind: Kind, ids: Iterable[str], field: str, related: Iterable[str], mode: Mode
) -> Procedure[int]:
    """Add, remove or set related items on any number of items (`bulk…Update`); return their number.

    If an item does not exist, its chunk is undone; earlier chunks stay done.
    """
    others = list(dict.fromkeys(given_ids(related, _RELATED[field].items)))
    relation = _Relation(kind, field, others, mode)
    sent = {field: {"ids": others, "mode": mode}}
    changes = [Change(id_, sent) for id_ in dict.fromkeys(given_ids(ids, "ids"))]
    outcomes: list[Outcome] = []
    cause: StashError | None = None
    has_bulk = True
    for chunk in chunks(changes, _BULK_CHUNK):
        part: list[Outcome] = []
        if has_bulk:
            part, cause = yield from _change_in_bulk(relation, chunk)
            has_bulk = not _lacks_bulk(kind, cause)
        if not has_bulk:
            part, cause = yield from _change_each(relation, chunk)
        if cause is not None and not any(each.ok or not each.known for each in part):
            if isinstance(cause, NotFoundError):
                raise _after_others(cause, kind, len(outcomes))
            if not outcomes:
                raise cause
        outcomes += part
        if not all(each.ok for each in part):
            break
    outcomes += [change.unsent() for change in changes[len(outcomes) :]]
    return len(raise_unless_made(outcomes, kind.noun, kind.bulk, cause))


def _change_in_bulk(relation: _Relation, changes: Sequence[Change]) -> Procedure[Made]:
    kind, others = relation.kind, relation.others
    ids = [change.id for change in changes]
    modes: list[Mode] = [relation.mode]
    if relation.mode == "SET" and others and kind.bulk in SET_COUNTS_ONLY:
        # With all of them added, it has either more than it is to have or just these.
        modes = ["ADD", "SET"]
    outcomes: list[Outcome] = []
    for mode in modes:
        added = bool(outcomes)
        change = {"ids": ids, relation.field: {"ids": others, "mode": mode}}
        bulk = kind.input(kind.bulk_type, change)
        answer = yield from answer_to(documents.bulk_update(kind, bulk))
        outcomes, error = outcomes_by_list(changes, kind.bulk, answer), answer.error
        if error is not None:
            if refused_as_a_whole(error, kind.bulk):
                error = yield from _explained(error, relation, ids)
            known = outcomes[0].known and not added
            return [change.failed(error, known=known) for change in changes], error
        if not all(outcome.ok for outcome in outcomes):
            break
    return outcomes, None


def _lacks_bulk(kind: Kind, error: StashError | None) -> bool:
    return isinstance(error, ValidationFailedError) and f"Mutation.{kind.bulk}" in error.fields


def _change_each(relation: _Relation, changes: Sequence[Change]) -> Procedure[Made]:
    """Read and then set the related items, for releases without a bulk update of the kind.

    Studios and markers have one since v0.30. A concurrent change is overwritten.
    """
    kind, field = relation.kind, relation.field
    try:
        if relation.mode != "REMOVE":
            yield from _present(_RELATED[field], relation.others)
        before = yield from _related_to(relation, [change.id for change in changes])
    except StashError as error:
        return [change.failed(error, known=True) for change in changes], error
    needed: list[Change] = []
    for id_, others in before.items():
        after = relation.after(others)
        if after != others:
            needed.append(Change(id_, kind.input(kind.update_type, {"id": id_, field: after})))
    made, cause = yield from change_each(kind, needed)
    by_id = {outcome.id: outcome for outcome in made}
    return [by_id.get(change.id) or Outcome(change.id) for change in changes], cause


def _related_to(relation: _Relation, ids: list[str]) -> Procedure[dict[str, list[str]]]:
    """Return the ids of the related items of each item, all of which must exist."""
    selection = Selection(_Related, f"id related: {_RELATED[relation.field].items} {{ id }}")
    read = yield from get_items(relation.kind, selection, ids, "raise")
    for id_, item in zip(ids, read, strict=True):
        if item.id != id_:
            raise ResponseFormatError(
                f"{relation.kind.noun} {id_} was asked for, and {item.id} came",
                operation=relation.kind.find,
            )
    return {item.id: [other.id for other in item.related] for item in read}


def _explained(error: StashError, relation: _Relation, ids: list[str]) -> Procedure[StashError]:
    """Return an error that names the missing id, or the original error if none is missing."""
    if not isinstance(error, GraphQLError) or not _SOMETHING_ABSENT.search(error.message):
        return error
    for which, wanted in ((relation.kind, ids), (_RELATED[relation.field], relation.others)):
        try:
            yield from _present(which, wanted)
        except NotFoundError as absent:
            return NotFoundError(
                absent.message, errors=absent.errors, operation=relation.kind.bulk, url=error.url
            )
        except StashError:
            return error
    return error


def _after_others(absent: NotFoundError, kind: Kind, made: int) -> NotFoundError:
    """Add to an error how many items were changed before it."""
    if not made:
        return absent
    return NotFoundError(
        absent.message,
        errors=absent.errors,
        operation=absent.operation,
        url=absent.url,
        hint=f"{made} {kind.items} of the requests before are changed.",
    )


def _present(kind: Kind, ids: list[str]) -> Procedure[None]:
    """Look items up, and raise a NotFoundError that names the missing ones."""
    yield from get_items(kind, Selection(JustId, "id"), ids, "raise")
