"""The library in numbers."""

from __future__ import annotations

from ..graphql.context import Info, context_of
from ..graphql.registry import query
from ..store.kinds import KINDS

_NUMBERS = {
    **{f"{kind.noun}_count": f"select count(*) from {kind.table}" for kind in KINDS.values()},
    "movie_count": "select count(*) from groups",
    "scenes_size": "select sum(f.size) from scenes_files l join files f on f.id = l.file_id",
    "scenes_duration": "select sum(v.duration) from scenes_files l"
    " join video_files v on v.file_id = l.file_id",
    "images_size": "select sum(f.size) from images_files l join files f on f.id = l.file_id",
    "total_o_count": "select (select count(*) from scenes_o_dates)"
    " + (select coalesce(sum(o_counter), 0) from images)",
    "total_play_duration": "select sum(play_duration) from scenes",
    "total_play_count": "select count(*) from scenes_view_dates",
    "scenes_played": "select count(distinct scene_id) from scenes_view_dates",
}


@query("stats")
def stats(_parent: None, info: Info) -> dict[str, float]:
    store = context_of(info).store
    return {name: store.value(sql) or 0 for name, sql in _NUMBERS.items()}
