"""Any model that the schema fits makes a document that the schema takes, and reads any answer to it."""

from __future__ import annotations

import keyword
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    InlineFragmentNode,
    NoUnusedFragmentsRule,
    SelectionSetNode,
    build_schema,
    is_required_argument,
    parse,
    specified_rules,
    validate,
)
from graphql.language.ast import FragmentDefinitionNode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, create_model

from stash_typed.select.selection import selection_of

SCHEMA = build_schema((Path(__file__).resolve().parents[2] / "schema.graphql").read_text("utf-8"))
RULES = [rule for rule in specified_rules if rule is not NoUnusedFragmentsRule]
TYPES = ["Scene", "Performer", "Gallery", "Image", "Group", "Studio", "Tag", "VideoFile"]
LEAVES: dict[str, Any] = {
    "Boolean": bool,
    "Float": float,
    "ID": str,
    "Int": int,
    "Int64": int,
    "String": str,
    "Time": datetime,
}
ANSWERS: dict[str, Any] = {
    "Boolean": st.booleans(),
    "Float": st.sampled_from([0, 1.5, -3]),
    "ID": st.sampled_from(["1", "20000"]),
    "Int": st.integers(-5, 5),
    "Int64": st.sampled_from([0, 2**40]),
    "String": st.sampled_from(["", "x"]),
    "Time": st.just("2024-05-06T07:08:09.123456789+02:00"),
}


def _annotation(draw: Any, type_: Any, depth: int) -> Any:
    if isinstance(type_, GraphQLNonNull):
        inner = _bare(draw, cast("Any", type_).of_type, depth)
        return inner | None if draw(st.integers(0, 4)) == 0 else inner
    return _bare(draw, type_, depth) | None


def _bare(draw: Any, type_: Any, depth: int) -> Any:
    if isinstance(type_, GraphQLList):
        item: Any = _annotation(draw, cast("Any", type_).of_type, depth)
        return draw(st.sampled_from([list[item], tuple[item, ...]]))
    if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
        union: Any = None
        for possible in SCHEMA.get_possible_types(type_):
            model = _model(draw, possible, depth - 1, named=True)
            union = model if union is None else union | model
        return union
    if isinstance(type_, GraphQLObjectType):
        return _model(draw, type_, depth - 1)
    return LEAVES.get(type_.name, Any)


def _model(
    draw: Any, type_: GraphQLObjectType, depth: int, *, named: bool = False
) -> type[BaseModel]:
    possible = [
        name
        for name, field in type_.fields.items()
        if not any(is_required_argument(argument) for argument in field.args.values())
        and (depth > 0 or _is_leaf(field.type))
    ]
    chosen = draw(st.lists(st.sampled_from(possible), min_size=1, max_size=4, unique=True))
    fields: dict[str, Any] = {}
    for number, name in enumerate(chosen):
        annotation = _annotation(draw, type_.fields[name].type, depth)
        how = (
            "alias"
            if named or keyword.iskeyword(name)
            else draw(st.sampled_from(["name", "alias"]))
        )
        if how == "name":
            fields[name] = (annotation, ...)
        else:
            fields[f"field_{number}"] = (annotation, Field(alias=name))
    if named:
        fields["typename"] = (Literal[type_.name], Field(alias="__typename"))
    return create_model(f"{type_.name}Row", **fields)


def _is_leaf(type_: Any) -> bool:
    while isinstance(type_, GraphQLList | GraphQLNonNull):
        type_ = cast("Any", type_).of_type
    return not isinstance(type_, GraphQLInterfaceType | GraphQLUnionType | GraphQLObjectType)


def _answer(draw: Any, type_: Any, selected: SelectionSetNode | None) -> Any:
    if isinstance(type_, GraphQLNonNull):
        return _value(draw, cast("Any", type_).of_type, selected)
    return None if draw(st.booleans()) else _value(draw, type_, selected)


def _value(draw: Any, type_: Any, selected: SelectionSetNode | None) -> Any:
    if isinstance(type_, GraphQLList):
        items = range(draw(st.integers(0, 2)))
        return [_answer(draw, cast("Any", type_).of_type, selected) for _ in items]
    if isinstance(type_, GraphQLEnumType):
        return draw(st.sampled_from(sorted(type_.values)))
    if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
        type_ = draw(st.sampled_from(SCHEMA.get_possible_types(type_)))
    if isinstance(type_, GraphQLObjectType):
        assert selected is not None
        return _object(draw, type_, selected)
    return draw(ANSWERS.get(type_.name, st.just({"any": "JSON"})))


def _object(draw: Any, type_: GraphQLObjectType, selected: SelectionSetNode) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for node in selected.selections:
        if isinstance(node, InlineFragmentNode):
            if node.type_condition.name.value == type_.name:
                answer.update(_object(draw, type_, node.selection_set))
        elif isinstance(node, FieldNode):
            key = (node.alias or node.name).value
            if node.name.value == "__typename":
                answer[key] = type_.name
            else:
                field = type_.fields[node.name.value]
                answer[key] = _answer(draw, field.type, node.selection_set)
    return answer


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_documents_are_right_and_answers_are_read(data: st.DataObject) -> None:
    draw: Any = data.draw
    type_ = cast("GraphQLObjectType", SCHEMA.get_type(draw(st.sampled_from(TYPES))))
    model = _model(draw, type_, depth=2)

    selection = selection_of(model, type_.name)

    document = parse(f"fragment Selected on {type_.name} {{ {selection.text} }}")
    assert [error.message for error in validate(SCHEMA, document, RULES)] == []
    (fragment,) = document.definitions
    assert isinstance(fragment, FragmentDefinitionNode)
    answer = _object(draw, type_, fragment.selection_set)
    model.model_validate(answer)
    for field in selection.fields:
        written = selection.text[field.start : field.end]
        name = field.coordinate.partition(".")[2]
        assert written.split("{")[0].split(":")[-1].strip() == name
