"""Prunes documents to what a server's schema supports, and reports the cuts.

When a server refuses a shipped document, its schema is fetched, and the fields that it lacks are
cut where the result's type allows None. If the result or the caller's data needs them, the refusal
is raised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..base_model import UNSET
from ..errors import ValidationFailedError
from ..foreign_text import one_line
from ..operation import Operation, Part
from .compat import former_name

_SPREAD = re.compile(r"\.\.\.\s*(?!on\b)(\w+)")
_RETYPED = re.compile(
    r'Variable "\$(\w+)" of type "([^"]+)" used in position expecting type "([^"]+)"'
)
_EMPTY_PARENTHESES = re.compile(r"\(\s*[,\s]*\)")


@dataclass(frozen=True)
class ServerSchema:
    """The coordinates in a server's schema: `Type`, `Type.field` and `Type.field(argument)`."""

    version: str
    names: frozenset[str]


@dataclass(frozen=True)
class Adapted:
    """An operation that a server supports completely, and what was cut from it."""

    operation: Operation
    cut: tuple[str, ...]


def shown_version(told: str | None) -> str:
    return one_line(told or "", 40) or "of unknown version"


def is_shipped(operation: Operation) -> bool:
    """Whether it is known where the parts of an operation are: so for generated documents only."""
    return bool(operation.parts)


def adapt(
    operation: Operation,
    variables: Mapping[str, object],
    schema: ServerSchema,
    refusal: ValidationFailedError,
) -> Adapted:
    """Cut unsupported parts from an operation; raise ValidationFailedError if one is needed."""
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
        texts[""] = re.sub(declared, r"\1!", texts[""])
    if not (needed or cut or stricter) and any("." in name for name in refusal.fields):
        # The document is known; what is not is in the caller's data.
        needed = refusal.fields
    if needed or not (cut or stricter):
        raise _refused(refusal, needed, operation.stash_version, schema)
    left = replace(operation, text=_spread_only(texts), fragments=(), parts=())
    return Adapted(left, tuple(dict.fromkeys(cut)))


def is_about_the_document(refusal: ValidationFailedError) -> bool:
    """Whether a refusal names a coordinate that the server lacks, rather than a value."""
    return bool(refusal.fields or _retyped(refusal))


def _retyped(refusal: ValidationFailedError) -> dict[str, tuple[str, str]]:
    """Return the variables whose types are others on the server: as declared, and as they are there."""
    found = (_RETYPED.search(entry.message) for entry in refusal.errors)
    return {match.group(1): (match.group(2), match.group(3)) for match in found if match}


def lacking(operation: Operation, schema: ServerSchema) -> tuple[list[str], list[str]]:
    """Return the parts that would be cut from an operation, and the missing ones it needs."""
    _, cut, needed = _compare(operation, schema, set(), set())
    return list(dict.fromkeys(cut)), list(dict.fromkeys(needed))


def _compare(
    operation: Operation, schema: ServerSchema, given: set[str], unfit: set[str]
) -> tuple[dict[str, str], list[str], list[str]]:
    """Return the texts without what the server lacks, what was cut, and what was needed.

    The texts are those of the fragments by name, and the operation's own under an empty one.
    """
    own, cut, needed = _without(operation.text, operation.parts, schema, given, unfit)
    texts = {"": own}
    for fragment in operation.all_fragments:
        text, gone, missing = _without(fragment.text, fragment.parts, schema, given, unfit)
        texts[fragment.name] = text
        # What only a fragment of an unknown type asks for goes with it.
        if fragment.on in schema.names:
            cut += gone
            needed += missing
    return texts, cut, needed


def _without(
    text: str,
    parts: Iterable[tuple[int, int, str, bool, str | None]],
    schema: ServerSchema,
    given: set[str],
    unfit: set[str],
) -> tuple[str, list[str], list[str]]:
    """Cut the unknown parts of one definition, and the arguments of variables that do not fit."""
    known = [Part._make(part) for part in parts]
    unknown = [
        part
        for part in known
        if part.coordinate not in schema.names or (part.variable in unfit and not part.declares)
    ]
    gone = {part.variable for part in unknown if not part.declares} - given
    cut: list[str] = []
    needed: list[str] = []
    spans: list[tuple[int, int]] = []
    settled: list[tuple[int, int]] = []
    for part in known:
        if any(start <= part.start and part.end <= end for start, end in settled):
            continue
        if part.declares and part.variable in gone:
            spans.append((part.start, part.end))
        elif part in unknown:
            settled.append((part.start, part.end))
            shown = f"${part.variable}:{part.coordinate}" if part.declares else part.coordinate
            if part.needed or part.variable in given:
                needed.append(shown)
            else:
                cut.append(shown)
                spans.append((part.start, part.end))
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return _EMPTY_PARENTHESES.sub("", text), cut, needed


def _spread_only(texts: Mapping[str, str]) -> str:
    """Join the definitions that are still spread: GraphQL refuses those that are not."""
    kept: dict[str, None] = {}
    waiting = [""]
    while waiting:
        name = waiting.pop(0)
        if name not in kept:
            kept[name] = None
            waiting += _SPREAD.findall(texts[name])
    return "\n\n".join(texts[name].strip() for name in kept)


def _refused(
    refusal: ValidationFailedError,
    needed: Iterable[str],
    client_version: str | None,
    schema: ServerSchema,
) -> ValidationFailedError:
    fields = list(dict.fromkeys(needed)) or refusal.fields
    named = ", ".join(fields) or refusal.message
    former = [name for field in fields if (name := former_name(field, schema.names))]
    instead = f" It has {', '.join(former)} instead, as older releases called it." if former else ""
    return ValidationFailedError(
        f"The server, Stash {schema.version}, does not know {named}, which this client, made for"
        f" {client_version or 'another release'}, cannot do without here.{instead}",
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
