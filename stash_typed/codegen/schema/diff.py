"""Compares two schemas: the changes by noun, and the operations and fragments they affect."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal, get_args

from graphql import (
    BreakingChange,
    BreakingChangeType,
    DangerousChange,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
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
    """A change of a schema, and the operations and fragments that it breaks.

    graphql-core decides what is `breaking` or `dangerous`. An added enum value, argument or input
    field is both dangerous and new, and is listed under both.
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
    """The changes between two schemas, by severity."""

    breaking: tuple[Change, ...]
    dangerous: tuple[Change, ...]
    new: tuple[Change, ...]

    def to_json(self) -> dict[str, object]:
        """Return plain data: lists of changes by severity."""
        severities: tuple[Severity, ...] = get_args(Severity)
        return {s: [change.to_json() for change in getattr(self, s)] for s in severities}


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
    """List the additions to a schema, which graphql-core does not report.

    Members of new types, and of types whose kind changed, are not listed.
    """
    old = _coordinates(old_schema)

    def is_new(what: str) -> bool:
        owner, _, member = what.partition(".")
        if not member or what in old:
            return what not in old
        before, now = old_schema.get_type(owner), new_schema.get_type(owner)
        return type(before) is type(now) and (what.partition("(")[0] in old or "(" not in what)

    return [(f"{kind} added", w) for w, kind in _coordinates(new_schema).items() if is_new(w)]


def _coordinates(schema: GraphQLSchema) -> dict[str, str]:
    """Return the coordinates of a schema and their kinds."""
    found: dict[str, str] = {}
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    for name, type_ in schema.type_map.items():
        found[name] = "type"
        if isinstance(type_, GraphQLEnumType):
            found |= {f"{name}.{value}": "enum value" for value in type_.values}
        elif isinstance(type_, GraphQLInputObjectType):
            found |= {f"{name}.{field}": "input field" for field in type_.fields}
        elif isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field, value in type_.fields.items():
                found[f"{name}.{field}"] = "root field" if type_ in roots else "field"
                found |= {f"{name}.{field}({argument}:)": "argument" for argument in value.args}
    return found


def _ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda change: (change.noun, change.what, change.kind)))


_REMOVALS = {
    BreakingChangeType.TYPE_REMOVED,
    BreakingChangeType.FIELD_REMOVED,
    BreakingChangeType.ARG_REMOVED,
    BreakingChangeType.VALUE_REMOVED_FROM_ENUM,
}

# graphql-core reports coordinates only in English sentences; `{}` stands for a name.
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
    """Return the coordinates that a document must use to be affected by a change."""
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
        # A variable's value is not in the document: every operation that can pass the input is affected.
        return (owner, what)
    return (what,)


def _successor(what: str, added: list[str]) -> str | None:
    """Return the most similar new sibling of a removed name."""
    start = re.sub(r"(?<!\w)\w+(:\))?$", "", what)
    beside = {
        name[len(start) :].rstrip(":)"): name
        for name in added
        if name.startswith(start) and re.fullmatch(r"\w+(:\))?", name[len(start) :])
    }
    near = nearest(what[len(start) :].rstrip(":)"), beside)
    return beside[near] if near else None
