"""The kinds of objects as data: which input field and answer is kept in which column or table."""

from __future__ import annotations

from collections.abc import Mapping

from .kind import Column, IdList, Kind, TextList

__all__ = [
    "FILE",
    "FOLDER",
    "GALLERY",
    "GROUP",
    "IMAGE",
    "KINDS",
    "MARKER",
    "PERFORMER",
    "SCENE",
    "STUDIO",
    "TAG",
]


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


_RATING = Column("rating100", "int", "rating")
_STUDIO = Column("studio_id", "ref")
_DATE = Column("date", "date")
_ORGANIZED = Column("organized", "flag")
_FAVORITE = Column("favorite", "flag")
_IGNORED = Column("ignore_auto_tag", "flag")

SCENE = Kind(
    name="scene",
    table="scenes",
    owner="scene_id",
    columns=(
        *_texts("title", "code", "details", "director"),
        *(_DATE, _RATING, _ORGANIZED, _STUDIO),
        Column("resume_time", "float"),
        Column("play_duration", "float"),
    ),
    id_lists=(
        IdList("performer_ids", "performers_scenes", "scene_id", "performer_id", "performer"),
        IdList("tag_ids", "scenes_tags", "scene_id", "tag_id", "tag"),
        IdList("gallery_ids", "scenes_galleries", "scene_id", "gallery_id", "gallery"),
    ),
    text_lists=(TextList("urls", "scene_urls", "scene_id", "url", ordered=True),),
    stash_ids="scene_stash_ids",
    blobs={"cover": "cover_blob"},
    files="scenes_files",
)
IMAGE = Kind(
    name="image",
    table="images",
    owner="image_id",
    columns=(
        *_texts("title", "code", "details", "photographer"),
        *(_DATE, _RATING, _ORGANIZED, _STUDIO),
        Column("o_counter", "int"),
    ),
    id_lists=(
        IdList("performer_ids", "performers_images", "image_id", "performer_id", "performer"),
        IdList("tag_ids", "images_tags", "image_id", "tag_id", "tag"),
        IdList(
            *("gallery_ids", "galleries_images", "image_id", "gallery_id", "gallery"), "j.rowid"
        ),
    ),
    text_lists=(TextList("urls", "image_urls", "image_id", "url", ordered=True),),
    files="images_files",
)
GALLERY = Kind(
    name="gallery",
    table="galleries",
    owner="gallery_id",
    columns=(
        *_texts("title", "code", "details", "photographer"),
        *(_DATE, _RATING, _ORGANIZED, _STUDIO),
        Column("folder_id", "ref"),
    ),
    id_lists=(
        IdList(
            *("performer_ids", "performers_galleries", "gallery_id", "performer_id", "performer")
        ),
        IdList("tag_ids", "galleries_tags", "gallery_id", "tag_id", "tag"),
        IdList("scene_ids", "scenes_galleries", "gallery_id", "scene_id", "scene", "j.rowid"),
    ),
    text_lists=(TextList("urls", "gallery_urls", "gallery_id", "url", ordered=True),),
    files="galleries_files",
)
PERFORMER = Kind(
    name="performer",
    table="performers",
    owner="performer_id",
    columns=(
        *_texts("name", "disambiguation"),
        Column("gender", "enum"),
        Column("birthdate", "date"),
        *_texts("ethnicity", "country", "eye_color"),
        Column("height_cm", "int", "height"),
        *_texts("measurements", "fake_tits"),
        Column("penis_length", "float"),
        Column("circumcised", "enum"),
        *_texts("career_length", "tattoos", "piercings", "details"),
        Column("death_date", "date"),
        Column("hair_color"),
        Column("weight", "int"),
        *(_FAVORITE, _RATING, _IGNORED),
    ),
    id_lists=(IdList("tag_ids", "performers_tags", "performer_id", "tag_id", "tag"),),
    text_lists=(
        TextList("alias_list", "performer_aliases", "performer_id", "alias"),
        TextList("urls", "performer_urls", "performer_id", "url", ordered=True),
    ),
    stash_ids="performer_stash_ids",
    blobs={"image": "image_blob"},
)
STUDIO = Kind(
    name="studio",
    table="studios",
    owner="studio_id",
    columns=(
        *_texts("name", "details"),
        Column("parent_id", "ref"),
        *(_FAVORITE, _RATING, _IGNORED),
    ),
    id_lists=(IdList("tag_ids", "studios_tags", "studio_id", "tag_id", "tag"),),
    text_lists=(
        TextList("aliases", "studio_aliases", "studio_id", "alias"),
        TextList("urls", "studio_urls", "studio_id", "url", ordered=True),
    ),
    stash_ids="studio_stash_ids",
    blobs={"image": "image_blob"},
)
TAG = Kind(
    name="tag",
    table="tags",
    owner="tag_id",
    columns=(*_texts("name", "sort_name", "description"), _FAVORITE, _IGNORED),
    id_lists=(
        IdList("parent_ids", "tags_relations", "child_id", "parent_id", "tag"),
        IdList("child_ids", "tags_relations", "parent_id", "child_id", "tag"),
    ),
    text_lists=(TextList("aliases", "tag_aliases", "tag_id", "alias"),),
    stash_ids="tag_stash_ids",
    blobs={"image": "image_blob"},
)
GROUP = Kind(
    name="group",
    table="groups",
    owner="group_id",
    columns=(
        *_texts("name", "aliases"),
        Column("duration", "int"),
        *(_DATE, _RATING, _STUDIO),
        Column("director"),
        Column("synopsis", "text", "description"),
    ),
    id_lists=(IdList("tag_ids", "groups_tags", "group_id", "tag_id", "tag"),),
    text_lists=(TextList("urls", "group_urls", "group_id", "url", ordered=True),),
    blobs={"front": "front_image_blob", "back": "back_image_blob"},
)
MARKER = Kind(
    name="scene marker",
    table="scene_markers",
    owner="scene_marker_id",
    columns=(
        Column("title"),
        Column("seconds", "float"),
        Column("end_seconds", "float"),
        Column("scene_id", "ref"),
        Column("primary_tag_id", "ref"),
    ),
    id_lists=(
        IdList(
            *("tag_ids", "scene_markers_tags", "scene_marker_id", "tag_id", "tag"),
            "natural_key(m.name)",
        ),
    ),
)
FOLDER = Kind(
    name="folder",
    table="folders",
    owner="folder_id",
    columns=(
        Column("path"),
        Column("mod_time", "time"),
        Column("parent_folder_id", "ref"),
        Column("zip_file_id", "ref"),
    ),
)
FILE = Kind(
    name="file",
    table="files",
    owner="file_id",
    columns=(
        Column("basename"),
        Column("size", "int"),
        Column("mod_time", "time"),
        Column("parent_folder_id", "ref"),
        Column("zip_file_id", "ref"),
    ),
    answers=(
        Column(
            "__typename",
            stored="case when v.file_id is not null then 'VideoFile'"
            " when i.file_id is not null then 'ImageFile' else 'BasicFile' end",
        ),
        Column("path", stored="rtrim(d.path, '/') || '/' || files.basename"),
        Column("format", stored="coalesce(v.format, i.format)"),
        Column("width", "int", "coalesce(v.width, i.width)"),
        Column("height", "int", "coalesce(v.height, i.height)"),
        *(Column(name, "float", f"v.{name}") for name in ("duration", "frame_rate")),
        *(Column(name, "text", f"v.{name}") for name in ("video_codec", "audio_codec")),
        Column("bit_rate", "int", "v.bit_rate"),
        Column("interactive", "flag", "v.interactive"),
        Column("interactive_speed", "int", "v.interactive_speed"),
    ),
    source="files join folders d on d.id = files.parent_folder_id"
    " left join video_files v on v.file_id = files.id"
    " left join image_files i on i.file_id = files.id",
)
KINDS: Mapping[str, Kind] = {
    each.name: each
    for each in (*(SCENE, IMAGE, GALLERY, PERFORMER, STUDIO, TAG, GROUP), MARKER, FOLDER, FILE)
}
