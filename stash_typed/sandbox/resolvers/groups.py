"""Groups, once called movies, and their sub-groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from ..content.pictures import default_svg
from ..errors import AnswerError
from ..graphql.context import Info, Input, context_of
from ..graphql.inputs import number, numbers
from ..graphql.registry import field, mutation
from ..store import Changes, Item, ListChange
from ..store.changes import Mode as ListMode
from ..store.groups import Groups
from ..store.kinds import GROUP
from .declaring import Declaration, Mode
from .pictures import has_image, unix_time
from .relations import joined


def _links(given: Input | Sequence[Input] | None, doing: str) -> ListChange[tuple[int, str]]:
    mode: ListMode = "SET"
    if isinstance(given, Mapping):
        mode, given = given["mode"], cast("Sequence[Input]", given["groups"])
    links: list[tuple[int, str]] = []
    for each in given or ():
        try:
            key = number(each["group_id"])
        except AnswerError as problem:
            raise AnswerError(f"{doing}: invalid group ID: {each['group_id']}") from problem
        links.append((key, (each.get("description") or "").strip()))
    return ListChange(links, mode)


def _changes(changes: Changes, given: Input, mode: Mode) -> None:
    doing = "converting containing group ids"
    for name in ("containing_groups", "sub_groups"):
        if name in given and not (given[name] is None and mode != "update"):
            changes.described[name] = _links(given[name], doing)


def _create(groups: Groups, changes: Changes, _given: Input) -> int:
    if changes.blobs.get("back") and not changes.blobs.get("front"):
        changes.blobs["front"] = default_svg("group")  # no group has a back side alone
    return groups.create(changes)


Declaration(GROUP, "Groups", changes=_changes, create=_create).declare()
Declaration(
    GROUP,
    "Movies",
    objects="movies",
    singular="Movie",
    everything="select id from groups order by name, id",
    changes=_changes,
    create=_create,
).declare()


def _image(parent: Item, info: Info, side: str) -> str:
    start = f"{context_of(info).request_base_url}/group/{parent.key}/{side}image"
    return f"{start}?t={unix_time(parent)}"


@field("Group", "front_image_path")
@field("Movie", "front_image_path")
def front_image_path(parent: Item, info: Info) -> str:
    return _image(parent, info, "front") + ("" if has_image(parent, "front") else "&default=true")


@field("Group", "back_image_path")
@field("Movie", "back_image_path")
def back_image_path(parent: Item, info: Info) -> str | None:
    return _image(parent, info, "back") if has_image(parent, "back") else None


for _name, _own, _other in (
    ("sub_groups", "containing_id", "sub_id"),
    ("containing_groups", "sub_id", "containing_id"),
):
    _sql = (
        f"select {_own}, {_other}, nullif(description, '') from groups_relations"
        f" where {_own} in {{ids}} order by order_index"
    )
    field("Group", _name)(joined(GROUP, _sql, "group", "description"))


@mutation("addGroupSubGroups")
def add_sub_groups(_parent: None, info: Info, *, input: Input) -> bool:
    key = number(input["containing_group_id"], "converting group id")
    links = _links(input["sub_groups"], "converting sub group ids")
    context_of(info).store.groups.add_sub_groups(key, links.values, input.get("insert_index"))
    return True


@mutation("removeGroupSubGroups")
def remove_sub_groups(_parent: None, info: Info, *, input: Input) -> bool:
    key = number(input["containing_group_id"], "converting group id")
    groups = numbers(input["sub_group_ids"], "converting sub group ids")
    context_of(info).store.groups.remove_sub_groups(key, groups)
    return True


@mutation("reorderSubGroups")
def reorder_sub_groups(_parent: None, info: Info, *, input: Input) -> bool:
    key = number(input["group_id"], "converting group id")
    groups = numbers(input["sub_group_ids"], "converting sub group ids")
    at = number(input["insert_at_id"], "converting insert at id")
    after = bool(input.get("insert_after"))
    context_of(info).store.groups.reorder(key, groups, at, after=after)
    return True
