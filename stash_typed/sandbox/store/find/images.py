"""How images are found."""

from __future__ import annotations

from stash_typed.sandbox.store.kinds import IMAGE

from .builder import inner, left
from .criteria import count, number, orientation, path, resolution, text
from .files import file_joins, fingerprint_join
from .finder import Finder, Sort, by_text, here, nested, register, text_last
from .relations import has_one_of
from .special import missing
from .visuals import counted, lacking, plain_sorts, shared_filters

__all__ = ["IMAGES"]

_LINK, _FILES, _FOLDERS = file_joins("images_files", "image_id", "images")
_PICTURE = left("image_files", "image_files.file_id = images_files.file_id")
_GALLERIES = inner("galleries_images", "galleries_images.image_id = images.id")

IMAGES = register(
    Finder(
        kind=IMAGE,
        input="ImageFilterType",
        filters={
            **shared_filters(
                *("images", "image_id", "title code details photographer"),
                *("images_tags", "performers_images", "image_urls"),
            ),
            "checksum": text(
                "fingerprints_md5.fingerprint",
                *(_LINK, fingerprint_join("images_files", "md5", "inner")),
            ),
            "path": path("folders.path", "files.basename", _LINK, _FILES, _FOLDERS),
            "file_count": count("images_files", "image_id", "images"),
            "o_counter": number("images.o_counter"),
            "resolution": resolution("min(image_files.width, image_files.height)", _LINK, _PICTURE),
            "orientation": orientation("image_files", _LINK, _PICTURE),
            "is_missing": missing(
                "images",
                "title code details photographer rating date studio_id",
                **lacking(
                    *("images", "image_id"),
                    {
                        "performers": "performers_images",
                        "galleries": "galleries_images",
                        "tags": "images_tags",
                    },
                ),
                studio=("images.studio_id is null", ()),
            ),
            "galleries": has_one_of(
                "galleries_images.gallery_id",
                "images.id not in"
                " (select image_id from galleries_images where gallery_id in {ids})",
                *(_GALLERIES, inner("galleries", "galleries_images.gallery_id = galleries.id")),
                none=(
                    "galleries_images.gallery_id",
                    (left("galleries_images", "galleries_images.image_id = images.id"),),
                ),
                joined_for=("INCLUDES", "INCLUDES_ALL"),
            ),
            "galleries_filter": nested("gallery", "galleries_images.gallery_id", _GALLERIES),
            "files_filter": here("file", _LINK, _FILES, _FOLDERS),
        },
        search=(
            "images.title",
            "folders.path || '/' || files.basename",
            "files_fingerprints.fingerprint",
        ),
        search_joins=(
            *(_LINK, _FILES, _FOLDERS),
            left("files_fingerprints", "files_fingerprints.file_id = images_files.file_id"),
        ),
        sorts={
            **plain_sorts("images", "id date created_at updated_at o_counter rating"),
            "filesize": Sort("files.size {direction}", (_LINK, _FILES)),
            "file_mod_time": Sort("files.mod_time {direction}", (_LINK, _FILES)),
            "path": by_text(
                "coalesce(folders.path, '') || coalesce(files.basename, '')",
                *(_LINK, _FILES, _FOLDERS),
            ),
            "title": by_text("coalesce(images.title, files.basename)", _LINK, _FILES),
            "file_count": counted("images_files", "image_id", "images"),
            "tag_count": counted("images_tags", "image_id", "images"),
            "performer_count": counted("performers_images", "image_id", "images"),
        },
        last=text_last("images", "images.title"),
        sums={
            "megapixels": (
                "coalesce(image_files.width, 0) * coalesce(image_files.height, 0)",
                (_LINK, _PICTURE),
            ),
            "filesize": ("coalesce(files.size, 0)", (_LINK, _FILES)),
        },
    )
)
