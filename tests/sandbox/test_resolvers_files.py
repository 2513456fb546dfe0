"""Files of the library: moved, destroyed and shown; galleries, covers, chapters, streams."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stash_typed.sandbox.store import FileFacts
from tests.sandbox.library import Library

_TIME = "2024-05-06T07:08:09Z"


class _Media:
    """A folder of the library with files that a scan took up."""

    def __init__(self, library: Library, root: Path) -> None:
        self.library = library
        self.root = root
        library.state.config.general["stashes"] = [
            {"path": str(root), "excludeVideo": False, "excludeImage": False}
        ]
        library.store.folders.put(str(root), mod_time=_TIME)

    def add(self, name: str, kind: Any = "video", zip_file: int | None = None, **more: Any) -> int:
        """Put a file there, and give the id of its scene or image."""
        path = self.root / name
        if zip_file is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
        size: dict[str, Any] = {"width": 1920, "height": 1080, **more}
        facts = FileFacts(kind, str(path), 9, _TIME, zip_file, {"md5": name}, **size)
        file = self.library.store.files.put(facts)
        if kind == "gallery":
            return file
        owner = self.library.store.scenes if kind == "video" else self.library.store.images
        return owner.for_file(file, facts)

    def file(self, name: str) -> int:
        """Give the id of a file."""
        found = self.library.store.files.at(str(self.root / name))
        assert found is not None
        return int(found["id"])

    def names(self) -> list[str]:
        """Give what lies on the disk."""
        return sorted(
            str(each.relative_to(self.root)) for each in self.root.rglob("*") if each.is_file()
        )


@pytest.fixture(name="library")
def _library(tmp_path: Path) -> Iterator[Library]:
    library = Library(allowed_folders=(tmp_path,), allow_delete=True)
    yield library
    library.close()


@pytest.fixture
def media(library: Library, tmp_path: Path) -> _Media:
    return _Media(library, tmp_path / "media")


def test_a_destroyed_scene_leaves_its_file_unless_it_is_said(media: _Media) -> None:
    first, second = media.add("a.mp4"), media.add("b.mp4")
    destroy = "mutation($i: SceneDestroyInput!) { sceneDestroy(input: $i) }"
    assert media.library.ask(destroy, i={"id": first}) is True
    assert media.names() == ["a.mp4", "b.mp4"]
    assert media.library.store.files.at(str(media.root / "a.mp4")) is not None
    assert media.library.ask(destroy, i={"id": second, "delete_file": True}) is True
    assert media.names() == ["a.mp4"]
    assert media.library.store.files.at(str(media.root / "b.mp4")) is None
    assert media.library.error(destroy, i={"id": 99}) == "scene with id 99 not found"


def test_scenes_are_destroyed_with_their_files_or_none(media: _Media) -> None:
    scene = media.add("a.mp4")
    destroy = "mutation($i: ScenesDestroyInput!) { scenesDestroy(input: $i) }"
    assert media.library.error(destroy, i={"ids": [scene, 99], "delete_file": True})
    assert media.names() == ["a.mp4"]
    assert media.library.store.scenes.get(scene) is not None


def test_no_file_outside_the_library_is_deleted(media: _Media, tmp_path: Path) -> None:
    scene = media.add("a.mp4")
    media.library.state.config.general["stashes"] = [{"path": str(tmp_path / "other")}]
    destroy = "mutation($i: SceneDestroyInput!) { sceneDestroy(input: $i) }"
    media.library.ask(destroy, i={"id": scene, "delete_file": True})
    assert media.names() == ["a.mp4"]


def test_files_are_moved_in_the_data_and_on_the_disk(media: _Media) -> None:
    media.add("a.mp4")
    key = media.file("a.mp4")
    move = "mutation($i: MoveFilesInput!) { moveFiles(input: $i) }"
    deep = str(media.root / "new" / "deep")
    assert media.library.ask(move, i={"ids": [key], "destination_folder": deep}) is True
    assert media.names() == ["new/deep/a.mp4"]
    assert media.file("new/deep/a.mp4") == key
    renamed = {"ids": [key], "destination_folder": deep, "destination_basename": "b.mp4"}
    assert media.library.ask(move, i=renamed) is True
    assert media.names() == ["new/deep/b.mp4"]
    media.add("new/deep/c.mp4")
    taken = {**renamed, "destination_basename": "c.mp4"}
    assert media.library.error(move, i=taken).endswith("c.mp4 already exists")
    other = {**renamed, "destination_basename": "b.png"}
    assert "inconsistent with old filename" in media.library.error(move, i=other)
    outside = {"ids": [key], "destination_folder": "/nowhere"}
    assert "must be within a stash library path" in media.library.error(move, i=outside)
    assert media.names() == ["new/deep/b.mp4", "new/deep/c.mp4"]


def test_a_primary_file_is_not_deleted_and_a_second_one_is(media: _Media) -> None:
    scene = media.add("a.mp4")
    media.add("b.mp4")
    delete = "mutation($ids: [ID!]!) { deleteFiles(ids: $ids) }"
    refused = media.library.error(delete, ids=[media.file("a.mp4")])
    assert refused == f"cannot delete primary file {media.root}/a.mp4"
    merge = "mutation($i: SceneMergeInput!) { sceneMerge(input: $i) { files { basename } } }"
    other = media.library.store.scenes.with_file(media.file("b.mp4"))[0]
    merged = media.library.ask(merge, i={"source": [other], "destination": scene})
    assert [each["basename"] for each in merged["files"]] == ["a.mp4", "b.mp4"]
    assert media.library.ask(delete, ids=[media.file("b.mp4")]) is True
    assert media.names() == ["a.mp4"]


def test_a_gallery_has_a_cover_chapters_and_images_in_order(media: _Media) -> None:
    library = media.library
    images = [media.add(f"page-{number}.png", "image") for number in (10, 2, 1)]
    create = 'mutation { galleryCreate(input: { title: "Album" }) { id } }'
    gallery = library.ask(create)["id"]
    add = "mutation($i: GalleryAddInput!) { addGalleryImages(input: $i) }"
    library.ask(add, i={"gallery_id": gallery, "image_ids": images})
    read = """query($id: ID!, $n: Int!) { findGallery(id: $id) {
        image_count cover { id } image(index: $n) { files { basename } }
        chapters { title image_index } } }"""
    found = library.ask(read, id=gallery, n=1)
    assert found["image_count"] == 3
    assert found["image"]["files"] == [{"basename": "page-2.png"}]  # naturally by path
    assert found["cover"] == {"id": str(images[2])}
    cover = "mutation($i: GallerySetCoverInput!) { setGalleryCover(input: $i) }"
    library.ask(cover, i={"gallery_id": gallery, "cover_image_id": images[0]})
    assert library.ask(read, id=gallery, n=0)["cover"] == {"id": str(images[0])}
    chapter = "mutation($i: GalleryChapterCreateInput!) { galleryChapterCreate(input: $i) { id } }"
    library.ask(chapter, i={"gallery_id": gallery, "title": "Two", "image_index": 2})
    library.ask(chapter, i={"gallery_id": gallery, "title": "One", "image_index": 1})
    outside = {"gallery_id": gallery, "title": "Four", "image_index": 4}
    assert "in range of the gallery images" in library.error(chapter, i=outside)
    assert library.ask(read, id=gallery, n=0)["chapters"] == [
        {"title": "One", "image_index": 1},
        {"title": "Two", "image_index": 2},
    ]


def test_the_images_of_a_folders_gallery_stay_as_they_are(media: _Media) -> None:
    library = media.library
    image, loose = media.add("album/a.png", "image"), media.add("b.png", "image")
    folder = library.store.folders.at(str(media.root / "album"))
    assert folder is not None
    gallery = library.store.galleries.for_folder(folder.key)
    library.store.galleries.change_images(gallery, [image], "ADD")
    add = "mutation($i: GalleryAddInput!) { addGalleryImages(input: $i) }"
    message = library.error(add, i={"gallery_id": gallery, "image_ids": [loose]})
    assert message == 'cannot change contents of folder-based gallery "album"'
    change = "mutation($i: ImageUpdateInput!) { imageUpdate(input: $i) { id } }"
    message = library.error(change, i={"id": loose, "gallery_ids": [gallery]})
    assert message.startswith('changing galleries of image "b.png": cannot change contents')
    assert library.store.galleries.image_ids(gallery) == [image]


def test_a_folders_gallery_is_destroyed_with_the_images_of_no_other(media: _Media) -> None:
    library = media.library
    own, shared = media.add("album/a.png", "image"), media.add("album/b.png", "image")
    folder = library.store.folders.at(str(media.root / "album"))
    assert folder is not None
    gallery = library.store.galleries.for_folder(folder.key)
    library.store.galleries.change_images(gallery, [own, shared], "ADD")
    library.ask('mutation { galleryCreate(input: { title: "Best" }) { id } }')
    library.store.galleries.change_images(gallery + 1, [shared], "ADD")
    destroy = "mutation($i: GalleryDestroyInput!) { galleryDestroy(input: $i) }"
    assert library.ask(destroy, i={"ids": [gallery], "delete_file": True}) is True
    assert library.store.images.all_ids() == [shared]
    assert media.names() == ["album/b.png"]


def test_a_zip_gallery_is_destroyed_with_its_images(media: _Media) -> None:
    library = media.library
    album = media.add("album.zip", "gallery")
    gallery = library.store.galleries.for_zip(album)
    image = media.add("album.zip/a.png", "image", album)
    library.store.galleries.change_images(gallery, [image], "ADD")
    destroy = "mutation($i: GalleryDestroyInput!) { galleryDestroy(input: $i) }"
    assert library.ask(destroy, i={"ids": [gallery], "delete_file": True}) is True
    assert library.store.images.get(image) is None
    assert media.names() == []


def test_streams_are_as_large_as_the_file_and_the_settings_allow(media: _Media) -> None:
    library = media.library
    scene = media.add("a.mp4", format="mp4", audio_codec="aac")
    query = "query($id: ID) { sceneStreams(id: $id) { label url } }"

    def labels(key: int) -> list[str]:
        return [each["label"] for each in library.ask(query, id=key)]

    assert labels(scene)[:5] == [
        "Direct stream",
        "MP4",
        "MP4 Full HD (1080p)",
        "MP4 HD (720p)",
        "MP4 Standard (480p)",
    ]
    assert len(labels(scene)) == 1 + 4 * 5
    library.state.config.general["maxStreamingTranscodeSize"] = "STANDARD"
    assert labels(scene)[1:3] == ["MP4 Standard (480p)", "MP4 Low (240p)"]
    library.state.config.general["maxStreamingTranscodeSize"] = "ORIGINAL"
    film = media.add("b.mkv", format="matroska", audio_codec="dts")
    assert labels(film)[0] == "MKV"
    first = library.ask(query, id=film)[1]
    assert first["url"] == f"http://sandbox/scene/{film}/stream.mp4?resolution=ORIGINAL"
    assert library.error(query, id=99) == "scene with id 99 not found"


def test_a_scene_without_a_file_has_no_streams(library: Library) -> None:
    library.ask('mutation { sceneCreate(input: { title: "Idea" }) { id } }')
    found = library.ask('{ findScene(id: "1") { sceneStreams { url } files { path } } }')
    assert found == {"sceneStreams": [], "files": []}


def test_fingerprints_are_set_and_taken_away(media: _Media) -> None:
    media.add("a.mp4")
    key = media.file("a.mp4")
    change = "mutation($i: FileSetFingerprintsInput!) { fileSetFingerprints(input: $i) }"
    read = "query($id: ID) { findFile(id: $id) { fingerprints { type value } } }"

    def fingerprints(**given: str | None) -> dict[str, str]:
        values = [{"type": kind, "value": value} for kind, value in given.items()]
        assert media.library.ask(change, i={"id": key, "fingerprints": values}) is True
        found = media.library.ask(read, id=key)["fingerprints"]
        return {each["type"]: each["value"] for each in found}

    assert fingerprints(phash="00ff") == {"md5": "a.mp4", "phash": "ff"}
    assert fingerprints(phash=None) == {"md5": "a.mp4"}
    values = {"id": key, "fingerprints": [{"type": "md5", "value": "other"}]}
    assert media.library.error(change, i=values) == "cannot modify md5 fingerprint"
