"""Studios: finding, fields, changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.registry import field, mutation, query
from stash_typed.sandbox.store.changes import Changes, ListChange
from stash_typed.sandbox.store.items import Item
from stash_typed.sandbox.store.kinds import GROUP, STUDIO
from stash_typed.sandbox.store.studios import Studios

from ..graphql.inputs import changes_from, image_data, list_change
from .finding import find_items, find_one
from .ids import number, numbers
from .pictures import image_path

__all__: list[str] = []

_Input = Mapping[str, Any]
_Maybe = Mapping[str, Any] | None


def _studios(info: GraphQLResolveInfo) -> Studios:
    return context_of(info).store.studios


@query("findStudio")
def find_studio(_parent: None, info: GraphQLResolveInfo, *, id: str) -> Item | None:
    """One studio."""
    return find_one(_studios(info), id)


@query("findStudios")
def find_studios(
    _parent: None,
    info: GraphQLResolveInfo,
    *,
    filter: _Maybe = None,
    studio_filter: _Maybe = None,
    ids: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Studios that match, or those with some ids."""
    return find_items(info, _studios(info), "studios", studio_filter, filter, ids)


@query("allStudios")
def all_studios(_parent: None, info: GraphQLResolveInfo) -> list[Item]:
    """All studios by name."""
    studios = _studios(info)
    return studios.read(studios.database.column("select id from studios order by name"))


field("Studio", "image_path")(image_path("studio"))


@field("Studio", "parent_studio")
def parent_studio(parent: Item, _info: GraphQLResolveInfo) -> Item | None:
    """The studio above."""
    key = parent["parent_id"]
    return None if key is None else parent.page.referred("parent_id", STUDIO).get(key)


@field("Studio", "child_studios")
def child_studios(parent: Item, _info: GraphQLResolveInfo) -> list[Item]:
    """The studios directly below."""
    return parent.page.members(
        "children",
        STUDIO,
        "select parent_id, id from studios where parent_id in {ids} order by id",
    ).get(parent.key, [])


@field("Studio", "groups", "movies")
def groups(parent: Item, _info: GraphQLResolveInfo) -> list[Item]:
    """A studio's groups."""
    return parent.page.members(
        "groups", GROUP, "select studio_id, id from groups where studio_id in {ids} order by id"
    ).get(parent.key, [])


def _studio_changes(given: _Input, *, new: bool = False) -> Changes:
    changes = changes_from(STUDIO, given, new=new, skip=("urls", "url"))
    if new:
        urls = [given["url"].strip()] if given.get("url") is not None else []
        urls.extend(url.strip() for url in given.get("urls") or ())
        changes.texts["urls"] = ListChange(urls)
    elif "urls" in given:
        if "url" in given:
            raise AnswerError("url field must not be included if urls is included")
        change = list_change(given["urls"])
        if change is not None:
            changes.texts["urls"] = change
    elif "url" in given:
        changes.texts["urls"] = ListChange([given["url"]] if given["url"] is not None else [])
    if "image" in given:
        data = image_data(given["image"])
        if data or not new:
            changes.blobs["image"] = data
    return changes


@mutation("studioCreate")
def studio_create(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Add a studio."""
    studios = _studios(info)
    return studios.get(studios.create(_studio_changes(input, new=True)))


@mutation("studioUpdate")
def studio_update(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Change a studio."""
    studios = _studios(info)
    key = number(input["id"], "converting id")
    studios.update(key, _studio_changes(input))
    return studios.get(key)


@mutation("bulkStudioUpdate")
def bulk_studio_update(
    _parent: None, info: GraphQLResolveInfo, *, input: _Input
) -> list[Item] | None:
    """Change studios in the same way, all or none."""
    studios = _studios(info)
    keys = numbers(input["ids"], "converting ids")
    changes = _studio_changes(input)
    with studios.database.transaction():
        for key in keys:
            studios.update(key, changes)
    return studios.read(keys) or None


@mutation("studioDestroy")
def studio_destroy(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Destroy a studio."""
    _studios(info).destroy([number(input["id"], "converting id")])
    return True


@mutation("studiosDestroy")
def studios_destroy(_parent: None, info: GraphQLResolveInfo, *, ids: Sequence[str]) -> bool:
    """Destroy studios, all or none."""
    _studios(info).destroy(numbers(ids, "converting ids"))
    return True
