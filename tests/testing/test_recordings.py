"""Recorded exchanges as answers: one by one, and a whole conversation."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from stash_typed import StashClient, SyncStashClient
from stash_typed.errors import (
    AuthenticationError,
    GraphQLError,
    NotFoundError,
    ValidationFailedError,
)
from stash_typed.inputs import SceneUpdateInput
from stash_typed.testing import StashMock, StubError, recording
from stash_typed.testing.recordings.reading import Recording, read_recording

FOLDER = Path(__file__).resolve().parents[1] / "recordings"

pytestmark = pytest.mark.anyio


def _file(number: int) -> Path:
    (found,) = FOLDER.glob(f"{number:03}-*.json")
    return found


def _recorded(number: int) -> Recording:
    return read_recording(_file(number))


def _over_http() -> list[Path]:
    return [
        file for file in sorted(FOLDER.glob("*.json")) if "request" in json.loads(file.read_text())
    ]


@pytest.mark.parametrize("file", _over_http(), ids=lambda file: file.stem)
def test_every_recording_is_answered_as_it_was(file: Path) -> None:
    recorded = read_recording(file)
    whole = json.loads(file.read_text())["response"]
    if "base64_head" in whole:
        with pytest.raises(StubError, match=r"only the first bytes.*httpx_mock\.add_response"):
            recorded.answer()
        return

    answer = recorded.answer()

    assert answer.status_code == whole["status"]
    if "json" in whole:
        assert answer.json() == whole["json"]
    else:
        assert answer.text == whole["text"]
    assert answer.headers.get("content-type") == whole["headers"].get("content-type")


@pytest.mark.parametrize("number", [9, 14, 71, 72, 86])
def test_conversations_over_a_websocket_are_refused(number: int) -> None:
    with pytest.raises(StubError, match=r"WebSocket.*Use stash_sandbox"):
        recording(_file(number))


async def test_a_recorded_error(stash_mock: StashMock, stash: StashClient) -> None:
    stash_mock.on("scene_update").responds(recording(_file(49)))

    with pytest.raises(NotFoundError):
        await stash.scene_update(SceneUpdateInput(id="99999"))


async def test_a_recorded_refusal(stash_mock: StashMock, stash: StashClient) -> None:
    stash_mock.on("version").responds(recording(_file(74)))

    with pytest.raises(AuthenticationError):
        await stash.version()


async def test_recorded_data_for_the_document_that_they_were_recorded_with(
    stash_mock: StashMock, stash: StashClient
) -> None:
    recorded = _recorded(39)
    assert recorded.graphql is not None
    document = str(recorded.graphql["query"])
    stash_mock.on(document).responds(recording(_file(39)))

    found = await stash.graphql(document, {"filter": {"per_page": 3}})

    assert found["findScenes"]["count"] == 8


async def test_recorded_data_that_are_less_than_the_document_asks_for(
    stash_mock: StashMock,
) -> None:
    with pytest.raises(StubError, match=r"findScenes\.scenes\.0\.play_count: is missing"):
        stash_mock.on("find_scenes").responds(recording(_file(39)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "is not JSON"),
        ("[]", "is not a recorded exchange"),
        ('{"request": {}}', "is not a recorded exchange"),
    ],
)
def test_files_that_are_no_recordings(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(text)

    with pytest.raises(StubError, match=reason):
        recording(file)


def test_files_that_are_not_there(stash_mock: StashMock, tmp_path: Path) -> None:
    with pytest.raises(StubError, match=r"nothing\.json cannot be read: No such file"):
        recording(tmp_path / "nothing.json")
    with pytest.raises(StubError, match="there are no recordings in"):
        stash_mock.replay(tmp_path)


async def test_a_conversation_is_replayed(stash_mock: StashMock, stash: StashClient) -> None:
    # Health, a query, two errors of different kinds, an unknown job, a download that is gone.
    numbers = (1, 6, 31, 35, 42, 25, 75)
    stash_mock.replay(*(_file(number) for number in numbers))

    async with httpx.AsyncClient() as http:
        assert (await http.get(f"{stash_mock.url}/healthz")).text == "."
        gone = str(_recorded(25).request["path"])
        assert (await http.get(f"{stash_mock.url}{gone}")).status_code == 404
    for number, error in ((6, None), (31, ValidationFailedError), (35, None), (42, GraphQLError)):
        asked = _recorded(number).graphql
        assert asked is not None
        if error is None:
            data = await stash.graphql(str(asked["query"]), asked.get("variables"))
            assert data == _recorded(number).response["json"]["data"]
        else:
            with pytest.raises(error):
                await stash.graphql(str(asked["query"]), asked.get("variables"))
    async with StashClient(stash_mock.url, username="stash", password="wrong") as stranger:
        with pytest.raises(AuthenticationError):
            await stranger.version()


async def test_a_recording_answers_as_often_as_it_was_recorded(
    stash_mock: StashMock, sync_stash: SyncStashClient
) -> None:
    asked = _recorded(11).graphql
    assert asked is not None
    document, variables = str(asked["query"]), asked.get("variables")
    stash_mock.replay(_file(11), _file(11))
    stash_mock.replay(_file(30), optional=True)

    first = sync_stash.graphql(f"\n{document}\n", variables)
    second = sync_stash.graphql(document, variables)

    assert first == second == {"findJob": None}
    with pytest.raises(pytest.fail.Exception, match="nothing answers"):
        sync_stash.graphql(document, variables)
    stash_mock._problems.clear()  # pyright: ignore[reportPrivateUsage]  # it is what was wanted


async def test_recordings_that_are_left_over_fail_the_test(stash_mock: StashMock) -> None:
    stash_mock.replay(_file(1), _file(6))

    with pytest.raises(pytest.fail.Exception, match=r"006-version\.json: nothing asked for it"):
        stash_mock.verify()
    async with httpx.AsyncClient() as http:
        await http.get(f"{stash_mock.url}/healthz")
        with pytest.raises(pytest.fail.Exception, match="more often than recorded"):
            await http.get(f"{stash_mock.url}/healthz")
    stash_mock._problems.clear()  # pyright: ignore[reportPrivateUsage]  # it is what was wanted
    async with StashClient(stash_mock.url) as stash:
        await stash.graphql("{ version { version hash build_time } }")
