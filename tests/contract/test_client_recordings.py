"""Each recorded exchange goes through the client and gives the typed result, or the one exception."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest
from pytest_httpx import HTTPXMock

from stash_typed import StashClient
from stash_typed.errors import (
    AuthenticationError,
    GraphQLError,
    HTTPStatusError,
    NotFoundError,
    ValidationFailedError,
)
from stash_typed.inputs import (
    FindJobInput,
    GenerateAPIKeyInput,
    ScraperSourceInput,
    ScrapeSinglePerformerInput,
)
from tests.contract.recordings import SERVER, Recording, named, recordings

pytestmark = pytest.mark.anyio

# What is not a plain success; the rest of the recorded documents must give their data.
EXCEPTIONS: dict[str, type[Exception]] = {
    "query-before-setup": GraphQLError,
    "latestversion-offline": GraphQLError,
    "metadata-generate-unknown-flag": ValidationFailedError,
    "all-studios-checksum-removed": ValidationFailedError,
    "studio-create-duplicate": GraphQLError,
    "tag-create-alias-clash": GraphQLError,
    "find-scene-bad-id": GraphQLError,
    "variable-wrong-type": ValidationFailedError,
    "variable-missing": ValidationFailedError,
    "unknown-field": ValidationFailedError,
    "syntax-error": ValidationFailedError,
    "scene-update-unknown-id": NotFoundError,
    "scenes-update-one-bad": NotFoundError,
    "aliased-batch": GraphQLError,
    "scrape-freeones-list-legacy": ValidationFailedError,
    "scrape-freeones-legacy": ValidationFailedError,
    "scrape-single-performer-offline": GraphQLError,
    "no-credentials": AuthenticationError,
    "api-key-wrong": AuthenticationError,
    "cookie-wrong": AuthenticationError,
}
DOCUMENTS = [pytest.param(found, id=found.name) for found in recordings() if found.is_graphql]


def client_for(recorded: Recording) -> StashClient:
    """A client with the credentials that the recorded request had."""
    headers = recorded.request["headers"]
    cookie = headers.get("cookie", "").partition("session=")[2] or None
    return StashClient(SERVER, api_key=headers.get("apikey"), session_cookie=cookie)


@pytest.mark.parametrize("recorded", DOCUMENTS)
async def test_every_recorded_document(recorded: Recording, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(**recorded.reply())
    async with client_for(recorded) as stash:
        expected = EXCEPTIONS.get(recorded.name)
        if expected is None:
            data = await stash.graphql(recorded.document, recorded.variables)
            assert data == recorded.response["json"]["data"]
            return
        with pytest.raises(expected) as caught:
            await stash.graphql(recorded.document, recorded.variables)

    assert type(caught.value) is expected
    for entry in recorded.response.get("json", {}).get("errors", []):
        assert entry["message"].rstrip(".") in str(caught.value)
    if isinstance(caught.value, GraphQLError):
        assert caught.value.data == recorded.response["json"]["data"]


def test_the_table_names_only_what_is_there() -> None:
    assert EXCEPTIONS.keys() <= {found.name for found in recordings()}


async def test_system_status_and_version(httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(**named("system-status-ok").reply())
    httpx_mock.add_response(**named("version").reply())
    async with StashClient(SERVER) as stash:
        status, version = await stash.system_status(), await stash.version()

    assert (status.status, status.database_schema, status.ffmpeg_path) == (
        "OK",
        75,
        "/usr/bin/ffmpeg",
    )
    assert (version.version, version.hash) == ("v0.30.1", "")


async def test_jobs(httpx_mock: HTTPXMock) -> None:
    names = ("find-job-finished", "find-job-cancelled", "find-job-unknown", "job-queue-empty")
    for name in (*names, "job-queue-running", "stop-job", "metadata-scan"):
        httpx_mock.add_response(**named(name).reply())
    async with StashClient(SERVER) as stash:
        finished, cancelled, unknown = [
            await stash.find_job(FindJobInput(id=id_)) for id_ in ("1", "3", "99999")
        ]
        empty, running = await stash.job_queue(), await stash.job_queue()
        stopped = await stash.stop_job("3")
        scan = await stash.scan()

    assert finished is not None
    assert finished.status == "FINISHED"
    assert finished.add_time == datetime(2026, 11, 23, 15, 26, 51, 11995, timezone.utc)
    assert cancelled is not None
    assert (cancelled.status, cancelled.progress) == ("CANCELLED", 0.0625)
    assert (unknown, empty, stopped, scan.id) == (None, None, True, "1")
    assert running is not None
    assert (running[0].sub_tasks, running[0].progress) == (
        ["Generating cover for clip-1.mp4"],
        None,
    )


async def test_a_backup_is_streamed_to_disk(httpx_mock: HTTPXMock, tmp_path: Path) -> None:
    for name in ("backup-stored", "backup-download", "backup-download-file"):
        httpx_mock.add_response(**named(name).reply())
    async with StashClient(SERVER) as stash:
        await stash.backup()
        path = await stash.backup(to=tmp_path)

    stored, linked, _ = httpx_mock.get_requests()
    assert (b'"download":false' in stored.content, b'"download":true' in linked.content) == (
        True,
        True,
    )
    assert path == tmp_path / "stash-go.sqlite.75.20261123_152908"
    assert path.stat().st_size == 749568
    assert path.read_bytes().startswith(b"SQLite format 3\0")


async def test_a_download_without_credentials_leaves_nothing(
    httpx_mock: HTTPXMock, tmp_path: Path
) -> None:
    refused = named("backup-file-without-credentials")
    httpx_mock.add_response(**refused.reply())
    httpx_mock.add_response(**named("download-unknown").reply())
    async with StashClient(SERVER) as stash:
        with pytest.raises(AuthenticationError):
            await stash.download(f"{SERVER}{refused.request['path']}", to=tmp_path)
        with pytest.raises(HTTPStatusError, match="404"):
            await stash.download("/downloads/deadbeef/none", to=tmp_path)

    assert list(tmp_path.iterdir()) == []


async def test_a_scraper_without_network(httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(**named("scrape-single-performer-offline").reply())
    async with StashClient(SERVER) as stash:
        with pytest.raises(GraphQLError, match="no such host"):
            await stash.scrape_single_performer(
                ScraperSourceInput(scraper_id="builtin_freeones"),
                ScrapeSinglePerformerInput(query="ada"),
            )


async def test_an_archive_is_sent_as_multipart(httpx_mock: HTTPXMock) -> None:
    recorded = named("import-objects-multipart")
    httpx_mock.add_response(**recorded.reply())
    async with StashClient(SERVER) as stash:
        job = await stash.import_objects(b"PK synthetic")

    request = httpx_mock.get_requests()[0]
    assert job.id == "4"
    assert request.headers["content-type"].startswith("multipart/form-data")
    assert b'{"0": ["variables.input.file"]}' in request.content.replace(b'":[', b'": [')
    assert b"PK synthetic" in request.content


async def test_signing_in(httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(**named("login-ok").reply())
    httpx_mock.add_response(**named("cookie-query").reply())
    httpx_mock.add_response(**named("generate-api-key").reply())
    async with StashClient(SERVER, username="stash", password="correct horse") as stash:
        version = await stash.graphql("{ version { version } }")
        key = await stash.generate_api_key(GenerateAPIKeyInput())

    login, query, _ = httpx_mock.get_requests()
    assert login.content == b"username=stash&password=correct+horse"
    assert query.headers["cookie"] == "session=RECORDED-SESSION"
    assert (version, key) == ({"version": {"version": "v0.30.1"}}, "RECORDED-API-KEY")


async def test_a_wrong_password(httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(**named("login-wrong").reply())
    async with StashClient(SERVER, username="stash", password="wrong-one") as stash:
        with pytest.raises(AuthenticationError, match="password") as caught:
            await stash.version()

    assert "wrong-one" not in f"{caught.value!r} {caught.value}"


async def test_links_with_a_key_are_shown_without_it(httpx_mock: HTTPXMock) -> None:
    recorded = named("scene-paths-carry-the-key")
    httpx_mock.add_response(**recorded.reply())
    async with client_for(recorded) as stash:
        data = await stash.graphql(recorded.document)

    assert data["findScene"]["paths"]["stream"].endswith("apikey=RECORDED-API-KEY")
