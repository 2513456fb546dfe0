"""The finder of scenes."""

from __future__ import annotations

from stash_typed.sandbox.store.kinds import GALLERY, GROUP, SCENE

from .builder import inner, left
from .common import (
    counted,
    file_joins,
    fingerprint_join,
    joined_ids,
    lacking,
    through,
    video_filters,
    visual_filters,
    visual_search,
    visual_sorts,
)
from .criteria import count, ignored, number, text
from .files import captions
from .finder import Finder, Sort, by_text, nested, register, text_last
from .special import duplicated, last_played_at, missing, phash_distance, present
from .trees import GROUP_TREE, linked_tree

_LINK, _FILES = file_joins(SCENE)[:2]
_VIDEO = left("video_files", "video_files.file_id = scenes_files.file_id")
_PHASH = fingerprint_join("scenes_files", "phash")
_MARKERS = left("scene_markers", "scene_markers.scene_id = scenes.id")
_GROUPS = left("groups_scenes", "groups_scenes.scene_id = scenes.id")


def _video(sql: str) -> Sort:
    return Sort(f"{sql} {{direction}}", (_LINK, _FILES, _VIDEO))


def _latest(column: str, table: str) -> Sort:
    return Sort(f"(select max({column}) from {table} d where d.scene_id = scenes.id) {{direction}}")


_AGE = (
    "(select coalesce({most}(julianday(scenes.date) - julianday(p.birthdate)), {none})"
    " from performers p join performers_scenes l on p.id = l.performer_id"
    " where l.scene_id = scenes.id)"
)
_OLDEST = _AGE.format(most="max", none="null")
_YOUNGEST = _AGE.format(most="min", none="9223372036854775807")

register(
    Finder(
        kind=SCENE,
        filters={
            **visual_filters(SCENE),
            "oshash": text(
                "fingerprints_oshash.fingerprint",
                *(_LINK, fingerprint_join("scenes_files", "oshash")),
            ),
            "phash": phash_distance(_LINK, _PHASH),
            "phash_distance": phash_distance(_LINK, _PHASH),
            "o_counter": count("scenes_o_dates", "scene_id", "scenes"),
            **video_filters(_LINK, _VIDEO),
            "has_markers": present(_MARKERS, "scene_markers", "scene_id"),
            "is_missing": missing(
                "scenes",
                "title code details director rating studio_id",
                **lacking(
                    SCENE,
                    movie="groups_scenes",
                    group="groups_scenes",
                    stash_id="scene_stash_ids",
                    url="scene_urls",
                ),
                phash=("fingerprints_phash.fingerprint is null", (_LINK, _PHASH)),
                cover=("scenes.cover_blob is null", ()),
            ),
            "captions": captions(
                "scenes.id not in (select l.scene_id from scenes_files l"
                " join video_captions c on c.file_id = l.file_id where c.language_code like ?)",
                _LINK,
                left("video_captions", "video_captions.file_id = scenes_files.file_id"),
            ),
            "resume_time": number("cast(scenes.resume_time as int)"),
            "play_duration": number("cast(scenes.play_duration as int)"),
            "play_count": count("scenes_view_dates", "scene_id", "scenes"),
            "last_played_at": last_played_at,
            "groups": linked_tree(
                "scene_group", ("groups_scenes", "scene_id", "group_id"), GROUP_TREE, "scenes"
            ),
            "movies": joined_ids(SCENE, "groups_scenes", GROUP),
            "galleries": joined_ids(SCENE, "scenes_galleries", GALLERY),
            "duplicated": duplicated("scenes_files.file_id", _LINK),
            "galleries_filter": through(SCENE, "scenes_galleries", GALLERY),
            "groups_filter": ignored,
            "movies_filter": through(SCENE, "groups_scenes", GROUP),
            # The server joins markers without saying of which scene: one marker that matches
            # lets every scene match.
            "markers_filter": nested(
                "scene marker", "scene_markers.id", inner("scene_markers", "scenes.id")
            ),
        },
        search=(
            *("scenes.title", "scenes.details", "folders.path || '/' || files.basename"),
            *("files_fingerprints.fingerprint", "scene_markers.title"),
        ),
        search_joins=(*visual_search(SCENE), _MARKERS),
        sorts={
            **visual_sorts(SCENE, "code organized resume_time play_duration"),
            "bitrate": _video("video_files.bit_rate"),
            "duration": _video("video_files.duration"),
            "framerate": _video("video_files.frame_rate"),
            "interactive": _video("video_files.interactive"),
            "interactive_speed": _video("video_files.interactive_speed"),
            "perceptual_similarity": Sort(
                "fingerprints_phash.fingerprint {direction}, files.size desc",
                (_LINK, _FILES, _PHASH),
            ),
            "studio": by_text("studios.name", left("studios", "scenes.studio_id = studios.id")),
            "movie_scene_number": Sort("groups_scenes.scene_index {direction}", (_GROUPS,)),
            "group_scene_number": Sort(
                "scene_group.scene_index {direction}",
                (left("groups_scenes", "scenes.id = scene_group.scene_id", "scene_group"),),
            ),
            "play_count": counted("scenes_view_dates", "scene_id", "scenes"),
            "o_counter": counted("scenes_o_dates", "scene_id", "scenes"),
            "last_played_at": _latest("view_date", "scenes_view_dates"),
            "last_o_at": _latest("o_date", "scenes_o_dates"),
            # Downwards the oldest performer counts, upwards the youngest.
            "performer_age": Sort(
                f"case '{{direction}}' when 'DESC' then {_OLDEST} else {_YOUNGEST} end {{direction}}"
            ),
        },
        last=text_last("scenes", "scenes.title"),
        sums={
            "duration": ("coalesce(video_files.duration, 0)", (_LINK, _VIDEO)),
            "filesize": ("coalesce(files.size, 0)", (_LINK, _FILES)),
        },
    )
)
