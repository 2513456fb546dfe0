"""Turning a test's values into response data, checked against the schema.

Dictionaries are taken verbatim; models are cut to what the document selects, as the server
cuts its objects. A server's executor would stop a whole object at its first fault; this names all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLType,
    GraphQLUnionType,
    SelectionSetNode,
)
from pydantic import BaseModel

from stash_typed._runtime.nearest import nearest

from .documents import Asked, Document
from .leaves import leaf_fault, plain_leaf

_Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType
_TYPENAME = "__typename"


def render(value: object, document: Document, schema: GraphQLSchema) -> Rendered:
    """Build the response data for a document.

    A mapping is the whole of it, and so is a model whose fields are the root fields; any other
    value is that of the one root field, however often it is asked for.
    """
    rendered = Rendered(document, schema)
    root = cast("GraphQLObjectType", schema.get_root_type(document.operation.operation))
    selections = (document.operation.selection_set,)
    asked = document.asked(selections, root, schema)
    whole: object = value
    if not isinstance(value, Mapping) and not (
        isinstance(value, BaseModel) and set(asked) <= set(_values_of(value))
    ):
        if len({each.name for each in asked.values()}) != 1:
            names = ", ".join(asked)
            text = f"the document asks for {names}: answer with a dictionary of them all"
            rendered.fault((), text)
            return rendered
        whole = dict.fromkeys(asked, value)
    rendered.data = rendered.object_(whole, root, selections, ())
    return rendered


class Rendered:
    """The data of a response, usable only when there are no faults.

    A fault is a sentence that begins with a path, such as `findScenes.count: is missing; …`.
    """

    def __init__(self, document: Document, schema: GraphQLSchema) -> None:
        self.data: object = None
        self.faults: list[str] = []
        self._document = document
        self._schema = schema

    def fault(self, path: tuple[str, ...], text: str) -> object:
        self.faults.append(f"{'.'.join(path)}: {text}" if path else text)
        return None

    def value(
        self,
        value: object,
        type_: GraphQLType,
        selections: Sequence[SelectionSetNode],
        path: tuple[str, ...],
    ) -> object:
        said = f"the schema says {type_}"
        if isinstance(type_, GraphQLNonNull):
            if value is None:
                return self.fault(path, f"is null; {said}")
            type_ = _inner(cast("GraphQLType", type_))
        if value is None:
            return None
        if isinstance(type_, GraphQLList):
            if not isinstance(value, (list, tuple)):
                return self.fault(path, f"{_shown(value)} is not a list; {said}")
            return [
                self.value(
                    item, _inner(cast("GraphQLType", type_)), selections, (*path, str(place))
                )
                for place, item in enumerate(cast("Sequence[object]", value))
            ]
        if isinstance(type_, (GraphQLScalarType, GraphQLEnumType)):
            plain = plain_leaf(value)
            reason = leaf_fault(plain, type_)
            return plain if reason is None else self.fault(path, reason)
        return self.object_(value, cast("_Composite", type_), selections, path)

    def object_(
        self,
        value: object,
        type_: _Composite,
        selections: Sequence[SelectionSetNode],
        path: tuple[str, ...],
    ) -> object:
        if not isinstance(value, (Mapping, BaseModel)):
            return self.fault(
                path, f"{_shown(value)} is not an object; the schema says {type_.name}"
            )
        values = _values_of(cast("object", value))
        model = type(value).__name__ if isinstance(value, BaseModel) else None
        owner = self._owner(values, model, type_, path)
        if owner is None:
            return None
        asked = self._document.asked(selections, owner, self._schema)
        for name in () if model else values:
            if name not in asked and not (name == _TYPENAME and owner is not type_):
                self.fault((*path, name), _too_much(name, owner, asked))
        data: dict[str, object] = {}
        for key, each in asked.items():
            below = (*path, key)
            if each.name == _TYPENAME:
                if values.get(key) not in (None, owner.name):
                    self.fault(below, f"{values[key]!r} is not what it is: {owner.name}")
                data[key] = owner.name
                continue
            if each.name not in owner.fields:
                continue  # the document is at fault, which validation reports
            field = owner.fields[each.name].type
            name = each.name if model and key not in values else key
            if name in values:
                data[key] = self.value(values[name], field, each.selections, below)
            elif model and not each.optional:
                self.fault(
                    below,
                    f"the document asks for {owner.name}.{each.name} ({field}), which {model} does"
                    " not have; answer with a dictionary there",
                )
            elif not each.optional:
                self.fault(
                    below, f"is missing; the document asks for it, and the schema says {field}"
                )
        return data

    def _owner(
        self,
        values: Mapping[str, object],
        model: str | None,
        type_: _Composite,
        path: tuple[str, ...],
    ) -> GraphQLObjectType | None:
        if isinstance(type_, GraphQLObjectType):
            return type_
        possible = {each.name: each for each in self._schema.get_possible_types(type_)}
        name = values.get(_TYPENAME) or model
        if str(name) not in possible:
            said = f"{name!r} is none of them; " if name else ""
            names = ", ".join(sorted(possible))
            self.fault(path, f"{type_.name} can be {names}; {said}say which in {_TYPENAME!r}")
        return possible.get(str(name))


def _too_much(name: str, owner: GraphQLObjectType, asked: Mapping[str, Asked]) -> str:
    if name in owner.fields or name == _TYPENAME:
        return "the document does not ask for it"
    near = nearest(name, [*asked, *owner.fields])
    hint = f"; did you mean {near}?" if near else ""
    return f"{owner.name} has no such field in the schema{hint}"


def _values_of(value: object) -> Mapping[str, object]:
    """Return the fields of a mapping or a model by response name."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {
            (info.serialization_alias or info.alias or name): cast("object", getattr(value, name))
            for name, info in fields.items()
        }
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _inner(type_: object) -> GraphQLType:
    """Return the type inside a wrapper, for which graphql-core has no precise type."""
    return cast("GraphQLType", getattr(type_, "of_type"))  # noqa: B009


def _shown(value: object) -> str:
    return type(value).__name__ if isinstance(value, BaseModel) else repr(value)
