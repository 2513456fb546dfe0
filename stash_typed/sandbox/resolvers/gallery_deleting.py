"""Destroying galleries, and the images that go with them."""

from __future__ import annotations

from collections.abc import Sequence

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.store import Store

from .deleting import check_unlink, unlink

__all__ = ["destroy_galleries"]


def destroy_galleries(info: GraphQLResolveInfo, keys: Sequence[int], *, delete_file: bool) -> None:
    """Destroy galleries, all or none.

    The images of a zip file go with it; those of a folder go when files are deleted, unless
    another gallery has them too. An image that has other files keeps those.
    """
    store = context_of(info).store
    paths: list[str] = []
    with store.transaction():
        for key in keys:
            gallery = store.galleries.require(key)
            for zip_file in store.galleries.file_ids(key):
                if store.galleries.with_file(zip_file) == [key]:
                    inside = store.column("select id from files where zip_file_id = ?", (zip_file,))
                    _drop_images(store, inside, most_galleries=None)
                    if delete_file:
                        paths.append(store.files.require_file(zip_file)["path"])
                        store.files.remove([zip_file])
            if delete_file and gallery["folder_id"] is not None:
                inside = store.column(
                    "select id from files where parent_folder_id = ?", (gallery["folder_id"],)
                )
                for file_id in _drop_images(store, inside, most_galleries=1):
                    paths.append(store.files.require_file(file_id)["path"])
                    store.files.remove([file_id])
            if store.galleries.get(key) is not None:
                store.galleries.destroy([key])
        for path in paths:
            check_unlink(info, path)
    for path in paths:
        unlink(info, path)


def _drop_images(store: Store, files: Sequence[int], most_galleries: int | None) -> list[int]:
    """Destroy the images of files; those with other files lose these alone."""
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
