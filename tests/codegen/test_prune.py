"""What a server lacks is taken out of the operations, and nothing else is."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from graphql import GraphQLSchema, parse, print_ast, validate

from stash_typed.codegen.documents.documents import Documents
from stash_typed.codegen.documents.prune import Pruned, operation_states, prune
from stash_typed.codegen.documents.read import read_documents
from stash_typed.codegen.findings import CodegenError
from stash_typed.codegen.schema.introspect import load_schema
from stash_typed.codegen.shipped import shipped_documents, shipped_operations
from tests.codegen.editing import (
    NO_RELEASES,
    RELEASES,
    Edit,
    added,
    edited,
    new_type,
    packaged,
    removed,
    renamed,
    renamed_type,
    retyped,
    without_type,
)

SHIPPED = shipped_documents()
SMALL = """\
scalar Time

interface File { id: ID! path: String! }
type Video implements File { id: ID! path: String! seconds: Int! }
type Picture implements File { id: ID! path: String! }
union Either = Video | Picture
enum Mood { GLAD SAD }
input ThingFilter { name: String mood: Mood }
type Owner { id: ID! name: String }
type Thing { id: ID! name: String mood: Mood! owner: Owner file: File! either: Either! }

type Query {
  thing(id: ID!): Thing
  things(filter: ThingFilter, ids: [ID!], page: Int): [Thing!]!
}
type Mutation { thingUpdate(id: ID!, name: String): Thing }
type Subscription { changed: Thing! }
"""
OPERATIONS = """\
query Thing($id: ID!) {
  thing(id: $id) { ...Thing }
}
query Things($filter: ThingFilter, $ids: [ID!], $page: Int) {
  things(filter: $filter, ids: $ids, page: $page) {
    ...Thing
    either { __typename ... on Video { seconds } ... on Picture { path } }
  }
}
query Glad { things(filter: {name: "x", mood: GLAD}) { id } }
mutation ThingUpdate($id: ID!, $name: String) {
  thingUpdate(id: $id, name: $name) { id }
}
subscription Changed { changed { id } }
fragment Thing on Thing {
  id
  name
  owner { ...Owner }
  file { ...File }
}
fragment Owner on Owner { id name }
fragment File on File { path ... on Video { seconds } }
"""


def told(pruned: Pruned) -> list[tuple[str, str, str]]:
    return [(cut.definition, cut.kind, cut.what) for cut in pruned.cuts]


def small(*edits: Edit) -> GraphQLSchema:
    return edited(*edits, of="\n".join(_lines(SMALL)) + "\n")


def _lines(sdl: str) -> list[str]:
    """Write one member in each line, as the edits need it."""
    result: list[str] = []
    for line in sdl.splitlines():
        head, brace, rest = line.partition(" { ")
        if brace:
            members = rest.removesuffix(" }").replace("! ", "!\n").replace("String ", "String\n")
            for name in ("Owner ", "Mood "):
                members = members.replace(f": {name}", f": {name.strip()}\n")
            members = members.replace("GLAD SAD", "GLAD\nSAD").replace("ID: ", "ID: ")
            result += [f"{head} {{", *(f"  {m}" for m in members.splitlines()), "}"]
        else:
            result.append(line)
    return result


EDITS = [
    pytest.param(
        removed("Thing.name"), [("fragment Thing", "field", "Thing.name")], id="field removed"
    ),
    pytest.param(
        renamed("Thing.name", "title"), [("fragment Thing", "field", "Thing.name")], id="renamed"
    ),
    pytest.param(
        retyped("Thing.owner", "String"),
        [("fragment Thing", "field", "Thing.owner")],
        id="object became a scalar",
    ),
    pytest.param(
        retyped("Thing.name", "Owner"),
        [("fragment Thing", "field", "Thing.name")],
        id="scalar became an object",
    ),
    pytest.param(
        retyped("Thing.owner", "Video"),
        [
            ("fragment Thing", "type", "Owner"),
            ("fragment Thing", "field", "Thing.owner"),
        ],
        id="object of another type",
    ),
    pytest.param(
        removed("Query.things(ids:)"),
        [("query Things", "argument", "Query.things(ids:)")],
        id="argument removed",
    ),
    pytest.param(
        removed("Query.thing"),
        [("query Thing", "operation", "Query.thing")],
        id="root field removed",
    ),
    pytest.param(
        renamed("Mutation.thingUpdate(id:)", "key"),
        [("mutation ThingUpdate", "operation", "Mutation.thingUpdate")],
        id="required argument renamed",
    ),
    pytest.param(
        added("Mutation.thingUpdate", "token: String!"),
        [("mutation ThingUpdate", "operation", "Mutation.thingUpdate")],
        id="required argument added",
    ),
    pytest.param(added("Mutation.thingUpdate", "token: String"), [], id="argument added"),
    pytest.param(added("Thing", "extra: String!"), [], id="field added"),
    pytest.param(added("ThingFilter", "extra: String"), [], id="input field added"),
    pytest.param(added("Mood", "BLUE"), [], id="enum value added"),
    pytest.param(new_type("type Extra { id: ID! }"), [], id="type added"),
    pytest.param(
        renamed_type("ThingFilter", "ThingFilterInput"),
        [("query Things", "variable", "$filter")],
        id="input type renamed",
    ),
    pytest.param(
        retyped("Query.things(page:)", "Int!"),
        [("query Things", "variable", "$page"), ("query Glad", "operation", "Query.things")],
        id="argument became required",
    ),
    pytest.param(
        retyped("Query.things(page:)", "[Int!]"),
        [("query Things", "argument", "Query.things(page:)")],
        id="argument became a list",
    ),
    pytest.param(
        retyped("Query.things(page:)", "Mood"),
        [("query Things", "argument", "Query.things(page:)")],
        id="argument of another kind",
    ),
    pytest.param(
        retyped("Mutation.thingUpdate(id:)", "Int!"),
        [("mutation ThingUpdate", "variable", "$id")],
        id="argument with another scalar",
    ),
    pytest.param(
        without_type("Owner"),
        [("fragment Thing", "field", "Thing.owner"), ("fragment Owner", "type", "Owner")],
        id="type removed",
    ),
    pytest.param(
        removed("Mood.GLAD"),
        [("query Glad", "input field", "ThingFilter.mood")],
        id="enum value of a literal removed",
    ),
    pytest.param(
        removed("ThingFilter.mood"),
        [("query Glad", "input field", "ThingFilter.mood")],
        id="input field of a literal removed",
    ),
    pytest.param(
        removed("Video.seconds"),
        [
            ("query Things", "field", "Video.seconds"),
            ("query Things", "type", "Video"),
            ("fragment File", "field", "Video.seconds"),
            ("fragment File", "type", "Video"),
        ],
        id="nothing is left of a selection on a type",
    ),
]


@pytest.mark.parametrize(("edit", "cuts"), EDITS)
def test_each_kind_of_change(edit: Edit, cuts: list[tuple[str, str, str]]) -> None:
    document, schema = Documents(parse(OPERATIONS)), small(edit)
    assert validate(small(), document.node) == []

    pruned = prune(document, schema)

    assert validate(schema, pruned.documents.node) == []
    assert sorted(told(pruned)) == sorted(cuts)
    assert prune(pruned.documents, schema) == Pruned(pruned.documents, ())


def test_a_schema_without_subscriptions_has_no_operation_for_them() -> None:
    schema = edited(of=print_schema_without_subscription())

    pruned = prune(Documents(parse(OPERATIONS)), schema)

    assert told(pruned) == [("subscription Changed", "operation", "Subscription.changed")]
    assert pruned.cuts[0].reason == "this schema has no subscriptions"


def print_schema_without_subscription() -> str:
    return "\n".join(line for line in SMALL.splitlines() if "Subscription" not in line)


def test_what_is_left_empty_goes_with_what_held_it() -> None:
    schema = small(removed("Owner.id"), removed("Owner.name"), added("Owner", "age: Int"))

    pruned = prune(Documents(parse(OPERATIONS)), schema)

    assert told(pruned) == [
        ("fragment Thing", "field", "Thing.owner"),
        ("fragment Owner", "type", "Owner"),
    ]
    assert {cut.reason for cut in pruned.cuts} == {"nothing is left of it"}
    assert "owner" not in print_ast(pruned.documents.node)


def test_a_variable_goes_with_its_argument_and_a_fragment_with_its_last_spread() -> None:
    pruned = prune(
        Documents(parse(OPERATIONS)), small(removed("Query.things(ids:)"), removed("Thing.owner"))
    )

    text = print_ast(pruned.documents.node)
    assert "$ids" not in text
    assert "fragment Owner" not in text
    assert ("fragment Owner", "type", "Owner") not in told(pruned)


def test_a_fragment_that_somebody_else_spreads_stays() -> None:
    pruned = prune(Documents(parse(OPERATIONS)), small(removed("Thing.owner")), keep=["Owner"])

    assert "fragment Owner" in print_ast(pruned.documents.node)


def test_a_variable_in_two_places_takes_a_type_that_suits_both() -> None:
    document = Documents(parse("query Q($x: Int) { a(x: $x) b(x: $x) }"))
    schema = edited(of="type Query { a(x: Int!): Int b(x: Int): Int }")

    pruned = prune(document, schema)

    assert print_ast(pruned.documents.node).startswith("query Q($x: Int!)")
    assert [cut.what for cut in pruned.cuts] == ["$x"]
    assert str(pruned.cuts[0]) == "GraphQL request:1: query Q: $x: is Int! in this schema, not Int"


def test_where_no_type_suits_both_one_of_them_goes() -> None:
    document = Documents(parse("query Q($x: Int) { a(x: $x) b(x: $x) }"))
    schema = edited(of="type Query { a(x: Int!): Int b(x: [Int]): Int }")

    pruned = prune(document, schema)

    assert validate(schema, pruned.documents.node) == []
    assert [cut.what for cut in pruned.cuts] == ["$x", "Query.b(x:)"]


def test_a_directive_that_is_gone_takes_its_field_along() -> None:
    document = Documents(parse("query Q { a @fresh(since: 1) b }"))
    schema = edited(of="type Query { a: Int b: Int }")

    pruned = prune(document, schema)

    assert told(pruned) == [("query Q", "field", "Query.a")]


def test_nothing_is_done_to_what_fits() -> None:
    pruned = prune(SHIPPED, packaged())

    assert pruned.cuts == ()
    assert print_ast(pruned.documents.node) == print_ast(SHIPPED.node)
    assert set(operation_states(SHIPPED, pruned.documents).values()) == {"as it is"}


def test_states_follow_what_fragments_lose() -> None:
    document = Documents(parse(OPERATIONS))

    pruned = prune(
        document,
        small(
            removed("Owner.name"),
            removed("Subscription.changed"),
            added("Subscription", "other: Int"),
        ),
    )

    assert operation_states(document, pruned.documents) == {
        "Thing": "pruned",
        "Things": "pruned",
        "Glad": "as it is",
        "ThingUpdate": "as it is",
        "Changed": "absent",
    }


def test_cuts_name_file_and_line() -> None:
    cuts = prune(SHIPPED, edited(removed("Studio.urls"))).cuts

    assert [str(cut) for cut in cuts] == [
        "stash_typed/queries/fragments/studios.graphql:7: fragment Studio: Studio.urls:"
        " this schema does not have it"
    ]
    assert cuts[0].to_json() == {
        "where": "stash_typed/queries/fragments/studios.graphql:7",
        "definition": "fragment Studio",
        "kind": "field",
        "what": "Studio.urls",
        "reason": "this schema does not have it",
    }


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(without_type("BasicFile"), id="a member of an interface"),
        pytest.param(renamed_type("SceneFilterType", "SceneFilter"), id="an input"),
        pytest.param(renamed_type("Scene", "Film"), id="a type"),
        pytest.param(renamed_type("VisualFile", "SeenFile"), id="a union"),
    ],
)
def test_the_shipped_operations_survive_a_type_that_goes(edit: Callable[[str], str]) -> None:
    schema = edited(edit)

    pruned = prune(SHIPPED, schema)

    assert validate(schema, pruned.documents.node) == []
    assert pruned.cuts


def test_the_report_of_a_renamed_input_is_one_line_for_each_operation() -> None:
    pruned = prune(SHIPPED, edited(renamed_type("SceneFilterType", "SceneFilter")))

    assert {cut.kind for cut in pruned.cuts} == {"variable"}
    assert {cut.definition for cut in pruned.cuts} == {"query FindScenes"}


@pytest.mark.parametrize("seed", range(4))
def test_any_number_of_fields_may_be_gone(seed: int) -> None:
    folder = shipped_operations()
    document = read_documents([folder / "tags.graphql", folder / "fragments"], folder)
    source = random.Random(seed)
    coordinates = sorted(
        f"{name}.{field}"
        for name in ("Scene", "Tag", "StashID", "VideoCaption", "SceneGroup", "Studio", "Folder")
        for field in getattr(packaged().type_map[name], "fields")  # noqa: B009
        if field != "id"
    )
    edits = [removed(coordinate) for coordinate in source.sample(coordinates, 25)]
    schema = edited(*edits, *(added(n, "made_up: Int") for n in ("StashID", "SceneGroup")))

    pruned = prune(document, schema)

    assert validate(schema, pruned.documents.node) == []
    assert prune(pruned.documents, schema).cuts == ()
    assert set(print_ast(pruned.documents.node).split()) <= set(print_ast(document.node).split())


def test_an_error_outside_of_every_definition_is_told() -> None:
    document = Documents(parse("type T { a: Int }"))

    with pytest.raises(CodegenError, match="correct the document"):
        prune(document, packaged())


@pytest.mark.skipif(not RELEASES.is_dir(), reason=NO_RELEASES)
@pytest.mark.parametrize("release", ["v0.20.2", "v0.27.2"])
def test_the_shipped_operations_on_other_releases(release: str) -> None:
    schema = load_schema(RELEASES / f"{release}.graphql")

    pruned = prune(SHIPPED, schema)

    assert validate(schema, pruned.documents.node) == []
    states = list(operation_states(SHIPPED, pruned.documents).values())
    assert "absent" in states
    assert states.count("absent") < len(states) / 3


def test_a_document_of_one_operation_can_end_empty() -> None:
    document = Documents(parse("query Nope { nope }"))

    pruned = prune(document, packaged())

    assert pruned.documents.node.definitions == ()
    assert told(pruned) == [("query Nope", "operation", "Query.nope")]
