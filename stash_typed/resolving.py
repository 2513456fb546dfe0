"""Procedures that turn names into ids, and create what is not there."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import AliasChoices, BaseModel, Field

from ._runtime.errors import NotFoundError
from ._runtime.operation import Operation, operation_name
from .changing import Mutated
from .kinds import KINDS, Kind
from .procedures import Ask, Procedure
from .reading import chunks

__all__ = ["resolve_names"]

_CREATE_CHUNK = 1000


class _Named(BaseModel):
    id: str
    name: str
    aliases: list[str] | str | None = Field(
        default=None, validation_alias=AliasChoices("aliases", "alias_list")
    )
    disambiguation: str | None = None


class _AllNamed(BaseModel):
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
    name = operation_name(kind.find)
    document = f"query {name}Names {{\n  {kind.find}(filter: {{per_page: -1}}) {{\n    {kind.items} {{ {fields} }}\n  }}\n}}"
    operation = Operation(
        name=f"{name}Names",
        kind="query",
        root_field=kind.find,
        document=document,
        package="stash_typed_graphql",
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
    name = f"{operation_name(field)}Each"
    operation = Operation(
        name=name,
        kind="mutation",
        root_field=field,
        document=f"mutation {name}({declared}) {{\n{lines}\n}}",
    )
    answer: Mutated = yield Ask(
        operation, Mutated, {f"name{n}": text for n, text in enumerate(names)}
    )
    return {_fold(text): answer.root[f"item{n}"]["id"] for n, text in enumerate(names)}


def _fold(name: str) -> str:
    """As the server's database compares names: only A to Z are the same as a to z."""
    return "".join(c.lower() if c.isascii() else c for c in name)
