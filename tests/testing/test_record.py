"""Recording: what goes through the proxy is written down, and nothing secret is."""

from __future__ import annotations

import base64
import json
import os
import sys
import zipfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_typed import StashClient, SyncStashClient
from stash_typed.config import Config
from stash_typed.enums import ImportDuplicateEnum, ImportMissingRefEnum
from stash_typed.errors import (
    AuthenticationError,
    ConfigurationError,
    HTTPStatusError,
    StashConnectionError,
)
from stash_typed.inputs import (
    ConfigGeneralInput,
    ExportObjectTypeInput,
    GenerateAPIKeyInput,
    SceneCreateInput,
)
from stash_typed.sandbox import Sandbox
from stash_typed.testing import StashMock
from stash_typed.testing.record import record
from stash_typed.testing.recordings.cassette import Cassette
from stash_typed.testing.recordings.document_secrets import document_secrets
from stash_typed.testing.recordings.proxy import recording_proxy
from stash_typed.testing.recordings.redaction import redact_json

ROOT = Path(__file__).resolve().parents[2]
KEY = "sandbox-key-1234"
PASSWORD = "engine-number-two"

SCRIPT = """
from stash_typed import SyncStashClient
from stash_typed.inputs import SceneCreateInput
with SyncStashClient() as stash:
    made = stash.scene_create(SceneCreateInput(title="A"))
    print(stash.url, stash.find_scene(made.id).title)
raise SystemExit(3)
"""


@pytest.fixture
def sandbox() -> Generator[Sandbox, None, None]:
    with Sandbox(username="ada", password=PASSWORD, api_key=KEY, scenes=2) as running:
        yield running


@pytest.fixture
def proxy(sandbox: Sandbox, tmp_path: Path) -> Generator[str, None, None]:
    cassette = Cassette(tmp_path / "recordings")
    with recording_proxy(Config.resolve(sandbox.url), cassette) as address:
        yield address
    assert cassette.trouble is None


def _exchanges(folder: Path) -> dict[str, dict[str, Any]]:
    return {file.name: json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))}


def test_a_command_is_recorded(
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("STASH_API_KEY", KEY)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "generated")]))
    to = tmp_path / "deep" / "recordings"

    code = record(sandbox.url, [sys.executable, "-c", SCRIPT], to)

    assert code == 3
    address, title = capfd.readouterr().out.split()
    assert address != sandbox.url
    assert title == "A"
    assert list(_exchanges(to)) == ["001-scene-create.json", "002-find-scene.json"]
    assert KEY not in "".join(file.read_text() for file in to.iterdir())
    # A second run goes on counting.
    assert record(sandbox.url, [sys.executable, "-c", SCRIPT], to) == 3
    assert list(_exchanges(to))[2:] == ["003-scene-create.json", "004-find-scene.json"]


def test_a_command_that_is_not_there(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        record(sandbox.url, [str(tmp_path / "nothing")], tmp_path)
    with pytest.raises(ConfigurationError):
        record("ftp://nas", ["true"], tmp_path)


def test_a_folder_that_cannot_be_written_to(sandbox: Sandbox, tmp_path: Path) -> None:
    to = tmp_path / "recordings"
    script = f"""
import os, urllib.request
os.rmdir({str(to)!r})
urllib.request.urlopen(os.environ["STASH_URL"] + "/healthz").read()
"""

    with pytest.raises(FileNotFoundError, match="recordings"):
        record(sandbox.url, [sys.executable, "-c", script], to)


def test_no_secret_is_written(proxy: str, sandbox: Sandbox, tmp_path: Path) -> None:
    with SyncStashClient(proxy, username="ada", password=PASSWORD) as stash:
        stash.find_scenes()
        stash.configure_general(ConfigGeneralInput(username="ada", password=PASSWORD))
        stash.graphql(
            f'mutation {{ configureGeneral(input: {{password: "{PASSWORD}"}}) {{ username }} }}'
        )
        new_key = stash.generate_api_key(GenerateAPIKeyInput())
        stash.download("/healthz", to=tmp_path / "healthz")
    with SyncStashClient(proxy, api_key=new_key) as stash:
        stash.graphql("{ findScene(id: 1) { paths { stream } sceneStreams { url } } }")
    for stranger in (
        SyncStashClient(proxy, api_key="a-wrong-key-5678"),
        SyncStashClient(proxy, username="ada", password="mistyped-7"),
    ):
        with stranger, pytest.raises(AuthenticationError):
            stranger.version()

    folder = tmp_path / "recordings"
    text = "".join(file.read_text() for file in folder.iterdir())
    for secret in (PASSWORD, new_key, KEY, "a-wrong-key-5678", "mistyped-7"):
        assert secret not in text
    assert '"apikey": "***"' in text
    assert "session=***" in text
    assert "apikey=***" in text
    assert len(list(folder.iterdir())) >= 8


@pytest.mark.anyio
async def test_what_was_recorded_can_be_replayed(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = tmp_path / "recordings"

    async def use(url: str) -> list[object]:
        async with StashClient(url, username="ada", password=PASSWORD) as stash:
            made = await stash.scene_create(SceneCreateInput(title="A"))
            assert made is not None
            finished = await (await stash.scan()).wait(timeout=30)
            chosen = ExportObjectTypeInput(ids=[made.id])
            path = await stash.export_objects(scenes=chosen, to=tmp_path / "export.zip")
            found = await stash.find_scenes()
            return [found.count, made.title, finished.status, path.read_bytes()]

    with (
        Sandbox(username="ada", password=PASSWORD) as sandbox,
        recording_proxy(Config.resolve(sandbox.url), Cassette(folder)) as address,
    ):
        real = await use(address)
    mock: StashMock = request.getfixturevalue("stash_mock")
    mock.replay(folder)

    assert await use(mock.url) == real


def test_uploads_and_long_answers(proxy: str, sandbox: Sandbox, tmp_path: Path) -> None:
    archive = tmp_path / "library.zip"
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("tags/sea.json", '{"name": "Sea"}')

    with SyncStashClient(proxy, api_key=KEY) as stash:
        job = stash.import_objects(
            archive,
            duplicate_behaviour=ImportDuplicateEnum.IGNORE,
            missing_ref_behaviour=ImportMissingRefEnum.IGNORE,
        )
        job.wait(timeout=30)
        backup = stash.backup(to=tmp_path / "backup.sqlite")

    assert backup is not None
    exchanges = _exchanges(tmp_path / "recordings")
    parts = exchanges["001-import-objects.json"]["request"]["multipart"]
    assert base64.b64decode(parts["files"]["0"]["base64"]) == archive.read_bytes()
    assert json.loads(parts["data"]["operations"])["operationName"] == "ImportObjects"
    last = list(exchanges.values())[-1]
    size = last["response"].get("bytes_total")
    assert size == backup.stat().st_size
    assert last["response"].keys() & {"base64", "base64_head"}


def test_only_the_beginning_of_long_answers_is_kept(tmp_path: Path) -> None:
    cassette = Cassette(tmp_path)
    page = cassette.begin("GET", "/downloads/1/x", [], b"")
    for _ in range(3):
        page.add(b"y" * 1_000_000)
    page.end(200, [("content-type", "application/octet-stream")])

    response = _exchanges(tmp_path)["001-get-downloads-1-x.json"]["response"]
    assert response["bytes_total"] == 3_000_000
    assert len(base64.b64decode(response["base64_head"])) == 64


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    cassette = Cassette(tmp_path)
    config = Config.resolve("http://127.0.0.1:9")
    with (
        recording_proxy(config, cassette) as address,
        SyncStashClient(address, api_key=KEY) as stash,
        pytest.raises(HTTPStatusError, match="502"),
    ):
        stash.graphql("mutation { stopAllJobs }")

    assert _exchanges(tmp_path) == {}


@pytest.mark.anyio
async def test_subscriptions_are_refused(proxy: str, sandbox: Sandbox) -> None:
    async with StashClient(proxy, api_key=KEY) as stash:
        with pytest.raises(StashConnectionError, match="WebSocket"):
            await anext(stash.jobs_subscribe())


SECRET = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=12, max_size=30)
TEXT = st.text('abc ?&=:"', max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(
    SECRET, JSON, st.sampled_from(["apiKey", "api_key", "password", "handyKey", "generateAPIKey"])
)
def test_redaction_hides_secrets_and_keeps_the_shape(secret: str, other: object, name: str) -> None:
    value = {name: secret, "other": other, "link": f"http://nas/scene/1?apikey={secret}&t=1"}

    redacted = redact_json([value, f"see {secret}"], [secret])

    assert secret not in json.dumps(redacted)
    assert redacted[0].keys() == value.keys()
    assert redact_json(redacted, [secret]) == redacted


@given(SECRET)
def test_redacted_documents_are_still_documents(secret: str) -> None:
    document = (
        f'mutation M($password: String) {{ a(input: {{password: "{secret}", q: $password}}) }}'
    )

    redacted = document_secrets(document).text

    assert redacted == document.replace(secret, "***")
    assert document_secrets(redacted).text == redacted
