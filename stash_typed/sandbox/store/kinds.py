"""The kinds of objects as data: which input field and answer is kept in which column or table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .kind import Column, IdList, Kind, TextList


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


def _ids(owner: str, of: str, answer: str, table: str, order: str = "") -> IdList:
    return IdList(f"{of}_ids", table, f"{owner}_id", f"{of}_id", of, answer, order)


def _urls(owner: str) -> TextList:
    return TextList("urls", f"{owner}_urls", f"{owner}_id", "url", ordered=True)


def _aliases(owner: str, name: str = "aliases") -> TextList:
    return TextList(name, f"{owner}_aliases", f"{owner}_id", "alias")


_RATING = Column("rating100", "int", "rating")
_STUDIO = Column("studio_id", "ref", of="studio")
_DATE = Column("date", "date")
_ORGANIZED = Column("organized", "flag")
_FAVORITE = Column("favorite", "flag")
_IGNORED = Column("ignore_auto_tag", "flag")
_WITHIN = (
    Column("mod_time", "time"),
    Column("parent_folder_id", "ref", of="folder"),
    Column("zip_file_id", "ref", of="file"),
)

SCENE = Kind(
    name="scene",
    table="scenes",
    columns=(
        *_texts("title", "code", "details", "director"),
        *(_DATE, _RATING, _ORGANIZED, _STUDIO),
        Column("resume_time", "float"),
        Column("play_duration", "float"),
    ),
    id_lists=(
        _ids("scene", "performer", "performers", "performers_scenes"),
        _ids("scene", "tag", "tags", "scenes_tags"),
        _ids("scene", "gallery", "galleries", "scenes_galleries"),
    ),
    text_lists=(_urls("scene"),),
    stash_ids="scene_stash_ids",
    blobs={"cover": "cover_blob"},
    files="scenes_files",
)
IMAGE = Kind(
    name="image",
    table="images",
    columns=(
        *_texts("title", "code", "details", "photographer"),
        *(_DATE, _RATING, _ORGANIZED, _STUDIO),
        Column("o_counter", "int"),
    ),
    id_lists=(
        _ids("image", "performer", "performers", "performers_images"),
        _ids("image", "tag", "tags", "images_tags"),
        _ids("image", "gallery", "galleries", "galleries_images", "j.rowid"),
    ),
    text_lists=(_urls("image"),),
    files="images_files",
)
GALLERY = Kind(
    name="gallery",
    table="galleries",
    columns=(
        *_texts("title", "code", "details", "photographer"),
        *(_DATE, _RATING, _ORGANIZED, _STUDIO),
        Column("folder_id", "ref", of="folder"),
    ),
    id_lists=(
        _ids("gallery", "performer", "performers", "performers_galleries"),
        _ids("gallery", "tag", "tags", "galleries_tags"),
        _ids("gallery", "scene", "scenes", "scenes_galleries", "j.rowid"),
    ),
    text_lists=(_urls("gallery"),),
    files="galleries_files",
)
PERFORMER = Kind(
    name="performer",
    table="performers",
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
    id_lists=(_ids("performer", "tag", "tags", "performers_tags"),),
    text_lists=(_aliases("performer", "alias_list"), _urls("performer")),
    stash_ids="performer_stash_ids",
    custom_fields="performer_custom_fields",
    blobs={"image": "image_blob"},
)
STUDIO = Kind(
    name="studio",
    table="studios",
    columns=(
        *_texts("name", "details"),
        Column("parent_id", "ref", of="studio", answer="parent_studio"),
        *(_FAVORITE, _RATING, _IGNORED),
    ),
    id_lists=(_ids("studio", "tag", "tags", "studios_tags"),),
    text_lists=(_aliases("studio"), _urls("studio")),
    stash_ids="studio_stash_ids",
    blobs={"image": "image_blob"},
)
TAG = Kind(
    name="tag",
    table="tags",
    columns=(*_texts("name", "sort_name", "description"), _FAVORITE, _IGNORED),
    id_lists=(
        IdList("parent_ids", "tags_relations", "child_id", "parent_id", "tag", "parents"),
        IdList("child_ids", "tags_relations", "parent_id", "child_id", "tag", "children"),
    ),
    text_lists=(_aliases("tag"),),
    stash_ids="tag_stash_ids",
    blobs={"image": "image_blob"},
)
GROUP = Kind(
    name="group",
    table="groups",
    columns=(
        *_texts("name", "aliases"),
        Column("duration", "int"),
        *(_DATE, _RATING, _STUDIO),
        Column("director"),
        Column("synopsis", "text", "description"),
    ),
    id_lists=(_ids("group", "tag", "tags", "groups_tags"),),
    text_lists=(_urls("group"),),
    blobs={"front": "front_image_blob", "back": "back_image_blob"},
)
MARKER = Kind(
    name="scene marker",
    table="scene_markers",
    columns=(
        Column("title"),
        Column("seconds", "float"),
        Column("end_seconds", "float"),
        Column("scene_id", "ref", of="scene"),
        Column("primary_tag_id", "ref", of="tag"),
    ),
    id_lists=(_ids("scene_marker", "tag", "tags", "scene_markers_tags", "natural_key(m.name)"),),
)
FOLDER = Kind(name="folder", table="folders", columns=(Column("path"), *_WITHIN))
FILE = Kind(
    name="file",
    table="files",
    columns=(Column("basename"), Column("size", "int"), *_WITHIN),
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


def listing(other: Kind) -> Iterator[tuple[Kind, IdList]]:
    """Yield the other kinds that list the ids of one, and the list by which they do."""
    for kind in KINDS.values():
        for link in kind.id_lists:
            if link.of == other.name and kind is not other:
                yield kind, link


def referring(other: Kind) -> Iterator[tuple[Kind, Column]]:
    """Yield the other kinds with a column that names one, and the column."""
    for kind in KINDS.values():
        for column in kind.columns:
            if column.of == other.name and kind is not other:
                yield kind, column
