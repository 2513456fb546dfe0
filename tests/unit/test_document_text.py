"""The kind of a document, which decides whether it may be sent again, against graphql-core's parser."""

from __future__ import annotations

import itertools
import time

import pytest
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    parse,
)
from hypothesis import given
from hypothesis import strategies as st

from stash_typed import StashClient, SyncStashClient
from stash_typed._runtime.document_text import Definition, read_document, root_keys
from stash_typed._runtime.operation import Operation
from stash_typed.errors import StashConnectionError
from tests.unit.ends import ENDS, End
from tests.unit.loopback import Says, loopback

CHANGE = "mutation M { change }"


@pytest.mark.parametrize(
    "document",
    [
        f"# a comment\r{CHANGE}",
        f"# a comment\r\n{CHANGE}",
        f"# {{\r{CHANGE} # }}",
        "fragment query on T { a } mutation M { change { ...query } }",
        "fragment subscription on T { a } mutation { change { ...subscription } }",
        'fragment F on T { a(b: "query") } ' + CHANGE,
        f'"a query Q {{ a }}" {CHANGE}',
        f'"""a "query" \\""" {{""" {CHANGE}',
        'mutation M($a: T = {b: "}", c: {d: [1]}}) @x(y: "query") { change }',
        f"query Q {{ a }} {CHANGE}",
        f"{{ a }} {CHANGE}",
        f"\ufeff,,{CHANGE}",
        f'query Q {{ a(b: """\\""""""") }} {CHANGE}',
        # Not understood, hence never sent twice.
        "",
        "# nothing",
        "{ a",
        "{ a }}",
        "{ a(b: [1)] }",
        '{ a(b: "unended) }',
        '{ a(b: """unended"") }',
        "query Q { }",
        "query Q",
        "type T { a: Int } { a }",
        "# a\x0b" + CHANGE,
        "{ a }\u2028",
        "fragment F on T { a }",
        "quеry { a }",  # noqa: RUF001  (a letter that only looks like one)
    ],
)
def test_these_are_sent_once(document: str) -> None:
    assert Operation.from_document(document).kind == "mutation"


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("{ a }", ""),
        ("query { mutation }", ""),
        ("query mutation { a }", "mutation"),
        ("query Q { mutation: a }", "Q"),
        ("query Q($mutation: T = {mutation: 1}) @mutation { a }", "Q"),
        ("fragment mutation on T { a } query Q { ...mutation }", "Q"),
        ("# mutation M { change }\rquery Q { a }", "Q"),
        ('query Q { a(b: """mutation M { change }""", c: "mutation") }', "Q"),
        ('"mutation M { a }" query Q { a }', "Q"),
        ("query A { a } query B { b }", "A"),
        (
            "query Q { a(b: -1.5e+3, c: 0, d: $e, f: {g: ENUM}) { ... on T { h } ... @i { j } } }",
            "Q",
        ),
    ],
)
def test_these_may_be_sent_again(document: str, name: str) -> None:
    operation = Operation.from_document(document)
    assert (operation.kind, operation.name) == ("query", name)


def test_a_subscription_is_told() -> None:
    assert Operation.from_document("subscription S { a }").kind == "subscription"


@pytest.mark.parametrize(
    ("document", "keys"),
    [
        ("mutation { a: change(b: {c: 1}) @d(e: 2) { f } g }", {"a", "g"}),
        ("mutation { a a }", {"a"}),
        ("mutation { a ...F } fragment F on Mutation { b }", None),
        ("mutation { ... { a } }", None),
        ("mutation A { a } mutation B { b }", None),
        ("mutation {", None),
    ],
)
def test_the_names_of_root_fields(document: str, keys: set[str] | None) -> None:
    assert root_keys(document) == keys


NAMES = st.sampled_from(["query", "mutation", "subscription", "fragment", "a", "_b1", "true"])
SPACE = st.text(st.sampled_from(" \t\n\r,\ufeff"), min_size=1, max_size=3)
COMMENT = st.builds(
    "#{}{}".format,
    st.text(st.sampled_from('ab"{}#é mutation'), max_size=8),
    st.sampled_from(["\n", "\r", "\r\n"]),
)
NOISE = st.one_of(SPACE, COMMENT)
STRING = st.builds(
    '"{}"'.format,
    st.lists(
        st.sampled_from(["a", "{", "}", "#", " mutation ", "é", '\\"', "\\\\", "\\n", "\\u00e9"]),
        max_size=4,
    ).map("".join),
)
BLOCK = st.builds(
    '"""{}"""'.format,
    st.lists(
        st.sampled_from(["a", "\n", "\r", "{", "#", " mutation ", '\\"""', "\\", '" ', '"" ']),
        max_size=4,
    ).map("".join),
).filter(lambda text: not text.endswith('\\"""'))
SCALAR = st.one_of(STRING, BLOCK, NAMES, st.sampled_from(["0", "-12", "1.5", "2e-3", "$a"]))
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2).map(lambda items: f"[{' '.join(items)}]"),
        st.builds("{{{}: {}}}".format, NAMES, inner),
    ),
    max_leaves=3,
)
ARGUMENTS = st.one_of(st.just(""), st.builds("({}: {})".format, NAMES, VALUE))
DIRECTIVES = st.one_of(st.just(""), st.builds("@{}{}".format, NAMES, ARGUMENTS))


def _field(selection: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    alias = st.one_of(st.just(""), st.builds("{}:".format, NAMES))
    return st.one_of(
        st.builds("{}{}{}{}{}".format, alias, NAMES, ARGUMENTS, DIRECTIVES, selection),
        st.builds("...{}{}".format, NAMES, DIRECTIVES),
        st.builds("... on {} {}{{a}}".format, NAMES, DIRECTIVES),
        st.builds("... {}{{a}}".format, DIRECTIVES),
    )


def _selection(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(_braced, st.lists(_field(inner), min_size=1, max_size=3), NOISE)


def _braced(fields: list[str], noise: str) -> str:
    return "{" + noise.join(fields) + noise + "}"


def _joined(definitions: list[str], noise: str) -> str:
    return noise + noise.join(definitions)


SELECTION = _selection(st.one_of(st.just(""), _selection(st.just(""))))
CONSTANT = VALUE.filter(lambda text: "$" not in text)
VARIABLES = st.one_of(st.just(""), st.builds("($a: [T!]! = {})".format, CONSTANT))
OPERATION = st.builds(
    "{} {}{}{}{}".format,
    st.sampled_from(["query", "mutation", "subscription"]),
    st.one_of(st.just(""), NAMES),
    VARIABLES,
    DIRECTIVES,
    SELECTION,
)
FRAGMENT = st.builds("fragment {} on {} {}{}".format, NAMES, NAMES, DIRECTIVES, SELECTION)
DOCUMENT = st.builds(
    _joined,
    st.lists(st.one_of(OPERATION, FRAGMENT, SELECTION), min_size=1, max_size=3),
    NOISE,
)
HOSTILE = st.sampled_from(
    [*'"\\#{}()[]:@$.!,-0 \t\r\n\x00\x0b\ufeff\u2028é', '"""', "mutation ", "query "]
)


def expected_of(document: str) -> list[Definition] | None:
    """What graphql-core reads; None where it finds no document of operations and fragments."""
    try:
        definitions = parse(document, no_location=True).definitions
    except GraphQLError:
        return None
    found: list[Definition] = []
    for each in definitions:
        if not isinstance(each, (OperationDefinitionNode, FragmentDefinitionNode)):
            return None
        fields = each.selection_set.selections
        keys: dict[str, None] = {}
        told = True
        for field in fields:
            if isinstance(field, FieldNode):
                keys[(field.alias or field.name).value] = None
            else:
                told = False
        kind = each.operation.value if isinstance(each, OperationDefinitionNode) else "fragment"
        name = each.name.value if each.name else ""
        assert kind in ("query", "mutation", "subscription", "fragment")
        found.append(Definition(kind, name, tuple(keys) if told else None))  # type: ignore[arg-type]  # looked at above
    return found


@given(DOCUMENT)
def test_right_documents_are_read_as_graphql_core_reads_them(document: str) -> None:
    expected = expected_of(document)
    if expected is not None:
        assert read_document(document) == expected


def test_most_of_those_documents_are_right() -> None:
    seen = itertools.count()
    right = itertools.count()

    @given(DOCUMENT)
    def count(document: str) -> None:
        next(seen)
        if expected_of(document) is not None:
            next(right)

    count()
    assert next(right) * 2 > next(seen)


@given(st.data(), DOCUMENT)
def test_damaged_documents_never_pass_for_a_query(data: st.DataObject, document: str) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(document)))
        gone = data.draw(st.integers(0, 2))
        document = document[:at] + data.draw(HOSTILE) + document[at + gone :]
    expected = expected_of(document)
    read = read_document(document)
    if expected is not None and any(each.kind == "mutation" for each in expected):
        assert Operation.from_document(document).kind == "mutation"
    if expected is not None and read is not None:
        assert read == expected


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    Operation.from_document(text)


def _seconds(document: str) -> float:
    started = time.perf_counter()
    read_document(document)
    return time.perf_counter() - started


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        ('"""', 'a"'),
        ('"""', '\\"""'),
        ('"', "\\n"),
        ("", "#"),
        ("", "{a "),
        ("", "..."),
        ("", "a:"),
        ("", '""" "'),
    ],
)
def test_the_time_grows_with_the_length(start: str, piece: str) -> None:
    short, long = (min(_seconds(start + piece * n) for _ in range(3)) for n in (5_000, 40_000))
    assert long < short * 40 + 0.05  # eight times as long; a square would be 64 times


LOST = [
    f"# ended by a carriage return\r{CHANGE}",
    "fragment query on T { id } mutation M { change { ...query } }",
]


@pytest.mark.anyio
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("document", LOST)
async def test_a_change_whose_answer_is_lost_is_sent_once(end: End, document: str) -> None:
    with loopback(lambda _: Says(hang_up=True)) as server:
        if end == "async":
            async with StashClient(server.url) as stash:
                with pytest.raises(StashConnectionError):
                    await stash.graphql(document)
        else:
            with SyncStashClient(server.url) as plain, pytest.raises(StashConnectionError):
                plain.graphql(document)
    assert len(server.asked) == 1
