"""Writing the text of a selection, and noting what the schema does not offer on the way."""

from __future__ import annotations

from dataclasses import replace

from pydantic import BaseModel, PydanticUndefinedAnnotation
from stash_typed_graphql.schema_types import ARGUMENTS, FIELDS, MEMBERS

from .._runtime.nearest import nearest
from .names import TYPENAME, AskedField, Unnamed, asked_field
from .schema import SchemaType, misfit
from .selection import SelectedField
from .shapes import Shape, field_shape, literals, typenames

__all__ = ["Writer"]

_Answers = dict[str, tuple[str, SchemaType]]
"""What one object answers: by name in the answer, the schema's field and its type."""


class Writer:
    """A selection being written, and the problems of its models by class and field."""

    def __init__(self) -> None:
        self.text: str = ""
        self.fields: list[SelectedField] = []
        self.problems: list[str] = []
        self._inside: list[type[BaseModel]] = []

    def write(self, models: tuple[type[BaseModel], ...], type_name: str, where: str) -> None:
        """Write what one model, or those of a union, ask of a type; `where` says what holds them."""
        answers: _Answers = {}
        first, *others = models
        if type_name in MEMBERS:
            self._write_fragments(models, type_name, where, answers)
        elif others:
            self.problems.append(f"{where}: {type_name} is always the same object; give one model")
        else:
            self._write_model(first, type_name, where, answers)

    def _write_model(
        self, model: type[BaseModel], type_name: str, where: str, answers: _Answers
    ) -> None:
        if model in self._inside:
            way = " -> ".join(m.__name__ for m in [*self._inside, model])
            self.problems.append(
                f"{where}: {model.__name__} holds itself ({way}), and a selection must end; write a"
                " model for each level"
            )
            return
        try:
            # Looks up what annotations name, and applies alias generators.
            model.model_rebuild()
        except PydanticUndefinedAnnotation as error:
            self.problems.append(
                f"{model.__name__}: {error.name!r} in an annotation is not defined"
            )
            return
        self._inside.append(model)
        before = len(self.problems), len(self.text)
        for name, field in model.model_fields.items():
            if field.exclude and not field.is_required():
                continue
            place = f"{model.__name__}.{name}"
            try:
                asked = asked_field(model, name, field, type_name, FIELDS.get(type_name, {}))
            except Unnamed as error:
                self.problems.append(f"{place}: {error}")
                continue
            self._write_field(place, field_shape(model, name, field), asked, type_name, answers)
        if before == (len(self.problems), len(self.text)):
            self.problems.append(f"{model.__name__}: it has no fields to ask for")
        self._inside.pop()

    def _write_field(
        self, where: str, shape: Shape, asked: AskedField, type_name: str, answers: _Answers
    ) -> None:
        coordinate = f"{type_name}.{asked.name}"
        schema = SchemaType(FIELDS.get(type_name, {}).get(asked.name, "String!"))
        problem = misfit(shape, schema, coordinate) or _clash(asked, coordinate, schema, answers)
        arguments = ARGUMENTS.get(coordinate, ())
        if asked.name == TYPENAME:
            problem = problem or _wrong_typename(shape, type_name)
        elif arguments:
            needed = " and ".join(map(repr, arguments))
            problem = f"{coordinate} needs {needed}, which a selection has no place for"
        if problem:
            self.problems.append(f"{where}: {problem}")
            return
        answers[asked.key] = (coordinate, schema)
        start = self._put(asked.text)
        number = len(self.fields)
        self.fields.append(SelectedField(start, start, coordinate))
        if not schema.leaf:
            self._put("{")
            while shape.item:
                shape = shape.item
            self.write(shape.models, schema.name, where)
            self._put("}")
        self.fields[number] = replace(self.fields[number], end=len(self.text))

    def _write_fragments(
        self, models: tuple[type[BaseModel], ...], type_name: str, where: str, answers: _Answers
    ) -> None:
        possible = MEMBERS[type_name]
        named: dict[str, type[BaseModel]] = {}
        others = [model for model in models if not typenames(model)]
        for model in models:
            for name in typenames(model):
                if name not in possible:
                    near = nearest(name, possible) or ", ".join(possible)
                    self.problems.append(
                        f"{model.__name__}: {type_name} is never {name!r}, but may be {near}"
                    )
                elif name in named:
                    self.problems.append(f"{where}: two models are for {name}")
                named[name] = model
        if len(others) > 1:
            names = " and ".join(model.__name__ for model in others)
            self.problems.append(
                f"{where}: {names} do not say which types they are for; give them a field for"
                " __typename with a Literal"
            )
        missing = [name for name in possible if name not in named]
        if missing and not others:
            self.problems.append(
                f"{where}: {type_name} may also be {', '.join(missing)}; add a model for that, or one"
                " without a Literal for __typename"
            )
        if others:
            self._write_model(others[0], type_name, where, answers)
        for name, model in named.items():
            if name in possible:
                self._put(f"... on {name} {{")
                # Fragments of other types may answer under the same name, if they answer alike.
                self._write_model(model, name, where, answers)
                self._put("}")

    def _put(self, word: str) -> int:
        """Add a word, and return where it begins."""
        if self.text:
            self.text += " "
        self.text += word
        return len(self.text) - len(word)


def _wrong_typename(shape: Shape, type_name: str) -> str | None:
    names = literals(shape)
    if not names or type_name in names or type_name in MEMBERS:
        return None
    return f"it is {type_name!r} here, which is none of {', '.join(map(repr, names))}"


def _clash(asked: AskedField, coordinate: str, schema: SchemaType, answers: _Answers) -> str | None:
    if asked.key not in answers:
        return None
    other, other_schema = answers[asked.key]
    same_object = other.partition(".")[0] == coordinate.partition(".")[0]
    if same_object and other != coordinate:
        return f"{coordinate} and {other} cannot both be answered as {asked.key!r}"
    if schema.answer_shape != other_schema.answer_shape:
        return (
            f"{coordinate} ({schema.text}) and {other} ({other_schema.text}) cannot both be answered"
            f" as {asked.key!r}, since their types differ"
        )
    return None
