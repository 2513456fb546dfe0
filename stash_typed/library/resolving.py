"""Procedures that resolve names to ids, and create missing items."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from .._runtime.errors import GraphQLError, NotFoundError, Outcome, StashError
from . import documents
from .confirming import Change, answer_to, never_carried_out, outcomes_by_alias, raise_unless_made
from .given import given_names
from .reading import chunks, id_number

if TYPE_CHECKING:
    from .._runtime.steps import Procedure
    from .documents import Found, Named
    from .kinds import Kind

__all__ = ["resolve_names"]

_CREATE_CHUNK = 1000


def resolve_names(kind: Kind, names: Iterable[str], create: bool) -> Procedure[dict[str, str]]:
    """Return the ids for names and aliases, ignoring case as the server does."""
    wanted = given_names(names, kind.noun)
    if not wanted:
        return {}
    known = yield from _known_names(kind)
    missing = [name for name in wanted if _fold(name) not in known]
    if missing and not create:
        raise NotFoundError(
            f"No {kind.noun.lower()} is called {', '.join(repr(n) for n in missing[:20])}",
            operation=kind.find,
            hint="Pass create=True to create what is missing.",
        )
    # Two spellings of one name are one item.
    first = list({_fold(name): name for name in reversed(missing)}.values())[::-1]
    for outcome in (yield from _create(kind, first)):
        known[_fold(outcome.name or "")] = outcome.id
    return {name: known[_fold(name)] for name in wanted}


def _known_names(kind: Kind) -> Procedure[dict[str, str]]:
    answer: Found[Named] = yield documents.names(kind)
    things = answer.found.items
    known: dict[str, str] = {}
    for thing in things:
        aliases = [thing.aliases] if isinstance(thing.aliases, str) else thing.aliases or []
        for alias in aliases:
            known.setdefault(_fold(alias), thing.id)
    # A name takes precedence over an alias, and an item without a disambiguation over one with it.
    for thing in sorted(things, key=lambda t: (not t.disambiguation, -id_number(kind, t.id))):
        known[_fold(thing.name)] = thing.id
    return known


def _create(kind: Kind, names: list[str]) -> Procedure[list[Outcome]]:
    changes = [Change("", {"name": name}, name) for name in names]
    outcomes: list[Outcome] = []
    cause: StashError | None = None
    for chunk in chunks(changes, _CREATE_CHUNK):
        sent = [change.sent for change in chunk]
        answer = yield from answer_to(documents.create_each(kind, sent))
        part = outcomes_by_alias(chunk, kind.create, answer)
        if not all(outcome.ok for outcome in part):
            part = yield from _looked_up(kind, part, answer.error)
        outcomes += part
        if not all(outcome.ok for outcome in part):
            cause = answer.error
            break
    outcomes += [change.unsent() for change in changes[len(outcomes) :]]
    return raise_unless_made(outcomes, kind.noun, kind.create, cause)


def _looked_up(
    kind: Kind, outcomes: list[Outcome], error: StashError | None
) -> Procedure[list[Outcome]]:
    """Look names up again if their outcome is unknown: reading is safe to repeat."""
    if error is not None and never_carried_out(error):
        return outcomes
    try:
        known = yield from _known_names(kind)
    except StashError:
        return outcomes
    # Without a response the server may still be creating them.
    ended = error is None or isinstance(error, GraphQLError)
    settled: list[Outcome] = []
    for outcome in outcomes:
        id_ = known.get(_fold(outcome.name or ""))
        if outcome.ok:
            settled.append(outcome)
        elif id_ is not None:
            settled.append(Outcome(id_, name=outcome.name))
        elif ended and not outcome.known:
            settled.append(replace(outcome, known=True, sent=None))
        else:
            settled.append(outcome)
    return settled


def _fold(name: str) -> str:
    """Fold case as the server's database does: only A to Z."""
    return "".join(c.lower() if c.isascii() else c for c in name)
