"""Procedures for changing many things: each in its own way, all in the same way, names to ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import AliasChoices, Field, RootModel
from pydantic import BaseModel as PydanticBaseModel

from ._runtime.base_model import InputModel
from ._runtime.errors import (
    ChangesFailedError,
    GraphQLError,
    GraphQLErrorEntry,
    NotFoundError,
    Outcome,
    StashError,
)
from ._runtime.operation import Operation
from .kinds import KINDS, Kind
from .procedures import Ask, Procedure
from .reading import chunks

__all__ = ["change_relation", "resolve_names", "update_each"]

_LIST_CHUNK = 100
_ALIASED_CHUNK = 50
_BULK_CHUNK = 500
_CREATE_CHUNK = 1000

Mode = Literal["ADD", "REMOVE", "SET"]


class _Anything(RootModel[dict[str, Any]]):
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
    name = f"{field[0].upper()}{field[1:]}"
    document = f"mutation {name}($input: [{kind.update_type}!]!) {{\n  {field}(input: $input) {{\n    id\n  }}\n}}"
    operation = Operation(name=name, kind="mutation", root_field=field, document=document)
    return Ask(operation, _Anything, {"input": chunk})


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
    name = f"{field[0].upper()}{field[1:]}Each"
    document = f"mutation {name}({', '.join(declared)}) {{\n" + "\n".join(lines) + "\n}"
    operation = Operation(name=name, kind="mutation", root_field=field, document=document)
    try:
        yield Ask(operation, _Anything, variables)
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
        NotFoundError: one of them is not there. The chunk of it is undone; those before are done.
    """
    name = f"{kind.bulk[0].upper()}{kind.bulk[1:]}"
    document = f"mutation {name}($input: {kind.bulk_type}!) {{\n  {kind.bulk}(input: $input) {{\n    id\n  }}\n}}"
    operation = Operation(name=name, kind="mutation", root_field=kind.bulk, document=document)
    change = {"ids": list(dict.fromkeys(related)), "mode": mode}
    done = 0
    for chunk in chunks(dict.fromkeys(ids), _BULK_CHUNK):
        bulk = kind.input(kind.bulk_type, {"ids": chunk, field: change})
        try:
            yield Ask(operation, _Anything, {"input": bulk})
        except GraphQLError as error:
            if "FOREIGN KEY" not in error.message:
                raise
            # How the server's database says that one of the ids is nobody's.
            raise NotFoundError(
                f"One of these {kind.items}, or of what was to be related to them, is not there;"
                f" {done} of them are changed",
                errors=error.errors,
                operation=kind.bulk,
                url=error.url,
                hint=f"Look the ids up: {', '.join(chunk[:20])}.",
            ) from error
        done += len(chunk)
    return done


class _Named(PydanticBaseModel):
    id: str
    name: str
    aliases: list[str] | str | None = Field(
        default=None, validation_alias=AliasChoices("aliases", "alias_list")
    )
    disambiguation: str | None = None


class _AllNamed(PydanticBaseModel):
    found: dict[str, list[_Named]] = Field(validation_alias=AliasChoices(*(k.find for k in KINDS)))


def resolve_names(kind: Kind, names: Iterable[str], create: bool) -> Procedure[dict[str, str]]:
    """Look names up, aliases counted, upper and lower case alike as the server does.

    Args:
        kind: tags, performers, studios or groups.
        names: what to look up.
        create: whether to create what is not there.

    Returns:
        Ids by the names as they were given.

    Raises:
        NotFoundError: some are not there, and were not to be created; names them.
    """
    wanted = list(dict.fromkeys(name.strip() for name in names))
    if not all(wanted):
        raise ValueError(f"an empty name stands for no {kind.noun.lower()}")
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
    # Two spellings of one name are one thing.
    first = list({_fold(name): name for name in reversed(missing)}.values())[::-1]
    for chunk in chunks(first, _CREATE_CHUNK):
        known.update((yield from _create(kind, chunk)))
    return {name: known[_fold(name)] for name in wanted}


def _known_names(kind: Kind) -> Procedure[dict[str, str]]:
    fields = "id name" + (f" {kind.aliases}" if kind.aliases else "")
    if kind.noun == "Performer":
        fields += " disambiguation"
    name = f"{kind.find[0].upper()}{kind.find[1:]}"
    document = f"query {name}Names {{\n  {kind.find}(filter: {{per_page: -1}}) {{\n    {kind.items} {{ {fields} }}\n  }}\n}}"
    operation = Operation(
        name=f"{name}Names", kind="query", root_field=kind.find, document=document
    )
    answer: _AllNamed = yield Ask(operation, _AllNamed)
    things = answer.found[kind.items]
    known: dict[str, str] = {}
    for thing in things:
        aliases = [thing.aliases] if isinstance(thing.aliases, str) else thing.aliases or []
        for alias in aliases:
            known.setdefault(_fold(alias), thing.id)
    # A name goes before an alias, and the plain bearer of a name before those told apart by more.
    for thing in sorted(things, key=lambda t: (not t.disambiguation, -int(t.id))):
        known[_fold(thing.name)] = thing.id
    return known


def _create(kind: Kind, names: list[str]) -> Procedure[dict[str, str]]:
    field = f"{kind.noun[0].lower()}{kind.noun[1:]}Create"
    declared = ", ".join(f"$name{n}: String!" for n in range(len(names)))
    lines = "\n".join(
        f"  item{n}: {field}(input: {{name: $name{n}}}) {{ id }}" for n in range(len(names))
    )
    name = f"{field[0].upper()}{field[1:]}Each"
    operation = Operation(
        name=name,
        kind="mutation",
        root_field=field,
        document=f"mutation {name}({declared}) {{\n{lines}\n}}",
    )
    answer: _Anything = yield Ask(
        operation, _Anything, {f"name{n}": text for n, text in enumerate(names)}
    )
    return {_fold(text): answer.root[f"item{n}"]["id"] for n, text in enumerate(names)}


def _fold(name: str) -> str:
    """As the server's database compares names: only A to Z are the same as a to z."""
    return "".join(c.lower() if c.isascii() else c for c in name)
