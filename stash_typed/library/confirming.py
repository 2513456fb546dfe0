"""The outcomes of many changes, read from a response: made, refused or unknown.

A change counts as made only if the response shows it. Neither shown nor refused means unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

from .._runtime.base_model import InputModel
from .._runtime.errors import (
    AuthenticationError,
    ChangesFailedError,
    ConfigurationError,
    DatabaseLockedError,
    GraphQLError,
    GraphQLErrorEntry,
    InvalidVariableError,
    NotFoundError,
    Outcome,
    ResponseFormatError,
    StashError,
    ValidationFailedError,
)

if TYPE_CHECKING:
    from .._runtime.steps import Ask, Procedure
    from .documents import Mutated

__all__ = [
    "Answer",
    "Change",
    "answer_to",
    "never_carried_out",
    "outcomes_by_alias",
    "outcomes_by_list",
    "raise_unless_made",
    "refused_as_a_whole",
]


class Answer(NamedTuple):
    """The data of a response, which may be empty, and the error, if any."""

    data: Mapping[str, object]
    error: StashError | None


def answer_to(ask: Ask) -> Procedure[Answer]:
    """Send a request, and return its errors with its data."""
    try:
        answer: Mutated = yield ask
    except StashError as error:
        return Answer((error.data if isinstance(error, GraphQLError) else None) or {}, error)
    return Answer(answer.root, None)


@dataclass(frozen=True)
class Change:
    """A requested change; an item to be created has a name and an empty id."""

    id: str
    sent: InputModel | Mapping[str, object]
    name: str | None = None

    def shown_by(self, value: object) -> Outcome | None:
        """Return the outcome if a part of a response shows that the change was made."""
        id_ = _id_in(value)
        # A new item has an id that the caller does not know yet.
        right = id_ is not None and (self.name is not None or id_ == self.id)
        return Outcome(id_ or "", name=self.name) if right else None

    def failed(self, error: StashError, *, known: bool) -> Outcome:
        """Return the outcome of a change that was not made, or whose outcome is unknown."""
        sent = None if known else self.sent
        if isinstance(sent, InputModel):
            sent = cast("dict[str, object]", sent.model_dump(by_alias=True, exclude_unset=True))
        return Outcome(self.id, error, known, self.name, sent)

    def unshown(self, operation: str) -> Outcome:
        """Return the outcome of a change that is missing from the response."""
        told = f"the answer does not show that the change to {self.id or repr(self.name)} was made"
        return self.failed(ResponseFormatError(told, operation=operation), known=False)

    def unsent(self) -> Outcome:
        """Return the outcome of a change that was not sent."""
        return self.failed(StashError("not sent, since a request before it failed"), known=True)


def outcomes_by_alias(changes: Sequence[Change], field: str, answer: Answer) -> list[Outcome]:
    """Return the outcomes of a document with each change under an alias: `item0`, `item1` …"""
    data, error = answer
    aliases = [f"item{n}" for n in range(len(changes))]
    entries = error.errors if isinstance(error, GraphQLError) else []
    own = {entry.path[0]: entry for entry in reversed(entries) if entry.path}
    if error is not None and not (
        own and own.keys() <= {*aliases} and all(e.path for e in entries)
    ):
        # The error does not say which change it concerns, unless there is only one.
        alone = len(changes) == 1 and refused_as_a_whole(error, aliases[0])
        known = alone or never_carried_out(error)
        return [change.failed(error, known=known) for change in changes]
    outcomes: list[Outcome] = []
    for change, alias in zip(changes, aliases, strict=True):
        value, entry = data.get(alias), own.get(alias)
        if entry is not None:
            # An error at a deeper path concerns reading, after the change.
            refused = value is None and len(entry.path) == 1
            outcomes.append(change.failed(_own_error(entry, field, error), known=refused))
        else:
            outcomes.append(change.shown_by(value) or change.unshown(field))
    return outcomes


def outcomes_by_list(changes: Sequence[Change], field: str, answer: Answer) -> list[Outcome]:
    """Return the outcomes of a mutation that makes all changes or none, and lists the items."""
    data, error = answer
    if error is not None:
        known = never_carried_out(error) or refused_as_a_whole(error, field)
        return [change.failed(error, known=known) for change in changes]
    listed = data.get(field)
    items = cast("list[object]", listed) if isinstance(listed, list) else []
    # The order is the server's; an item that is changed twice is listed twice.
    left = Counter(_id_in(item) for item in items)
    outcomes: list[Outcome] = []
    for change in changes:
        shown = left[change.id] > 0
        left[change.id] -= 1
        outcomes.append(Outcome(change.id) if shown else change.unshown(field))
    return outcomes


def _id_in(item: object) -> str | None:
    id_ = cast("dict[str, object]", item).get("id") if isinstance(item, dict) else None
    return id_ if isinstance(id_, str) and id_ else None


def never_carried_out(error: StashError) -> bool:
    """Whether an error means that no part of a request was executed."""
    if isinstance(error, ValidationFailedError):
        begun = any(entry.path and entry.path[0] != "variable" for entry in error.errors)
        return error.data is None and not begun
    return isinstance(error, (AuthenticationError, ConfigurationError, InvalidVariableError))


def refused_as_a_whole(error: StashError, key: str) -> bool:
    """Whether a server that makes all changes under an alias or none reports that it made none."""
    if not isinstance(error, GraphQLError) or (error.data or {}).get(key) is not None:
        return False
    clear = isinstance(error, (NotFoundError, DatabaseLockedError))
    return bool(error.errors) and all(
        entry.path == (key,) or (clear and not entry.path) for entry in error.errors
    )


def raise_unless_made(
    outcomes: list[Outcome], noun: str, operation: str, cause: StashError | None
) -> list[Outcome]:
    """Return the outcomes if all changes are made; raise only the cause if nothing was executed."""
    failed = [outcome for outcome in outcomes if not outcome.ok]
    if not failed:
        return outcomes
    unknown = [outcome for outcome in failed if not outcome.known]
    all_failed = len(failed) == len(outcomes)
    if cause is not None and never_carried_out(cause) and all_failed and not unknown:
        raise cause
    first = (unknown or failed)[0]
    rest = len(failed) - len(unknown)
    if unknown:
        told = f"of {len(unknown)} of {len(outcomes)} changes it is not known whether they are made"
        told += f", {rest} are not" if rest else ""
    else:
        told = (
            f"{rest} of {len(outcomes)} changes were {'refused' if cause is None else 'not made'}"
        )
    told += "" if all_failed else "; the others are made"
    raise ChangesFailedError(
        f"{told}. First: {noun} {first.id or repr(first.name)}: {first.error}",
        outcomes=outcomes,
        operation=operation,
        hint="Look at those of `.unknown` before you send them again." if unknown else None,
    ) from cause


def _own_error(entry: GraphQLErrorEntry, field: str, whole: StashError | None) -> StashError:
    kind: type[GraphQLError] = GraphQLError
    if "not found" in entry.message:
        kind = NotFoundError
    elif isinstance(whole, DatabaseLockedError):
        kind = DatabaseLockedError
    return kind(entry.message, errors=[entry], operation=field, url=whole.url if whole else None)
