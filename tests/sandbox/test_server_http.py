"""GraphQL over HTTP as the server speaks it: statuses, content types, and the words of errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from stash_typed.sandbox import Sandbox
from tests.sandbox.asking import client

_VALIDATION = {"code": "GRAPHQL_VALIDATION_FAILED"}
_GRAPHQL = "application/graphql-response+json"


@pytest.fixture(scope="module", name="http")
def _http() -> Iterator[httpx.Client]:
    with Sandbox(scenes=3, allowed_hosts=["nas.example"]) as server, client(server) as http:
        yield http


def _post(http: httpx.Client, query: str, **variables: Any) -> httpx.Response:
    return http.post("/graphql", json={"query": query, "variables": variables})


@pytest.mark.parametrize(
    ("query", "message", "column"),
    [
        (
            "{version}",
            'Field "version" of type "Version!" must have a selection of subfields.'
            ' Did you mean "version { ... }"?',
            2,
        ),
        (
            "mutation{sceneUpdate(input:{}){id}}",
            'Field "SceneUpdateInput.id" of required type "ID!" was not provided.',
            28,
        ),
        (
            "mutation{sceneUpdate(input:{id:1,title:5}){id}}",
            "String cannot represent a non string value: 5",
            40,
        ),
        (
            "{findStudio{id}}",
            'Field "findStudio" argument "id" of type "ID!" is required, but it was not provided.',
            2,
        ),
        (
            "{findScenes(filter:{direction:UP}){count}}",
            'Value "UP" does not exist in "SortDirectionEnum" enum.',
            31,
        ),
        (
            '{findScenes(filter:{per_page:"a"}){count}}',
            'Int cannot represent non-integer value: "a"',
            None,
        ),
        ("{findScene(id:1){...F}}", 'Unknown fragment "F".', 21),
        (
            "{findScene(id:1){id}} fragment F on Scene{id}",
            'Fragment "F" is never used.',
            23,
        ),
        (
            "{findScene(id:1){...F}} fragment F on Studio{id}",
            'Fragment "F" cannot be spread here as objects of type "Scene" can never be of type'
            ' "Studio".',
            None,
        ),
        ("query($x:Int){version{version}}", 'Variable "$x" is never used.', 7),
        ("{findScene(id:$x){id}}", 'Variable "$x" is not defined.', 15),
        (
            "query($x:Int){findScene(id:$x){id}}",
            'Variable "$x" of type "Int" used in position expecting type "ID".',
            None,
        ),
        (
            "{findScene(id:1){id id:title}}",
            'Fields "id" conflict because "id" and "title" are different fields. Use different'
            " aliases on the fields to fetch both if this was intentional.",
            21,
        ),
        ("{findScene(id:1) @nope {id} }", 'Unknown directive "@nope".', None),
        (
            "{findScenes(filter:{}, filter:{}) {count} }",
            'There can be only one argument named "filter".',
            24,
        ),
        ("{findScene(nope:1){id}}", 'Unknown argument "nope" on field "Query.findScene".', None),
    ],
)
def test_an_invalid_document_is_refused_in_the_servers_words(
    http: httpx.Client, query: str, message: str, column: int | None
) -> None:
    response = _post(http, query)
    assert response.status_code == 400
    assert response.headers["content-type"] == _GRAPHQL
    body = response.json()
    assert body["data"] is None
    (error,) = body["errors"]
    assert error["message"] == message
    assert error["extensions"] == _VALIDATION
    if column is not None:
        assert error["locations"] == [{"line": 1, "column": column}]


@pytest.mark.parametrize(
    ("query", "message", "column"),
    [
        ("{ version { version } ", "Expected Name, found <EOF>", 23),
        ("{ version ( }", "Expected Name, found }", 13),
        ("quer { version }", 'Unexpected Name "quer"', 1),
        ("{ version { version } } }", "Unexpected }", 25),
        ("{ findScene(id: ) { id } }", "Unexpected )", 17),
        ("{ findScene(id: 1 @) { id } }", "Expected Name, found @", None),
    ],
)
def test_what_is_not_graphql_is_refused_in_the_servers_words(
    http: httpx.Client, query: str, message: str, column: int | None
) -> None:
    response = _post(http, query)
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["message"] == message
    assert error["extensions"] == {"code": "GRAPHQL_PARSE_FAILED"}
    if column is not None:
        assert error["locations"] == [{"line": 1, "column": column}]


_FILTER = "query($f: FindFilterType){findScenes(filter:$f){count}}"
_UPDATE = "mutation($f: SceneUpdateInput!){sceneUpdate(input:$f){id}}"
_BULK = "mutation($f: BulkSceneUpdateInput!){bulkSceneUpdate(input:$f){id}}"


@pytest.mark.parametrize(
    ("query", "value", "message", "path"),
    [
        ("query($f: ID!){findScene(id:$f){id}}", None, "cannot be null", []),
        (_FILTER, {"direction": "UP"}, "UP is not a valid SortDirectionEnum", ["direction"]),
        (_FILTER, {"direction": 1}, "enums must be ints or strings", ["direction"]),
        (_FILTER, {"nope": 1}, "unknown field", ["nope"]),
        (_FILTER, 3, "must be a FindFilterType, not a string", []),
        (_FILTER, True, "must be a FindFilterType, not a bool", []),
        (_UPDATE, {"title": "x"}, "must be defined", ["id"]),
        (_UPDATE, {"id": 1, "rating100": "x"}, "cannot use string as Int", ["rating100"]),
        (_UPDATE, {"id": 1, "rating100": 1.5}, "cannot use string as Int", ["rating100"]),
        (_UPDATE, {"id": 1, "organized": "yes"}, "cannot use string as Boolean", ["organized"]),
        (_UPDATE, {"id": True}, "cannot use bool as ID", ["id"]),
        (_UPDATE, {"id": 1, "play_duration": "x"}, "cannot use string as Float", ["play_duration"]),
        (_BULK, {"ids": ["1", None], "tag_ids": {"mode": "ADD"}}, None, None),
        (_BULK, {"tag_ids": {"ids": [], "mode": "X"}}, "X is not a valid", ["tag_ids", "mode"]),
    ],
)
def test_a_variable_that_does_not_fit_is_named_by_its_path(
    http: httpx.Client, query: str, value: Any, message: str | None, path: list[str] | None
) -> None:
    response = _post(http, query, f=value)
    assert response.headers["content-type"] == _GRAPHQL
    (error,) = response.json()["errors"]
    if message is None:
        assert error["path"] != ["variable", "f", "tag_ids", "mode"]
        return
    assert response.status_code == 400
    assert error["message"].startswith(message)
    assert error["path"] == ["variable", "f", *(path or [])]
    assert error["extensions"] == _VALIDATION


def test_a_number_is_good_for_text_and_for_an_id(http: httpx.Client) -> None:
    response = _post(http, _UPDATE.replace("{id}", "{id title}"), f={"id": 1, "title": 5})
    assert response.json() == {"data": {"sceneUpdate": {"id": "1", "title": "5"}}}


def test_variables_that_nothing_declares_are_passed_over(http: httpx.Client) -> None:
    assert _post(http, "{ version { version } }", other=1).is_success


_BODY = "json request body could not be decoded: "


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            '[{"query":"{version{version}}"}]',
            f"{_BODY}json: cannot unmarshal array into Go value of type graphql.RawParams body:",
        ),
        ("", f"{_BODY}EOF body:"),
        ('{"query": "{version{version}"', f"{_BODY}unexpected EOF body:"),
        (
            '{"query":"{version{version}}","variables":[]}',
            f"{_BODY}json: cannot unmarshal array into Go struct field RawParams.variables of"
            " type map[string]interface {} body:",
        ),
        (
            '{"query":5}',
            f"{_BODY}json: cannot unmarshal number into Go struct field RawParams.query of type"
            " string body:",
        ),
    ],
)
def test_a_body_that_is_no_request_is_a_400_without_a_code(
    http: httpx.Client, body: str, message: str
) -> None:
    headers = {"content-type": "application/json"}
    response = http.post("/graphql", content=body, headers=headers)
    assert response.status_code == 400
    assert response.json() == {"errors": [{"message": message + body}], "data": None}


@pytest.mark.parametrize("body", [{}, {"query": ""}, {"query": None}])
def test_a_request_without_a_document_is_named(http: httpx.Client, body: dict[str, Any]) -> None:
    response = http.post("/graphql", json=body)
    assert response.status_code == 400
    error = {"message": "no operation provided", "extensions": _VALIDATION}
    assert response.json() == {"errors": [error], "data": None}


@pytest.mark.parametrize(
    ("name", "message"),
    [(None, "operation  not found"), ("C", "operation C not found")],
)
def test_one_of_several_operations_has_to_be_named(
    http: httpx.Client, name: str | None, message: str
) -> None:
    document = "query A{version{version}} query B{findScenes{count}}"
    body = {"query": document, "operationName": name}
    response = http.post("/graphql", json=body)
    assert response.status_code == 400
    assert response.json()["errors"] == [{"message": message, "extensions": _VALIDATION}]
    chosen = http.post("/graphql", json={**body, "operationName": "B"})
    assert chosen.json() == {"data": {"findScenes": {"count": 3}}}


@pytest.mark.parametrize(
    ("accept", "content_type", "status"),
    [
        ("*/*", _GRAPHQL, 400),
        ("application/graphql-response+json", _GRAPHQL, 400),
        ("application/json", "application/json", 422),
        ("application/json;q=0.5, */*", "application/json", 422),
        ("text/html", _GRAPHQL, 400),
    ],
)
def test_the_client_chooses_between_the_two_content_types(
    http: httpx.Client, accept: str, content_type: str, status: int
) -> None:
    for query, expected in (("{version{version}}", 200), ("{versio{version}}", status)):
        response = http.post("/graphql", json={"query": query}, headers={"accept": accept})
        assert response.status_code == expected
        assert response.headers["content-type"] == content_type
        assert response.headers["cache-control"] == "no-store"


def test_a_query_may_come_by_get_and_a_mutation_may_not(http: httpx.Client) -> None:
    params = {
        "query": "query($i: ID!){findScene(id:$i){id}}",
        "variables": json.dumps({"i": "2"}),
    }
    assert http.get("/graphql", params=params).json() == {"data": {"findScene": {"id": "2"}}}
    refused = http.get("/graphql", params={"query": "mutation{stopAllJobs}"})
    assert refused.status_code == 406
    assert refused.json()["errors"][0]["message"] == "GET requests only allow query operations"


@pytest.mark.parametrize("content_type", ["text/plain", "application/graphql+json", ""])
def test_another_content_type_is_not_a_request(http: httpx.Client, content_type: str) -> None:
    body = b'{"query":"{version{version}}"}'
    response = http.post("/graphql", content=body, headers={"content-type": content_type})
    assert response.status_code == 400
    assert response.json() == {"errors": [{"message": "transport not supported"}], "data": None}


def test_an_upload_whose_map_leads_nowhere_is_refused(http: httpx.Client) -> None:
    operations = json.dumps({"query": "{version{version}}", "variables": {}})
    for places in ({"0": ["variables.input.file"]}, {"0": ["variables.a.b.c"]}):
        response = http.post(
            "/graphql",
            data={"operations": operations, "map": json.dumps(places)},
            files={"0": ("a.zip", b"x", "application/zip")},
        )
        assert response.status_code == 400
        assert "invalid operations paths" in response.json()["errors"][0]["message"]
    missing = http.post(
        "/graphql",
        data={"operations": operations, "map": '{"1": ["variables.a"]}'},
        files={"0": ("a.zip", b"x", "application/zip")},
    )
    assert missing.json()["errors"][0]["message"] == "failed to get key 1 from form"


def test_a_resolvers_error_is_a_200_with_message_and_path_alone(http: httpx.Client) -> None:
    response = _post(http, '{ good: findScene(id: 1) { id } bad: findScene(id: "x") { id } }')
    assert response.status_code == 200
    assert response.json() == {
        "errors": [{"message": 'strconv.Atoi: parsing "x": invalid syntax', "path": ["bad"]}],
        "data": {"good": {"id": "1"}, "bad": None},
    }


def test_text_goes_both_ways_unharmed(http: httpx.Client) -> None:
    title = 'Möwe & <b>"東京"</b> \u2028 🎬'
    changed = _post(http, _UPDATE.replace("{id}", "{title}"), f={"id": "3", "title": title})
    assert changed.json()["data"]["sceneUpdate"]["title"] == title


@pytest.mark.parametrize(
    "headers",
    [{"x-forwarded-proto": "https", "x-forwarded-prefix": "/stash/", "host": "nas.example"}],
)
def test_links_are_built_from_the_request(http: httpx.Client, headers: dict[str, str]) -> None:
    query = {"query": "{ findScene(id: 1) { paths { stream } } }"}
    stream = http.post("/graphql", json=query, headers=headers).json()
    assert stream["data"]["findScene"]["paths"]["stream"] == (
        "https://nas.example/stash/scene/1/stream"
    )
