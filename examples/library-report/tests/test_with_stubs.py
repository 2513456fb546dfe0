"""Exact answers, and trouble that a server does not give on demand."""

from __future__ import annotations

import pytest
from library_report.command import main
from library_report.marking import mark_unrated
from library_report.report import make_report

from stash_typed import StashClient
from stash_typed.models import FindScenesResult, FindTagsResult, Scene, StudioRef, Tag, VideoFile
from stash_typed.testing import (
    StashMock,
    StubError,
    connection_error,
    database_locked,
    fake,
    graphql_error,
    unauthorised,
)

pytestmark = pytest.mark.anyio

HARBOUR = fake(StudioRef, id="1", name="Harbour")
LIBRARY = FindScenesResult(
    count=3,
    scenes=[
        fake(Scene, id="1", studio=HARBOUR, files=[fake(VideoFile, size=10**9, duration=1800)]),
        fake(Scene, id="2", studio=HARBOUR, rating100=80),
        fake(Scene, id="3", files=[fake(VideoFile, size=2 * 10**9, duration=3600)]),
    ],
)


async def test_the_sums(stash: StashClient, stash_mock: StashMock) -> None:
    stash_mock.on("find_scenes").responds(LIBRARY)

    report = await make_report(stash)

    assert report.lines() == [
        "3 scenes, 1.5 hours, 3.0 GB",
        "2 without a rating",
        "     2 Harbour",
    ]


async def test_only_unrated_scenes_are_asked_for(stash: StashClient, stash_mock: StashMock) -> None:
    stash_mock.on("find_tags").responds(FindTagsResult(count=0, tags=[]))
    stash_mock.on("tag_create").responds(fake(Tag, id="9"))
    stash_mock.on(
        "find_scenes", variables={"scene_filter": {"rating100": {"modifier": "IS_NULL"}}}
    ).responds(LIBRARY)
    change = stash_mock.on("bulk_scene_update").responds(LIBRARY.scenes)

    assert await mark_unrated(stash) == 3

    assert change.request.variables["input"] == {
        "ids": ["1", "2", "3"],
        "tag_ids": {"ids": ["9"], "mode": "ADD"},
    }


async def test_a_busy_database_is_waited_for(stash: StashClient, stash_mock: StashMock) -> None:
    stash_mock.on("find_scenes").responds_in_turn(database_locked(), LIBRARY)

    assert (await make_report(stash)).scenes == 3


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (unauthorised(), "asks for credentials"),
        (connection_error(), "Connection refused"),
        (graphql_error("database disk image is malformed"), "malformed"),
    ],
)
def test_trouble_is_told_and_nothing_is_printed(
    stash_mock: StashMock, capsys: pytest.CaptureFixture[str], trouble: object, said: str
) -> None:
    stash_mock.on("find_scenes").responds(trouble)

    assert main([]) == 1

    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""


def test_a_stub_cannot_say_what_no_server_says(stash_mock: StashMock) -> None:
    with pytest.raises(StubError, match="count: 'three' is not a valid Int"):
        stash_mock.on("find_scenes").responds({"findScenes": {"count": "three", "scenes": []}})
