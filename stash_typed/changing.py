"""Procedures that change many things, each in its own way, in few requests."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import RootModel

from ._runtime.base_model import InputModel
from ._runtime.errors import (
    ChangesFailedError,
    GraphQLError,
    GraphQLErrorEntry,
    NotFoundError,
    Outcome,
    StashError,
)
from ._runtime.operation import Operation, operation_name
from .kinds import Kind
from .procedures import Ask, Procedure
from .reading import chunks

__all__ = ["Mutated", "update_each"]

_LIST_CHUNK = 100
_ALIASED_CHUNK = 50


class Mutated(RootModel[dict[str, Any]]):
    """The data of a mutation that is asked for nothing but ids."""


def update_each(kind: Kind, changes: Sequence[InputModel]) -> Procedure[list[Outcome]]:
    """Make a change of its own to each of many things.

    Where the schema has a list form, a chunk is one such call, which the server does whole or not at
    all; a chunk that it refused is asked for again one by one, in one request, to tell which.

    Args:
        kind: what is changed.
        changes: update inputs, each with its id.

    Returns:
        An outcome for each change, in order; all of them good.

    Raises:
        ChangesFailedError: some were refused; carries the outcomes of all.
        StashError: the connection broke; what was sent last may have been done.
    """
    outcomes: list[Outcome] = []
    size = _LIST_CHUNK if kind.update_list else _ALIASED_CHUNK
    for chunk in chunks(changes, size):
        ids = [str(getattr(change, "id")) for change in chunk]  # noqa: B009  # known by name only
        if kind.update_list:
            try:
                yield _list_update(kind, chunk)
            except GraphQLError as error:
                # Undone as a whole by the server, which said so: sending it again repeats nothing.
                if len(chunk) == 1:
                    outcomes.append(Outcome(ids[0], error))
                    continue
            else:
                outcomes.extend(Outcome(id_) for id_ in ids)
                continue
        outcomes.extend((yield from _update_aliased(kind, chunk, ids)))
    failed = [outcome for outcome in outcomes if not outcome.ok]
    if failed:
        raise ChangesFailedError(
            f"{len(failed)} of {len(outcomes)} changes were refused; the others are made."
            f" First: {kind.noun} {failed[0].id}: {failed[0].error}",
            outcomes=outcomes,
            operation=kind.update_list or kind.update,
        )
    return outcomes


def _list_update(kind: Kind, chunk: list[InputModel]) -> Ask:
    field = kind.update_list or ""
    name = operation_name(field)
    document = f"mutation {name}($input: [{kind.update_type}!]!) {{\n  {field}(input: $input) {{\n    id\n  }}\n}}"
    operation = Operation(name=name, kind="mutation", root_field=field, document=document)
    return Ask(operation, Mutated, {"input": chunk})


def _update_aliased(
    kind: Kind, chunk: list[InputModel], ids: list[str]
) -> Procedure[list[Outcome]]:
    arguments = [{"input": (f"{kind.update_type}!", change)} for change in chunk]
    errors = yield from _aliased(kind.update, arguments)
    return [Outcome(id_, errors.get(n)) for n, id_ in enumerate(ids)]


def _aliased(
    field: str, arguments: Sequence[Mapping[str, tuple[str, object]]]
) -> Procedure[dict[int, StashError]]:
    """Send a mutation several times in one document; each is done or refused by itself.

    Args:
        field: the mutation's root field, which answers something with an id.
        arguments: for each time, the arguments with their types.

    Returns:
        The errors by position.
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
    try:
        yield Ask(operation, Mutated, variables)
    except GraphQLError as error:
        if error.data is None:
            raise
        placed = ((_position(entry), entry) for entry in error.errors)
        return {n: _own_error(error, entry, field) for n, entry in placed if n is not None}
    return {}


def _position(entry: GraphQLErrorEntry) -> int | None:
    alias = str(entry.path[0]) if entry.path else ""
    return int(alias[4:]) if re.fullmatch(r"item\d+", alias) else None


def _own_error(whole: GraphQLError, entry: GraphQLErrorEntry, field: str) -> StashError:
    kind = NotFoundError if "not found" in entry.message else GraphQLError
    return kind(entry.message, errors=[entry], operation=field, url=whole.url)
