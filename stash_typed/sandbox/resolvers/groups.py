"""Groups, once called movies: finding, fields, changes, sub-groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.content.pictures import default_svg
from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.registry import field, mutation, query
from stash_typed.sandbox.store.changes import Changes, ListChange, Mode
from stash_typed.sandbox.store.groups import Groups
from stash_typed.sandbox.store.items import Item
from stash_typed.sandbox.store.kinds import GROUP, SCENE

from ..graphql.inputs import changes_from, image_data
from .finding import find_items, find_one
from .ids import number, numbers
from .pictures import has_image
from .relations import unix_time

__all__: list[str] = []

_Input = Mapping[str, Any]
_Maybe = Mapping[str, Any] | None


def _groups(info: GraphQLResolveInfo) -> Groups:
    return context_of(info).store.groups


@query("findGroup", "findMovie")
def find_group(_parent: None, info: GraphQLResolveInfo, *, id: str) -> Item | None:
    """One group."""
    return find_one(_groups(info), id)


@query("findGroups")
def find_groups(
    _parent: None,
    info: GraphQLResolveInfo,
    *,
    filter: _Maybe = None,
    group_filter: _Maybe = None,
    ids: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Groups that match, or those with some ids."""
    return find_items(info, _groups(info), "groups", group_filter, filter, ids)


@query("findMovies")
def find_movies(
    _parent: None,
    info: GraphQLResolveInfo,
    *,
    filter: _Maybe = None,
    movie_filter: _Maybe = None,
    ids: Sequence[str] | None = None,
) -> dict[str, Any]:
    """The same under the old name."""
    return find_items(info, _groups(info), "movies", movie_filter, filter, ids)


@query("allMovies")
def all_movies(_parent: None, info: GraphQLResolveInfo) -> list[Item]:
    """All groups by name."""
    groups = _groups(info)
    return groups.read(groups.database.column("select id from groups order by name, id"))


def _image(parent: Item, info: GraphQLResolveInfo, side: str) -> str:
    start = f"{context_of(info).request_base_url}/group/{parent.key}/{side}image"
    return f"{start}?t={unix_time(parent)}"


def _front_image_path(parent: Item, info: GraphQLResolveInfo) -> str:
    default = "" if has_image(parent, "front") else "&default=true"
    return _image(parent, info, "front") + default


def _back_image_path(parent: Item, info: GraphQLResolveInfo) -> str | None:
    return _image(parent, info, "back") if has_image(parent, "back") else None


def _scenes(parent: Item, _info: GraphQLResolveInfo) -> list[Item]:
    return parent.page.members(
        "scenes",
        SCENE,
        "select group_id, scene_id from groups_scenes where group_id in {ids} order by scene_id",
    ).get(parent.key, [])


for _type in ("Group", "Movie"):
    field(_type, "front_image_path")(_front_image_path)
    field(_type, "back_image_path")(_back_image_path)
    field(_type, "scenes")(_scenes)


def _described(parent: Item, own: str, other: str) -> list[dict[str, Any]]:
    sql = (
        f"select {own}, {other}, description from groups_relations where {own} in {{ids}}"
        " order by order_index"
    )
    rows = parent.page.rows(f"{other} rows", sql).get(parent.key, [])
    groups = parent.page.members(other, GROUP, sql).get(parent.key, [])
    by_key = {group.key: group for group in groups}
    return [{"group": by_key[key], "description": text or None} for key, text in rows]


@field("Group", "sub_groups")
def sub_groups(parent: Item, _info: GraphQLResolveInfo) -> list[dict[str, Any]]:
    """The groups in a group, in order."""
    return _described(parent, "containing_id", "sub_id")


@field("Group", "containing_groups")
def containing_groups(parent: Item, _info: GraphQLResolveInfo) -> list[dict[str, Any]]:
    """The groups that a group is in."""
    return _described(parent, "sub_id", "containing_id")


def _links(given: _Input | Sequence[_Input] | None, doing: str) -> ListChange[tuple[int, str]]:
    mode: Mode = "SET"
    each_of: Sequence[_Input] = ()
    if isinstance(given, Mapping):
        mode, each_of = given["mode"], given["groups"]
    elif given is not None:
        each_of = given
    links: list[tuple[int, str]] = []
    for each in each_of:
        try:
            key = number(each["group_id"])
        except AnswerError as problem:
            raise AnswerError(f"{doing}: invalid group ID: {each['group_id']}") from problem
        links.append((key, (each.get("description") or "").strip()))
    return ListChange(links, mode)


def _group_changes(given: _Input, *, new: bool = False, bulk: bool = False) -> Changes:
    changes = changes_from(GROUP, given, new=new)
    doing = "converting containing group ids"
    for name in ("containing_groups", "sub_groups"):
        if name in given and not (given[name] is None and (new or bulk)):
            links = _links(given[name], doing)
            if name == "containing_groups":
                changes.containing = links
            else:
                changes.contained = links
    for name, field_name in (("front", "front_image"), ("back", "back_image")):
        if field_name in given:
            data = image_data(given[field_name], f"{name} image")
            if data or not new:
                changes.blobs[name] = data
    if new and changes.blobs.get("back") and not changes.blobs.get("front"):
        changes.blobs["front"] = default_svg("group")  # no group has a back side alone
    return changes


def _create(groups: Groups, given: _Input) -> Item | None:
    return groups.get(groups.create(_group_changes(given, new=True)))


def _update(groups: Groups, given: _Input) -> Item | None:
    key = number(given["id"], "converting id")
    groups.update(key, _group_changes(given))
    return groups.get(key)


def _bulk_update(groups: Groups, given: _Input) -> list[Item] | None:
    keys = numbers(given.get("ids"), "converting ids")
    changes = _group_changes(given, bulk=True)
    with groups.database.transaction():
        for key in keys:
            groups.update(key, changes)
    return groups.read(keys) or None


@mutation("groupCreate")
def group_create(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Add a group."""
    return _create(_groups(info), input)


@mutation("movieCreate")
def movie_create(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Add a group, under its old name."""
    return _create(context_of(info).store.movies, input)


@mutation("groupUpdate")
def group_update(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Change a group."""
    return _update(_groups(info), input)


@mutation("movieUpdate")
def movie_update(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Change a group, under its old name."""
    return _update(context_of(info).store.movies, input)


@mutation("bulkGroupUpdate")
def bulk_group_update(
    _parent: None, info: GraphQLResolveInfo, *, input: _Input
) -> list[Item] | None:
    """Change groups in the same way, all or none."""
    return _bulk_update(_groups(info), input)


@mutation("bulkMovieUpdate")
def bulk_movie_update(
    _parent: None, info: GraphQLResolveInfo, *, input: _Input
) -> list[Item] | None:
    """Change groups in the same way, all or none, under their old name."""
    return _bulk_update(context_of(info).store.movies, input)


@mutation("groupDestroy", "movieDestroy")
def group_destroy(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Destroy a group."""
    _groups(info).destroy([number(input["id"], "converting id")])
    return True


@mutation("groupsDestroy", "moviesDestroy")
def groups_destroy(_parent: None, info: GraphQLResolveInfo, *, ids: Sequence[str]) -> bool:
    """Destroy groups, all or none."""
    _groups(info).destroy(numbers(ids, "converting ids"))
    return True


@mutation("addGroupSubGroups")
def add_sub_groups(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Put groups into a group."""
    key = number(input["containing_group_id"], "converting group id")
    links = _links(input["sub_groups"], "converting sub group ids")
    _groups(info).add_sub_groups(key, links.values, input.get("insert_index"))
    return True


@mutation("removeGroupSubGroups")
def remove_sub_groups(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Take groups out of a group."""
    key = number(input["containing_group_id"], "converting group id")
    groups = numbers(input["sub_group_ids"], "converting sub group ids")
    _groups(info).remove_sub_groups(key, groups)
    return True


@mutation("reorderSubGroups")
def reorder_sub_groups(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Move groups within a group."""
    key = number(input["group_id"], "converting group id")
    groups = numbers(input["sub_group_ids"], "converting sub group ids")
    at = number(input["insert_at_id"], "converting insert at id")
    _groups(info).reorder(key, groups, at, after=bool(input.get("insert_after")))
    return True
