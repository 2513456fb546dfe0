"""Each recorded conversation over a WebSocket, replayed on loopback."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from pydantic import BaseModel, Field

from stash_typed._runtime.operation import Operation
from stash_typed.errors import AuthenticationError, ValidationFailedError
from tests.contract.recordings import frames
from tests.unit.ends import ENDS, End, connect
from tests.unit.socket_server import Part, Partner, socket_server

pytestmark = pytest.mark.anyio


class Job(BaseModel):
    id: str
    status: str
    progress: float | None
    end_time: datetime | None = Field(validation_alias="endTime")


class Update(BaseModel):
    type: str
    job: Job


class JobsData(BaseModel):
    update: Update = Field(validation_alias="jobsSubscribe")


class LogEntry(BaseModel):
    time: datetime
    level: str
    message: str


class LogData(BaseModel):
    entries: list[LogEntry] = Field(validation_alias="loggingSubscribe")


def document(number: int) -> str:
    (subscribed,) = (
        frame["client"] for frame in frames(number) if frame.get("client", {}).get("payload")
    )
    text: str = subscribed["payload"]["query"]
    return text


def replayed(number: int) -> Part:
    """Play the server's part; the client must say what it said then."""

    async def part(partner: Partner) -> None:
        for frame in frames(number):
            if "server" in frame:
                message = dict(frame["server"])
                await partner.say(message.pop("type"), **message)
            else:
                assert await partner.hear(frame["client"]["type"]) == frame["client"]
        if not any(frame.get("server", {}).get("type") == "error" for frame in frames(number)):
            assert await partner.hear("complete") == {"id": "1", "type": "complete"}
        await partner.connection.wait_closed()

    return part


def results(number: int) -> list[dict[str, Any]]:
    return [
        frame["server"]["payload"]["data"]
        for frame in frames(number)
        if frame.get("server", {}).get("type") == "next"
    ]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("number", [9, 14])
async def test_a_job_from_beginning_to_end(end: End, number: int) -> None:
    expected = results(number)
    async with socket_server(replayed(number)) as server, connect(end, server.url) as connection:
        updates = await connection.collect(
            Operation.from_document(document(number)), JobsData, at_most=len(expected)
        )
        await server.ended.get()
    assert updates == [JobsData.model_validate(data) for data in expected]
    assert updates[0].update.type == "ADD"
    assert (updates[-1].update.type, updates[-1].update.job.status) == ("REMOVE", "FINISHED")
    assert updates[-1].update.job.end_time is not None


@pytest.mark.parametrize("end", ENDS)
async def test_the_servers_log(end: End) -> None:
    expected = results(71)
    async with socket_server(replayed(71)) as server, connect(end, server.url) as connection:
        batches = await connection.collect(
            Operation.from_document(document(71)), LogData, at_most=len(expected)
        )
        await server.ended.get()
    assert batches == [LogData.model_validate(data) for data in expected]
    assert batches[-1].entries[-1].message.startswith("Scan finished")


@pytest.mark.parametrize("end", ENDS)
async def test_an_invalid_subscription(end: End) -> None:
    async with socket_server(replayed(72)) as server, connect(end, server.url) as connection:
        with pytest.raises(ValidationFailedError) as caught:
            await connection.collect(Operation.from_document(document(72)), JobsData)
        partner = await server.ended.get()
    assert caught.value.fields == ["Subscription.nope"]
    assert len(partner.heard) == 2


@pytest.mark.parametrize("end", ENDS)
async def test_a_handshake_without_credentials(end: End) -> None:
    """Recording 086: the handshake is refused with 401."""
    async with (
        socket_server(replayed(9), refuse=lambda _: (401, {})) as server,
        connect(end, server.url) as connection,
    ):
        with pytest.raises(AuthenticationError, match="asks for credentials"):
            await connection.collect(Operation.from_document(document(9)), JobsData)
    assert server.partners == []
