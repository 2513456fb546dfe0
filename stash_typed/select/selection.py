"""Selections written from the fields of a pydantic model.

A field stands for the schema's field of its alias, else of its name, else of its name in camelCase.
Fields that hold models become selections of their own; a union of models with `Literal` fields for
`__typename` becomes fragments. Errors are raised before anything is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast, get_origin
from weakref import WeakKeyDictionary

from pydantic import BaseModel

from .._runtime.errors import SelectionError
from .._runtime.foreign_text import one_line
from .._runtime.operation import Fragment

__all__ = ["SelectedField", "Selection", "selection", "selection_of"]

T = TypeVar("T")
RowT = TypeVar("RowT", bound=BaseModel)


@dataclass(frozen=True)
class SelectedField:
    """The position of a field (`Type.field`) and its own selection in a selection's text."""

    start: int
    end: int
    coordinate: str


@dataclass(frozen=True)
class Selection(Generic[T]):
    """The selection for a model, without braces.

    The outer fields stand before those inside them; the fragments are those that the text spreads.
    """

    model: type[T]
    text: str
    fields: tuple[SelectedField, ...] = ()
    fragments: tuple[Fragment, ...] = ()


_known: WeakKeyDictionary[type[BaseModel], dict[str, Selection[Any]]] = WeakKeyDictionary()


def selection(model: type[BaseModel], *, on: str | None = None) -> str:
    """Return the selection set for a model, to use in your own GraphQL document.

    `select=` of the collections selects the same. A field of the model selects the schema field with
    its alias, else its name, else its name in camelCase. If the model reads another name than the
    schema's, the selection uses it as an alias. Fields that hold models, or lists of
    them, become selections of their own; a union of models with a `Literal` for `__typename` becomes
    a fragment for each type. Computed fields are left out, and so are fields with a default and
    `Field(exclude=True)`. The text has only names and braces; pass values as variables.

    Args:
        model: a pydantic model, such as `Row` with the fields `id` and `title`.
        on: the schema type that the model is read from, such as `Scene`. It is optional if the model
            has a field for `__typename` whose `Literal` names one type.

    Returns:
        The selection set with its braces, on one line: `{ id title studio { name } }`.

    Raises:
        SelectionError: the type is not given; the schema has no such type or field; or a field's
            type does not always fit the model: null, lists, objects, values of another type.
            The message names the class and the field.
    """
    return f"{{ {selection_of(model, on).text} }}"


def selection_of(model: type[RowT], type_name: str | None) -> Selection[RowT]:
    """Return what `selection` writes; for the same model and type, the same object."""
    if not _is_model(model):
        shown = getattr(model, "__name__", None) or one_line(repr(model), 80)
        problem = f"{shown} is not a pydantic model; give its class"
        raise SelectionError(shown, type_name or "the schema", (problem,))
    type_name = type_name or _own_type(model)
    known = _known.setdefault(model, {})
    if type_name not in known:
        known[type_name] = _written(model, type_name)
    return known[type_name]


def _is_model(model: object) -> bool:
    # list[Row] calls itself a class in Python 3.10.
    is_class = isinstance(model, type) and get_origin(model) is None
    return (
        is_class and issubclass(cast("type[object]", model), BaseModel) and model is not BaseModel
    )


def _own_type(model: type[BaseModel]) -> str:
    from .shapes import typenames

    names = typenames(model)
    if len(names) != 1:
        told = f"its __typename is one of {', '.join(names)}" if names else "it has no __typename"
        problem = (
            f"{model.__name__}: the schema's type that it is read from is not known, since {told};"
            f" name it, such as selection({model.__name__}, on='Scene')"
        )
        raise SelectionError(model.__name__, "the schema", (problem,))
    return names[0]


def _written(model: type[RowT], type_name: str) -> Selection[RowT]:
    from stash_typed_graphql.schema_types import FIELDS, MEMBERS

    from .._runtime.nearest import nearest
    from .shapes import model_shape
    from .writer import Writer

    if type_name not in FIELDS and type_name not in MEMBERS:
        near = nearest(type_name, sorted({*FIELDS, *MEMBERS}))
        hint = f"the nearest is {near!r}" if near else "objects, interfaces and unions have fields"
        problem = f"the schema has no type {type_name!r} with fields; {hint}"
        raise SelectionError(model.__name__, type_name, (problem,))
    shape = model_shape(model)
    writer = Writer()
    if shape.models and not (shape.item or shape.mixed):
        writer.write(shape.models, type_name, model.__name__)
    else:
        writer.problems.append(f"{model.__name__}: it holds no single model")
    if writer.problems:
        raise SelectionError(model.__name__, type_name, tuple(writer.problems))
    return Selection(model, writer.text, tuple(writer.fields))
