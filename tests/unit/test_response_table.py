"""The decision table of `response`: each row, and that it leads to exactly one outcome."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from stash_typed._runtime.auth.credentials import NoCredentials
from stash_typed._runtime.base_model import BaseModel
from stash_typed._runtime.endpoint import Endpoint
from stash_typed._runtime.http.response import (
    decode,
    decode_errors,
    decode_payload,
    decode_raw,
)
from stash_typed._runtime.messages import Reply
from stash_typed._runtime.operation import Operation
from stash_typed.errors import (
    AuthenticationError,
    DatabaseLockedError,
    GraphQLError,
    HTTPStatusError,
    NotFoundError,
    ResponseFormatError,
    StashError,
    ValidationFailedError,
)

OPERATION = Operation("FindScene", "query", "findScene", "query FindScene { findScene { id } }")
ENDPOINT = Endpoint.parse("http://nas:9999/stash")
GRAPHQL = "application/graphql-response+json"


class Scene(BaseModel):
    id: str


class Data(BaseModel):
    find_scene: Scene | None = Field(validation_alias="findScene")


def body(value: object) -> bytes:
    return json.dumps(value).encode()


def error(message: str, code: str | None = None, **more: object) -> dict[str, object]:
    entry: dict[str, object] = {"message": message, **more}
    return entry if code is None else {**entry, "extensions": {"code": code}}


DATA = {"data": {"findScene": {"id": "1"}}}
NULL = {"data": {"findScene": None}}
INVALID = error(
    'Cannot query field "nope" on type "Scene".',
    "GRAPHQL_VALIDATION_FAILED",
    locations=[{"line": 1, "column": 22}],
)
SYNTAX = error("Expected Name, found <EOF>", "GRAPHQL_PARSE_FAILED")
LOCKED = error("database is locked", path=["findScene"])
ABSENT = error("scene with id 99999 not found", path=["findScene"])
TAKEN = error("studio with name 'Harbour' already exists", path=["studioCreate"])
HTML = b"<!DOCTYPE html><html><body>Sign in</body></html>"


@dataclass(frozen=True)
class Row:
    """One row: an answer, what becomes of it, and words of its text."""

    name: str
    status: int
    content: bytes
    outcome: type[StashError] | None
    says: str = ""
    content_type: str = GRAPHQL
    location: str | None = None


ROWS = [
    Row("data", 200, body(DATA), None),
    Row("older content type", 200, body(DATA), None, content_type="application/json"),
    Row("content type of a careless proxy", 200, body(DATA), None, content_type="text/html"),
    Row("null for what is absent", 200, body(NULL), None),
    Row("empty list of errors", 200, body({**DATA, "errors": []}), None),
    Row("errors null", 200, body({**DATA, "errors": None}), None),
    Row("extensions beside", 200, body({**DATA, "extensions": {"a": 1}}), None),
    Row("201", 201, body(DATA), None),
    Row("data and errors", 200, body({**DATA, "errors": [TAKEN]}), GraphQLError, "Harbour"),
    Row("null data and errors", 200, body({"data": None, "errors": [TAKEN]}), GraphQLError),
    Row("errors alone", 200, body({"errors": [TAKEN]}), GraphQLError),
    Row("locked", 200, body({**NULL, "errors": [LOCKED]}), DatabaseLockedError, "try again"),
    Row("busy", 200, body({**NULL, "errors": [error("SQLITE_BUSY")]}), DatabaseLockedError),
    Row("not found", 200, body({**NULL, "errors": [ABSENT]}), NotFoundError, "99999"),
    Row("no rows", 200, body({"errors": [error("sql: no rows in result set")]}), NotFoundError),
    Row("file not found", 200, body({"errors": [error("file not found")]}), NotFoundError),
    Row("found elsewhere", 200, body({"errors": [error("http error 404: not found")]}), GraphQLError),
    Row("some locked, some not", 200, body({"errors": [LOCKED, TAKEN]}), GraphQLError),
    Row("bad id", 200, body({"errors": [error('strconv.Atoi: parsing "abc": invalid syntax')]}),
        GraphQLError, "Ids are whole numbers"),
    Row("before setup", 200,
        body({"errors": [error("Error <runtime error: invalid memory address or nil pointer"
                               " dereference>")], "data": None}),
        GraphQLError, "may not be set up"),
    Row("invalid, with 200", 200, body({"errors": [INVALID]}), ValidationFailedError),
    Row("invalid", 400, body({"errors": [INVALID], "data": None}), ValidationFailedError, "upgrade"),
    Row("invalid, older servers", 422, body({"errors": [INVALID]}), ValidationFailedError),
    Row("syntax", 400, body({"errors": [SYNTAX]}), ValidationFailedError, "syntax error"),
    Row("another GraphQL API, no codes", 400,
        body({"errors": [error('Cannot query field "findScene" on type "Query".')]}),
        ValidationFailedError, 'on type "Query"'),
    Row("unreadable request", 400, body({"errors": [error("could not be decoded")]}), GraphQLError),
    Row("GraphQL errors with 500", 500, body({"errors": [TAKEN]}), GraphQLError),
    Row("401", 401, b"", AuthenticationError, "api_key="),
    Row("a wrong key at v0.25.1", 500, b"unauthorized\n", AuthenticationError, "api_key="),
    Row("401 with a body", 401, body({"errors": [TAKEN]}), AuthenticationError),
    Row("redirect to login", 302, b"", AuthenticationError, location="/login?returnURL=%2F"),
    Row("redirect to login below a path", 303, b"", AuthenticationError, location="/stash/login"),
    Row("redirect elsewhere", 301, b"", HTTPStatusError, "https://nas/stash/graphql",
        location="https://nas/stash/graphql"),
    Row("redirect nowhere", 302, b"", HTTPStatusError),
    Row("400 without GraphQL", 400, b"Bad Request", HTTPStatusError, "Bad Request", "text/plain"),
    Row("http to an https port", 400, b"Client sent an HTTP request to an HTTPS server.",
        HTTPStatusError, "begin the url with https://", "text/plain"),
    Row("400 of another API", 400, body({"errors": ["bad"]}), HTTPStatusError),
    Row("403", 403, b"You have attempted", HTTPStatusError, "user name and password", "text/plain"),
    Row("404", 404, b"404 page not found\n", HTTPStatusError, "Is this a Stash server?", "text/plain"),
    Row("405", 405, b"", HTTPStatusError, "Is this a Stash server?"),
    Row("413", 413, HTML, HTTPStatusError, "limits the size", "text/html"),
    Row("418", 418, b"", HTTPStatusError, "418"),
    Row("429", 429, b"", HTTPStatusError, "how often"),
    Row("500", 500, b"", HTTPStatusError, "log"),
    Row("502", 502, HTML, HTTPStatusError, "proxy", "text/html"),
    Row("503", 503, HTML, HTTPStatusError, "proxy", "text/html"),
    Row("504", 504, b"", HTTPStatusError, "proxy"),
    Row("599", 599, b"", HTTPStatusError, "599"),
    Row("data with an error status", 500, body(DATA), HTTPStatusError),
    Row("errors empty with an error status", 400, body({"errors": []}), HTTPStatusError),
    Row("HTML", 200, HTML, ResponseFormatError, "web page", "text/html"),
    Row("HTML under another name", 200, HTML, ResponseFormatError, "web page"),
    Row("text", 200, b"ok", ResponseFormatError, "text/plain", "text/plain; charset=utf-8"),
    Row("nothing", 200, b"", ResponseFormatError, "empty"),
    Row("blanks", 200, b" \n", ResponseFormatError, "empty"),
    Row("no content", 204, b"", ResponseFormatError, "empty"),
    Row("broken off", 200, body(DATA)[:-3], ResponseFormatError, "breaks off"),
    Row("neither data nor errors", 200, body({"hello": 1}), ResponseFormatError, "without data"),
    Row("a list", 200, body([DATA]), ResponseFormatError, "a list"),
    Row("a number", 200, b"3", ResponseFormatError, "a single value"),
    Row("null data, no errors", 200, body({"data": None}), ResponseFormatError, "null"),
    Row("data that are a list", 200, body({"data": []}), ResponseFormatError, "a list"),
]  # fmt: skip

# Only a typed result can find out that data do not fit.
MISFITS = [
    Row("a field is missing", 200, body({"data": {"findScene": {}}}), ResponseFormatError,
        "data.findScene.id does not fit Data"),
    Row("a field of another type", 200, body({"data": {"findScene": {"id": [1]}}}),
        ResponseFormatError, "data.findScene.id"),
    Row("a root field is missing", 200, body({"data": {}}), ResponseFormatError, "data.findScene"),
]  # fmt: skip


def reply(row: Row) -> Reply:
    return Reply(row.status, row.content, row.content_type, row.location)


def check(row: Row, caught: StashError) -> None:
    assert type(caught) is row.outcome
    text = str(caught)
    assert row.says in text
    assert text.startswith("FindScene: ")
    assert "http://nas:9999/stash" in text


def typed(row: Row) -> Data:
    return decode(OPERATION, Data, reply(row), endpoint=ENDPOINT, credentials=NoCredentials())


def raw(row: Row) -> dict[str, Any]:
    return decode_raw(OPERATION, reply(row), endpoint=ENDPOINT, credentials=NoCredentials())


@pytest.mark.parametrize("row", ROWS + MISFITS, ids=lambda row: row.name)
def test_typed(row: Row) -> None:
    if row.outcome is None:
        found = json.loads(row.content)["data"]["findScene"]
        assert typed(row) == Data(find_scene=found and Scene(id=found["id"]))
    else:
        with pytest.raises(StashError) as caught:
            typed(row)
        check(row, caught.value)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_raw(row: Row) -> None:
    if row.outcome is None:
        assert raw(row) == json.loads(row.content)["data"]
    else:
        with pytest.raises(StashError) as caught:
            raw(row)
        check(row, caught.value)


def is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS + MISFITS if row.status == 200 and is_json(row.content)],
    ids=lambda row: row.name,
)
def test_a_socket_uses_the_same_table(row: Row) -> None:
    payload = json.loads(row.content)
    if row.outcome is None:
        decode_payload(OPERATION, Data, payload, endpoint=ENDPOINT)
    else:
        with pytest.raises(StashError) as caught:
            decode_payload(OPERATION, Data, payload, endpoint=ENDPOINT)
        check(row, caught.value)


def failure(*entries: dict[str, object], data: object = None, status: int = 200) -> StashError:
    with pytest.raises(StashError) as caught:
        typed(Row("", status, body({"errors": entries, "data": data}), None))
    return caught.value


def test_partial_data_and_all_errors_are_kept() -> None:
    caught = failure(ABSENT, TAKEN, data={"a": {"id": "4"}, "b": None})
    assert isinstance(caught, GraphQLError)
    assert caught.data == {"a": {"id": "4"}, "b": None}
    assert [entry.message for entry in caught.errors] == [ABSENT["message"], TAKEN["message"]]
    assert caught.errors[0].path == ("findScene",)
    assert caught.operation == "FindScene"


def test_a_long_list_of_errors_is_cut_in_the_text_only() -> None:
    caught = failure(*[error(f"number {n}") for n in range(10)])
    assert isinstance(caught, GraphQLError)
    assert "number 2; and 7 more" in str(caught)
    assert len(caught.errors) == 10


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        (INVALID, ["Scene.nope"]),
        (error('Field "sprite" is not defined by type "GenerateMetadataInput". Did you mean "sprites"?',
               "GRAPHQL_VALIDATION_FAILED"), ["GenerateMetadataInput.sprite"]),
        (error('Unknown argument "ids" on field "Query.findScenes".', "GRAPHQL_VALIDATION_FAILED"),
         ["Query.findScenes(ids)"]),
        (error('Unknown type "Colour".', "GRAPHQL_VALIDATION_FAILED"), ["Colour"]),
        (error("cannot use string as Int", "GRAPHQL_VALIDATION_FAILED",
               path=["variable", "filter", "per_page"]), ["filter.per_page"]),
        (error("something new", "GRAPHQL_VALIDATION_FAILED"), []),
    ],
)  # fmt: skip
def test_a_validation_error_names_what_the_server_does_not_know(
    entry: dict[str, object], fields: list[str]
) -> None:
    caught = failure(entry, entry, status=400)
    assert isinstance(caught, ValidationFailedError)
    assert caught.fields == fields
    assert f"{entry['message']}".rstrip(".") in str(caught)
    assert "stash-typed check http://nas:9999/stash" in str(caught)
    assert caught.server_version is None


def test_the_place_in_the_document_is_told() -> None:
    assert "(line 1, column 22)" in str(failure(INVALID))


def test_errors_of_any_shape_are_still_errors() -> None:
    caught = failure({}, {"message": None, "path": "x", "locations": [1, {}], "extensions": []})
    assert isinstance(caught, GraphQLError)
    assert [entry.message for entry in caught.errors] == ["an error without a message"] * 2
    with pytest.raises(GraphQLError, match="just text"):
        raw(Row("", 200, body({"errors": "just text"}), None))
    with pytest.raises(GraphQLError, match="in a list"):
        raw(Row("", 200, body({"errors": ["in a list"]}), None))


def test_a_misfit_shows_no_values() -> None:
    link = "http://nas/scene/1/stream?apikey=SECRET-KEY"
    with pytest.raises(ResponseFormatError) as caught:
        typed(Row("", 200, body({"data": {"findScene": {"id": [link]}}}), None))
    assert "SECRET-KEY" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_an_error_message_of_a_socket() -> None:
    caught = decode_errors(OPERATION, [INVALID], endpoint=ENDPOINT)
    assert isinstance(caught, ValidationFailedError)
    assert isinstance(decode_errors(OPERATION, [], endpoint=ENDPOINT), ResponseFormatError)


@given(
    st.integers(100, 599),
    st.binary(max_size=60) | st.sampled_from([row.content for row in ROWS]),
    st.sampled_from([GRAPHQL, "", "text/html", "text/plain", "nonsense"]),
    st.none() | st.text(max_size=20),
)
def test_any_answer_is_a_result_or_one_error(
    status: int, content: bytes, content_type: str, location: str | None
) -> None:
    row = Row("", status, content, None, content_type=content_type, location=location)
    for read in (typed, raw):
        try:
            read(row)
        except StashError as caught:
            assert str(caught)  # noqa: PT017  (either outcome is right, nothing else is)
