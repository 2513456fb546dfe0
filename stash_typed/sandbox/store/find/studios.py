"""How studios are found."""

from __future__ import annotations

from stash_typed.sandbox.store.kinds import STUDIO

from .builder import inner, left
from .criteria import Handler, count, flag, group_count, moment, number, text
from .finder import Finder, Sort, by_text, nested, register, text_last
from .relations import has_one_of
from .special import missing, stash_id, text_list
from .trees import TAG_TREE, linked_tree
from .visuals import counted, plain_sorts

__all__ = ["STUDIOS"]


def _works(table: str) -> Handler:
    return group_count(
        f"count(distinct {table}.id)", left(table, f"{table}.studio_id = studios.id")
    )


def _counted(table: str, owner: str = "studio_id") -> Sort:
    return counted(table, owner, "studios")


STUDIOS = register(
    Finder(
        kind=STUDIO,
        input="StudioFilterType",
        filters={
            "name": text("studios.name"),
            "details": text("studios.details"),
            "url": text_list("studio_urls", "studio_id", "url", "studios"),
            "rating100": number("studios.rating"),
            "favorite": flag("studios.favorite"),
            "ignore_auto_tag": flag("studios.ignore_auto_tag"),
            "stash_id_endpoint": stash_id("studio_stash_ids", "studio_id", "studios"),
            "is_missing": missing(
                "studios",
                "name details rating parent_id",
                url=(
                    "studio_urls.url is null",
                    (left("studio_urls", "studio_urls.studio_id = studios.id"),),
                ),
                image=("studios.image_blob is null", ()),
                stash_id=(
                    "studio_stash_ids.studio_id is null",
                    (left("studio_stash_ids", "studio_stash_ids.studio_id = studios.id"),),
                ),
            ),
            "tag_count": count("studios_tags", "studio_id", "studios"),
            "scene_count": _works("scenes"),
            "image_count": _works("images"),
            "gallery_count": _works("galleries"),
            "parents": has_one_of(
                "parent_studio.id",
                "not exists (select 1 from studios s where s.id = studios.id"
                " and s.parent_id in {ids})",
                left("studios", "parent_studio.id = studios.parent_id", "parent_studio"),
                none=("studios.parent_id", ()),
            ),
            "aliases": text_list("studio_aliases", "studio_id", "alias", "studios"),
            "tags": linked_tree(
                "studio_tag", ("studios_tags", "studio_id", "tag_id"), TAG_TREE, "studios"
            ),
            "child_count": group_count(
                "count(distinct children_count.id)",
                left("studios", "children_count.parent_id = studios.id", "children_count"),
            ),
            "created_at": moment("studios.created_at"),
            "updated_at": moment("studios.updated_at"),
            "scenes_filter": nested(
                "scene", "scenes.id", inner("scenes", "scenes.studio_id = studios.id")
            ),
            "images_filter": nested(
                "image", "images.id", inner("images", "images.studio_id = studios.id")
            ),
            "galleries_filter": nested(
                "gallery", "galleries.id", inner("galleries", "galleries.studio_id = studios.id")
            ),
        },
        search=("studios.name", "studio_aliases.alias"),
        search_joins=(left("studio_aliases", "studio_aliases.studio_id = studios.id"),),
        sorts={
            **plain_sorts("studios", "id created_at updated_at rating"),
            "name": by_text("studios.name"),
            "tag_count": _counted("studios_tags"),
            "scenes_count": _counted("scenes"),
            "images_count": _counted("images"),
            "galleries_count": _counted("galleries"),
            "child_count": _counted("studios", "parent_id"),
            "scenes_duration": Sort(
                "(select coalesce(sum(v.duration), 0) from scenes s"
                " left join scenes_files f on f.scene_id = s.id"
                " left join video_files v on v.file_id = f.file_id"
                " where s.studio_id = studios.id) {direction}"
            ),
        },
        last=text_last("studios", "studios.name"),
        default_sort="name",
    )
)
