"""How tags are found."""

from __future__ import annotations

from stash_typed.sandbox.store.kinds import TAG

from .builder import inner, left
from .criteria import Handler, flag, group_count, moment, text
from .finder import Finder, Sort, by_text, nested, register, text_last
from .special import missing, stash_id, text_list
from .trees import TAG_TREE, relatives, relatives_count
from .visuals import counted, plain_sorts

__all__ = ["TAGS"]


def _tagged(table: str, owner: str) -> Handler:
    return group_count(f"count(distinct {table}.{owner})", left(table, f"{table}.tag_id = tags.id"))


def _counted(table: str) -> Sort:
    return counted(table, "tag_id", "tags")


TAGS = register(
    Finder(
        kind=TAG,
        input="TagFilterType",
        filters={
            "name": text("tags.name"),
            "sort_name": text("tags.sort_name"),
            "aliases": text_list("tag_aliases", "tag_id", "alias", "tags"),
            "favorite": flag("tags.favorite"),
            "description": text("tags.description"),
            "ignore_auto_tag": flag("tags.ignore_auto_tag"),
            "is_missing": missing(
                "tags", "name sort_name description", image=("tags.image_blob is null", ())
            ),
            "scene_count": _tagged("scenes_tags", "scene_id"),
            "image_count": _tagged("images_tags", "image_id"),
            "gallery_count": _tagged("galleries_tags", "gallery_id"),
            "performer_count": _tagged("performers_tags", "performer_id"),
            "studio_count": _tagged("studios_tags", "studio_id"),
            "group_count": _tagged("groups_tags", "group_id"),
            "movie_count": _tagged("groups_tags", "group_id"),
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
            "stash_id_endpoint": stash_id("tag_stash_ids", "tag_id", "tags"),
            "created_at": moment("tags.created_at"),
            "updated_at": moment("tags.updated_at"),
            "scenes_filter": nested(
                "scene",
                "scenes_tags.scene_id",
                inner("scenes_tags", "scenes_tags.tag_id = tags.id"),
            ),
            "images_filter": nested(
                "image",
                "images_tags.image_id",
                inner("images_tags", "images_tags.tag_id = tags.id"),
            ),
            "galleries_filter": nested(
                "gallery",
                "galleries_tags.gallery_id",
                inner("galleries_tags", "galleries_tags.tag_id = tags.id"),
            ),
        },
        search=("tags.name", "tag_aliases.alias", "tags.sort_name"),
        search_joins=(left("tag_aliases", "tag_aliases.tag_id = tags.id"),),
        sorts={
            **plain_sorts("tags", "id created_at updated_at"),
            "name": by_text("coalesce(tags.sort_name, tags.name)"),
            "scenes_count": _counted("scenes_tags"),
            "images_count": _counted("images_tags"),
            "galleries_count": _counted("galleries_tags"),
            "performers_count": _counted("performers_tags"),
            "studios_count": _counted("studios_tags"),
            "groups_count": _counted("groups_tags"),
            "movies_count": _counted("groups_tags"),
            "scene_markers_count": Sort(
                "(select count(*) from scene_markers_tags m where m.tag_id = tags.id)"
                " + (select count(*) from scene_markers m where m.primary_tag_id = tags.id)"
                " {direction}"
            ),
            "scenes_duration": Sort(
                "(select coalesce(sum(v.duration), 0) from scenes_tags l"
                " left join scenes_files f on f.scene_id = l.scene_id"
                " left join video_files v on v.file_id = f.file_id"
                " where l.tag_id = tags.id) {direction}"
            ),
        },
        last=text_last("tags", "tags.sort_name, tags.name"),
        default_sort="name",
    )
)
