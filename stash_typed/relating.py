"""Procedures that add, remove or set what is related to things: tags, performers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NoReturn

from pydantic import BaseModel

from ._runtime.base_model import InputModel
from ._runtime.compat import SET_COUNTS_ONLY
from ._runtime.errors import GraphQLError, NotFoundError, ValidationFailedError
from ._runtime.operation import Operation, operation_name
from .changing import Mutated, update_each
from .choice import Choice
from .kinds import PERFORMERS, TAGS, Kind
from .procedures import Ask, Procedure
from .reading import JustId, chunks, get_items

__all__ = ["Mode", "change_relation"]

_BULK_CHUNK = 500
_READ_CHUNK = 200
_RELATED = {"tag_ids": TAGS, "performer_ids": PERFORMERS}
_SOMETHING_ABSENT = re.compile(r"FOREIGN KEY|nil pointer dereference")
"""What the server says when an id is nobody's and it did not look: its database's words, or, for
markers, Go's."""

Mode = Literal["ADD", "REMOVE", "SET"]


class _Related(BaseModel):
    id: str
    related: list[JustId]


_JUST_IDS = Choice(JustId, "id")


def change_relation(
    kind: Kind, ids: Iterable[str], field: str, related: Iterable[str], mode: Mode
) -> Procedure[int]:
    """Add, remove or set related things on any number of things (`bulk…Update`).

    Args:
        kind: what is changed.
        ids: which ones.
        field: the relation's field in the bulk input, such as `tag_ids`.
        related: ids of what is added, removed or set.
        mode: ADD, REMOVE or SET.

    Returns:
        How many things were changed.

    Raises:
        NotFoundError: one of them, or of what is related, is not there; names it. The chunk of it
            is undone; those before are done.
    """
    others = list(dict.fromkeys(related))
    each_by_itself = False
    done = 0
    for chunk in chunks(dict.fromkeys(ids), _BULK_CHUNK):
        if not each_by_itself:
            try:
                if mode == "SET" and others and kind.bulk in SET_COUNTS_ONLY:
                    # With all of them added, it has either more than it is to have or just these.
                    yield _bulk_update(kind, chunk, field, others, "ADD")
                yield _bulk_update(kind, chunk, field, others, mode)
            except ValidationFailedError as error:
                if f"Mutation.{kind.bulk}" not in error.fields:
                    raise
                each_by_itself = True
            except GraphQLError as error:
                yield from _explain(error, kind, chunk, field, others, done)
        if each_by_itself:
            yield from _update_each(kind, chunk, field, others, mode)
        done += len(chunk)
    return done


def _bulk_update(kind: Kind, ids: list[str], field: str, others: list[str], mode: Mode) -> Ask:
    name = operation_name(kind.bulk)
    document = f"mutation {name}($input: {kind.bulk_type}!) {{\n  {kind.bulk}(input: $input) {{\n    id\n  }}\n}}"
    operation = Operation(name=name, kind="mutation", root_field=kind.bulk, document=document)
    change = {"ids": others, "mode": mode}
    bulk = kind.input(kind.bulk_type, {"ids": ids, field: change})
    return Ask(operation, Mutated, {"input": bulk})


def _update_each(
    kind: Kind, ids: list[str], field: str, others: list[str], mode: Mode
) -> Procedure[None]:
    """For releases that have no bulk form for the kind: read what is related, and set what it is to be.

    Studios and markers have one since v0.30. Somebody else's change in between is lost.
    """
    relation = f"{_RELATED[field].noun.lower()}s"
    if mode != "REMOVE":
        yield from _present(_RELATED[field], others)

    choice = Choice(_Related, f"id related: {relation} {{ id }}")
    changes: list[InputModel] = []
    for chunk in chunks(ids, _READ_CHUNK):
        for item in (yield from get_items(kind, choice, chunk, "raise")):
            before = [other.id for other in item.related]
            after = _after(before, others, mode)
            if after != before:
                changes.append(kind.input(kind.update_type, {"id": item.id, field: after}))
    yield from update_each(kind, changes)


def _after(before: list[str], others: list[str], mode: Mode) -> list[str]:
    if mode == "ADD":
        return list(dict.fromkeys([*before, *others]))
    if mode == "REMOVE":
        return [id_ for id_ in before if id_ not in others]
    return others


def _explain(
    error: GraphQLError, kind: Kind, ids: list[str], field: str, others: list[str], done: int
) -> Procedure[NoReturn]:
    """Say which id is nobody's, where the server does not.

    Raises:
        NotFoundError: some of them are not there.
        GraphQLError: the error as it is, for another reason.
    """
    if not _SOMETHING_ABSENT.search(error.message):
        raise error
    hint = f"{done} {kind.items} of the requests before are changed." if done else None
    for which, wanted in ((kind, ids), (_RELATED[field], others)):
        try:
            yield from _present(which, wanted)
        except NotFoundError as absent:
            raise NotFoundError(
                absent.message,
                errors=error.errors,
                operation=kind.bulk,
                url=error.url,
                hint=hint,
            ) from error
    raise error


def _present(kind: Kind, ids: list[str]) -> Procedure[None]:
    """Look things up.

    Raises:
        NotFoundError: some of them are not there; names them.
    """
    for chunk in chunks(ids, _READ_CHUNK):
        yield from get_items(kind, _JUST_IDS, chunk, "raise")
