"""Galleries: their images, covers and chapters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..clock import now_seconds
from ..errors import AnswerError
from ..graphql.context import Info, Input, context_of
from ..graphql.inputs import number, numbers
from ..graphql.registry import field, mutation
from ..store import Changes, Item, Store
from ..store.changes import Mode as ListMode
from ..store.kinds import GALLERY
from .declaring import Declaration, Mode
from .deleting import destroy_galleries
from .pictures import unix_time

_Chapter = dict[str, Any]
_CHAPTER = ("id", "title", "image_index", "gallery_id", "created_at", "updated_at")


def _changes(changes: Changes, given: Input, mode: Mode) -> None:
    if mode == "create":
        if not given["title"]:
            raise AnswerError("title must not be empty")
    elif "title" in given:  # it is kept as it is given; null leaves the old one
        changes.columns.pop("title")
        if given["title"] is not None:
            changes.columns["title"] = given["title"] or None


Declaration(GALLERY, "Galleries", changes=_changes, destroy=destroy_galleries).declare()


@field("Gallery", "image")
def image(parent: Item, info: Info, *, index: int) -> Item | None:
    """Return the image at a place, counted from 0."""
    if index < 0:
        raise AnswerError("index must >= 0")
    store = context_of(info).store
    keys = store.galleries.image_ids(parent.key)
    return store.images.get(keys[index]) if index < len(keys) else None


@field("Gallery", "cover")
def cover(parent: Item, info: Info) -> Item | None:
    context = context_of(info)
    store = context.store
    pattern = str(context.state.config.general["galleryCoverRegex"])
    key = store.galleries.cover(parent.key, pattern, store.images)
    return None if key is None else store.images.get(key)


@field("Gallery", "paths")
def paths(parent: Item, info: Info) -> dict[str, str]:
    start = f"{context_of(info).request_base_url}/gallery/{parent.key}"
    return {"cover": f"{start}/cover?t={unix_time(parent)}", "preview": f"{start}/preview"}


def _changing_images(mode: ListMode) -> Callable[..., bool]:
    def resolve(_parent: None, info: Info, *, input: Input) -> bool:
        galleries = context_of(info).store.galleries
        key = number(input["gallery_id"], "converting gallery id")
        images = numbers(input["image_ids"], "converting image ids")
        with galleries.database.transaction():
            galleries.check_contents(key)
            try:
                galleries.change_images(key, images, mode)
            except AnswerError as problem:
                raise AnswerError(
                    f"failed to {mode.lower()} images to gallery: {problem}"
                ) from problem
        return True

    return resolve


mutation("addGalleryImages")(_changing_images("ADD"))
mutation("removeGalleryImages")(_changing_images("REMOVE"))


@mutation("setGalleryCover", "resetGalleryCover")
def set_gallery_cover(_parent: None, info: Info, *, input: Input) -> bool:
    """Choose a gallery's cover among its images, or none."""
    galleries = context_of(info).store.galleries
    key = number(input["gallery_id"], "converting gallery id")
    image_id = None
    if "cover_image_id" in input:
        image_id = number(input["cover_image_id"], "converting cover image id")
    galleries.require(key)
    galleries.set_cover(key, image_id)
    return True


def _read(store: Store, key: int) -> _Chapter | None:
    row = store.row(f"select {', '.join(_CHAPTER)} from galleries_chapters where id = ?", (key,))
    return None if row is None else dict(zip(_CHAPTER, row, strict=True))


@field("Gallery", "chapters")
def chapters(parent: Item, _info: Info) -> list[_Chapter]:
    rows = parent.page.rows(
        "chapters",
        f"select gallery_id, {', '.join(_CHAPTER)} from galleries_chapters"
        " where gallery_id in {ids} order by image_index, id",
    )
    return [dict(zip(_CHAPTER, row, strict=True)) for row in rows.get(parent.key, [])]


@field("GalleryChapter", "gallery")
def gallery(parent: _Chapter, info: Info) -> Item | None:
    return context_of(info).store.galleries.get(parent["gallery_id"])


@mutation("galleryChapterCreate")
def chapter_create(_parent: None, info: Info, *, input: Input) -> _Chapter | None:
    store = context_of(info).store
    owner = number(input["gallery_id"], "converting gallery id")
    with store.transaction():
        store.galleries.check_index(owner, input["image_index"])
        values = {"title": input["title"], "image_index": input["image_index"]}
        stamps = dict.fromkeys(("created_at", "updated_at"), now_seconds())
        key = store.insert("galleries_chapters", {**values, "gallery_id": owner, **stamps})
    return _read(store, key)


@mutation("galleryChapterUpdate")
def chapter_update(_parent: None, info: Info, *, input: Input) -> _Chapter | None:
    store = context_of(info).store
    key = number(input["id"], "converting id")
    values: dict[str, Any] = {"updated_at": now_seconds()}
    if "title" in input:
        values["title"] = (input["title"] or "").strip()
    if "image_index" in input:
        values["image_index"] = input["image_index"] or 0
    if "gallery_id" in input:
        text = input["gallery_id"] or "0"
        values["gallery_id"] = number(text, f"converting gallery id: converting {text} to int")
    with store.transaction():
        old = _read(store, key)
        if old is None:
            raise AnswerError(f"gallery chapter with id {key} not found")
        merged: _Chapter = {**old, **values}
        store.galleries.check_index(merged["gallery_id"], merged["image_index"])
        store.update("galleries_chapters", key, values)
    return _read(store, key)


@mutation("galleryChapterDestroy")
def chapter_destroy(_parent: None, info: Info, *, id: str) -> bool:
    store = context_of(info).store
    key = number(id, "converting id")
    with store.transaction():
        if _read(store, key) is None:
            raise AnswerError(f"gallery chapter with id {key} not found")
        store.execute("delete from galleries_chapters where id = ?", (key,))
    return True
