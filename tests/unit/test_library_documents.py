"""Every document that is written at run time is right by the schema, for every kind of thing."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import pytest
from graphql import (
    FieldNode,
    GraphQLEnumType,
    OperationDefinitionNode,
    build_schema,
    parse,
    validate,
)
from pydantic import BaseModel

from stash_typed._runtime.steps import Ask
from stash_typed.inputs import FindFilterType
from stash_typed.library import documents
from stash_typed.library.kinds import KINDS, Kind
from stash_typed.select.selection import Selection

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = build_schema((ROOT / "schema.graphql").read_text("utf-8"))
PAGING = FindFilterType(page=1)
IDS = ["1", "2", "3"]


class Row(BaseModel):
    id: str


def shipped(kind: Kind) -> Selection[object]:
    return documents.selected(kind, None)


def own(kind: Kind) -> Selection[Row]:
    return documents.selected(kind, Row)


def bulk(kind: Kind) -> Ask:
    return documents.bulk_update(kind, kind.input(kind.bulk_type, {"ids": IDS}))


WRITTEN: dict[str, Callable[[Kind], Ask]] = {
    "page": lambda kind: documents.page(kind, shipped(kind), PAGING, None),
    "page, own": lambda kind: documents.page(kind, own(kind), PAGING, None),
    "count": lambda kind: documents.count(kind, PAGING, None),
    "with_ids": lambda kind: documents.with_ids(kind, shipped(kind), PAGING),
    "with_ids, own": lambda kind: documents.with_ids(kind, own(kind), PAGING),
    "ids": lambda kind: documents.ids(kind, PAGING, None),
    "ids, edge": lambda kind: documents.ids(kind, PAGING, None, PAGING),
    "names": documents.names,
    "by_aliases": lambda kind: documents.by_aliases(kind, shipped(kind), IDS),
    "by_aliases, own": lambda kind: documents.by_aliases(kind, own(kind), IDS),
    "by_ids": lambda kind: documents.by_ids(kind, shipped(kind), IDS),
    "by_ids, own": lambda kind: documents.by_ids(kind, own(kind), IDS),
    "update_list": lambda kind: documents.update_list(kind, [{}]),
    "bulk_update": bulk,
    "update_each": lambda kind: documents.update_each(kind, [{}, {}]),
    "create_each": lambda kind: documents.create_each(kind, [{}, {}]),
}
WHATEVER_THE_KIND: dict[str, Ask] = {
    "hooked_plugins": documents.hooked_plugins(),
    "jobs": documents.jobs(IDS),
}
NAMED = {"performers", "studios", "tags", "groups"}


def is_asked_for(what: str, kind: Kind) -> bool:
    """Whether the library ever asks for it."""
    name = what.partition(",")[0]
    if name in ("names", "create_each"):
        return kind.items in NAMED
    if name == "by_aliases":
        return kind.has_get
    return kind.has_update_list or name != "update_list"


ASKED = [(what, kind) for what in WRITTEN for kind in KINDS if is_asked_for(what, kind)]


@pytest.mark.parametrize(("what", "kind"), ASKED, ids=[f"{w} {k.items}" for w, k in ASKED])
def test_a_document_is_right_by_the_schema(what: str, kind: Kind) -> None:
    assert_right(WRITTEN[what](kind))


@pytest.mark.parametrize("ask", WHATEVER_THE_KIND.values(), ids=WHATEVER_THE_KIND)
def test_a_document_for_no_kind_is_right_by_the_schema(ask: Ask) -> None:
    assert_right(ask)


def assert_right(ask: Ask) -> None:
    document = parse(ask.operation.document)
    assert [error.message for error in validate(SCHEMA, document)] == []
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    assert operation.operation.value == ask.operation.kind
    assert operation.name
    assert operation.name.value == ask.operation.name
    roots = operation.selection_set.selections
    assert {root.name.value for root in roots if isinstance(root, FieldNode)} == {
        ask.operation.root_field
    }
    declared = {each.variable.name.value for each in operation.variable_definitions or ()}
    assert set(ask.variables) <= declared


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.items)
def test_what_a_kind_has_is_in_the_schema(kind: Kind) -> None:
    query, mutation = SCHEMA.query_type, SCHEMA.mutation_type
    assert query
    assert mutation
    assert (kind.get in query.fields) == kind.has_get
    assert (kind.update_list in mutation.fields) == kind.has_update_list
    modes = SCHEMA.type_map["FilterMode"]
    assert isinstance(modes, GraphQLEnumType)
    assert kind.filter_mode in modes.values


def test_no_other_module_of_the_facade_writes_documents() -> None:
    facade = ROOT / "stash_typed"
    folders = ["_criteria", "files", "jobs", "library", "saved", "select", "sync"]
    modules = [*facade.glob("*.py"), *(p for f in folders for p in (facade / f).glob("*.py"))]
    writing = {path.name for path in modules if "Operation(" in path.read_text("utf-8")}
    assert writing == {"documents.py"}


def test_every_document_is_among_those_that_are_looked_at() -> None:
    offered = {
        name
        for name in documents.__all__
        if inspect.signature(function := getattr(documents, name)).return_annotation == "Ask"
        and inspect.isfunction(function)
    }
    assert {what.partition(",")[0] for what in WRITTEN} | set(WHATEVER_THE_KIND) == offered
