"""Documents for a server of another version: what it lacks is left out where that tells no lie. No I/O.

Nothing is asked at the start. When a server refuses a shipped document, its schema is looked at, and
the fields that it does not know are cut where the result's type allows None. Where the result, or
data that the caller gave, could not do without, the refusal is raised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import cast

from ..base_model import UNSET
from ..errors import ValidationFailedError
from ..foreign_text import one_line
from ..operation import Operation
from .compat import former_name

__all__ = [
    "Adapted",
    "ServerSchema",
    "adapt",
    "client_version",
    "is_about_the_document",
    "is_shipped",
    "lacking",
    "shown_version",
]

_PART = re.compile(r"(\d+)-(\d+):(\S+)")
_SPREAD = re.compile(r"\.\.\.\s*(?!on\b)(\w+)")
_RETYPED = re.compile(
    r'Variable "\$(\w+)" of type "([^"]+)" used in position expecting type "([^"]+)"'
)
_EMPTY_PARENTHESES = re.compile(r"\(\s*[,\s]*\)")


@dataclass(frozen=True)
class ServerSchema:
    """What a server knows."""

    version: str
    names: frozenset[str]


@dataclass(frozen=True)
class Adapted:
    """An operation that a server knows all of."""

    operation: Operation
    cut: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    start: int
    end: int
    coordinate: str
    needed: bool
    variable: str | None

    @property
    def name(self) -> str:
        """What the server must know for this part to stay."""
        return self.coordinate.partition(":")[2] if self.coordinate[0] == "$" else self.coordinate


def shown_version(told: str | None) -> str:
    """Return a server's release as messages name it."""
    return one_line(told or "", 40) or "of unknown version"


def is_shipped(operation: Operation) -> bool:
    """Whether it is known where the parts of an operation are: so for generated documents only."""
    return bool(operation.package)


def adapt(
    operation: Operation,
    variables: Mapping[str, object],
    schema: ServerSchema,
    refusal: ValidationFailedError,
) -> Adapted:
    """Leave out of an operation what a server lacks."""
    given = {name for name, value in variables.items() if value is not UNSET}
    retyped = _retyped(refusal)
    # What only may not be left out any more is given, so that it can be said to be.
    stricter = {
        name
        for name, (before, now) in retyped.items()
        if now == f"{before}!" and variables.get(name, UNSET) not in (None, UNSET)
    }
    unfit = retyped.keys() - stricter
    texts, cut, needed = _compare(operation, schema, given, unfit)
    for name in stricter:
        declared = rf"(\${name}: {re.escape(retyped[name][0])})(?=[,)])"
        texts[operation.name] = re.sub(declared, r"\1!", texts[operation.name])
    if not (needed or cut or stricter) and any("." in name for name in refusal.fields):
        # The document is known; what is not is in the caller's data.
        needed = refusal.fields
    if needed or not (cut or stricter):
        raise _refused(refusal, needed, client_version(operation), schema)
    document = _spread_only(texts, operation)
    return Adapted(replace(operation, document=document, package=""), tuple(dict.fromkeys(cut)))


def is_about_the_document(refusal: ValidationFailedError) -> bool:
    """Whether a refusal names something that the server does not know, rather than a value."""
    return bool(refusal.fields or _retyped(refusal))


def _retyped(refusal: ValidationFailedError) -> dict[str, tuple[str, str]]:
    """Return the variables whose types are others on the server: as declared, and as they are there."""
    found = (_RETYPED.search(entry.message) for entry in refusal.errors)
    return {match.group(1): (match.group(2), match.group(3)) for match in found if match}


def client_version(operation: Operation) -> str:
    """Return the release that an operation was generated for."""
    return str(import_module(f"{operation.package}.document_parts").STASH_VERSION)


def lacking(operation: Operation, schema: ServerSchema) -> tuple[list[str], list[str]]:
    """Say what a server lacks of an operation, without sending anything."""
    _, cut, needed = _compare(operation, schema, set(), set())
    return list(dict.fromkeys(cut)), list(dict.fromkeys(needed))


def _compare(
    operation: Operation, schema: ServerSchema, given: set[str], unfit: set[str]
) -> tuple[dict[str, str], list[str], list[str]]:
    """Return the definitions without what the server lacks, what was cut, and what was needed."""
    module = import_module(f"{operation.package}.document_parts")
    known = cast("dict[str, str]", module.PARTS)
    texts: dict[str, str] = {}
    cut: list[str] = []
    needed: list[str] = []
    if operation.name not in known and f"Query.{operation.root_field}" not in schema.names:
        needed.append(f"Query.{operation.root_field}")
    for text in operation.document.split("\n\n"):
        key = _key(text, operation)
        parts = _parts((operation.parts if key == operation.name else "") or known.get(key, ""))
        left, gone, missing = _without(text, parts, schema, given, unfit)
        texts[key] = left
        # What only a fragment of an unknown type asks for goes with it.
        if not key.startswith("fragment ") or _condition(text) in schema.names:
            cut += gone
            needed += missing
    return texts, cut, needed


def _key(text: str, operation: Operation) -> str:
    words = text.split(None, 2)
    return f"fragment {words[1]}" if words[0] == "fragment" else operation.name


def _condition(text: str) -> str:
    return text.split(None, 4)[3]


def _parts(encoded: str) -> list[_Part]:
    parts: list[_Part] = []
    for match in _PART.finditer(encoded):
        coordinate, _, variable = match.group(3).partition("=")
        parts.append(
            _Part(
                int(match.group(1)),
                int(match.group(2)),
                coordinate.rstrip("!"),
                coordinate.endswith("!"),
                variable or None,
            )
        )
    return parts


def _without(
    text: str, parts: list[_Part], schema: ServerSchema, given: set[str], unfit: set[str]
) -> tuple[str, list[str], list[str]]:
    """Cut the unknown parts of one definition, and the arguments of variables that do not fit."""
    unknown = [part for part in parts if part.name not in schema.names or part.variable in unfit]
    gone_variables = {
        part.variable for part in unknown if part.variable and part.variable not in given
    }
    cut: list[str] = []
    needed: list[str] = []
    spans: list[tuple[int, int]] = []
    settled: list[tuple[int, int]] = []
    for part in parts:
        if any(start <= part.start and part.end <= end for start, end in settled):
            continue
        variable = part.coordinate[1:].partition(":")[0] if part.coordinate[0] == "$" else ""
        if variable and variable in gone_variables:
            spans.append((part.start, part.end))
        elif part in unknown:
            settled.append((part.start, part.end))
            carried = (variable or part.variable) in given
            if part.needed or carried:
                needed.append(part.coordinate)
            else:
                cut.append(part.coordinate)
                spans.append((part.start, part.end))
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return _EMPTY_PARENTHESES.sub("", text), cut, needed


def _spread_only(texts: Mapping[str, str], operation: Operation) -> str:
    """Keep the definitions that are still spread: GraphQL refuses those that are not."""
    kept: dict[str, None] = {}
    waiting = [operation.name]
    while waiting:
        key = waiting.pop(0)
        if key not in kept:
            kept[key] = None
            waiting += [f"fragment {spread}" for spread in _SPREAD.findall(texts[key])]
    return "\n\n".join(texts[key] for key in kept)


def _refused(
    refusal: ValidationFailedError,
    needed: Iterable[str],
    client_version: str,
    schema: ServerSchema,
) -> ValidationFailedError:
    fields = list(dict.fromkeys(needed)) or refusal.fields
    named = ", ".join(fields) or refusal.message
    former = [name for field in fields if (name := former_name(field, schema.names))]
    instead = f" It has {', '.join(former)} instead, as older releases called it." if former else ""
    return ValidationFailedError(
        f"The server, Stash {schema.version}, does not know {named}, which this client, made for"
        f" {client_version}, cannot do without here.{instead}",
        fields=fields,
        client_version=client_version,
        server_version=schema.version,
        errors=refusal.errors,
        data=refusal.data,
        operation=refusal.operation,
        url=refusal.url,
        hint="Run `stash-typed codegen` to generate a client for this server, or `stash-typed"
        " check` to see all that differs.",
    )
