"""The finder of studios."""

from __future__ import annotations

from stash_typed.sandbox.store.kinds import GALLERY, IMAGE, SCENE, STUDIO

from .builder import left
from .common import counted, lasting, own_filters, plain_sorts, related_filters, unlisted
from .criteria import group_count
from .finder import Finder, by_text, register, text_last
from .relations import has_one_of
from .special import missing

_WORKS = (SCENE, IMAGE, GALLERY)

register(
    Finder(
        kind=STUDIO,
        filters={
            **own_filters(STUDIO, but="tags_filter"),
            "is_missing": missing(
                "studios",
                "name details rating parent_id",
                url=unlisted(STUDIO, "studio_urls", "url"),
                image=("studios.image_blob is null", ()),
                stash_id=unlisted(STUDIO, "studio_stash_ids"),
            ),
            **{
                f"{kind.noun}_count": group_count(
                    f"count(distinct {kind.table}.id)",
                    left(kind.table, f"{kind.table}.studio_id = studios.id"),
                )
                for kind in _WORKS
            },
            "parents": has_one_of(
                "parent_studio.id",
                "not exists (select 1 from studios s where s.id = studios.id"
                " and s.parent_id in {ids})",
                left("studios", "parent_studio.id = studios.parent_id", "parent_studio"),
                none=("studios.parent_id", ()),
            ),
            "child_count": group_count(
                "count(distinct children_count.id)",
                left("studios", "children_count.parent_id = studios.id", "children_count"),
            ),
            **related_filters(STUDIO, ((kind, kind.table, "id", "studio_id") for kind in _WORKS)),
        },
        search=("studios.name", "studio_aliases.alias"),
        search_joins=(left("studio_aliases", "studio_aliases.studio_id = studios.id"),),
        sorts={
            **plain_sorts(STUDIO, "rating"),
            "name": by_text("studios.name"),
            **{
                f"{kind.table}_count": counted(kind.table, "studio_id", "studios")
                for kind in _WORKS
            },
            "child_count": counted("studios", "parent_id", "studios"),
            "scenes_duration": lasting("scenes", "id", "studio_id", "studios"),
        },
        last=text_last("studios", "studios.name"),
        default_sort="name",
    )
)
