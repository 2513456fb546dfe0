"""How groups (once called movies) are found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stash_typed.sandbox.store.kinds import GROUP

from .builder import Builder, inner, left
from .criteria import count, day, moment, number, text
from .finder import Finder, Sort, by_text, nested, register, text_last
from .special import missing, text_list
from .trees import TAG_TREE, Tree, belongs_to, linked_tree, relatives, relatives_count
from .visuals import counted, plain_sorts

__all__ = ["GROUPS"]

_TREE = Tree("groups", "groups_relations", "containing_id", "sub_id")
_O_COUNT = (
    "(select count(d.o_date) from groups_scenes l left join scenes_o_dates d"
    " on d.scene_id = l.scene_id where l.group_id = groups.id)"
)


def _performers(builder: Builder, criterion: Mapping[str, Any]) -> None:
    """Add the criterion on the performers of a group's scenes."""
    modifier: str = criterion["modifier"]
    ids: list[str] = criterion.get("value") or []
    if modifier in ("IS_NULL", "NOT_NULL"):
        builder.join(
            left("groups_scenes", "groups.id = groups_scenes.group_id"),
            left("performers_scenes", "groups_scenes.scene_id = performers_scenes.scene_id"),
        )
        sign = "not " if modifier == "NOT_NULL" else ""
        builder.require(f"performers_scenes.performer_id is {sign}null")
        return
    if not ids:
        return
    builder.define(
        "groups_performers",
        "select g.group_id, p.performer_id from groups_scenes g join performers_scenes p"
        f" on g.scene_id = p.scene_id where p.performer_id in ({', '.join('?' * len(ids))})",
        *ids,
    )
    builder.join(left("groups_performers", "groups.id = groups_performers.group_id"))
    column = "groups_performers.performer_id"
    if modifier in ("INCLUDES", "INCLUDES_ALL"):
        builder.require(f"{column} is not null")
    if modifier == "INCLUDES_ALL":
        builder.require_group(f"count(distinct {column}) = ?", len(ids))
    if modifier == "EXCLUDES":
        builder.require(f"{column} is null")


GROUPS = register(
    Finder(
        kind=GROUP,
        input="GroupFilterType",
        filters={
            "name": text("groups.name"),
            "director": text("groups.director"),
            "synopsis": text("groups.description"),
            "rating100": number("groups.rating"),
            "duration": number("cast(groups.duration as int)"),
            "is_missing": missing(
                "groups",
                "name aliases director description date duration rating studio_id",
                front_image=("groups.front_image_blob is null", ()),
                back_image=("groups.back_image_blob is null", ()),
                scenes=(
                    "groups_scenes.scene_id is null",
                    (left("groups_scenes", "groups_scenes.group_id = groups.id"),),
                ),
            ),
            "url": text_list("group_urls", "group_id", "url", "groups"),
            "studios": belongs_to("groups", "studio_id", Tree("studios")),
            "performers": _performers,
            "tags": linked_tree(
                "group_tag", ("groups_tags", "group_id", "tag_id"), TAG_TREE, "groups"
            ),
            "tag_count": count("groups_tags", "group_id", "groups"),
            "o_counter": number(_O_COUNT),
            "date": day("groups.date"),
            "containing_groups": relatives(_TREE, "groups_parents", upwards=True),
            "sub_groups": relatives(_TREE, "groups_children", upwards=False),
            "containing_group_count": relatives_count(_TREE, "groups_parents_count", upwards=True),
            "sub_group_count": relatives_count(_TREE, "groups_children_count", upwards=False),
            "created_at": moment("groups.created_at"),
            "updated_at": moment("groups.updated_at"),
            "scenes_filter": nested(
                "scene",
                "groups_scenes.scene_id",
                inner("groups_scenes", "groups_scenes.group_id = groups.id"),
            ),
            "studios_filter": nested("studio", "groups.studio_id"),
        },
        search=("groups.name", "groups.aliases"),
        sorts={
            **plain_sorts("groups", "id date duration created_at updated_at rating"),
            "name": by_text("groups.name"),
            "scenes_count": counted("groups_scenes", "group_id", "groups"),
            "tag_count": counted("groups_tags", "group_id", "groups"),
            "o_counter": Sort(f"{_O_COUNT} {{direction}}"),
            "sub_group_order": Sort(
                "groups_relations.order_index {direction}",
                (left("groups_relations", "groups.id = groups_relations.sub_id"),),
                joined=("groups_parents", "groups_parents.order_index {direction}"),
            ),
        },
        last=text_last("groups", "groups.name"),
        default_sort="name",
    )
)
