"""The finder of groups (formerly movies)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stash_typed.sandbox.store.kinds import GROUP, SCENE

from .builder import Builder, left
from .common import counted, own_filters, plain_sorts, through, unlisted
from .criteria import number
from .finder import Finder, Sort, by_text, register, text_last
from .relations import marks, or_none
from .special import missing
from .trees import GROUP_TREE, relatives, relatives_count

_O_COUNT = (
    "(select count(d.o_date) from groups_scenes l left join scenes_o_dates d"
    " on d.scene_id = l.scene_id where l.group_id = groups.id)"
)


@or_none(
    "performers_scenes.performer_id",
    left("groups_scenes", "groups.id = groups_scenes.group_id"),
    left("performers_scenes", "groups_scenes.scene_id = performers_scenes.scene_id"),
)
def _performers(builder: Builder, criterion: Mapping[str, Any]) -> None:
    modifier: str = criterion["modifier"]
    ids: list[str] = criterion.get("value") or []
    if not ids:
        return
    builder.define(
        "groups_performers",
        "select g.group_id, p.performer_id from groups_scenes g join performers_scenes p"
        f" on g.scene_id = p.scene_id where p.performer_id in {marks(ids)}",
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


register(
    Finder(
        kind=GROUP,
        filters={
            **own_filters(GROUP, but="aliases tags_filter"),
            "is_missing": missing(
                "groups",
                "name aliases director description date duration rating studio_id",
                front_image=("groups.front_image_blob is null", ()),
                back_image=("groups.back_image_blob is null", ()),
                scenes=unlisted(GROUP, "groups_scenes", "scene_id"),
            ),
            "performers": _performers,
            "o_counter": number(_O_COUNT),
            "containing_groups": relatives(GROUP_TREE, "groups_parents", upwards=True),
            "sub_groups": relatives(GROUP_TREE, "groups_children", upwards=False),
            "containing_group_count": relatives_count(
                GROUP_TREE, "groups_parents_count", upwards=True
            ),
            "sub_group_count": relatives_count(GROUP_TREE, "groups_children_count", upwards=False),
            "scenes_filter": through(GROUP, "groups_scenes", SCENE),
        },
        search=("groups.name", "groups.aliases"),
        sorts={
            **plain_sorts(GROUP, "date duration rating"),
            "name": by_text("groups.name"),
            "scenes_count": counted("groups_scenes", "group_id", "groups"),
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
