"""Destroying objects, and their files from the data and from the disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..content.folders import OutsideError
from ..graphql.context import Info, Input, context_of
from ..store import Store
from ..store.galleries import Galleries
from ..store.visual import Visuals


def destroy_with_files(info: Info, objects: Visuals, keys: Sequence[int], given: Input) -> None:
    """Destroy objects, and with `delete_file` the files that nothing else has."""
    store = context_of(info).store
    paths: list[str] = []
    with store.transaction():
        files = {
            file_id
            for key in (keys if given.get("delete_file") else ())
            for file_id in objects.file_ids(key)
            if set(objects.with_file(file_id)) <= set(keys)
        }
        objects.destroy(keys)
        for file in store.files.read(sorted(files)):
            if file["zip_file_id"] is None:
                check_unlink(info, file["path"])
                paths.append(file["path"])
                store.files.remove([file.key])
    for path in paths:
        unlink(info, path)


def destroy_galleries(info: Info, galleries: Galleries, keys: Sequence[int], given: Input) -> None:
    """Destroy galleries, and the images that go with them.

    The images of a zip file go with it; those of a folder go when files are deleted, unless
    another gallery has them too. An image that has other files keeps those.
    """
    store = context_of(info).store
    delete_file = given.get("delete_file")
    paths: list[str] = []
    with store.transaction():
        for key in keys:
            gallery = galleries.require(key)
            for zip_file in galleries.file_ids(key):
                if galleries.with_file(zip_file) == [key]:
                    inside = store.column("select id from files where zip_file_id = ?", (zip_file,))
                    _drop_images(store, inside, most_galleries=None)
                    if delete_file:
                        paths.append(store.files.require(zip_file)["path"])
                        store.files.remove([zip_file])
            if delete_file and gallery["folder_id"] is not None:
                inside = store.column(
                    "select id from files where parent_folder_id = ?", (gallery["folder_id"],)
                )
                for file_id in _drop_images(store, inside, most_galleries=1):
                    paths.append(store.files.require(file_id)["path"])
                    store.files.remove([file_id])
            if galleries.get(key) is not None:
                galleries.destroy([key])
        for path in paths:
            check_unlink(info, path)
    for path in paths:
        unlink(info, path)


def _drop_images(store: Store, files: Sequence[int], most_galleries: int | None) -> list[int]:
    """Destroy the images of files, and return the files whose images are gone."""
    gone: list[int] = []
    for file_id in files:
        for image in store.images.with_file(file_id):
            others = [each for each in store.images.file_ids(image) if each != file_id]
            if others:
                store.execute(
                    "delete from images_files where image_id = ? and file_id = ?", (image, file_id)
                )
                store.images.set_primary(image, others[0])
                gone.append(file_id)
                continue
            galleries: int = store.value(
                "select count(*) from galleries_images where image_id = ?", (image,)
            )
            if most_galleries is None or galleries <= most_galleries:
                store.images.destroy([image])
                gone.append(file_id)
    return gone


def check_unlink(info: Info, path: str) -> None:
    """See to it that `unlink` will do; call it before the data forget the file."""
    state = context_of(info).state
    if not _in_library(info, path):
        return
    if state.folders.holds(path):
        state.folders.check_removal(path)
    else:
        state.log.add("Warning", f"{path} is not deleted: {OutsideError(path)}")


def unlink(info: Info, path: str) -> None:
    """Delete a file on disk, if it exists in the library."""
    folders = context_of(info).state.folders
    if _in_library(info, path) and folders.holds(path):
        folders.remove(path)


def _in_library(info: Info, path: str) -> bool:
    stashes = context_of(info).state.config.general["stashes"]
    return any(Path(path).is_relative_to(stash["path"]) for stash in stashes)
