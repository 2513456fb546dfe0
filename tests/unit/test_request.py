"""What is sent for an operation and its variables."""

from __future__ import annotations

import asyncio
import email.policy
import io
import json
from datetime import date, datetime, timedelta, timezone
from email.message import EmailMessage
from email.parser import BytesParser
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from stash_typed._runtime.base_model import UNSET, InputModel, OpenEnum
from stash_typed._runtime.http.request import GraphQLRequest, build_payload, build_request
from stash_typed._runtime.multipart import MultipartBody
from stash_typed._runtime.operation import Operation
from stash_typed._runtime.scalars import Time, Timestamp
from stash_typed._runtime.upload import Upload
from stash_typed.errors import InvalidVariableError

OPERATION = Operation("Change", "mutation", "change", "mutation Change { change }")


class Colour(OpenEnum):
    RED = "RED"


class Plain(Enum):
    ONE = 1


class Level(IntEnum):
    LOW = 3


class Inner(InputModel):
    file_name: str | None = Field(
        default=None, validation_alias="fileName", serialization_alias="fileName"
    )
    at: Time | None = None
    since: Timestamp | None = None
    file: Upload | None = None


class Change(InputModel):
    new_title: str | None = Field(
        default=None, validation_alias="newTitle", serialization_alias="newTitle"
    )
    colour: Colour | None = None
    inner: Inner | None = None
    inners: list[Inner] | None = None


def sent(variables: dict[str, object]) -> Any:
    request = build_request(OPERATION, variables)
    assert isinstance(request.content, bytes)
    return json.loads(request.content).get("variables", {})


def test_the_body_has_document_name_and_variables() -> None:
    request = build_request(OPERATION, {"a": 1})
    assert request.content_type == "application/json"
    assert replayable(request)
    assert isinstance(request.content, bytes)
    assert json.loads(request.content) == {
        "query": OPERATION.document,
        "operationName": "Change",
        "variables": {"a": 1},
    }


def test_no_name_and_no_variables_are_left_out() -> None:
    request = build_request(Operation("", "query", "", "{ a }"), {"a": UNSET})
    assert request.content == b'{"query":"{ a }"}'


def test_unset_is_left_out_and_none_is_null() -> None:
    assert sent({"a": UNSET, "b": None, "c": {"d": UNSET, "e": None}}) == {
        "b": None,
        "c": {"e": None},
    }


def test_inputs_send_what_was_given_under_schema_names() -> None:
    assert sent({"input": Change()}) == {"input": {}}
    assert sent({"input": Change(new_title=None)}) == {"input": {"newTitle": None}}
    change = Change(
        new_title="x", inner=Inner(file_name="f"), inners=[Inner(), Inner(file_name=None)]
    )
    assert sent({"input": change}) == {
        "input": {
            "newTitle": "x",
            "inner": {"fileName": "f"},
            "inners": [{}, {"fileName": None}],
        }
    }


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("é ☃", "é ☃"),
        (1 << 40, 1 << 40),
        (True, True),
        (1.5, 1.5),
        (Colour.RED, "RED"),
        (Colour("ULTRAVIOLET"), "ULTRAVIOLET"),
        (Plain.ONE, 1),
        (Level.LOW, 3),
        ((1, [2, None]), [1, [2, None]]),
        (datetime(2026, 1, 31, 8, tzinfo=timezone.utc), "2026-01-31T08:00:00+00:00"),
        (timedelta(seconds=-90), "<90s"),
    ],
)
def test_values(value: object, plain: object) -> None:
    assert sent({"value": value}) == {"value": plain}


def test_moments_inside_inputs() -> None:
    moment = datetime(2026, 1, 31, 8, tzinfo=timezone(timedelta(hours=1)))
    change = Change(inner=Inner(at=moment, since=timedelta(minutes=5)), colour=Colour.RED)
    assert sent({"input": change}) == {
        "input": {"inner": {"at": "2026-01-31T08:00:00+01:00", "since": ">300s"}, "colour": "RED"}
    }


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (datetime(2026, 1, 31), "no time zone"),
        (float("nan"), "nan is not a number"),
        (float("inf"), "inf is not a number"),
        ({1, 2}, "type set"),
        (b"x", "type bytes"),
        (date(2026, 1, 31), "2026-01-31"),
        (object(), "type object"),
        ({3: "x"}, "must be text"),
        ([UNSET], "item of a list"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_path(value: object, says: str) -> None:
    with pytest.raises(InvalidVariableError) as caught:
        build_request(OPERATION, {"input": {"deep": [value]}})
    assert says in str(caught.value)
    assert str(caught.value).startswith("Change: variables.input.deep.0")


def test_text_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(InvalidVariableError, match="not valid Unicode"):
        build_request(OPERATION, {"path": "caf\udce9.mp4"})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
    max_leaves=20,
)  # fmt: skip


@given(st.dictionaries(st.text("abcdef", min_size=1), json_values))
def test_plain_json_arrives_as_it_is(variables: dict[str, object]) -> None:
    assert sent(variables) == variables


def replayable(request: GraphQLRequest) -> bool:
    """Whether it can be sent once more."""
    return isinstance(request.content, bytes) or request.content.replayable


def parts(request: GraphQLRequest, body: bytes | None = None) -> list[EmailMessage]:
    assert isinstance(request.content, MultipartBody)
    whole = b"".join(request.content) if body is None else body
    head = f"Content-Type: {request.content_type}\r\n\r\n".encode()
    message = BytesParser(policy=email.policy.HTTP).parsebytes(head + whole)
    assert isinstance(message, EmailMessage)
    found = message.get_payload()
    assert isinstance(found, list)
    return [part for part in cast("list[object]", found) if isinstance(part, EmailMessage)]


def test_a_file_anywhere_makes_it_multipart(tmp_path: Path) -> None:
    path = tmp_path / "objects.zip"
    path.write_bytes(b"zip\r\nbytes")
    change = Change(inner=Inner(file=Upload(path)), inners=[Inner(file=Upload(b"two"))])
    request = build_request(OPERATION, {"input": change, "files": [Upload(io.BytesIO(b"three"))]})

    operations, places, first, second, third = parts(request)

    assert json.loads(operations.get_content()) == {
        "query": OPERATION.document,
        "operationName": "Change",
        "variables": {
            "input": {"inner": {"file": None}, "inners": [{"file": None}]},
            "files": [None],
        },
    }
    assert json.loads(places.get_content()) == {
        "0": ["variables.input.inner.file"],
        "1": ["variables.input.inners.0.file"],
        "2": ["variables.files.0"],
    }
    assert [part.get_param("name", header="content-disposition") for part in (first, second)] == [
        "0",
        "1",
    ]
    assert (first.get_filename(), first.get_content_type()) == ("objects.zip", "application/zip")
    assert first.get_payload(decode=True) == b"zip\r\nbytes"
    assert (second.get_filename(), second.get_content_type()) == (
        "upload",
        "application/octet-stream",
    )
    assert second.get_payload(decode=True) == b"two"
    assert third.get_payload(decode=True) == b"three"


def test_the_length_is_known_beforehand() -> None:
    request = build_request(OPERATION, {"file": Upload(b"x" * 200_000, filename="ä.bin")})
    assert isinstance(request.content, MultipartBody)
    assert request.content.size == len(b"".join(request.content))


def test_the_async_body_is_the_same() -> None:
    request = build_request(OPERATION, {"file": Upload(b"x" * 200_000)})
    assert isinstance(request.content, MultipartBody)
    body = request.content

    async def read() -> bytes:
        return b"".join([piece async for piece in body.stream()])

    assert asyncio.run(read()) == b"".join(body)


def test_a_large_file_is_read_in_small_pieces(tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(b"x" * 1_000_000)
    assert max(len(chunk) for chunk in Upload(path).chunks()) <= 64 * 1024


def test_names_cannot_break_out_of_their_header() -> None:
    upload = Upload(b"x", filename='a"\r\nX: y.zip', content_type="text/plain\r\nX: y")
    request = build_request(OPERATION, {"file": upload})
    part = parts(request)[2]
    assert part["X"] is None
    assert part.get_filename() == "a%22%0D%0AX: y.zip"


class Pipe:
    """A stream that can neither seek nor tell."""

    def __init__(self, content: bytes) -> None:
        self._file = io.BytesIO(content)

    def read(self, size: int, /) -> bytes:
        return self._file.read(size)


def test_a_stream_that_cannot_seek_is_sent_once() -> None:
    request = build_request(OPERATION, {"file": Upload(Pipe(b"abc"))})
    assert isinstance(request.content, MultipartBody)
    assert request.content.size is None
    assert replayable(request)
    assert parts(request)[2].get_payload(decode=True) == b"abc"
    assert not replayable(request)
    with pytest.raises(InvalidVariableError, match="sent once"):
        b"".join(request.content)


def test_a_stream_that_can_seek_starts_where_it_stood_each_time() -> None:
    stream = io.BytesIO(b"skipped, sent")
    stream.seek(9)
    request = build_request(OPERATION, {"file": Upload(stream)})
    assert isinstance(request.content, MultipartBody)
    assert request.content.size is not None
    for _ in range(2):
        assert parts(request)[2].get_payload(decode=True) == b"sent"
        assert replayable(request)


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    upload = Upload(tmp_path / "none.zip")
    with pytest.raises(InvalidVariableError, match=r"none\.zip.*No such file"):
        _ = upload.size
    with pytest.raises(InvalidVariableError, match=r"none\.zip"):
        list(upload.chunks())


def test_other_kinds_of_bytes() -> None:
    for content in (bytearray(b"abc"), memoryview(b"abc")):
        assert b"".join(Upload(content).chunks()) == b"abc"


def test_what_cannot_be_uploaded() -> None:
    with pytest.raises(InvalidVariableError, match="type int"):
        Upload(3)  # type: ignore[arg-type]  # that is the point
    text: Any = io.StringIO("abc")
    with pytest.raises(InvalidVariableError, match="binary mode"):
        list(Upload(text).chunks())


def test_an_upload_shows_no_contents() -> None:
    assert repr(Upload(b"secret", filename="a.zip")) == (
        "Upload(filename='a.zip', content_type='application/zip')"
    )


def test_a_socket_carries_plain_values_and_no_files() -> None:
    payload = build_payload(OPERATION, {"input": Change(new_title="x")})
    assert payload["variables"] == {"input": {"newTitle": "x"}}
    with pytest.raises(InvalidVariableError, match="WebSocket"):
        build_payload(OPERATION, {"file": Upload(b"x")})
