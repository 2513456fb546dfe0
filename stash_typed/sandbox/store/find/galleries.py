"""The finder of galleries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stash_typed.sandbox.store.kinds import FOLDER, GALLERY, IMAGE, SCENE

from .builder import Builder, Clause, left
from .common import (
    counted,
    file_joins,
    joined_ids,
    lacking,
    through,
    visual_filters,
    visual_search,
    visual_sorts,
)
from .criteria import any_of, count, path_clause, resolution, text_clause
from .files import folder_filters
from .finder import FINDERS, Finder, by_text, here, register, text_last
from .special import missing, present

_LINK, _FILES, _FOLDERS = file_joins(GALLERY)
_OWN_FOLDER = left("folders", "galleries.folder_id = gallery_folder.id", "gallery_folder")
_CHAPTERS = left("galleries_chapters", "galleries_chapters.gallery_id = galleries.id")
_SORT_JOINS = (
    *(_LINK, _FILES, left("folders", "folders.id = galleries.folder_id")),
    left("folders", "files.parent_folder_id = file_folder.id", "file_folder"),
)


def _path(builder: Builder, criterion: Mapping[str, Any]) -> None:
    builder.join(_LINK, _FILES, _FOLDERS, _OWN_FOLDER)
    modifier, value = criterion["modifier"], criterion["value"]
    in_zip = path_clause("folders.path", "files.basename", modifier, value)
    in_folder = text_clause("gallery_folder.path", modifier, value)
    if modifier in ("IS_NULL", "NOT_MATCHES_REGEX"):
        builder.where.extend((in_zip, in_folder))
    else:
        builder.where.append(any_of(in_zip, in_folder))


def _is_zip(builder: Builder, value: bool) -> None:
    builder.join(_LINK)
    builder.where.append(Clause(f"galleries_files.file_id is {'not ' if value else ''}null"))


FINDERS["gallery folder"] = Finder(
    kind=FOLDER,
    filters=folder_filters("gallery_folder"),
    search=(),
    outside=("galleries_filter",),
)

register(
    Finder(
        kind=GALLERY,
        filters={
            **visual_filters(GALLERY),
            "is_zip": _is_zip,
            "path": _path,
            "is_missing": missing(
                "galleries",
                "title code details photographer rating folder_id studio_id",
                **lacking(GALLERY, url="gallery_urls"),
            ),
            "scenes": joined_ids(GALLERY, "scenes_galleries", SCENE),
            "has_chapters": present(_CHAPTERS, "galleries_chapters", "gallery_id"),
            "average_resolution": resolution(
                "avg(min(image_files.width, image_files.height))",
                left("galleries_images", "images_join.gallery_id = galleries.id", "images_join"),
                left("images", "images_join.image_id = images.id"),
                left("images_files", "images.id = images_files.image_id"),
                left("image_files", "images_files.file_id = image_files.file_id"),
                group=True,
            ),
            "image_count": count("galleries_images", "gallery_id", "galleries"),
            "scenes_filter": through(GALLERY, "scenes_galleries", SCENE),
            "images_filter": through(GALLERY, "galleries_images", IMAGE),
            "folders_filter": here("gallery folder", _OWN_FOLDER),
        },
        search=(
            "galleries.title",
            "gallery_folder.path",
            "folders.path || '/' || files.basename",
            "files_fingerprints.fingerprint",
            "galleries_chapters.title",
        ),
        search_joins=(*visual_search(GALLERY), _OWN_FOLDER, _CHAPTERS),
        sorts={
            **{
                name: each for name, each in visual_sorts(GALLERY, "").items() if name != "filesize"
            },
            "path": by_text(
                "coalesce(folders.path, '') || coalesce(file_folder.path, '')"
                " || coalesce(files.basename, '')",
                *_SORT_JOINS,
            ),
            "title": by_text(
                "coalesce(galleries.title, files.basename, basename(coalesce(folders.path, '')))",
                *_SORT_JOINS,
            ),
            "images_count": counted("galleries_images", "gallery_id", "galleries"),
        },
        last=text_last("galleries", "galleries.title"),
    )
)
