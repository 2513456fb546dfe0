"""Each recorded exchange that concerns the transport, replayed through it: result or exception."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from pydantic import BaseModel, Field
from pytest_httpx import HTTPXMock

from stash_typed._runtime.auth.credentials import (
    ApiKey,
    Credentials,
    NoCredentials,
    Password,
    SessionCookie,
)
from stash_typed._runtime.base_model import InputModel
from stash_typed._runtime.endpoint import Endpoint
from stash_typed._runtime.http.request import build_request
from stash_typed._runtime.http.response import decode_raw
from stash_typed._runtime.messages import Reply
from stash_typed._runtime.operation import Operation
from stash_typed._runtime.upload import Upload
from stash_typed.errors import (
    AuthenticationError,
    GraphQLError,
    HTTPStatusError,
    NotFoundError,
    StashError,
    ValidationFailedError,
)
from tests.contract.recordings import Recording, recording
from tests.unit.ends import ENDS, Connection, End, connect

pytestmark = pytest.mark.anyio

SERVER = "http://localhost:9999"

PASSWORD = Password("stash", "correct horse")
KEY = ApiKey("RECORDED-API-KEY")


def replay(mock: HTTPXMock, recorded: Recording) -> None:
    """Answer the request of a recording as the server did."""
    mock.add_response(
        method=recorded.request["method"],
        url=f"{SERVER}{recorded.path}",
        status_code=recorded.status,
        headers=recorded.headers,
        content=recorded.body,
    )


async def ask(
    end: End, mock: HTTPXMock, recorded: Recording, credentials: Credentials | None = None
) -> dict[str, Any]:
    replay(mock, recorded)
    async with connect(end, SERVER, credentials) as connection:
        return await connection.execute_raw(recorded.operation, recorded.variables)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    "number",
    [2, 4, 5, 6, 10, 11, 12, 21, 22, 26, 30, 41, 63, 67, 73, 79, 80, 81],
)
async def test_data_as_the_server_gave_them(end: End, httpx_mock: HTTPXMock, number: int) -> None:
    recorded = recording(number)
    key = "apikey" in recorded.request["headers"]

    assert await ask(end, httpx_mock, recorded, KEY if key else None) == recorded.data

    (request,) = httpx_mock.get_requests()
    assert json.loads(request.content) == recorded.request["json"]
    assert request.headers.get("apikey") == recorded.request["headers"].get("apikey")
    assert "cookie" not in request.headers


class Status(BaseModel):
    status: str
    database_path: str = Field(validation_alias="databasePath")


class StatusData(BaseModel):
    system_status: Status = Field(validation_alias="systemStatus")


class Job(BaseModel):
    id: str
    status: str
    add_time: datetime = Field(validation_alias="addTime")
    sub_tasks: list[str] | None = Field(validation_alias="subTasks")


class JobData(BaseModel):
    find_job: Job | None = Field(validation_alias="findJob")


class QueueData(BaseModel):
    job_queue: list[Job] | None = Field(validation_alias="jobQueue")


class Studio(BaseModel):
    id: str
    name: str
    url: str | None
    image_path: str | None
    scene_count: int


class StudiosData(BaseModel):
    all_studios: list[Studio] = Field(validation_alias="allStudios")


class SQLResult(BaseModel):
    columns: list[str]
    rows: list[list[int | str]]


class SQLData(BaseModel):
    query_sql: SQLResult = Field(validation_alias="querySQL")


def before_setup(data: Any) -> bool:
    return bool(data.system_status.status == "SETUP" and data.system_status.database_path == "")


def finished(data: Any) -> bool:
    return bool(data.find_job.status == "FINISHED" and data.find_job.add_time.tzinfo is not None)


TYPED: list[tuple[int, type[BaseModel], Callable[[Any], bool]]] = [
    (2, StatusData, before_setup),
    (5, StatusData, lambda data: data.system_status.status == "OK"),
    (10, JobData, finished),
    (11, JobData, lambda data: data.find_job is None),
    (12, QueueData, lambda data: data.job_queue is None),
    (30, StudiosData, lambda data: [s.id for s in data.all_studios] == ["2", "1", "3"]),
    (67, SQLData, lambda data: data.query_sql.rows[0] == [1, "A first clip"]),
]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(("number", "result", "holds"), TYPED)
async def test_typed_data(
    end: End,
    httpx_mock: HTTPXMock,
    number: int,
    result: type[BaseModel],
    holds: Callable[[Any], bool],
) -> None:
    recorded = recording(number)
    replay(httpx_mock, recorded)
    async with connect(end, SERVER) as connection:
        data = await connection.execute(recorded.operation, result, recorded.variables)
    assert isinstance(data, result)
    assert holds(data)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("number", "kind", "says"),
    [
        (3, GraphQLError, "may not be set up yet"),
        (7, GraphQLError, "no such host"),
        (31, ValidationFailedError, "stash-typed upgrade"),
        (32, GraphQLError, "studio with name 'Harbour' already exists"),
        (36, GraphQLError, "is used as alias"),
        (42, GraphQLError, 'as text such as "42"'),
        (43, ValidationFailedError, "filter.per_page: cannot use string as Int"),
        (44, ValidationFailedError, "id: must be defined"),
        (45, ValidationFailedError, "line 1, column 22"),
        (46, ValidationFailedError, "syntax error"),
        (49, NotFoundError, "scene with id 99999 not found"),
        (51, NotFoundError, "scene with id 99999 not found"),
        (55, GraphQLError, "tag with name 'Outdoor' already exists"),
        (64, ValidationFailedError, "scrapeSinglePerformer"),
        (65, ValidationFailedError, "scrapeFreeones"),
        (66, GraphQLError, "builtin_freeones"),
    ],
)
async def test_errors_of_the_server(
    end: End, httpx_mock: HTTPXMock, number: int, kind: type[GraphQLError], says: str
) -> None:
    recorded = recording(number)
    with pytest.raises(GraphQLError) as caught:
        await ask(end, httpx_mock, recorded)
    error = caught.value
    assert type(error) is kind
    assert says in str(error)
    assert f"{SERVER}/graphql" in str(error)
    assert [entry.message for entry in error.errors] == [e["message"] for e in recorded.errors]
    assert [list(entry.path) for entry in error.errors] == [
        e.get("path", []) for e in recorded.errors
    ]
    assert error.data == recorded.data
    assert len(httpx_mock.get_requests()) == 1


@pytest.mark.parametrize(
    ("number", "fields"),
    [
        (15, ["GenerateMetadataInput.sprite"]),
        (31, ["Studio.checksum"]),
        (43, ["filter.per_page"]),
        (44, ["id"]),
        (45, ["FindScenesResultType.nope"]),
        (46, []),
        (64, ["Query.scrapeFreeonesPerformerList"]),
        (65, ["Query.scrapeFreeones"]),
    ],
)
async def test_what_the_server_does_not_know(
    httpx_mock: HTTPXMock, number: int, fields: list[str]
) -> None:
    with pytest.raises(ValidationFailedError) as caught:
        await ask("sync", httpx_mock, recording(number))
    assert caught.value.fields == fields


async def test_partial_data_say_what_landed(httpx_mock: HTTPXMock) -> None:
    with pytest.raises(GraphQLError) as caught:
        await ask("async", httpx_mock, recording(55))
    assert caught.value.data == {"a": {"id": "4"}, "b": None, "c": {"id": "5"}}
    assert caught.value.errors[0].path == ("b",)


async def test_a_request_that_the_server_could_not_read() -> None:
    """The client sends no such thing; a proxy that cuts requests off might."""
    recorded = recording(47)
    reply = Reply(recorded.status, recorded.body, recorded.headers["content-type"])
    with pytest.raises(GraphQLError, match="could not be decoded"):
        decode_raw(
            Operation.from_document("{ a }"),
            reply,
            endpoint=Endpoint.parse(SERVER),
            credentials=NoCredentials(),
        )


class ImportObjectsInput(InputModel):
    file: Upload
    duplicateBehaviour: str  # noqa: N815  (the schema's own name)
    missingRefBehaviour: str  # noqa: N815  (the schema's own name)


@pytest.mark.parametrize("end", ENDS)
async def test_an_upload(end: End, httpx_mock: HTTPXMock) -> None:
    recorded = recording(69)
    replay(httpx_mock, recorded)
    fields, file = (
        recorded.request["multipart"]["data"],
        recorded.request["multipart"]["files"]["0"],
    )
    operations = json.loads(fields["operations"])
    upload = Upload(base64.b64decode(file["base64"]), filename=file["filename"])
    given = {
        **operations["variables"]["input"],
        "file": upload,
    }
    operation = Operation.from_document(operations["query"])

    async with connect(end, SERVER) as connection:
        data = await connection.execute_raw(
            operation, {"input": ImportObjectsInput.model_validate(given)}
        )

    assert data == {"importObjects": "4"}
    (request,) = httpx_mock.get_requests()
    sent = read_multipart(request)
    assert json.loads(sent["operations"][1]) == operations
    assert json.loads(sent["map"][1]) == json.loads(fields["map"])
    disposition, content = sent["0"]
    assert f'filename="{file["filename"]}"' in disposition
    assert f"Content-Type: {file['content_type']}" in disposition
    assert content == base64.b64decode(file["base64"])
    assert list(sent) == ["operations", "map", "0"]


def read_multipart(request: httpx.Request) -> dict[str, tuple[str, bytes]]:
    """Split a body into its parts by name: headers and content."""
    boundary = request.headers["content-type"].partition("boundary=")[2]
    found: dict[str, tuple[str, bytes]] = {}
    for part in request.content.split(f"--{boundary}".encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = head.decode().partition('name="')[2].partition('"')[0]
        found[name] = (head.decode(), content.removesuffix(b"\r\n"))
    return found


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("number", [23, 24])
async def test_a_backup_is_read_in_pieces(end: End, httpx_mock: HTTPXMock, number: int) -> None:
    recorded = recording(number)
    replay(httpx_mock, recorded)
    async with connect(end, SERVER, KEY) as connection:
        content = await connection.download(recorded.path)
    assert content.startswith(b"SQLite format 3\0")
    assert len(content) == 749568
    assert httpx_mock.get_requests()[0].headers["apikey"] == KEY.value


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("number", "kind", "says"),
    [
        (25, HTTPStatusError, "404 page not found"),
        (82, AuthenticationError, "asks for credentials"),
        (85, AuthenticationError, "asks for credentials"),
    ],
)
async def test_a_file_that_is_not_given(
    end: End, httpx_mock: HTTPXMock, number: int, kind: type[StashError], says: str
) -> None:
    recorded = recording(number)
    replay(httpx_mock, recorded)
    async with connect(end, SERVER) as connection:
        with pytest.raises(kind, match=says):
            await connection.download(recorded.path)


@pytest.mark.parametrize("end", ENDS)
async def test_health(end: End, httpx_mock: HTTPXMock) -> None:
    recorded = recording(1)
    replay(httpx_mock, recorded)
    async with connect(end, SERVER) as connection:
        assert await connection.download(f"{Endpoint.parse(SERVER).url}/healthz") == b"."


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("number", "credentials", "says"),
    [
        (74, None, "asks for credentials"),
        (83, ApiKey("not-a-key"), "refuses the API key"),
        (84, SessionCookie("RECORDED-SESSION"), "cookie is wrong or has expired"),
    ],
)
async def test_refused_credentials(
    end: End, httpx_mock: HTTPXMock, number: int, credentials: Credentials | None, says: str
) -> None:
    recorded = recording(number)
    with pytest.raises(AuthenticationError, match=says) as caught:
        await ask(end, httpx_mock, recorded, credentials)
    assert "RECORDED" not in str(caught.value)
    (request,) = httpx_mock.get_requests()
    for name in ("apikey", "cookie"):
        assert request.headers.get(name) == recorded.request["headers"].get(name)


@pytest.mark.parametrize("end", ENDS)
async def test_a_wrong_password(end: End, httpx_mock: HTTPXMock) -> None:
    replay(httpx_mock, recording(75))
    async with connect(end, SERVER, Password("stash", "wrong")) as connection:
        with pytest.raises(AuthenticationError, match="password of user 'stash'"):
            await connection.execute_raw(recording(77).operation)
    (request,) = httpx_mock.get_requests()
    assert form_of(request) == recording(75).request["form"]


def form_of(request: httpx.Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.content.decode()).items()}


async def signed_in(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
    first = await connection.execute_raw(recording(77).operation)
    return first, await connection.execute_raw(recording(78).operation, {})


@pytest.mark.parametrize("end", ENDS)
async def test_signing_in_and_working_with_the_cookie(end: End, httpx_mock: HTTPXMock) -> None:
    for number in (76, 77, 78):
        replay(httpx_mock, recording(number))
    async with connect(end, SERVER, PASSWORD) as connection:
        version, key = await signed_in(connection)
    assert version == recording(77).data
    assert key == recording(78).data
    login, *others = httpx_mock.get_requests()
    assert form_of(login) == recording(76).request["form"]
    assert [request.headers["cookie"] for request in others] == ["session=RECORDED-SESSION"] * 2


@pytest.mark.parametrize("end", ENDS)
async def test_a_session_that_ran_out(end: End, httpx_mock: HTTPXMock) -> None:
    for number in (76, 84, 76, 77):
        replay(httpx_mock, recording(number))
    async with connect(end, SERVER, PASSWORD) as connection:
        assert await connection.execute_raw(recording(77).operation) == recording(77).data
    assert [request.url.path for request in httpx_mock.get_requests()] == [
        "/login",
        "/graphql",
        "/login",
        "/graphql",
    ]


async def test_links_that_carry_the_key_come_home_without_it() -> None:
    endpoint = Endpoint.parse("https://host/stash")
    for stream in recording(80).data["findScene"]["sceneStreams"]:
        rebased = endpoint.rebase(stream["url"])
        assert rebased.startswith("https://host/stash/scene/1/stream")
        assert "RECORDED-API-KEY" not in rebased
        assert ("resolution=" in rebased) is ("resolution=" in stream["url"])


async def test_requests_are_built_as_recorded() -> None:
    for number in (11, 41, 43, 49, 51, 66):
        recorded = recording(number)
        built = build_request(recorded.operation, recorded.variables).content
        assert isinstance(built, bytes)
        assert json.loads(built) == recorded.request["json"]
