"""From what a test gives to an answer's data, checked against the schema on the way.

Dictionaries are taken word for word; models are cut to what the document asks for, as the server
cuts its objects. A server's executor would stop a whole object at its first fault; this names all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, cast

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
)
from pydantic import BaseModel

from .leaves import leaf_fault, plain_leaf

if TYPE_CHECKING:
    from graphql import GraphQLOutputType, GraphQLSchema, SelectionSetNode

    from .documents import Asked, Document

__all__ = ["Rendered", "render"]

_TYPENAME = "__typename"


@dataclass
class Rendered:
    """The data of an answer, of use when there are no faults.

    A fault is a sentence that begins with a path, such as `findScenes.count: is missing; …`.
    """

    data: object = None
    faults: list[str] = field(default_factory=list[str])


def render(value: object, document: Document, schema: GraphQLSchema) -> Rendered:
    """Make the data of an answer to a document.

    A mapping is the whole of it, and so is a model whose fields are the root fields; any other
    value is that of the one root field, however often it is asked for.
    """
    root = document.root(schema)
    selections = (document.operation.selection_set,)
    asked = document.asked(selections, root, schema)
    if not isinstance(value, Mapping) and not (
        isinstance(value, BaseModel) and set(asked) <= set(_values_of(value))
    ):
        if len({each.name for each in asked.values()}) != 1:
            return Rendered(
                faults=[
                    f"the document asks for {', '.join(asked)}: answer with a dictionary of them all"
                ]
            )
        value = dict.fromkeys(asked, value)
    renderer = _Renderer(document, schema)
    return Rendered(renderer.object_(value, root, selections, ()), renderer.faults)


class _Renderer:
    def __init__(self, document: Document, schema: GraphQLSchema) -> None:
        self._document = document
        self._schema = schema
        self.faults: list[str] = []

    def _fault(self, path: tuple[str, ...], text: str) -> object:
        self.faults.append(f"{'.'.join(path)}: {text}" if path else text)
        return None

    def value(
        self,
        value: object,
        type_: GraphQLOutputType,
        selections: Sequence[SelectionSetNode],
        path: tuple[str, ...],
    ) -> object:
        said = f"the schema says {type_}"
        if isinstance(type_, GraphQLNonNull):
            if value is None:
                return self._fault(path, f"is null; {said}")
            type_ = _inner(type_)
        if value is None:
            return None
        if isinstance(type_, GraphQLList):
            if not isinstance(value, (list, tuple)):
                return self._fault(path, f"{_shown(value)} is no list; {said}")
            return [
                self.value(item, _inner(type_), selections, (*path, str(place)))
                for place, item in enumerate(cast("Sequence[object]", value))
            ]
        if isinstance(type_, (GraphQLScalarType, GraphQLEnumType)):
            plain = plain_leaf(value)
            reason = leaf_fault(plain, type_)
            return plain if reason is None else self._fault(path, reason)
        if isinstance(type_, (GraphQLInterfaceType, GraphQLUnionType)):
            return self._abstract(value, type_, selections, path)
        return self.object_(value, cast("GraphQLObjectType", type_), selections, path)

    def _abstract(
        self,
        value: object,
        type_: GraphQLInterfaceType | GraphQLUnionType,
        selections: Sequence[SelectionSetNode],
        path: tuple[str, ...],
    ) -> object:
        possible = {each.name: each for each in self._schema.get_possible_types(type_)}
        name = _values_of(value).get(_TYPENAME)
        if name is None and isinstance(value, BaseModel):
            name = type(value).__name__
        if str(name) in possible:
            return self.object_(value, possible[str(name)], selections, path, told_apart=True)
        said = "" if name is None else f"{name!r} is none of them; "
        names = ", ".join(sorted(possible))
        return self._fault(path, f"{type_.name} can be {names}; {said}say which in {_TYPENAME!r}")

    def object_(
        self,
        value: object,
        owner: GraphQLObjectType,
        selections: Sequence[SelectionSetNode],
        path: tuple[str, ...],
        *,
        told_apart: bool = False,
    ) -> object:
        if not isinstance(value, (Mapping, BaseModel)):
            return self._fault(path, f"{_shown(value)} is no object; the schema says {owner.name}")
        values = _values_of(cast("object", value))
        asked = self._document.asked(selections, owner, self._schema)
        if isinstance(value, Mapping):
            for name in values:
                if name not in asked and not (told_apart and name == _TYPENAME):
                    self._fault((*path, name), _too_much(name, owner, asked))
        data: dict[str, object] = {}
        for key, each in asked.items():
            below = (*path, key)
            if each.name == _TYPENAME:
                if values.get(key) not in (None, owner.name):
                    self._fault(below, f"{values[key]!r} is not what it is: {owner.name}")
                data[key] = owner.name
                continue
            if each.name not in owner.fields:
                continue  # the document is at fault, and is told so where it is validated
            type_ = owner.fields[each.name].type
            name = each.name if isinstance(value, BaseModel) and key not in values else key
            if name in values:
                data[key] = self.value(values[name], type_, each.selections, below)
            elif isinstance(value, BaseModel) and not each.optional:
                field_, lacks = f"{owner.name}.{each.name} ({type_})", type(value).__name__
                self._fault(
                    below,
                    f"the document asks for {field_}, which {lacks} does not have; answer with a"
                    " dictionary there",
                )
            elif not each.optional:
                self._fault(
                    below, f"is missing; the document asks for it, and the schema says {type_}"
                )
        return data


def _too_much(name: str, owner: GraphQLObjectType, asked: Mapping[str, Asked]) -> str:
    if name in owner.fields or name == _TYPENAME:
        return "the document does not ask for it"
    near = get_close_matches(name, [*asked, *owner.fields], n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{owner.name} has no such field in the schema{hint}"


def _values_of(value: object) -> Mapping[str, object]:
    """Return the fields of a mapping or a model by their names in the answer."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {
            (info.serialization_alias or info.alias or name): cast("object", getattr(value, name))
            for name, info in fields.items()
        }
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _inner(type_: object) -> GraphQLOutputType:
    """Return the type inside a wrapper, for which graphql-core has no precise type."""
    return cast("GraphQLOutputType", getattr(type_, "of_type"))  # noqa: B009


def _shown(value: object) -> str:
    return type(value).__name__ if isinstance(value, BaseModel) else repr(value)
