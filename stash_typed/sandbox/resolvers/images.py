"""Images: finding, fields, changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.registry import field, mutation, query
from stash_typed.sandbox.store.changes import Changes
from stash_typed.sandbox.store.images import Images
from stash_typed.sandbox.store.items import Item
from stash_typed.sandbox.store.kinds import IMAGE

from ..graphql.inputs import changes_from
from .deleting import delete_files_of
from .finding import find_items, find_one
from .ids import number, numbers
from .relations import unix_time

__all__: list[str] = []

_Input = Mapping[str, Any]
_Maybe = Mapping[str, Any] | None


def _images(info: GraphQLResolveInfo) -> Images:
    return context_of(info).store.images


@query("findImage")
def find_image(
    _parent: None, info: GraphQLResolveInfo, *, id: str | None = None, checksum: str | None = None
) -> Item | None:
    """One image by id, or by the md5 of a file."""
    images = _images(info)
    if id is not None:
        return find_one(images, id)
    key = images.by_fingerprint("md5", checksum) if checksum is not None else None
    return None if key is None else images.get(key)


@query("findImages")
def find_images(
    _parent: None,
    info: GraphQLResolveInfo,
    *,
    filter: _Maybe = None,
    image_filter: _Maybe = None,
    ids: Sequence[str] | None = None,
    image_ids: Sequence[int] | None = None,
) -> dict[str, Any]:
    """Images that match, or those with some ids."""
    return find_items(info, _images(info), "images", image_filter, filter, ids, image_ids)


@query("allImages")
def all_images(_parent: None, info: GraphQLResolveInfo) -> list[Item]:
    """All images."""
    images = _images(info)
    return images.read(images.all_ids())


@field("Image", "visual_files")
def visual_files(parent: Item, _info: GraphQLResolveInfo) -> list[Item]:
    """An image's files, the primary one first."""
    return parent.page.files().get(parent.key, [])


@field("Image", "files")
def files(parent: Item, _info: GraphQLResolveInfo) -> list[Item]:
    """The same without videos."""
    found = parent.page.files().get(parent.key, [])
    return [file for file in found if file["__typename"] == "ImageFile"]


@field("Image", "paths")
def paths(parent: Item, info: GraphQLResolveInfo) -> dict[str, str]:
    """Links to an image."""
    start = f"{context_of(info).request_base_url}/image/{parent.key}"
    time = unix_time(parent)
    return {
        "image": f"{start}/image?t={time}",
        "thumbnail": f"{start}/thumbnail?t={time}",
        "preview": "",
    }


def _image_changes(given: _Input) -> Changes:
    changes = changes_from(IMAGE, given)
    if given.get("primary_file_id"):
        value = given["primary_file_id"]
        changes.primary_file_id = number(
            value, f"converting primary file id: converting {value} to int"
        )
    return changes


def _update(images: Images, given: _Input) -> int:
    key = number(given["id"], "converting id")
    images.require(key)
    changes = _image_changes(given)
    images.check_edit(key, changes)
    images.update(key, changes)
    return key


@mutation("imageUpdate")
def image_update(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Change an image."""
    images = _images(info)
    with images.database.transaction():
        key = _update(images, input)
    return images.get(key)


@mutation("imagesUpdate")
def images_update(
    _parent: None, info: GraphQLResolveInfo, *, input: Sequence[_Input]
) -> list[Item] | None:
    """Change images, all or none."""
    images = _images(info)
    with images.database.transaction():
        keys = [_update(images, each) for each in input]
    return images.read(keys) or None


@mutation("bulkImageUpdate")
def bulk_image_update(
    _parent: None, info: GraphQLResolveInfo, *, input: _Input
) -> list[Item] | None:
    """Change images in the same way, all or none."""
    images = _images(info)
    keys = numbers(input.get("ids"), "converting ids")
    changes = _image_changes(input)
    with images.database.transaction():
        for key in keys:
            images.check_edit(key, changes)
            images.update(key, changes)
    return images.read(keys) or None


@mutation("imageDestroy")
def image_destroy(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Destroy an image."""
    return _destroy(info, [number(input["id"], "converting id")], input)


@mutation("imagesDestroy")
def images_destroy(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Destroy images, all or none."""
    return _destroy(info, numbers(input["ids"], "converting ids"), input)


def _destroy(info: GraphQLResolveInfo, keys: Sequence[int], given: _Input) -> bool:
    images = _images(info)
    with delete_files_of(info, images, keys, bool(given.get("delete_file"))):
        images.destroy(keys)
    return True


@mutation("imageIncrementO")
def image_increment_o(_parent: None, info: GraphQLResolveInfo, *, id: str) -> int:
    """Count an image's o-count up."""
    return _images(info).add_o(number(id, "converting id"), 1)


@mutation("imageDecrementO")
def image_decrement_o(_parent: None, info: GraphQLResolveInfo, *, id: str) -> int:
    """Count an image's o-count down."""
    return _images(info).add_o(number(id, "converting id"), -1)


@mutation("imageResetO")
def image_reset_o(_parent: None, info: GraphQLResolveInfo, *, id: str) -> int:
    """Set an image's o-count to 0."""
    return _images(info).reset_o(number(id, "converting id"))
