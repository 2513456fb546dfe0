"""Files and folders as a scan puts them into the store."""

from __future__ import annotations

from typing import Any

import pytest

from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.store import Changes, FileFacts, Store

_TIME = "2024-05-06T07:08:09Z"


@pytest.fixture
def store(store: Store) -> Store:
    """One with a folder."""
    store.folders.put("/media", mod_time=_TIME)
    return store


def _video(path: str, size: int = 1000, **more: Any) -> FileFacts:
    facts: dict[str, Any] = {"width": 640, "height": 360, "duration": 12.5, "format": "mp4"}
    return FileFacts("video", path, size=size, mod_time=_TIME, **{**facts, **more})


def _image(path: str, zip_file: int | None = None) -> FileFacts:
    return FileFacts("image", path, 10, _TIME, zip_file, {"md5": f"md5 of {path}"}, "png", 8, 6)


def _scene(store: Store, path: str, **fingerprints: str) -> tuple[int, int]:
    """Scan a file; give its id and its scene's."""
    facts = _video(path, fingerprints=fingerprints)
    file = store.files.put(facts)
    return file, store.scenes.for_file(file, facts)


def test_a_file_is_added_once_and_then_brought_up_to_date(store: Store) -> None:
    first = store.files.put(_video("/media/a/walk.mp4", size=1000, fingerprints={"oshash": "aa"}))
    again = store.files.put(_video("/media/a/walk.mp4", size=5 << 32, duration=13.0))
    other = store.files.put(_video("/media/b/walk.mp4"))
    assert first == again != other
    assert store.files.at("/media/a/walk.mp4") == {
        "id": first,
        "size": 5 << 32,
        "mod_time": _TIME,
        "zip_file_id": None,
        "fingerprints": {"oshash": "aa"},
    }
    assert store.files.at("/media/a/none.mp4") is None
    assert store.files.require(first)["duration"] == 13.0


def test_folders_are_made_between_a_file_and_the_library(store: Store) -> None:
    store.files.put(_video("/media/2024/may/walk.mp4"))
    rows = store.rows(
        "select f.path, above.path from folders f"
        " left join folders above on above.id = f.parent_folder_id order by f.path"
    )
    assert rows == [
        ("/media", None),
        ("/media/2024", "/media"),
        ("/media/2024/may", "/media/2024"),
    ]
    found = store.folders.at("/media/2024")
    assert found is not None
    assert store.folders.put("/media/2024/", mod_time=_TIME) == found.key


def test_a_folder_outside_the_library_has_none_above_it(store: Store) -> None:
    folder = store.folders.require(store.folders.put("/elsewhere/deep", mod_time=_TIME))
    assert folder["parent_folder_id"] is None
    assert store.folders.at("/elsewhere") is None


def test_a_file_with_a_known_hash_goes_to_the_scene_that_has_it(store: Store) -> None:
    file, scene = _scene(store, "/media/walk.mp4", oshash="aa", phash="ff00")
    copy, same = _scene(store, "/media/copy.mp4", oshash="aa")
    _, other = _scene(store, "/media/other.mp4", oshash="bb", phash="ff00")
    assert scene == same != other
    assert store.scenes.file_ids(scene) == [file, copy]
    first = store.scenes.primary_file(scene)
    assert first is not None
    assert (first["path"], first["id"]) == ("/media/walk.mp4", file)
    assert first["fingerprints"] == {"oshash": "aa", "phash": 0xFF00}
    assert store.scenes.for_file(copy, _video("/media/copy.mp4")) == scene


def test_a_phash_is_kept_as_a_number_with_a_sign(store: Store) -> None:
    file = store.files.put(_video("/media/walk.mp4", fingerprints={"phash": "ffffffffffffffff"}))
    assert store.files.fingerprints(file) == {"phash": -1}
    store.files.set_fingerprint(file, "phash", None)
    assert store.files.fingerprints(file) == {}


def test_a_zip_file_holds_files_and_is_a_gallery(store: Store) -> None:
    album = store.files.put(FileFacts("gallery", "/media/album.zip", 99, _TIME))
    gallery = store.galleries.for_zip(album)
    images: list[int] = []
    for name in ("sheet-2.png", "sheet-10.png"):
        facts = _image(f"/media/album.zip/{name}", album)
        images.append(store.images.for_file(store.files.put(facts), facts))
    store.galleries.change_images(gallery, images, "ADD")
    store.galleries.change_images(gallery, images, "ADD")
    assert store.galleries.for_zip(album) == gallery
    assert store.galleries.image_ids(gallery) == images
    inside = store.folders.at("/media/album.zip")
    assert inside is not None
    assert inside["zip_file_id"] == album
    assert store.files.all_paths() == [
        (album, "/media/album.zip", None),
        (album + 1, "/media/album.zip/sheet-2.png", album),
        (album + 2, "/media/album.zip/sheet-10.png", album),
    ]
    store.files.remove([album])
    assert store.files.all_paths() == []
    assert store.galleries.all_ids() == store.images.all_ids() == []
    assert store.column("select path from folders") == ["/media"]


def test_a_folder_is_the_same_gallery_each_time(store: Store) -> None:
    folder = store.folders.put("/media/album", mod_time=_TIME)
    gallery = store.galleries.for_folder(folder)
    assert store.galleries.for_folder(folder) == gallery
    assert store.galleries.require(gallery)["folder_id"] == folder


def test_without_its_first_file_a_scene_keeps_the_next(store: Store) -> None:
    file, scene = _scene(store, "/media/walk.mp4", md5="aa")
    copy, _ = _scene(store, "/media/copy.mp4", md5="aa")
    assert (store.files.is_primary(file), store.files.is_primary(copy)) == (True, False)
    store.files.remove([file])
    assert store.files.is_primary(copy)
    assert store.scenes.file_ids(scene) == [copy]
    store.files.remove([copy])
    assert store.scenes.get(scene) is None


def test_a_scene_goes_with_its_last_file_and_its_markers_go_too(store: Store) -> None:
    file, scene = _scene(store, "/media/walk.mp4")
    tag = store.tags.create(Changes(columns={"name": "Start"}))
    marker = store.markers.create(
        Changes(columns={"title": "", "seconds": 3.5, "scene_id": scene, "primary_tag_id": tag})
    )
    assert store.markers.for_scene(scene) == [(marker, 3.5)]
    store.files.remove([file])
    assert store.markers.get(marker) is None
    assert store.tags.get(tag) is not None


def test_a_first_file_is_not_given_to_another_scene(store: Store) -> None:
    file, _ = _scene(store, "/media/walk.mp4")
    image_facts = _image("/media/picture.png")
    picture = store.files.put(image_facts)
    loose = store.files.put(_video("/media/loose.mp4"))
    other = store.scenes.create(Changes(columns={"title": "Other"}))
    with pytest.raises(AnswerError, match="cannot reassign primary file"):
        store.scenes.assign_file(other, file)
    with pytest.raises(AnswerError, match=r"/media/picture\.png is not a video file"):
        store.scenes.assign_file(other, picture)
    store.scenes.assign_file(other, loose)
    assert store.scenes.file_ids(other) == [loose]
    assert store.files.is_primary(loose)
