"""How scenes are found."""

from __future__ import annotations

from stash_typed.sandbox.store.kinds import SCENE

from .builder import inner, left
from .criteria import count, flag, ignored, number, orientation, path, resolution, text
from .files import captions, file_joins, fingerprint_join
from .finder import Finder, Sort, by_text, here, nested, register, text_last
from .relations import has_one_of
from .special import (
    duplicated,
    last_played_at,
    missing,
    phash,
    phash_distance,
    present,
    stash_id,
)
from .trees import Tree, linked_tree
from .visuals import counted, lacking, plain_sorts, shared_filters

__all__ = ["SCENES"]

_LINK, _FILES, _FOLDERS = file_joins("scenes_files", "scene_id", "scenes")
_VIDEO = left("video_files", "video_files.file_id = scenes_files.file_id")
_PHASH = fingerprint_join("scenes_files", "phash")
_MARKERS = left("scene_markers", "scene_markers.scene_id = scenes.id")
_GROUPS = left("groups_scenes", "groups_scenes.scene_id = scenes.id")
_GALLERIES = left("scenes_galleries", "scenes_galleries.scene_id = scenes.id")
_SHORTER = "min(video_files.width, video_files.height)"
_IN_GROUP = inner("groups_scenes", "groups_scenes.scene_id = scenes.id")


def _video(sql: str) -> Sort:
    return Sort(f"{sql} {{direction}}", (_LINK, _FILES, _VIDEO))


def _counted(table: str) -> Sort:
    return counted(table, "scene_id", "scenes")


_AGE = (
    "(select coalesce({most}(julianday(scenes.date) - julianday(p.birthdate)), {none})"
    " from performers p join performers_scenes l on p.id = l.performer_id"
    " where l.scene_id = scenes.id)"
)
_OLDEST = _AGE.format(most="max", none="null")
_YOUNGEST = _AGE.format(most="min", none="9223372036854775807")

SCENES = register(
    Finder(
        kind=SCENE,
        input="SceneFilterType",
        filters={
            **shared_filters(
                *("scenes", "scene_id", "title code details director"),
                *("scenes_tags", "performers_scenes", "scene_urls"),
            ),
            "path": path("folders.path", "files.basename", _LINK, _FILES, _FOLDERS),
            "file_count": count("scenes_files", "scene_id", "scenes"),
            "oshash": text(
                "fingerprints_oshash.fingerprint",
                *(_LINK, fingerprint_join("scenes_files", "oshash")),
            ),
            "checksum": text(
                "fingerprints_md5.fingerprint", _LINK, fingerprint_join("scenes_files", "md5")
            ),
            "phash": phash(_LINK, _PHASH),
            "phash_distance": phash_distance(_LINK, _PHASH),
            "o_counter": count("scenes_o_dates", "scene_id", "scenes"),
            "duration": number("cast(video_files.duration as int)", _LINK, _VIDEO),
            "resolution": resolution(_SHORTER, _LINK, _VIDEO),
            "orientation": orientation("video_files", _LINK, _VIDEO),
            "framerate": number("cast(round(video_files.frame_rate) as int)", _LINK, _VIDEO),
            "bitrate": number("video_files.bit_rate", _LINK, _VIDEO),
            "video_codec": text("video_files.video_codec", _LINK, _VIDEO),
            "audio_codec": text("video_files.audio_codec", _LINK, _VIDEO),
            "has_markers": present(_MARKERS, "scene_markers", "scene_id"),
            "is_missing": missing(
                "scenes",
                "title code details director rating studio_id",
                **lacking(
                    *("scenes", "scene_id"),
                    {
                        "galleries": "scenes_galleries",
                        "movie": "groups_scenes",
                        "group": "groups_scenes",
                        "performers": "performers_scenes",
                        "tags": "scenes_tags",
                        "stash_id": "scene_stash_ids",
                        "url": "scene_urls",
                    },
                ),
                studio=("scenes.studio_id is null", ()),
                date=("scenes.date is null or scenes.date is ''", ()),
                phash=("fingerprints_phash.fingerprint is null", (_LINK, _PHASH)),
                cover=("scenes.cover_blob is null", ()),
            ),
            "stash_id_endpoint": stash_id("scene_stash_ids", "scene_id", "scenes"),
            "interactive": flag("video_files.interactive", _LINK, _VIDEO),
            "interactive_speed": number("video_files.interactive_speed", _LINK, _VIDEO),
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
                "scene_group",
                ("groups_scenes", "scene_id", "group_id"),
                Tree("groups", "groups_relations", "containing_id", "sub_id"),
                "scenes",
            ),
            "movies": has_one_of(
                "groups_scenes.group_id",
                "scenes.id not in (select scene_id from groups_scenes where group_id in {ids})",
                *(_GROUPS, left("groups", "groups_scenes.group_id = groups.id")),
            ),
            "galleries": has_one_of(
                "scenes_galleries.gallery_id",
                "scenes.id not in"
                " (select scene_id from scenes_galleries where gallery_id in {ids})",
                *(_GALLERIES, left("galleries", "scenes_galleries.gallery_id = galleries.id")),
            ),
            "duplicated": duplicated("scenes_files.file_id", _LINK),
            "galleries_filter": nested(
                "gallery",
                "scenes_galleries.gallery_id",
                inner("scenes_galleries", "scenes_galleries.scene_id = scenes.id"),
            ),
            "groups_filter": ignored,
            "movies_filter": nested("group", "groups_scenes.group_id", _IN_GROUP),
            "files_filter": here("file", _LINK, _FILES, _FOLDERS),
            # The server joins markers without saying of which scene: one marker that matches
            # lets every scene match.
            "markers_filter": nested(
                "scene marker", "scene_markers.id", inner("scene_markers", "scenes.id")
            ),
        },
        search=(
            "scenes.title",
            "scenes.details",
            "folders.path || '/' || files.basename",
            "files_fingerprints.fingerprint",
            "scene_markers.title",
        ),
        search_joins=(
            *(_LINK, _FILES, _FOLDERS),
            left("files_fingerprints", "files_fingerprints.file_id = scenes_files.file_id"),
            _MARKERS,
        ),
        sorts={
            **plain_sorts(
                "scenes",
                "id code date created_at updated_at organized rating resume_time play_duration",
            ),
            "bitrate": _video("video_files.bit_rate"),
            "duration": _video("video_files.duration"),
            "framerate": _video("video_files.frame_rate"),
            "interactive": _video("video_files.interactive"),
            "interactive_speed": _video("video_files.interactive_speed"),
            "filesize": Sort("files.size {direction}", (_LINK, _FILES)),
            "file_mod_time": Sort("files.mod_time {direction}", (_LINK, _FILES)),
            "path": by_text(
                "coalesce(folders.path, '') || coalesce(files.basename, '')",
                *(_LINK, _FILES, _FOLDERS),
            ),
            "perceptual_similarity": Sort(
                "fingerprints_phash.fingerprint {direction}, files.size desc",
                (_LINK, _FILES, _PHASH),
            ),
            "title": by_text("coalesce(scenes.title, files.basename)", _LINK, _FILES),
            "studio": by_text("studios.name", left("studios", "scenes.studio_id = studios.id")),
            "movie_scene_number": Sort("groups_scenes.scene_index {direction}", (_GROUPS,)),
            "group_scene_number": Sort(
                "scene_group.scene_index {direction}",
                (left("groups_scenes", "scenes.id = scene_group.scene_id", "scene_group"),),
            ),
            "tag_count": _counted("scenes_tags"),
            "performer_count": _counted("performers_scenes"),
            "file_count": _counted("scenes_files"),
            "play_count": _counted("scenes_view_dates"),
            "o_counter": _counted("scenes_o_dates"),
            "last_played_at": Sort(
                "(select max(view_date) from scenes_view_dates v where v.scene_id = scenes.id)"
                " {direction}"
            ),
            "last_o_at": Sort(
                "(select max(o_date) from scenes_o_dates o where o.scene_id = scenes.id)"
                " {direction}"
            ),
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
