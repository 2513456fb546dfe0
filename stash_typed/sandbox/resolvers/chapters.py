"""Chapters of galleries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.clock import now_seconds
from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.registry import field, mutation
from stash_typed.sandbox.store import Store
from stash_typed.sandbox.store.items import Item

from .ids import number

__all__: list[str] = []

_Input = Mapping[str, Any]
_Chapter = dict[str, Any]
_COLUMNS = ("id", "title", "image_index", "gallery_id", "created_at", "updated_at")


def _read(store: Store, key: int) -> _Chapter | None:
    row = store.row(f"select {', '.join(_COLUMNS)} from galleries_chapters where id = ?", (key,))
    return None if row is None else dict(zip(_COLUMNS, row, strict=True))


@field("Gallery", "chapters")
def chapters(parent: Item, _info: GraphQLResolveInfo) -> list[_Chapter]:
    """A gallery's chapters, in order."""
    rows = parent.page.rows(
        "chapters",
        f"select gallery_id, {', '.join(_COLUMNS)} from galleries_chapters"
        " where gallery_id in {ids} order by image_index, id",
    )
    return [dict(zip(_COLUMNS, row, strict=True)) for row in rows.get(parent.key, [])]


@field("GalleryChapter", "gallery")
def gallery(parent: _Chapter, info: GraphQLResolveInfo) -> Item | None:
    """The gallery of a chapter."""
    return context_of(info).store.galleries.get(parent["gallery_id"])


@mutation("galleryChapterCreate")
def chapter_create(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> _Chapter | None:
    """Add a chapter."""
    store = context_of(info).store
    owner = number(input["gallery_id"], "converting gallery id")
    with store.transaction():
        store.galleries.check_index(owner, input["image_index"])
        now = now_seconds()
        key = store.insert(
            "galleries_chapters",
            {
                "title": input["title"],
                "image_index": input["image_index"],
                "gallery_id": owner,
                "created_at": now,
                "updated_at": now,
            },
        )
    return _read(store, key)


@mutation("galleryChapterUpdate")
def chapter_update(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> _Chapter | None:
    """Change a chapter."""
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
def chapter_destroy(_parent: None, info: GraphQLResolveInfo, *, id: str) -> bool:
    """Delete a chapter."""
    store = context_of(info).store
    key = number(id, "converting id")
    with store.transaction():
        if _read(store, key) is None:
            raise AnswerError(f"gallery chapter with id {key} not found")
        store.execute("delete from galleries_chapters where id = ?", (key,))
    return True
