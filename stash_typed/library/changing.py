"""Procedures that change many things, each in its own way, in few requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .._runtime.base_model import InputModel
from .._runtime.errors import DatabaseLockedError, GraphQLError, Outcome, StashError
from .._runtime.operation import Operation, operation_name
from .._runtime.steps import Ask, Procedure
from .confirming import (
    Answer,
    Change,
    Mutated,
    answer_to,
    outcomes_by_alias,
    outcomes_by_list,
    raise_unless_made,
    refused_as_a_whole,
)
from .given import given_changes
from .kinds import Kind
from .reading import chunks

__all__ = ["change_each", "each_by_alias", "update_each"]

_LIST_CHUNK = 100
_ALIASED_CHUNK = 50


def update_each(kind: Kind, changes: Iterable[InputModel]) -> Procedure[list[Outcome]]:
    """Make a change of its own to each of many things.

    Where the schema has a list form, a chunk is one such call, which the server does whole or not at
    all; a chunk that it refused is asked for again one by one, in one request, to tell which.

    Args:
        kind: what is changed.
        changes: update inputs, each with its id.

    Returns:
        An outcome for each change, in order; all of them good.

    Raises:
        ChangesFailedError: some were refused, or the answer does not show them, or the connection
            broke; carries the outcomes of all.
        StashError: nothing was begun.
        TypeError: one of them is no update input of the kind.
    """
    wanted = [Change(id_, change) for id_, change in given_changes(kind, changes)]
    outcomes, cause = yield from change_each(kind, wanted)
    return raise_unless_made(outcomes, kind.noun, kind.update_list or kind.update, cause)


def change_each(
    kind: Kind, changes: Sequence[Change]
) -> Procedure[tuple[list[Outcome], StashError | None]]:
    """Make changes, as `update_each` does.

    Returns:
        An outcome for each, and what ended the work before its end, if anything did.
    """
    outcomes: list[Outcome] = []
    cause: StashError | None = None
    for chunk in chunks(changes, _LIST_CHUNK if kind.update_list else _ALIASED_CHUNK):
        part, error = yield from _change_chunk(kind, chunk)
        outcomes += part
        if error is not None and _is_the_end(error, part):
            cause = error
            break
    return outcomes + [change.unsent() for change in changes[len(outcomes) :]], cause


def _change_chunk(
    kind: Kind, changes: list[Change]
) -> Procedure[tuple[list[Outcome], StashError | None]]:
    if kind.update_list:
        answer = yield from answer_to(_list_update(kind, changes))
        outcomes = outcomes_by_list(changes, kind.update_list, answer)
        error = answer.error
        if error is None or len(changes) == 1 or isinstance(error, DatabaseLockedError):
            return outcomes, error
        if not refused_as_a_whole(error, kind.update_list):
            return outcomes, error
        # Undone as a whole by the server, which said so: sending it again repeats nothing.
    values = [{"input": (f"{kind.update_type}!", change.sent)} for change in changes]
    answer = yield from each_by_alias(kind.update, values)
    return outcomes_by_alias(changes, kind.update, answer), answer.error


def _is_the_end(error: StashError, outcomes: list[Outcome]) -> bool:
    """Whether what comes after would fail alike: all errors but the server's about single changes."""
    if not isinstance(error, GraphQLError) or error.data is None:
        return True
    return isinstance(error, DatabaseLockedError) and not any(each.ok for each in outcomes)


def _list_update(kind: Kind, changes: list[Change]) -> Ask:
    field = kind.update_list or ""
    name = operation_name(field)
    document = f"mutation {name}($input: [{kind.update_type}!]!) {{\n  {field}(input: $input) {{\n    id\n  }}\n}}"
    operation = Operation(name=name, kind="mutation", root_field=field, document=document)
    return Ask(operation, Mutated, {"input": [change.sent for change in changes]})


def each_by_alias(
    field: str, arguments: Sequence[Mapping[str, tuple[str, object]]]
) -> Procedure[Answer]:
    """Send a mutation several times in one document; each is done or refused by itself.

    Args:
        field: the mutation's root field, which answers something with an id.
        arguments: for each time, the arguments with their types.

    Returns:
        What came of it, under `item0`, `item1` …
    """
    declared: list[str] = []
    lines: list[str] = []
    variables: dict[str, object] = {}
    for n, values in enumerate(arguments):
        for name, (type_, value) in values.items():
            declared.append(f"${name}{n}: {type_}")
            variables[f"{name}{n}"] = value
        passed = ", ".join(f"{name}: ${name}{n}" for name in values)
        lines.append(f"  item{n}: {field}({passed}) {{\n    id\n  }}")
    name = f"{operation_name(field)}Each"
    document = f"mutation {name}({', '.join(declared)}) {{\n" + "\n".join(lines) + "\n}"
    operation = Operation(name=name, kind="mutation", root_field=field, document=document)
    return (yield from answer_to(Ask(operation, Mutated, variables)))
