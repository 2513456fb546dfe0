"""Documents of the caller's own whose root fields have no selection: the model of the data gives it.

`query One($id: ID!) { findScene(id: $id) }` is no GraphQL yet; what is to be selected of the scene,
the field of the model says that reads `findScene`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from pydantic import BaseModel, PydanticUndefinedAnnotation

from .._runtime.document_text import NotUnderstood, tokens_of
from .._runtime.errors import SelectionError
from .fit import misfit
from .names import Unnamed, asked_field
from .schema import SchemaType, root_fields_of
from .shapes import field_shape
from .writer import Writer

if TYPE_CHECKING:
    from .._runtime.operation import Operation

__all__ = ["completed"]

_CLOSING = {"(": ")", "{": "}", "[": "]"}
_ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}

_known: WeakKeyDictionary[type[BaseModel], dict[str, str]] = WeakKeyDictionary()


@dataclass(frozen=True)
class _RootField:
    """One root field of a document.

    Attributes:
        key: the name that it is answered under.
        name: the schema's name.
        start: where it begins, with its alias if it has one.
        name_at: where the schema's name begins.
        end: where its arguments and directives end.
        bare: whether it has no selection.
    """

    key: str
    name: str
    start: int
    name_at: int
    end: int
    bare: bool


def completed(operation: Operation, model: type[BaseModel]) -> Operation:
    """Write the selections that a document leaves out.

    Args:
        operation: as the caller wrote it.
        model: the model of its data.

    Returns:
        The operation with a selection for each root field that needs one; as it is, when none does.

    Raises:
        SelectionError: the model has no field for such a root field, or one that does not fit.
    """
    known = _known.setdefault(model, {})
    if operation.document not in known:
        known[operation.document] = _completed(operation, model)
    return replace(operation, document=known[operation.document])


def _completed(operation: Operation, model: type[BaseModel]) -> str:
    types = root_fields_of(operation.kind)
    bare = [
        field
        for field in _root_fields(operation.document)
        if field.bare and field.name in types and not SchemaType(types[field.name]).leaf
    ]
    document = operation.document
    problems: list[str] = []
    for field in reversed(bare):
        written = _Selected(
            field, SchemaType(types[field.name]), f"{_ROOTS[operation.kind]}.{field.name}"
        )
        key, selection = written.by(model, problems)
        name = field.name if key == field.name else f"{key}: {field.name}"
        arguments = document[field.name_at + len(field.name) : field.end]
        document = (
            f"{document[: field.start]}{name}{arguments} {{ {selection} }}{document[field.end :]}"
        )
    if problems:
        root = _ROOTS[operation.kind]
        raise SelectionError(model.__name__, root, tuple(dict.fromkeys(problems[::-1])))
    return document


@dataclass(frozen=True)
class _Selected:
    """A root field that is to be selected from.

    Attributes:
        field: it.
        schema: its type.
        coordinate: such as `Query.findScene`.
    """

    field: _RootField
    schema: SchemaType
    coordinate: str

    def by(self, model: type[BaseModel], problems: list[str]) -> tuple[str, str]:
        """Give the name that the model reads the answer under, and what it asks for."""
        try:
            model.model_rebuild()
        except PydanticUndefinedAnnotation as error:
            problems.append(f"{model.__name__}: {error.name!r} in an annotation is not defined")
            return self.field.key, ""
        for name, info in model.model_fields.items():
            offered: Mapping[str, str] = {self.field.key: self.schema.text}
            try:
                asked = asked_field(model, name, info, self.coordinate, offered)
            except Unnamed:
                continue
            where = f"{model.__name__}.{name}"
            shape = field_shape(model, name, info)
            problem = misfit(shape, self.schema, self.coordinate)
            if problem:
                problems.append(f"{where}: {problem}")
                return self.field.key, ""
            while shape.item:
                shape = shape.item
            writer = Writer()
            writer.write(shape.models, self.schema.name, where)
            problems += writer.problems
            return asked.key, writer.text
        problems.append(
            f"{model.__name__}: it has no field for {self.field.key!r}, whose selection the document"
            " leaves to it"
        )
        return self.field.key, ""


@dataclass
class _Reader:
    """The tokens of a document, one after the other; comments are none."""

    tokens: list[re.Match[str]]
    at: int = 0

    def peek(self) -> str:
        """Give the token that comes next; empty at the end."""
        return self.tokens[self.at].group() if self.at < len(self.tokens) else ""

    def skip_group(self) -> None:
        """Skip from a bracket to the one that closes it."""
        waiting = [_CLOSING[self.peek()]]
        while waiting and self.peek():
            self.at += 1
            if self.peek() in _CLOSING:
                waiting.append(_CLOSING[self.peek()])
            elif self.peek() == waiting[-1]:
                waiting.pop()
        self.at += 1

    def skip_to_selection(self) -> None:
        """Skip names, variables, arguments and directives in front of a selection."""
        while self.peek() and self.peek() not in "{}":
            if self.peek() in _CLOSING:
                self.skip_group()
            else:
                self.at += 1


def _root_fields(document: str) -> list[_RootField]:
    """Read the root fields off the first operation; what is no GraphQL, the server will say."""
    try:
        reader = _Reader(list(tokens_of(document)))
    except NotUnderstood:
        return []
    while reader.peek() == "fragment":
        reader.skip_to_selection()
        reader.skip_group()
    reader.skip_to_selection()
    reader.at += 1
    return list(_selected(reader))


def _selected(reader: _Reader) -> Iterator[_RootField]:
    while reader.peek() and reader.peek() != "}":
        if reader.peek() == "...":
            reader.at += 1
            if reader.peek() in ("on", "@", "{"):
                reader.skip_to_selection()
                reader.skip_group()
            else:
                reader.at += 1
            continue
        first = name = reader.tokens[reader.at]
        reader.at += 1
        if reader.peek() == ":":
            name = reader.tokens[min(reader.at + 1, len(reader.tokens) - 1)]
            reader.at += 2
        while reader.peek() in ("(", "@"):
            if reader.peek() == "(":
                reader.skip_group()
            else:
                reader.at += 2
        end = reader.tokens[min(reader.at, len(reader.tokens)) - 1].end()
        bare = reader.peek() != "{"
        yield _RootField(first.group(), name.group(), first.start(), name.start(), end, bare)
        if not bare:
            reader.skip_group()
