"""From what a test gives to the answer's data, checked against the schema on the way.

Dictionaries are taken word for word: every name must be asked for, every name that is asked for
must be there. Models are cut to what the document asks for, as the server cuts its objects.
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
    from graphql import GraphQLType, SelectionSetNode

    from .documents import Asked, Document
    from .schema import Schema

__all__ = ["Rendered", "render"]

_TYPENAME = "__typename"


@dataclass
class Rendered:
    """What came of an answer.

    Attributes:
        data: plain JSON values; of use when there are no faults.
        faults: sentences that begin with a path, such as `findScenes.count: is missing; …`.
    """

    data: object = None
    faults: list[str] = field(default_factory=list[str])


def render(value: object, document: Document, schema: Schema) -> Rendered:
    """Make the data of an answer.

    Args:
        value: a mapping is the whole `data`; so is a model whose fields are the root fields.
            Anything else is the value of the one root field, however often it is asked for.
        document: what was asked.
        schema: what the server has.

    Returns:
        The data, and all that is wrong with them.
    """
    root = schema.root(document.kind)
    selections = (document.operation.selection_set,)
    asked = document.asked(selections, root, schema.graphql)
    renderer = _Renderer(document, schema)
    whole = value
    if not isinstance(value, Mapping) and not (
        isinstance(value, BaseModel) and set(asked) <= set(_values_of(value))
    ):
        if len({each.name for each in asked.values()}) != 1:
            return Rendered(
                faults=[
                    f"the document asks for {', '.join(asked)}: answer with a dictionary of them all"
                ]
            )
        whole = dict.fromkeys(asked, value)
    data = renderer.object_(whole, root, selections, "")
    return Rendered(data, renderer.faults)


class _Renderer:
    def __init__(self, document: Document, schema: Schema) -> None:
        self._document = document
        self._schema = schema.graphql
        self.faults: list[str] = []

    def _fault(self, path: str, text: str) -> None:
        self.faults.append(f"{path}: {text}" if path else text)

    def value(
        self,
        value: object,
        type_: GraphQLType,
        selections: Sequence[SelectionSetNode],
        path: str,
    ) -> object:
        """Render the value of a field."""
        if isinstance(type_, GraphQLNonNull):
            if value is None:
                self._fault(path, f"is null; the schema says {type_}")
                return None
            return self.value(value, _inner(cast("GraphQLType", type_)), selections, path)
        if value is None:
            return None
        if isinstance(type_, GraphQLList):
            return self._list(value, cast("GraphQLType", type_), selections, path)
        if isinstance(type_, (GraphQLScalarType, GraphQLEnumType)):
            plain = plain_leaf(value)
            reason = leaf_fault(plain, type_)
            if reason is not None:
                self._fault(path, reason)
            return plain
        if isinstance(type_, (GraphQLInterfaceType, GraphQLUnionType)):
            return self._abstract(value, type_, selections, path)
        return self.object_(value, cast("GraphQLObjectType", type_), selections, path)

    def _list(
        self,
        value: object,
        type_: GraphQLType,
        selections: Sequence[SelectionSetNode],
        path: str,
    ) -> object:
        if not isinstance(value, (list, tuple)):
            self._fault(path, f"{_kind(value)} is no list; the schema says {type_}")
            return None
        inner = _inner(type_)
        items = cast("Sequence[object]", value)
        return [
            self.value(item, inner, selections, f"{path}.{place}")
            for place, item in enumerate(items)
        ]

    def _abstract(
        self,
        value: object,
        type_: GraphQLInterfaceType | GraphQLUnionType,
        selections: Sequence[SelectionSetNode],
        path: str,
    ) -> object:
        possible = {each.name: each for each in self._schema.get_possible_types(type_)}
        values = _values_of(value)
        name = values.get(_TYPENAME)
        if name is None and isinstance(value, BaseModel):
            name = type(value).__name__
        chosen = possible.get(str(name))
        if chosen is None:
            said = "" if name is None else f"{name!r} is none of them; "
            self._fault(
                path,
                f"{type_.name} can be {', '.join(sorted(possible))}; {said}say which in"
                f" {_TYPENAME!r}",
            )
            return None
        return self.object_(value, chosen, selections, path, told_apart=True)

    def object_(
        self,
        value: object,
        owner: GraphQLObjectType,
        selections: Sequence[SelectionSetNode],
        path: str,
        *,
        told_apart: bool = False,
    ) -> object:
        """Render an object: word for word, or cut out of a model.

        Args:
            value: the object.
            owner: its type.
            selections: what is asked of it.
            path: where it stands.
            told_apart: whether it says itself what its type is, in `__typename`.
        """
        if not isinstance(value, (Mapping, BaseModel)):
            self._fault(path, f"{_kind(value)} is no object; the schema says {owner.name}")
            return None
        values = _values_of(cast("object", value))
        asked = self._document.asked(selections, owner, self._schema)
        if isinstance(value, Mapping):
            said = {_TYPENAME} if told_apart else set[str]()
            self._check_names(values, {*asked, *said}, owner, path)
        data: dict[str, object] = {}
        for key, field_ in asked.items():
            below = f"{path}.{key}" if path else key
            if field_.name == _TYPENAME:
                data[key] = self._typename(values.get(key), owner, below)
                continue
            if field_.name not in owner.fields:
                continue  # the document is at fault, and is told so where it is validated
            type_ = owner.fields[field_.name].type
            given = key in values
            if not given and isinstance(value, BaseModel) and field_.name in values:
                key_in_value, given = field_.name, True
            else:
                key_in_value = key
            if given:
                data[key] = self.value(values[key_in_value], type_, field_.selections, below)
            elif not field_.optional:
                self._fault(below, _missing(cast("object", value), field_, owner, str(type_)))
        return data

    def _typename(self, given: object, owner: GraphQLObjectType, path: str) -> str:
        if given is not None and given != owner.name:
            self._fault(path, f"{given!r} is not what it is: {owner.name}")
        return owner.name

    def _check_names(
        self,
        values: Mapping[str, object],
        asked: set[str],
        owner: GraphQLObjectType,
        path: str,
    ) -> None:
        for name in values:
            if name in asked:
                continue
            below = f"{path}.{name}" if path else name
            if name in owner.fields or name == _TYPENAME:
                self._fault(below, "the document does not ask for it")
                continue
            near = get_close_matches(name, [*asked, *owner.fields], n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            self._fault(below, f"{owner.name} has no such field in the schema{hint}")


def _missing(value: object, asked: Asked, owner: GraphQLObjectType, type_: str) -> str:
    if isinstance(value, BaseModel):
        return (
            f"the document asks for {owner.name}.{asked.name} ({type_}), which"
            f" {type(value).__name__} does not have; answer with a dictionary there"
        )
    return f"is missing; the document asks for it, and the schema says {type_}"


def _values_of(value: object) -> Mapping[str, object]:
    """Give the fields of a mapping or a model by their names in the answer."""
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value)
    if not isinstance(value, BaseModel):
        return {}
    fields = type(value).model_fields
    return {
        (info.serialization_alias or info.alias or name): cast("object", getattr(value, name))
        for name, info in fields.items()
    }


def _inner(type_: GraphQLType) -> GraphQLType:
    """Give the type inside a list or a non-null type; graphql-core has no precise type for it."""
    return cast("GraphQLType", getattr(type_, "of_type"))  # noqa: B009


def _kind(value: object) -> str:
    return type(value).__name__ if isinstance(value, BaseModel) else repr(value)
