"""Generated types on the wire: scalars both ways, unset and None, values of newer servers."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from stash_typed import StashClient
from stash_typed.enums import CriterionModifier, PackageType
from stash_typed.inputs import (
    FileFilterType,
    ImportObjectsInput,
    IntCriterionInput,
    MigrateBlobsInput,
    PackageSpecInput,
    SceneUpdateInput,
)

pytestmark = pytest.mark.anyio

SERVER = "http://localhost:9999"


def answer(httpx_mock: HTTPXMock, **data: Any) -> None:
    httpx_mock.add_response(url=f"{SERVER}/graphql", json={"data": data})


def sent(httpx_mock: HTTPXMock) -> dict[str, Any]:
    variables: dict[str, Any] = json.loads(httpx_mock.get_requests()[-1].content)["variables"]
    return variables


async def test_unset_is_left_out_and_none_is_null(httpx_mock: HTTPXMock) -> None:
    answer(httpx_mock, sceneUpdate=None)
    async with StashClient(SERVER) as stash:
        await stash.scene_update(SceneUpdateInput(id="1", title="Harbour", rating100=None))

    assert sent(httpx_mock) == {"input": {"id": "1", "title": "Harbour", "rating100": None}}


async def test_arguments_that_are_not_given_are_left_out(httpx_mock: HTTPXMock) -> None:
    for _ in range(2):
        answer(httpx_mock, findScene=None)
    async with StashClient(SERVER) as stash:
        await stash.find_scene("1")
        first = sent(httpx_mock)
        await stash.find_scene("1", checksum=None)

    assert (first, sent(httpx_mock)) == ({"id": "1"}, {"id": "1", "checksum": None})


async def test_timestamp_as_a_moment_and_as_a_distance(httpx_mock: HTTPXMock) -> None:
    moment = datetime(2026, 1, 31, 8, 0, tzinfo=timezone(timedelta(hours=1)))
    answer(httpx_mock, sceneAddPlay={"count": 2, "history": ["2026-01-31T07:00:00.123456789Z"]})
    async with StashClient(SERVER) as stash:
        history = await stash.scene_add_play("1", times=[moment, timedelta(minutes=-90)])

    assert sent(httpx_mock)["times"] == ["2026-01-31T08:00:00+01:00", "<5400s"]
    assert history.history == [datetime(2026, 1, 31, 7, 0, 0, 123456, timezone.utc)]


async def test_a_naive_moment_is_refused(httpx_mock: HTTPXMock) -> None:
    async with StashClient(SERVER) as stash:
        with pytest.raises(ValueError, match="no time zone"):
            await stash.scene_add_play("1", times=[datetime(2026, 1, 1)])

    assert httpx_mock.get_requests() == []


async def test_time_and_int64(httpx_mock: HTTPXMock) -> None:
    folder = {"id": "1", "path": "/media", "__typename": "Folder"}
    file: dict[str, Any] = {
        "__typename": "BasicFile",
        "id": "7",
        "path": "/media/big.bin",
        "basename": "big.bin",
        "size": 5_000_000_000_000,
        "mod_time": "2026-11-23T15:26:51.011995987+02:00",
        "created_at": "2026-11-23T15:26:51Z",
        "updated_at": "2026-11-23T15:26:51Z",
        "fingerprints": [],
        "parent_folder": folder,
        "zip_file": None,
    }
    answer(httpx_mock, findFiles={"count": 1, "files": [file]})
    async with StashClient(SERVER) as stash:
        size = IntCriterionInput(value=2**31 - 1, modifier=CriterionModifier.GREATER_THAN)
        found = (await stash.find_files(file_filter=FileFilterType(duplicated=None))).files[0]

    assert size.value == 2147483647
    assert found.size == 5_000_000_000_000
    assert found.mod_time.utcoffset() == timedelta(hours=2)
    assert found.mod_time.microsecond == 11995


async def test_map_and_any_are_free_json(httpx_mock: HTTPXMock) -> None:
    free = {"a": [1, None, {"b": 2.5}], "ü": "✓"}
    answer(httpx_mock, configurePlugin=free)
    answer(httpx_mock, runPluginOperation=[1, "two", None])
    async with StashClient(SERVER) as stash:
        told = await stash.configure_plugin("tagger", free)
        first = sent(httpx_mock)
        any_value = await stash.run_plugin_operation("tagger", args=free)

    assert (told, first["input"]) == (free, free)
    assert any_value == [1, "two", None]


async def test_bool_map(httpx_mock: HTTPXMock) -> None:
    answer(httpx_mock, setPluginsEnabled=True)
    async with StashClient(SERVER) as stash:
        assert await stash.set_plugins_enabled({"tagger": False}) is True

    assert sent(httpx_mock) == {"enabledMap": {"tagger": False}}


async def test_plugin_config_map(httpx_mock: HTTPXMock) -> None:
    from pydantic import TypeAdapter

    from stash_typed._runtime.scalars import PluginConfigMap

    settings = {"tagger": {"depth": 3, "names": ["a"]}, "other": {}}
    adapter: TypeAdapter[dict[str, dict[str, Any]]] = TypeAdapter(PluginConfigMap)

    decoded = adapter.validate_json(json.dumps(settings))

    assert decoded == settings
    assert json.loads(adapter.dump_json(decoded)) == settings


async def test_an_upload_is_a_part_of_its_own(httpx_mock: HTTPXMock) -> None:
    from stash_typed import Upload
    from stash_typed.enums import ImportDuplicateEnum, ImportMissingRefEnum

    answer(httpx_mock, importObjects="9")
    file = Upload(b"PK synthetic", filename="objects.zip", content_type="application/zip")
    async with StashClient(SERVER) as stash:
        job = await stash.import_objects(file)
    model = ImportObjectsInput(
        file=file,
        duplicate_behaviour=ImportDuplicateEnum.FAIL,
        missing_ref_behaviour=ImportMissingRefEnum.FAIL,
    )

    content = httpx_mock.get_requests()[0].content
    assert job.id == "9"
    assert b'filename="objects.zip"' in content
    assert b"PK synthetic" in content
    assert model.file is file


async def test_an_enum_value_of_a_newer_server_survives(httpx_mock: HTTPXMock) -> None:
    status = {
        "status": "HIBERNATING",
        "databaseSchema": 99,
        "databasePath": None,
        "configPath": None,
        "appSchema": 99,
        "os": "linux",
        "workingDir": "/",
        "homeDir": "/",
        "ffmpegPath": None,
        "ffprobePath": None,
        "somethingNew": {"a": 1},
    }
    answer(httpx_mock, systemStatus=status)
    async with StashClient(SERVER) as stash:
        told = await stash.system_status()

    assert told.status == "HIBERNATING"
    assert not told.status.is_known
    assert json.loads(told.model_dump_json(by_alias=True))["status"] == "HIBERNATING"


async def test_misspelt_arguments_are_type_errors() -> None:
    async with StashClient(SERVER) as stash:
        with pytest.raises(TypeError, match="unexpected keyword argument 'scene_fliter'"):
            await stash.find_scenes(scene_fliter=None)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("field", ["migrateBlobs", "installPackages", "migrateHashNaming"])
async def test_every_task_answers_a_job(httpx_mock: HTTPXMock, field: str) -> None:
    answer(httpx_mock, **{field: "12"})
    async with StashClient(SERVER) as stash:
        if field == "migrateBlobs":
            job = await stash.migrate_blobs(MigrateBlobsInput(delete_old=False))
        elif field == "installPackages":
            spec = PackageSpecInput(id="tagger", source_url="https://packages.example/index.yml")
            job = await stash.install_packages(PackageType.Plugin, [spec])
        else:
            job = await stash.migrate_hash_naming()

    assert job.id == "12"
