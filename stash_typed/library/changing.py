"""Procedures that update many items, each with its own input, in few requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .._runtime.errors import DatabaseLockedError, GraphQLError, Outcome, StashError
from . import documents
from .confirming import (
    Change,
    answer_to,
    outcomes_by_alias,
    outcomes_by_list,
    raise_unless_made,
    refused_as_a_whole,
)
from .given import given_changes
from .reading import chunks

if TYPE_CHECKING:
    from .._runtime.base_model import InputModel
    from .._runtime.steps import Procedure
    from .kinds import Kind

__all__ = ["Made", "change_each", "update_each"]

_LIST_CHUNK = 100
_ALIASED_CHUNK = 50

Made = tuple[list[Outcome], StashError | None]
"""The outcome of each change, and the error that ended the work early, if any."""


def update_each(kind: Kind, changes: Iterable[InputModel]) -> Procedure[list[Outcome]]:
    """Update many items, each with its own input.

    If the schema has a list form, a chunk is one such call, which the server does as a whole or not
    at all. A refused chunk is sent again item by item, in one request, to find the refused changes.
    """
    wanted = [Change(id_, change) for id_, change in given_changes(kind, changes)]
    outcomes, cause = yield from change_each(kind, wanted)
    field = kind.update_list if kind.has_update_list else kind.update
    return raise_unless_made(outcomes, kind.noun, field, cause)


def change_each(kind: Kind, changes: Sequence[Change]) -> Procedure[Made]:
    """Make changes as `update_each` does, and return the outcome of each."""
    outcomes: list[Outcome] = []
    cause: StashError | None = None
    for chunk in chunks(changes, _LIST_CHUNK if kind.has_update_list else _ALIASED_CHUNK):
        part, error = yield from _change_chunk(kind, chunk)
        outcomes += part
        if error is not None and _is_the_end(error, part):
            cause = error
            break
    return outcomes + [change.unsent() for change in changes[len(outcomes) :]], cause


def _change_chunk(kind: Kind, changes: Sequence[Change]) -> Procedure[Made]:
    sent = [change.sent for change in changes]
    if kind.has_update_list:
        answer = yield from answer_to(documents.update_list(kind, sent))
        outcomes = outcomes_by_list(changes, kind.update_list, answer)
        error = answer.error
        if error is None or len(changes) == 1 or isinstance(error, DatabaseLockedError):
            return outcomes, error
        if not refused_as_a_whole(error, kind.update_list):
            return outcomes, error
        # Undone as a whole by the server, which said so: sending it again repeats nothing.
    answer = yield from answer_to(documents.update_each(kind, sent))
    return outcomes_by_alias(changes, kind.update, answer), answer.error


def _is_the_end(error: StashError, outcomes: list[Outcome]) -> bool:
    """Whether later changes would fail, too: any error but the server's about single changes."""
    if not isinstance(error, GraphQLError) or error.data is None:
        return True
    return isinstance(error, DatabaseLockedError) and not any(each.ok for each in outcomes)
