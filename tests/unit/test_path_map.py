"""Paths of the server and of this machine, each way, whichever of them is Windows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_typed.errors import ConfigurationError, StashError
from stash_typed.path_map import PathMap

pytestmark = pytest.mark.skipif(os.name == "nt", reason="paths here are written as POSIX has them")

CONTAINER = PathMap({"/data": "/mnt/media", "/data/new": "/srv/incoming"})
WINDOWS_SERVER = PathMap({"D:\\media": "/mnt/media", "\\\\nas\\share": "/mnt/nas"})
WINDOWS_CLIENT = PathMap({"/data": "Z:\\", "/more": "\\\\nas\\share\\more"})


@pytest.mark.parametrize(
    ("paths", "server", "local"),
    [
        (CONTAINER, "/data/a/b.mp4", "/mnt/media/a/b.mp4"),
        (CONTAINER, "/data", "/mnt/media"),
        (CONTAINER, "/data/new/x.mp4", "/srv/incoming/x.mp4"),
        (CONTAINER, "/data/newer/x.mp4", "/mnt/media/newer/x.mp4"),
        (CONTAINER, "/data/tab\tand \\ and : and é.mp4", "/mnt/media/tab\tand \\ and : and é.mp4"),
        (WINDOWS_SERVER, "D:\\media\\a\\b.mp4", "/mnt/media/a/b.mp4"),
        (WINDOWS_SERVER, "\\\\nas\\share\\a b.mp4", "/mnt/nas/a b.mp4"),
        (WINDOWS_CLIENT, "/data/a/b.mp4", "Z:\\a\\b.mp4"),
        (WINDOWS_CLIENT, "/more/c.mp4", "\\\\nas\\share\\more\\c.mp4"),
        (PathMap({"/": "/mnt/root"}), "/data/a.mp4", "/mnt/root/data/a.mp4"),
        (PathMap({"E:": "/mnt/e"}), "E:\\a.mp4", "/mnt/e/a.mp4"),
        (PathMap({"C:\\a": "D:\\b"}), "C:\\a\\x.mp4", "D:\\b\\x.mp4"),
    ],
)
def test_there_and_back(paths: PathMap, server: str, local: str) -> None:
    assert str(paths.to_local(server)) == local
    assert paths.to_server(local) == server
    assert paths.to_server(Path(local)) == server


def test_windows_paths_are_compared_as_windows_does() -> None:
    assert WINDOWS_SERVER.to_local("d:/MEDIA/Sub/B.mp4") == Path("/mnt/media/Sub/B.mp4")
    assert WINDOWS_CLIENT.to_server("z:/Sub/B.mp4") == "/data/Sub/B.mp4"
    with pytest.raises(ConfigurationError):
        CONTAINER.to_local("/DATA/a.mp4")


@pytest.mark.parametrize("path", ["/database/a.mp4", "/dat", "/", "/mnt/data/a.mp4", "data/a.mp4"])
def test_only_whole_names_count(path: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        CONTAINER.to_local(path)
    for words in (repr(path), "'/data': '/mnt/media'", "STASH_PATH_MAP"):
        assert words in str(caught.value)


def test_unknown_paths_of_this_machine() -> None:
    with pytest.raises(StashError, match="lies in no folder of the path map"):
        CONTAINER.to_server("/mnt/mediathek/a.mp4")


def test_a_map_that_is_not_strict_leaves_the_rest_alone() -> None:
    paths = PathMap({"/data": "/mnt/media"}, strict=False)
    assert paths.to_local("/data/a.mp4") == Path("/mnt/media/a.mp4")
    assert paths.to_local("/other/a.mp4") == Path("/other/a.mp4")
    assert paths.to_server("/other/a.mp4") == "/other/a.mp4"


def test_a_map_without_folders_leaves_everything_alone() -> None:
    assert PathMap({}).to_local("/data/a.mp4") == Path("/data/a.mp4")
    assert PathMap({}).to_server("/data/a.mp4") == "/data/a.mp4"


@pytest.mark.parametrize("path", ["/data/../etc/passwd", "/data/a/../../x"])
def test_a_path_does_not_lead_out_of_its_folder(path: str) -> None:
    with pytest.raises(ConfigurationError, match="may lead out"):
        CONTAINER.to_local(path)
    with pytest.raises(ConfigurationError, match="may lead out"):
        WINDOWS_CLIENT.to_server("Z:\\..\\x")


@pytest.mark.parametrize("name", ["a\\b.mp4", "C:x", "a:b"])
def test_names_that_windows_cannot_have(name: str) -> None:
    with pytest.raises(ConfigurationError, match="names that Windows cannot have"):
        WINDOWS_CLIENT.to_local(f"/data/{name}")


def test_relative_and_home_paths_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    here = Path.cwd()
    assert PathMap({"/data": here}).to_server("sub/../a.mp4") == "/data/a.mp4"
    monkeypatch.setenv("HOME", str(here))
    assert PathMap({"/data": "~/media"}).to_local("/data/a.mp4") == here / "media" / "a.mp4"
    assert PathMap({"/data": "~/media"}).to_server("~/media/a.mp4") == "/data/a.mp4"


@pytest.mark.parametrize(
    "folders",
    [{"data": "/mnt"}, {"/data": "mnt"}, {"/data": ""}, {"/data/..": "/mnt"}, {"D:x": "/mnt"}],
)
def test_folders_must_be_absolute(folders: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="not the absolute path of a folder"):
        PathMap(folders)


def test_a_folder_twice() -> None:
    with pytest.raises(ConfigurationError, match="twice"):
        PathMap({"D:\\media": "/a", "d:/MEDIA": "/b"})
    with pytest.raises(ConfigurationError, match="'/data' twice"):
        PathMap.parse("/data=/a;/data=/b")


def test_two_folders_of_the_server_that_are_one_here() -> None:
    assert PathMap({"/a": "/mnt", "/b": "/mnt"}).to_server("/mnt/x.mp4") == "/a/x.mp4"


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("/data=/mnt/media;/x=/y", "/x/a.mp4", "/y/a.mp4"),
        (" /data = /mnt/media ; ", "/data/a.mp4", "/mnt/media/a.mp4"),
        ("D:\\media=/mnt/media", "D:\\media\\a.mp4", "/mnt/media/a.mp4"),
        ("/data=/mnt/a=b", "/data/c.mp4", "/mnt/a=b/c.mp4"),
        ("", "/data/c.mp4", "/data/c.mp4"),
    ],
)
def test_reading_a_text(text: str, path: str, expected: str) -> None:
    assert str(PathMap.parse(text).to_local(path)) == expected


@pytest.mark.parametrize("text", ["/data", "/data=", "=/mnt", "/data:/mnt"])
def test_a_text_that_is_no_map(text: str) -> None:
    with pytest.raises(ConfigurationError, match="STASH_PATH_MAP=SERVER=HERE"):
        PathMap.parse(text)


def test_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STASH_PATH_MAP", "/data=/mnt/media")
    assert PathMap.parse().to_local("/data/a") == Path("/mnt/media/a")
    assert PathMap.parse(strict=False).to_local("/x/a") == Path("/x/a")
    monkeypatch.delenv("STASH_PATH_MAP")
    assert PathMap.parse().to_local("/data/a") == Path("/data/a")


NAME = st.text(
    st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=8
).filter(lambda name: name not in {".", ".."})


@given(st.sampled_from(["/data", "/data/new"]), st.lists(NAME, min_size=1, max_size=4))
def test_every_name_survives_the_way_there_and_back(folder: str, names: list[str]) -> None:
    path = f"{folder}/{'/'.join(names)}"
    assert CONTAINER.to_server(CONTAINER.to_local(path)) == path
