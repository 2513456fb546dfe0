"""Galleries: finding, fields, changes, their images and covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.registry import field, mutation, query
from stash_typed.sandbox.store.changes import Changes
from stash_typed.sandbox.store.galleries import Galleries
from stash_typed.sandbox.store.items import Item
from stash_typed.sandbox.store.kinds import FOLDER, GALLERY

from ..graphql.inputs import changes_from
from .finding import find_items, find_one
from .gallery_deleting import destroy_galleries
from .ids import number, numbers
from .relations import unix_time

__all__: list[str] = []

_Input = Mapping[str, Any]
_Maybe = Mapping[str, Any] | None


def _galleries(info: GraphQLResolveInfo) -> Galleries:
    return context_of(info).store.galleries


@query("findGallery")
def find_gallery(_parent: None, info: GraphQLResolveInfo, *, id: str) -> Item | None:
    """One gallery."""
    return find_one(_galleries(info), id)


@query("findGalleries")
def find_galleries(
    _parent: None,
    info: GraphQLResolveInfo,
    *,
    filter: _Maybe = None,
    gallery_filter: _Maybe = None,
    ids: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Galleries that match, or those with some ids."""
    return find_items(info, _galleries(info), "galleries", gallery_filter, filter, ids)


@query("allGalleries")
def all_galleries(_parent: None, info: GraphQLResolveInfo) -> list[Item]:
    """All galleries."""
    galleries = _galleries(info)
    return galleries.read(galleries.all_ids())


@field("Gallery", "files")
def files(parent: Item, _info: GraphQLResolveInfo) -> list[Item]:
    """A gallery's zip files."""
    return parent.page.files().get(parent.key, [])


@field("Gallery", "folder")
def folder(parent: Item, _info: GraphQLResolveInfo) -> Item | None:
    """The folder that a gallery was made of."""
    key = parent["folder_id"]
    return None if key is None else parent.page.referred("folder_id", FOLDER).get(key)


@field("Gallery", "image_count")
def image_count(parent: Item, _info: GraphQLResolveInfo) -> int:
    """How many images a gallery has."""
    rows = parent.page.rows(
        "image count",
        "select gallery_id, count(*) from galleries_images where gallery_id in {ids}"
        " group by gallery_id",
    ).get(parent.key)
    return rows[0][0] if rows else 0


@field("Gallery", "image")
def image(parent: Item, info: GraphQLResolveInfo, *, index: int) -> Item | None:
    """The image at a place, counted from 0; nothing stands for a place without one."""
    if index < 0:
        raise AnswerError("index must >= 0")
    store = context_of(info).store
    keys = store.galleries.image_ids(parent.key)
    return store.images.get(keys[index]) if index < len(keys) else None


@field("Gallery", "cover")
def cover(parent: Item, info: GraphQLResolveInfo) -> Item | None:
    """The image that stands for a gallery."""
    context = context_of(info)
    store = context.store
    pattern = str(context.state.config.general["galleryCoverRegex"])
    key = store.galleries.cover(parent.key, pattern, store.images)
    return None if key is None else store.images.get(key)


@field("Gallery", "paths")
def paths(parent: Item, info: GraphQLResolveInfo) -> dict[str, str]:
    """Links to a gallery's cover and images."""
    start = f"{context_of(info).request_base_url}/gallery/{parent.key}"
    return {"cover": f"{start}/cover?t={unix_time(parent)}", "preview": f"{start}/preview"}


def _gallery_changes(given: _Input, *, new: bool = False) -> Changes:
    changes = changes_from(GALLERY, given, new=new)
    if not new and "title" in given:  # it is kept as it is given; null leaves the old one
        changes.columns.pop("title")
        if given["title"] is not None:
            changes.columns["title"] = given["title"] or None
    if given.get("primary_file_id"):
        value = given["primary_file_id"]
        changes.primary_file_id = number(
            value, f"converting primary file id: converting {value} to int"
        )
    return changes


@mutation("galleryCreate")
def gallery_create(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Add a gallery."""
    if not input["title"]:
        raise AnswerError("title must not be empty")
    galleries = _galleries(info)
    return galleries.get(galleries.create(_gallery_changes(input, new=True)))


def _update(galleries: Galleries, given: _Input) -> int:
    key = number(given["id"], "converting id")
    galleries.require(key)
    changes = _gallery_changes(given)
    galleries.check_edit(key, changes)
    galleries.update(key, changes)
    return key


@mutation("galleryUpdate")
def gallery_update(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Change a gallery."""
    galleries = _galleries(info)
    with galleries.database.transaction():
        key = _update(galleries, input)
    return galleries.get(key)


@mutation("galleriesUpdate")
def galleries_update(
    _parent: None, info: GraphQLResolveInfo, *, input: Sequence[_Input]
) -> list[Item] | None:
    """Change galleries, all or none."""
    galleries = _galleries(info)
    with galleries.database.transaction():
        keys = [_update(galleries, each) for each in input]
    return galleries.read(keys) or None


@mutation("bulkGalleryUpdate")
def bulk_gallery_update(
    _parent: None, info: GraphQLResolveInfo, *, input: _Input
) -> list[Item] | None:
    """Change galleries in the same way, all or none."""
    galleries = _galleries(info)
    keys = numbers(input.get("ids"), "converting ids")
    changes = _gallery_changes(input)
    with galleries.database.transaction():
        for key in keys:
            galleries.update(key, changes)
    return galleries.read(keys) or None


@mutation("galleryDestroy")
def gallery_destroy(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Destroy galleries, all or none, and the images of those made of zip files."""
    keys = numbers(input["ids"], "converting ids")
    destroy_galleries(info, keys, delete_file=bool(input.get("delete_file")))
    return True


@mutation("addGalleryImages")
def add_gallery_images(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Add images to a gallery that a user made."""
    galleries, key, images = _contents(info, input)
    with galleries.database.transaction():
        galleries.check_contents(key)
        try:
            galleries.add_images(key, images)
        except AnswerError as problem:
            raise AnswerError(f"failed to add images to gallery: {problem}") from problem
    return True


@mutation("removeGalleryImages")
def remove_gallery_images(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Take images out of a gallery that a user made."""
    galleries, key, images = _contents(info, input)
    with galleries.database.transaction():
        galleries.check_contents(key)
        galleries.remove_images(key, images)
    return True


def _contents(info: GraphQLResolveInfo, given: _Input) -> tuple[Galleries, int, list[int]]:
    key = number(given["gallery_id"], "converting gallery id")
    return _galleries(info), key, numbers(given["image_ids"], "converting image ids")


@mutation("setGalleryCover")
def set_gallery_cover(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Choose a gallery's cover among its images."""
    galleries = _galleries(info)
    key = number(input["gallery_id"], "converting gallery id")
    image_id = number(input["cover_image_id"], "converting cover image id")
    galleries.require(key)
    galleries.set_cover(key, image_id)
    return True


@mutation("resetGalleryCover")
def reset_gallery_cover(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Choose no cover."""
    galleries = _galleries(info)
    key = number(input["gallery_id"], "converting gallery id")
    galleries.require(key)
    galleries.set_cover(key, None)
    return True
