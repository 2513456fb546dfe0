"""`stash_mock`: what it answers, to whom, and what it writes down."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import BaseModel
from stash_typed_graphql.client import Client
from stash_typed_graphql.find_scene import OPERATION as FIND_SCENE
from stash_typed_graphql.find_scene import FindSceneData

from stash_typed import StashClient, SyncStashClient, Upload
from stash_typed.enums import (
    CriterionModifier,
    ImportDuplicateEnum,
    ImportMissingRefEnum,
    JobStatus,
)
from stash_typed.errors import (
    GraphQLError,
)
from stash_typed.inputs import (
    FindFilterType,
    IntCriterionInput,
    SceneFilterType,
    SceneUpdateInput,
    StudioUpdateInput,
)
from stash_typed.models import FindScenesResult, FindTagsResult, Job, Scene, Studio, Tag, VideoFile
from stash_typed.testing import (
    MockRequest,
    StashMock,
    fake,
    graphql_error,
)

pytestmark = pytest.mark.anyio

LIBRARY = FindScenesResult(count=2, scenes=[fake(Scene, title="A"), fake(Scene, id="2", title="B")])


@pytest.mark.parametrize("name", ["find_scenes", "FindScenes", "findScenes"])
async def test_any_name_of_an_operation_will_do(
    stash_mock: StashMock, stash: StashClient, name: str
) -> None:
    stash_mock.on(name).responds(LIBRARY)

    found = await stash.find_scenes()

    assert found == LIBRARY


def test_the_synchronous_client_is_answered_too(
    stash_mock: StashMock, sync_stash: SyncStashClient
) -> None:
    stash_mock.on("all_studios").responds([fake(Studio, name="Harbour")])

    assert [studio.name for studio in sync_stash.all_studios()] == ["Harbour"]


def test_any_event_loop_will_do(stash_mock: StashMock, stash: StashClient) -> None:
    stash_mock.on("find_scene").responds(None)

    assert asyncio.run(stash.find_scene("1")) is None
    assert asyncio.run(stash.find_scene("1")) is None


async def test_a_client_of_any_url_is_answered(stash_mock: StashMock) -> None:
    stash_mock.on("version").responds({"version": {"version": "v1", "hash": "", "build_time": ""}})

    async with StashClient("https://nas.example/stash", api_key="some-key") as client:
        assert (await client.version()).version == "v1"


async def test_a_client_of_the_environment_is_answered(
    stash_mock: StashMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stash_mock.on("stop_job").responds(True)

    async with StashClient() as client:
        assert client.url == stash_mock.url
        assert await client.stop_job("1")


async def test_a_sign_in_is_accepted(stash_mock: StashMock) -> None:
    stub = stash_mock.on("stop_job").responds(True)

    async with StashClient("http://nas:9999", username="ada", password="engine") as client:
        assert await client.stop_job("1")

    assert "engine" not in str(stash_mock.requests)
    assert stub.request.headers["cookie"] == "***"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(fake(Scene, title="A"), id="the value of the method"),
        pytest.param(FindSceneData(find_scene=fake(Scene, title="A")), id="all data, typed"),
        pytest.param({"findScene": fake(Scene, title="A")}, id="all data, with a model in them"),
        pytest.param(
            {"findScene": fake(Scene, title="A").model_dump(mode="json", by_alias=True)},
            id="all data, plain",
        ),
    ],
)
async def test_forms_of_an_answer(
    stash_mock: StashMock, stash: StashClient, answer: object
) -> None:
    stash_mock.on("find_scene").responds(answer)

    assert await stash.find_scene("1") == fake(Scene, title="A")


async def test_models_are_cut_to_what_a_collection_asks_for(
    stash_mock: StashMock, stash: StashClient
) -> None:
    stub = stash_mock.on("find_scenes").responds(LIBRARY)

    scenes = [scene async for scene in stash.scenes.iterate()]
    page = await stash.scenes.find(per_page=5)
    count = await stash.scenes.count()

    assert (scenes, page.items, count) == (LIBRARY.scenes, LIBRARY.scenes, 2)
    assert len(stub.requests) == 3


class Row(BaseModel):
    title: str | None


async def test_models_are_cut_to_rows_of_your_own(
    stash_mock: StashMock, stash: StashClient
) -> None:
    stash_mock.on("find_scenes").responds(LIBRARY)

    rows = [row async for row in stash.scenes.iterate(select=Row)]

    assert rows == [Row(title="A"), Row(title="B")]


async def test_requests_that_collections_name_in_their_own_way(
    stash_mock: StashMock, stash: StashClient
) -> None:
    stash_mock.on("find_scene").responds(fake(Scene, id="7"))
    stash_mock.on("find_tags").responds(
        FindTagsResult(count=1, tags=[fake(Tag, id="4", name="Sea")])
    )
    stash_mock.on("tag_create").responds(fake(Tag, id="5"))
    stash_mock.on("studio_update").responds(fake(Studio))

    scenes = await stash.scenes.get_many(["7", "8"])
    ids = await stash.tags.resolve(["Sea", "Land"], create=True)
    outcomes = await stash.studios.update_many([StudioUpdateInput(id="1", name="x")])

    assert [scene.id for scene in scenes] == ["7", "7"]
    assert ids == {"Sea": "4", "Land": "5"}
    assert [outcome.ok for outcome in outcomes] == [True]


async def test_unions_are_told_apart(stash_mock: StashMock, stash: StashClient) -> None:
    stash_mock.on("find_file").responds(fake(VideoFile, path="/media/a.mp4"))

    file = await stash.find_file(path="/media/a.mp4")

    assert isinstance(file, VideoFile)
    assert file.path == "/media/a.mp4"


async def test_variables_choose_among_stubs(stash_mock: StashMock, stash: StashClient) -> None:
    stash_mock.on("find_scene").responds(None)
    stash_mock.on("find_scene", variables={"id": "1"}).responds(fake(Scene, title="one"))
    stash_mock.on("find_scene", variables={"id": "2"}).responds(fake(Scene, title="two"))

    scenes = [await stash.find_scene(id_) for id_ in "123"]

    assert [scene and scene.title for scene in scenes] == ["one", "two", None]


async def test_later_stubs_win_while_they_have_answers(
    stash_mock: StashMock, stash: StashClient
) -> None:
    earlier = stash_mock.on("find_scene").responds(fake(Scene, title="earlier"))
    later = stash_mock.on("find_scene").responds_in_turn(fake(Scene, title="later"))

    scenes = [await stash.find_scene("1"), await stash.find_scene("1")]

    assert [scene and scene.title for scene in scenes] == ["later", "earlier"]
    assert (len(later.requests), len(earlier.requests)) == (1, 1)


async def test_variables_are_a_subset_and_may_be_inputs(
    stash_mock: StashMock, stash: StashClient
) -> None:
    rating = IntCriterionInput(value=80, modifier=CriterionModifier.GREATER_THAN)
    stub = stash_mock.on(
        "find_scenes",
        variables={"scene_filter": SceneFilterType(rating100=rating), "filter": {"page": 2}},
    ).responds(LIBRARY)

    await stash.find_scenes(
        filter=FindFilterType(page=2, per_page=5),
        scene_filter=SceneFilterType(rating100=rating, organized=True),
    )

    assert stub.request.variables["filter"] == {"page": 2, "per_page": 5}


async def test_answers_in_turn(stash_mock: StashMock, stash: StashClient) -> None:
    running, over = fake(Job, id="3", status="RUNNING"), fake(Job, id="3", status="FINISHED")
    stash_mock.on("metadata_scan").responds("3")
    stub = stash_mock.on("find_job", variables={"input": {"id": "3"}}).responds_in_turn(
        running, running, over
    )
    seen: list[JobStatus] = []

    job = await stash.scan(paths=["/media"])
    finished = await job.wait(timeout=30, on_update=lambda job: seen.append(job.status))

    assert finished.status == "FINISHED"
    assert seen == [JobStatus.RUNNING, JobStatus.FINISHED]
    assert len(stub.requests) == 3


async def test_a_function_computes_answers(stash_mock: StashMock, stash: StashClient) -> None:
    def titled(request: MockRequest) -> object:
        if request.variables["id"] == "0":
            return graphql_error("no")
        return fake(Scene, title=f"scene {request.variables['id']}")

    stash_mock.on("find_scene").computes(titled)

    scenes = [await stash.find_scene(id_) for id_ in ("1", "2")]

    assert [scene and scene.title for scene in scenes] == ["scene 1", "scene 2"]
    with pytest.raises(GraphQLError):
        await stash.find_scene("0")


async def test_requests_are_written_down_without_secrets(stash_mock: StashMock) -> None:
    stub = stash_mock.on("scene_update").responds(fake(Scene, id="5", title="new"))

    async with StashClient("http://nas:9999", api_key="very-secret-key") as client:
        await client.scene_update(SceneUpdateInput(id="5", title="new", details=None))

    assert stub.request.operation == "SceneUpdate"
    assert stub.request.variables == {"input": {"id": "5", "title": "new", "details": None}}
    assert stub.request.headers["apikey"] == "***"
    assert stub.request.document.startswith("mutation SceneUpdate(")
    assert "very-secret-key" not in repr(stash_mock.requests)
    assert stash_mock.requests == [stub.request]


async def test_uploads_are_seen(stash_mock: StashMock, stash: StashClient) -> None:
    stub = stash_mock.on("import_objects").responds("4")

    await stash.import_objects(
        Upload(b"PK synthetic", filename="library.zip"),
        duplicate_behaviour=ImportDuplicateEnum.IGNORE,
        missing_ref_behaviour=ImportMissingRefEnum.IGNORE,
    )

    assert stub.request.variables["input"]["file"] is None
    assert stub.request.files == {"variables.input.file": b"PK synthetic"}


async def test_raw_documents(stash_mock: StashMock, stash: StashClient) -> None:
    stash_mock.on("{ version { version } }").responds({"version": {"version": "v1"}})
    stash_mock.on(
        "query Two { a: findScene(id: 1) { id } b: findScene(id: 2) { title } }"
    ).responds({"a": {"id": "1"}, "b": None})

    assert await stash.graphql("{\n  version {\n    version\n  }\n}") == {
        "version": {"version": "v1"}
    }
    two = await stash.graphql(
        "query Two { a: findScene(id: 1) { id } b: findScene(id: 2) { title } }"
    )
    assert two == {"a": {"id": "1"}, "b": None}


async def test_operations_of_your_own(stash_mock: StashMock, stash: StashClient) -> None:
    stash_mock.on(FIND_SCENE).responds(fake(Scene, title="A"))

    scene = await stash.bind(Client).find_scene("1")

    assert scene is not None
    assert scene.title == "A"
