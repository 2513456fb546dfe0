"""Tasks on real files: scan, generate, clean, auto tag, and their traces on the disk."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stash_typed.sandbox import Sandbox
from stash_typed.sandbox.content.pictures import plain_png
from tests.sandbox.asking import ask, client, error, run_job

_SCAN = "mutation($i: ScanMetadataInput!) { metadataScan(input: $i) }"
_GENERATE = "mutation($i: GenerateMetadataInput!) { metadataGenerate(input: $i) }"
_CLEAN = "mutation($i: CleanMetadataInput!) { metadataClean(input: $i) }"
_SCENES = """{ findScenes(filter: { sort: "id" }) { count scenes { id title paths { screenshot }
    files { path basename size fingerprints { type value } } } } }"""
_COUNTS = "{ stats { scene_count image_count gallery_count } }"


@pytest.fixture(name="library")
def _library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    (folder / "sub").mkdir(parents=True)
    (folder / "one.mp4").write_bytes(b"1" * 70_000)
    (folder / "sub" / "two.mkv").write_bytes(b"2" * 9)
    (folder / "sub" / "copy of one.mp4").write_bytes(b"1" * 70_000)
    (folder / "picture.png").write_bytes(plain_png(30, 20, 1))
    (folder / "wide.png").write_bytes(plain_png(700, 2, 5))
    (folder / "notes.txt").write_text("not media", encoding="utf-8")
    (folder / ".hidden.mp4").write_bytes(b"hidden")
    with zipfile.ZipFile(folder / "album.zip", "w") as album:
        album.writestr("a.png", plain_png(8, 8, 2))
        album.writestr("b.png", plain_png(8, 8, 3))
        album.writestr("readme.txt", "no picture")
    return folder


@pytest.fixture(name="server")
def _server(library: Path) -> Iterator[Sandbox]:
    with Sandbox(media=library) as server:
        yield server


def _scan(server: Sandbox, **wishes: Any) -> None:
    assert run_job(server, _SCAN, i=wishes).status == "FINISHED"


def test_a_scan_finds_scenes_images_and_galleries(server: Sandbox, library: Path) -> None:
    _scan(server)
    found = ask(server, _SCENES)
    assert found["count"] == 2
    first, second = found["scenes"]
    assert [each["path"] for each in first["files"]] == [
        str(library / "one.mp4"),
        str(library / "sub" / "copy of one.mp4"),
    ]
    assert first["files"][0]["size"] == 70_000
    (oshash,) = first["files"][0]["fingerprints"]
    # The size, and twice 64 KiB of the byte 0x31, summed as numbers of eight bytes.
    expected = (70_000 + 2 * 8192 * 0x3131313131313131) % 2**64
    assert oshash == {"type": "oshash", "value": f"{expected:016x}"}
    assert second["files"][0]["basename"] == "two.mkv"
    images = ask(
        server,
        '{ findImages(filter: { sort: "path" }) { count images'
        " { galleries { id } visual_files { ... on ImageFile { path width height format } } } } }",
    )
    assert images["count"] == 4
    shapes = {
        Path(each["path"]).name: (each["width"], each["height"], each["format"])
        for image in images["images"]
        for each in image["visual_files"]
    }
    assert shapes["picture.png"] == (30, 20, "png")
    assert shapes["a.png"] == (8, 8, "png")
    galleries = ask(server, "{ findGalleries { galleries { image_count files { path } } } }")
    assert galleries == {
        "galleries": [{"image_count": 2, "files": [{"path": str(library / "album.zip")}]}]
    }


def test_a_second_scan_changes_nothing_and_takes_what_is_new(
    server: Sandbox, library: Path
) -> None:
    _scan(server)
    before = ask(server, _SCENES)
    (library / "three.webm").write_bytes(b"3" * 50)
    _scan(server)
    after = ask(server, _SCENES)
    assert after["count"] == before["count"] + 1
    assert [each for each in after["scenes"] if each in before["scenes"]] == before["scenes"]


def test_a_changed_file_keeps_its_scene(server: Sandbox, library: Path) -> None:
    _scan(server)
    (library / "sub" / "two.mkv").write_bytes(b"another text")
    _scan(server)
    found = ask(server, _SCENES)
    assert found["count"] == 2
    assert found["scenes"][1]["files"][0]["size"] == 12


def test_a_scan_of_some_paths_leaves_the_others(server: Sandbox, library: Path) -> None:
    _scan(server, paths=[str(library / "sub")])
    assert [
        file["basename"] for scene in ask(server, _SCENES)["scenes"] for file in scene["files"]
    ] == ["copy of one.mp4", "two.mkv"]
    _scan(server, paths=[str(library / "one.mp4")])
    assert len(ask(server, _SCENES)["scenes"][0]["files"]) == 2


def test_a_path_outside_of_the_library_is_passed_over_and_logged(
    server: Sandbox, tmp_path: Path
) -> None:
    _scan(server, paths=[str(tmp_path)])
    assert ask(server, _SCENES)["count"] == 0
    messages = [each["message"] for each in ask(server, "{ logs { message } }")]
    assert f"{tmp_path} is not in the configured stash paths" in messages


def test_a_folder_may_be_for_videos_alone_and_names_may_be_left_out(
    server: Sandbox, library: Path
) -> None:
    ask(
        server,
        "mutation($i: ConfigGeneralInput!) { configureGeneral(input: $i) { excludes } }",
        i={
            "stashes": [{"path": str(library), "excludeVideo": False, "excludeImage": True}],
            "excludes": ["two\\.mkv$"],
        },
    )
    _scan(server)
    assert ask(server, _COUNTS) == {"scene_count": 1, "image_count": 0, "gallery_count": 0}


def test_folders_become_galleries_where_the_settings_say_so(server: Sandbox) -> None:
    ask(
        server,
        "mutation { configureGeneral(input: { createGalleriesFromFolders: true })"
        " { createGalleriesFromFolders } }",
    )
    _scan(server)
    assert ask(server, _COUNTS)["gallery_count"] == 2


def test_a_scan_may_be_of_what_changed_lately(server: Sandbox, library: Path) -> None:
    os.utime(library / "one.mp4", (1_000_000_000, 1_000_000_000))
    os.utime(library / "picture.png", (1_000_000_000, 1_000_000_000))
    _scan(server, filter={"minModTime": "<4h"})
    assert ask(server, _COUNTS) == {"scene_count": 2, "image_count": 3, "gallery_count": 1}
    _scan(server, filter={"minModTime": "2001-01-01T00:00:00Z"})
    assert ask(server, _COUNTS)["image_count"] == 4
    variables = {"i": {"filter": {"minModTime": "soon"}}}
    assert "soon" in error(server, _SCAN, **variables)


def test_folders_are_those_of_the_library(server: Sandbox, library: Path) -> None:
    (library / "empty").mkdir()
    _scan(server)
    found = ask(
        server,
        '{ findFolders(filter: { sort: "path" }) { folders { path parent_folder { path } } } }',
    )
    assert [each["path"] for each in found["folders"]] == [
        str(library),
        str(library / "album.zip"),
        str(library / "empty"),
        str(library / "sub"),
    ]
    assert found["folders"][0]["parent_folder"] is None
    assert found["folders"][3]["parent_folder"] == {"path": str(library)}


def test_a_damaged_file_is_logged_and_the_scan_goes_on(server: Sandbox, library: Path) -> None:
    (library / "album.zip").write_bytes(b"no archive")
    (library / "picture.png").write_bytes(b"no picture")
    (library / "gone.mp4").symlink_to(library / "nowhere.mp4")
    (library / "empty.mp4").touch()
    _scan(server)
    assert ask(server, _COUNTS) == {"scene_count": 3, "image_count": 2, "gallery_count": 0}
    problems = [
        each["message"]
        for each in ask(server, "{ logs { level message } }")
        if each["level"] == "Error"
    ]
    assert len(problems) == 2
    assert 'album.zip": zip: not a valid zip file' in problems[1]
    assert "gone.mp4" in problems[0]


def test_generating_writes_files_and_fingerprints(server: Sandbox) -> None:
    _scan(server)
    kinds = (
        "covers sprites previews imagePreviews markers transcodes phashes"
        " interactiveHeatmapsSpeeds imageThumbnails clipPreviews"
    )
    wishes = dict.fromkeys(kinds.split(), True)
    tag = ask(server, 'mutation { tagCreate(input: { name: "T" }) { id } }')["id"]
    ask(
        server,
        'mutation($t: ID!) { sceneMarkerCreate(input: { title: "M", seconds: 2, scene_id: 1,'
        " primary_tag_id: $t }) { id } }",
        t=tag,
    )
    assert run_job(server, _GENERATE, i=wishes).progress == 1
    folders = {path.parent.name for path in server.state.generated_path.rglob("*.*")}
    assert {"vtt", "screenshots"} <= folders
    first = ask(server, _SCENES)["scenes"][0]
    assert {each["type"] for each in first["files"][0]["fingerprints"]} == {"oshash", "phash"}
    paths = ask(
        server,
        "{ findScene(id: 1) { paths { screenshot preview webp sprite vtt }"
        " scene_markers { stream preview screenshot } } }",
    )
    (marker,) = paths["scene_markers"]
    with client(server) as http:
        types = {
            name: http.get(link).headers["content-type"]
            for name, link in {**paths["paths"], **marker}.items()
        }
    assert types["screenshot"].startswith("image/")
    assert types["preview"].startswith(("video/", "image/"))
    assert types["vtt"].startswith("text/vtt")
    assert types["sprite"] == "image/jpeg"


def test_what_is_there_is_not_generated_again_unless_asked(server: Sandbox) -> None:
    _scan(server)
    assert run_job(server, _GENERATE, i={"covers": True}).progress == 1
    assert run_job(server, _GENERATE, i={"covers": True}).progress is None
    assert run_job(server, _GENERATE, i={"covers": True, "overwrite": True}).progress == 1


def test_a_scan_generates_what_it_is_asked_to(server: Sandbox) -> None:
    _scan(server, scanGenerateCovers=True, scanGeneratePhashes=True)
    assert server.state.require_store().blob("scene", 1, "cover") is not None


def test_generating_for_some_scenes_leaves_the_others(server: Sandbox) -> None:
    _scan(server)
    run_job(server, _GENERATE, i={"covers": True, "sceneIDs": ["2"]})
    store = server.state.require_store()
    assert store.blob("scene", 1, "cover") is None
    assert store.blob("scene", 2, "cover") is not None


def test_cleaning_forgets_what_is_gone(server: Sandbox, library: Path) -> None:
    _scan(server)
    (library / "one.mp4").unlink()
    (library / "album.zip").unlink()
    shutil.rmtree(library / "sub")
    before = ask(server, _COUNTS)
    assert run_job(server, _CLEAN, i={"dryRun": True}).status == "FINISHED"
    assert ask(server, _COUNTS) == before
    run_job(server, _CLEAN, i={"dryRun": False})
    assert ask(server, _COUNTS) == {"scene_count": 0, "image_count": 2, "gallery_count": 0}


def test_cleaning_generated_files_keeps_those_of_scenes_that_are_there(
    server: Sandbox, library: Path
) -> None:
    _scan(server)
    run_job(server, _GENERATE, i={"sprites": True, "previews": True})
    sprites = server.state.generated_path / "vtt"
    assert len(list(sprites.iterdir())) == 4
    (library / "sub" / "two.mkv").unlink()
    run_job(server, _CLEAN, i={"dryRun": False})
    mutation = "mutation($i: CleanGeneratedInput!) { metadataCleanGenerated(input: $i) }"
    run_job(server, mutation, i={"sprites": True, "dryRun": True})
    assert len(list(sprites.iterdir())) == 4
    run_job(server, mutation, i={"sprites": True, "blobFiles": True})
    assert len(list(sprites.iterdir())) == 2
    assert len(list((server.state.generated_path / "screenshots").iterdir())) == 2


def test_auto_tag_goes_by_names_in_paths(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    (folder / "North Light").mkdir(parents=True)
    (folder / "North Light" / "ada.example-OUTDOOR_walk.mp4").write_bytes(b"1" * 20)
    (folder / "indoors and adaexamples.mp4").write_bytes(b"2" * 20)
    with Sandbox(media=folder) as server:
        for mutation in (
            'studioCreate(input: { name: "North Light" })',
            'performerCreate(input: { name: "Ada Example" })',
            'tagCreate(input: { name: "Open air", aliases: ["outdoor"] })',
            'tagCreate(input: { name: "door" })',
            'tagCreate(input: { name: "walk", ignore_auto_tag: true })',
        ):
            ask(server, f"mutation {{ {mutation} {{ id }} }}")
        _scan(server)
        everything = '{ performers: ["*"], studios: ["*"], tags: ["*"] }'
        run_job(server, f"mutation {{ metadataAutoTag(input: {everything}) }}")
        found = ask(
            server,
            '{ findScenes(filter: { sort: "id" }) { scenes'
            " { studio { name } performers { name } tags { name } } } }",
        )
    assert found["scenes"] == [
        {
            "studio": {"name": "North Light"},
            "performers": [{"name": "Ada Example"}],
            "tags": [{"name": "Open air"}],
        },
        {"studio": None, "performers": [], "tags": []},
    ]


def test_the_database_can_be_optimised(server: Sandbox) -> None:
    job = run_job(server, "mutation { optimiseDatabase }")
    assert (job.status, job.description) == ("FINISHED", "Optimising database...")
