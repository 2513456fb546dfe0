"""Generated operations: name, kind and document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Literal, NamedTuple

from .errors import ConfigurationError

OperationKind = Literal["query", "mutation", "subscription"]
_RawPart = tuple[int, int, str, bool, str | None]


class Part(NamedTuple):
    """A part of a definition's text that another server may lack.

    Attributes:
        start, end: where it stands in the text.
        coordinate: `Type.field`, `Type.field(argument)`, or `Type` for a selection on that type and
            for the declaration of a variable of it.
        needed: whether the result cannot do without.
        variable: the variable that an argument passes on, or that is declared.
    """

    start: int
    end: int
    coordinate: str
    needed: bool
    variable: str | None

    @property
    def declares(self) -> bool:
        """Whether this is the declaration of a variable."""
        return self.variable is not None and "." not in self.coordinate


@dataclass(frozen=True)
class Fragment:
    """A fragment that operations spread; `on` is the type that it selects from."""

    name: str
    on: str
    text: str = field(repr=False)
    fragments: tuple[Fragment, ...] = field(default=(), repr=False)
    parts: tuple[_RawPart, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True)
class Operation:
    """One GraphQL operation. Generated packages derive a class that knows its package."""

    name: str
    kind: OperationKind
    root_field: str
    text: str
    fragments: tuple[Fragment, ...] = field(default=(), repr=False)
    parts: tuple[_RawPart, ...] = field(default=(), repr=False, compare=False)

    package: ClassVar[str] = ""
    stash_version: ClassVar[str | None] = None

    @cached_property
    def all_fragments(self) -> tuple[Fragment, ...]:
        """The generated fragments that the document holds, sorted by name."""
        found: dict[str, Fragment] = {}
        _collect(self.fragments, found)
        return tuple(found[name] for name in sorted(found))

    @cached_property
    def document(self) -> str:
        """The text that is sent, fragments included."""
        end = "\n" if self.text.endswith("\n") else ""
        texts = [self.text.removesuffix("\n"), *(each.text for each in self.all_fragments)]
        return "\n\n".join(texts) + end

    @classmethod
    def from_document(cls, document: str) -> Operation:
        """Read the name and kind of a hand-written document.

        Only what decides about retries is looked for; whether the document is right, the server says.
        What is not understood counts as a mutation, which is never sent twice."""
        from .document_text import read_document

        definitions = read_document(document) or []
        operations = [each for each in definitions if each.kind != "fragment"]
        kinds = {each.kind for each in operations}
        kind: OperationKind = "mutation"
        if kinds and "mutation" not in kinds:
            kind = "subscription" if "subscription" in kinds else "query"
        name = next((each.name for each in operations if each.name), "")
        return cls(name=name, kind=kind, root_field="", text=document)

    @classmethod
    def answered_once(cls, document: str) -> Operation:
        """Read a document as `from_document` does, and refuse a subscription."""
        operation = cls.from_document(document)
        if operation.kind == "subscription":
            raise ConfigurationError(
                "graphql() asks once; a subscription answers for as long as it lasts",
                hint="Iterate over its method: jobs_subscribe(), logging_subscribe() or"
                " scan_complete_subscribe().",
            )
        return operation


def _collect(fragments: Iterable[Fragment], found: dict[str, Fragment]) -> None:
    for each in fragments:
        if each.name not in found:
            found[each.name] = each
            _collect(each.fragments, found)


def operation_name(root_field: str) -> str:
    """Name an operation after its root field, as the shipped ones are: `findScenes` is `FindScenes`."""
    return f"{root_field[0].upper()}{root_field[1:]}"
