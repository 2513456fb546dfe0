"""Conversion of the `errors` of a response to one exception.

Only invalid documents carry a code; all others are recognised by their texts, collected here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from ..errors import (
    DatabaseLockedError,
    GraphQLError,
    GraphQLErrorEntry,
    NotFoundError,
    ValidationFailedError,
)
from ..foreign_text import one_line

if TYPE_CHECKING:
    from ..endpoint import Endpoint

_PARSE_CODE = "GRAPHQL_PARSE_FAILED"
_VALIDATION_CODES = frozenset({"GRAPHQL_VALIDATION_FAILED", _PARSE_CODE})
_NAMED_IN_MESSAGE = (
    (re.compile(r'Cannot query field "(?P<name>\w+)" on type "(?P<type>\w+)"'), "{type}.{name}"),
    (re.compile(r'Field "(?P<name>\w+)" is not defined by type "(?P<type>\w+)"'), "{type}.{name}"),
    (
        re.compile(
            r'Field "(?P<type>\w+)\.(?P<name>\w+)" of required type "[^"]+" was not provided'
        ),
        "{type}.{name}",
    ),
    (
        re.compile(r'Unknown argument "(?P<name>\w+)" on field "(?P<type>\w+(?:\.\w+)?)"'),
        "{type}({name})",
    ),
    (re.compile(r'Unknown type "(?P<name>\w+)"'), "{name}"),
    (re.compile(r"unknown field$"), "{path}"),
)
_NOT_FOUND = re.compile(
    r"\bwith id \S+ not found\b|^(?:scene|image|gallery|performer|studio|tag|group|marker|file|folder"
    r"|video file) not found$|^not found$|\bsql: no rows in result set\b",
    re.IGNORECASE,
)
_LOCKED = re.compile(r"\bdatabase (?:table )?is locked\b|\bSQLITE_(?:BUSY|LOCKED)\b", re.IGNORECASE)
_NOT_SET_UP = re.compile(r"invalid memory address or nil pointer dereference")
_BAD_ID = re.compile(r"strconv\.(?:Atoi|ParseInt): parsing")
_SHOWN = 3


def read_entries(errors: object) -> list[GraphQLErrorEntry]:
    """Read the `errors` of an answer, whatever shape they have."""
    if not isinstance(errors, list):
        return [] if errors is None else [GraphQLErrorEntry(f"{errors}")]
    return [_entry(error) for error in cast("list[object]", errors)]


def _entry(error: object) -> GraphQLErrorEntry:
    if not isinstance(error, dict):
        return GraphQLErrorEntry(f"{error}")
    fields = cast("dict[str, object]", error)
    path, extensions = fields.get("path"), fields.get("extensions")
    steps = cast("list[object]", path) if isinstance(path, list) else []
    return GraphQLErrorEntry(
        f"{fields.get('message') or 'an error without a message'}",
        tuple(step for step in steps if isinstance(step, (str, int))),
        tuple(_locations(fields.get("locations"))),
        cast("dict[str, object]", extensions) if isinstance(extensions, dict) else {},
    )


def _locations(value: object) -> list[tuple[int, int]]:
    places = cast("list[object]", value) if isinstance(value, list) else []
    found: list[tuple[int, int]] = []
    for place in places:
        if isinstance(place, dict):
            fields = cast("dict[str, object]", place)
            line, column = fields.get("line"), fields.get("column")
            if isinstance(line, int) and isinstance(column, int):
                found.append((line, column))
    return found


def graphql_error(
    entries: Sequence[GraphQLErrorEntry],
    data: dict[str, Any] | None,
    *,
    operation: str,
    endpoint: Endpoint,
) -> GraphQLError:
    fields = [name for entry in entries for name in _named(entry)]
    if fields or any(entry.code in _VALIDATION_CODES for entry in entries):
        return ValidationFailedError(
            _summary(entries, with_place=True),
            fields=list(dict.fromkeys(fields)),
            errors=entries,
            data=data,
            operation=operation,
            url=endpoint.graphql_url,
            hint=_validation_hint(entries, endpoint),
        )
    kind: type[GraphQLError] = GraphQLError
    hint: str | None = None
    texts = [entry.message for entry in entries]
    if all(_LOCKED.search(text) for text in texts):
        kind = DatabaseLockedError
        hint = "A task keeps the database busy; wait for it to end, or try again."
    elif all(_NOT_FOUND.search(text) for text in texts):
        kind = NotFoundError
        hint = "Check the ids: one that is absent fails the whole request."
    elif any(_NOT_SET_UP.search(text) for text in texts):
        hint = (
            "The server may not be set up yet: look at systemStatus, or open"
            f" {endpoint.url} in a browser."
        )
    elif any(_BAD_ID.search(text) for text in texts):
        hint = 'Ids are whole numbers, given as text such as "42".'
    return kind(
        _summary(entries),
        errors=entries,
        data=data,
        operation=operation,
        url=endpoint.graphql_url,
        hint=hint,
    )


def _named(entry: GraphQLErrorEntry) -> list[str]:
    """Return the parts of the document that a validation error is about."""
    if entry.path[:1] == ("variable",) and (entry.code in _VALIDATION_CODES):
        return [".".join(str(step) for step in entry.path[1:])]
    named: list[str] = []
    for pattern, form in _NAMED_IN_MESSAGE:
        path = ".".join(str(step) for step in entry.path)
        for match in pattern.finditer(entry.message):
            name = form.format(path=path, **match.groupdict())
            if name:
                named.append(name)
    return named


def _validation_hint(entries: Sequence[GraphQLErrorEntry], endpoint: Endpoint) -> str:
    if any(entry.code == _PARSE_CODE for entry in entries):
        return "The document has a syntax error; mend it at the place named."
    if all(entry.path[:1] == ("variable",) for entry in entries):
        return (
            "A variable does not fit the server's schema: check its value, or run"
            f" `stash-typed check {endpoint.url}` to see where client and server differ."
        )
    return (
        "The server is probably another version of Stash than this client was made for. Run"
        f" `stash-typed check {endpoint.url}` to see what differs, and `stash-typed upgrade` to"
        " regenerate the client."
    )


def _summary(entries: Sequence[GraphQLErrorEntry], *, with_place: bool = False) -> str:
    texts = [
        _with_place(entry) if with_place else one_line(entry.message) for entry in entries[:_SHOWN]
    ]
    more = len(entries) - len(texts)
    return "; ".join(texts) + (f"; and {more} more" if more else "")


def _with_place(entry: GraphQLErrorEntry) -> str:
    text = one_line(entry.message)
    if entry.path[:1] == ("variable",):
        return f"{one_line('.'.join(str(step) for step in entry.path[1:]))}: {text}"
    if entry.locations:
        line, column = entry.locations[0]
        return f"{text.rstrip('.')} (line {line}, column {column})"
    return text
