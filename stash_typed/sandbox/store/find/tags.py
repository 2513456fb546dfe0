"""The finder of tags."""

from __future__ import annotations

from stash_typed.sandbox.store.kinds import TAG

from .builder import left
from .common import counted, lasting, lists, own_filters, plain_sorts, related_filters
from .criteria import group_count
from .finder import Finder, Sort, by_text, register, text_last
from .special import missing
from .trees import TAG_TREE, relatives, relatives_count

_TAGGED = [each for each in lists(TAG) if each[0].name != "scene marker"]
_COUNTS = {
    kind.noun: group_count(
        f"count(distinct {table}.{key})", left(table, f"{table}.tag_id = tags.id")
    )
    for kind, table, key, _ in _TAGGED
}
_SORTS = {kind.table: counted(table, "tag_id", "tags") for kind, table, _, _ in _TAGGED}

register(
    Finder(
        kind=TAG,
        filters={
            **own_filters(TAG),
            "is_missing": missing(
                "tags", "name sort_name description", image=("tags.image_blob is null", ())
            ),
            **{f"{name}_count": each for name, each in _COUNTS.items()},
            "movie_count": _COUNTS["group"],
            "marker_count": group_count(
                "count(distinct scene_markers.id)",
                left("scene_markers_tags", "scene_markers_tags.tag_id = tags.id"),
                left(
                    "scene_markers",
                    "scene_markers_tags.scene_marker_id = scene_markers.id"
                    " or scene_markers.primary_tag_id = tags.id",
                ),
            ),
            "parents": relatives(TAG_TREE, "tags_parents", upwards=True),
            "children": relatives(TAG_TREE, "tags_children", upwards=False),
            "parent_count": relatives_count(TAG_TREE, "tags_parents_count", upwards=True),
            "child_count": relatives_count(TAG_TREE, "tags_children_count", upwards=False),
            **related_filters(TAG, _TAGGED),
        },
        search=("tags.name", "tag_aliases.alias", "tags.sort_name"),
        search_joins=(left("tag_aliases", "tag_aliases.tag_id = tags.id"),),
        sorts={
            **plain_sorts(TAG),
            "name": by_text("coalesce(tags.sort_name, tags.name)"),
            **{f"{name}_count": each for name, each in _SORTS.items()},
            "movies_count": _SORTS["groups"],
            "scene_markers_count": Sort(
                "(select count(*) from scene_markers_tags m where m.tag_id = tags.id)"
                " + (select count(*) from scene_markers m where m.primary_tag_id = tags.id)"
                " {direction}"
            ),
            "scenes_duration": lasting("scenes_tags", "scene_id", "tag_id", "tags"),
        },
        last=text_last("tags", "tags.sort_name, tags.name"),
        default_sort="name",
    )
)
