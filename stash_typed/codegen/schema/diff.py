"""What changed between two schemas, by noun, and which operations and fragments it touches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from graphql import (
    BreakingChange,
    BreakingChangeType,
    DangerousChange,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    find_breaking_changes,
    find_dangerous_changes,
    is_input_object_type,
)

from stash_typed._runtime.foreign_text import one_line
from stash_typed._runtime.nearest import nearest

from ..documents.documents import Documents
from ..documents.uses import Use, Uses
from .nouns import Nouns

__all__ = ["Change", "SchemaDiff", "Severity", "compare"]

Severity = Literal["breaking", "dangerous", "new"]


@dataclass(frozen=True)
class Change:
    """One change of a schema.

    Attributes:
        severity: `breaking` or `dangerous`, as graphql-core judges; `new` for what there is to use.
            An added enum value, argument or input field is both dangerous and new, and is listed
            in both.
        kind: what happened: `field removed`, `type added` and so on.
        noun: the noun that it belongs to, such as `Scene`.
        what: `Scene.title`, `Query.findScenes(ids:)`, `SceneFilterType`, `GenderEnum.MALE`.
        message: a sentence, with the nearest new name where something was removed.
        uses: the operations and fragments that it touches; only breaking changes have them.
    """

    severity: Severity
    kind: str
    noun: str
    what: str
    message: str
    uses: tuple[Use, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return it as plain data."""
        return {**asdict(self), "uses": [use.to_json() for use in self.uses]}


@dataclass(frozen=True)
class SchemaDiff:
    """The changes between two schemas.

    Attributes:
        breaking: what can make an operation fail that worked.
        dangerous: what can change how one behaves.
        new: types, fields, arguments, input fields, enum values and root fields that are there now.
    """

    breaking: tuple[Change, ...]
    dangerous: tuple[Change, ...]
    new: tuple[Change, ...]

    def to_json(self) -> dict[str, object]:
        """Return it as plain data: a list of changes by severity."""
        return {
            "breaking": [change.to_json() for change in self.breaking],
            "dangerous": [change.to_json() for change in self.dangerous],
            "new": [change.to_json() for change in self.new],
        }


def compare(
    old_schema: GraphQLSchema, new_schema: GraphQLSchema, documents: Documents | None = None
) -> SchemaDiff:
    """Compare two schemas."""
    nouns = Nouns(old_schema, new_schema)
    uses = Uses(documents, old_schema) if documents else None
    added = _additions(old_schema, new_schema)
    names = [what for _, what in added]

    def changed(change: BreakingChange | DangerousChange, severity: Severity) -> Change:
        what = _coordinate(change.description)
        if change.type is BreakingChangeType.DIRECTIVE_REMOVED:
            what = f"@{what}"
        touched = _touched(change, what, new_schema) if severity == "breaking" else ()
        message = change.description
        if change.type in _REMOVALS and (near := _successor(what, names)):
            message = f"{message} It may be {near} now."
        return Change(
            severity,
            change.type.name.lower().replace("_", " "),
            nouns.of(what),
            what,
            one_line(message),
            uses.of(touched) if uses else (),
        )

    breaking = (changed(c, "breaking") for c in find_breaking_changes(old_schema, new_schema))
    dangerous = (changed(c, "dangerous") for c in find_dangerous_changes(old_schema, new_schema))
    new = (Change("new", kind, nouns.of(what), what, f"{what} is new.") for kind, what in added)
    return SchemaDiff(_ordered(breaking), _ordered(dangerous), _ordered(new))


def _additions(old_schema: GraphQLSchema, new_schema: GraphQLSchema) -> list[tuple[str, str]]:
    """List what an older schema does not have, which graphql-core does not compare."""
    found: list[tuple[str, str]] = []
    for name, type_ in new_schema.type_map.items():
        before = old_schema.get_type(name)
        if before is None:
            found.append(("type added", name))
        elif type(before) is type(type_):
            is_root = type_ in (
                new_schema.query_type,
                new_schema.mutation_type,
                new_schema.subscription_type,
            )
            found += _inside(before, type_, "root field added" if is_root else "field added")
    return found


def _inside(
    before: GraphQLNamedType, now: GraphQLNamedType, field_added: str
) -> Iterator[tuple[str, str]]:
    if isinstance(now, GraphQLObjectType | GraphQLInterfaceType) and isinstance(
        before, GraphQLObjectType | GraphQLInterfaceType
    ):
        for name, field in now.fields.items():
            if name not in before.fields:
                yield field_added, f"{now.name}.{name}"
                continue
            for argument in field.args:
                if argument not in before.fields[name].args:
                    yield "argument added", f"{now.name}.{name}({argument}:)"
    if isinstance(now, GraphQLInputObjectType) and isinstance(before, GraphQLInputObjectType):
        for name in now.fields:
            if name not in before.fields:
                yield "input field added", f"{now.name}.{name}"
    if isinstance(now, GraphQLEnumType) and isinstance(before, GraphQLEnumType):
        for name in now.values:
            if name not in before.values:
                yield "enum value added", f"{now.name}.{name}"


def _ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda change: (change.noun, change.what, change.kind)))


_REMOVALS = {
    BreakingChangeType.TYPE_REMOVED,
    BreakingChangeType.FIELD_REMOVED,
    BreakingChangeType.ARG_REMOVED,
    BreakingChangeType.VALUE_REMOVED_FROM_ENUM,
}

# graphql-core tells what changed in English only; `{}` stand for names.
_SENTENCES = (
    ("Standard scalar {} was removed", "{0}"),
    ("{}.{} arg {} ", "{0}.{1}({2}:)"),
    ("A required arg {} on directive {} was added", "@{1}"),
    ("A required arg {} on {}.{} was added", "{1}.{2}({0}:)"),
    ("An optional arg {} on {}.{} was added", "{1}.{2}({0}:)"),
    ("A required field {} on input type {} was added", "{1}.{0}"),
    ("An optional field {} on input type {} was added", "{1}.{0}"),
    ("{} was removed from union type {}.", "{1}"),
    ("{} was added to union type {}.", "{1}"),
    ("{} was removed from enum type {}.", "{1}.{0}"),
    ("{} was added to enum type {}.", "{1}.{0}"),
    ("{} added to interfaces implemented by {}.", "{1}"),
    ("{} no longer implements interface {}.", "{0}"),
    ("Repeatable flag was removed from {}.", "@{0}"),
    ("{} was removed from {}.", "@{1}"),
    ("{}.{} ", "{0}.{1}"),
    ("{} ", "{0}"),
)
_PATTERNS = [
    (re.compile(re.escape(sentence).replace(r"\{\}", r"(\w+)")), coordinate)
    for sentence, coordinate in _SENTENCES
]


def _coordinate(description: str) -> str:
    for pattern, coordinate in _PATTERNS:
        if match := pattern.match(description):
            return coordinate.format(*match.groups())
    return description


def _touched(
    change: BreakingChange | DangerousChange, what: str, new_schema: GraphQLSchema
) -> tuple[str, ...]:
    """Return what a document must use for a change to touch it."""
    owner = what.partition(".")[0]
    if change.type is BreakingChangeType.REQUIRED_ARG_ADDED:
        return (what.partition("(")[0],)
    if change.type in (
        BreakingChangeType.REQUIRED_INPUT_FIELD_ADDED,
        BreakingChangeType.VALUE_REMOVED_FROM_ENUM,
    ):
        return (owner, what)
    if change.type in (
        BreakingChangeType.FIELD_REMOVED,
        BreakingChangeType.FIELD_CHANGED_KIND,
    ) and is_input_object_type(new_schema.get_type(owner)):
        # What a variable holds is not in the document: whoever can hold the input is touched.
        return (owner, what)
    return (what,)


def _successor(what: str, added: list[str]) -> str | None:
    """Find what may have come in place of something: a new name beside it that is like it."""
    start = re.sub(r"(?<!\w)\w+(:\))?$", "", what)
    beside = {
        name[len(start) :].rstrip(":)"): name
        for name in added
        if name.startswith(start) and re.fullmatch(r"\w+(:\))?", name[len(start) :])
    }
    near = nearest(what[len(start) :].rstrip(":)"), beside)
    return beside[near] if near else None
