"""Pictures and videos behind the links in answers."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from stash_typed.sandbox import Sandbox
from stash_typed.sandbox.content.pictures import plain_png
from tests.sandbox.asking import ask, client, run_job

_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture(scope="module", name="server")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("library")
    (folder / "one.mp4").write_bytes(bytes(range(256)) * 40)
    (folder / "picture.png").write_bytes(plain_png(30, 20, 1))
    with zipfile.ZipFile(folder / "album.zip", "w") as album:
        album.writestr("a.png", plain_png(8, 8, 2))
    with Sandbox(media=folder) as server:
        run_job(server, "mutation { metadataScan(input: {}) }")
        yield server


@pytest.fixture(name="http")
def _http(server: Sandbox) -> Iterator[httpx.Client]:
    with client(server) as http:
        yield http


def test_a_scene_streams_its_file_whole_and_in_parts(http: httpx.Client) -> None:
    whole = http.get("/scene/1/stream")
    assert whole.headers["content-type"] == "video/mp4"
    assert len(whole.content) == 10_240
    part = http.get("/scene/1/stream", headers={"range": "bytes=256-511"})
    assert part.status_code == 206
    assert part.headers["content-range"] == "bytes 256-511/10240"
    assert part.content == bytes(range(256))
    beyond = http.get("/scene/1/stream", headers={"range": "bytes=99999-"})
    assert beyond.status_code == 416


@pytest.mark.parametrize("key", ["9223372036854775808", "9" * 5000])
@pytest.mark.parametrize("path", ["/scene/{}/stream", "/image/{}/image", "/tag/{}/image"])
def test_a_number_that_no_id_reaches_is_nobodys(http: httpx.Client, path: str, key: str) -> None:
    assert http.get(path.format(key)).status_code == 404


def test_pictures_come_from_files_and_out_of_archives(http: httpx.Client, server: Sandbox) -> None:
    images = ask(server, "{ findImages { images { paths { image thumbnail } } } }")["images"]
    contents = [http.get(each["paths"]["image"]) for each in images]
    assert {each.content for each in contents} == {plain_png(30, 20, 1), plain_png(8, 8, 2)}
    assert {each.headers["content-type"] for each in contents} == {"image/png"}
    for each in images:
        assert http.get(each["paths"]["thumbnail"]).headers["content-type"].startswith("image/")


@pytest.mark.parametrize("kind", ["studio", "performer", "tag", "group"])
def test_objects_show_a_picture_of_their_own_or_a_plain_one(
    http: httpx.Client, server: Sandbox, kind: str
) -> None:
    picture = f"data:image/png;base64,{_PIXEL}"
    front, path = (
        ("front_image", "front_image_path") if kind == "group" else ("image", "image_path")
    )
    for name, given, media in (
        ("Plain", "", "image/svg+xml"),
        ("Own", f'{front}: "{picture}"', "image/png"),
    ):
        made = ask(
            server,
            f'mutation {{ {kind}Create(input: {{ name: "{name}", {given} }}) {{ {path} }} }}',
        )
        if made[path] is None:
            assert (kind, name) == ("group", "Plain")
            continue
        shown = http.get(made[path])
        assert shown.status_code == 200
        assert shown.headers["content-type"] == media


def test_a_scene_without_a_cover_shows_a_plain_one_and_one_made_on_request(
    http: httpx.Client, server: Sandbox
) -> None:
    assert http.get("/scene/1/screenshot").headers["content-type"] == "image/svg+xml"
    for scene in (1, 99):
        assert (
            ask(server, f"mutation {{ sceneGenerateScreenshot(id: {scene}, at: 2.5) }}") == "todo"
        )
    run_job(server, "mutation { optimiseDatabase }")
    assert "scene with id 99 not found" in ask(server, "{ logs { message } }")[0]["message"]
    assert http.get("/scene/1/screenshot").headers["content-type"] == "image/png"


def test_chapters_are_a_text_track(http: httpx.Client, server: Sandbox) -> None:
    assert http.get("/scene/1/vtt/chapter").text == "WEBVTT"
    tag = ask(server, 'mutation { tagCreate(input: { name: "Mark" }) { id } }')["id"]
    ask(
        server,
        'mutation($t: ID!) { sceneMarkerCreate(input: { title: "Begin", seconds: 3725.5,'
        " scene_id: 1, primary_tag_id: $t }) { id } }",
        t=tag,
    )
    assert "01:02:05.500 --> 01:02:05.500\nBegin" in http.get("/scene/1/vtt/chapter").text


@pytest.mark.parametrize(
    "path",
    [
        "/scene/99/stream",
        "/scene/99/screenshot",
        "/scene/1/preview",
        "/scene/1/funscript",
        "/image/99/image",
        "/studio/99/image",
        "/gallery/99/cover",
        "/gallery/1/preview/7",
        "/scene/1/scene_marker/99/stream",
        "/scene/0000_sprite.jpg",
    ],
)
def test_what_is_not_there_is_a_404(http: httpx.Client, path: str) -> None:
    response = http.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


def test_an_id_that_is_no_number_is_a_400(http: httpx.Client) -> None:
    response = http.get("/scene/abc/screenshot")
    assert (response.status_code, response.text) == (400, "Bad Request")


def test_a_synthetic_scene_has_no_file_to_stream() -> None:
    with Sandbox(scenes=1) as server, client(server) as http:
        assert http.get("/scene/1/stream").status_code == 404
        assert http.get("/scene/1/screenshot").status_code == 200


def test_a_path_never_leads_out_of_the_generated_folder(
    http: httpx.Client, server: Sandbox, tmp_path: Path
) -> None:
    secret = server.state.root / "x_sprite.jpg"
    secret.write_bytes(b"secret")
    for path in ("/scene/..%2F..%2Fx_sprite.jpg", "/scene/../../x_sprite.jpg"):
        assert b"secret" not in http.get(path).content
