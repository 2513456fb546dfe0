"""The finder of images."""

from __future__ import annotations

from stash_typed.sandbox.store.kinds import GALLERY, IMAGE

from .builder import inner, left
from .common import file_joins, lacking, through, visual_filters, visual_search, visual_sorts
from .criteria import orientation, resolution
from .finder import Finder, register, text_last
from .relations import has_one_of
from .special import missing

_LINK, _FILES = file_joins(IMAGE)[:2]
_PICTURE = left("image_files", "image_files.file_id = images_files.file_id")
_GALLERIES = inner("galleries_images", "galleries_images.image_id = images.id")

register(
    Finder(
        kind=IMAGE,
        filters={
            **visual_filters(IMAGE, checksum="inner"),
            "resolution": resolution("min(image_files.width, image_files.height)", _LINK, _PICTURE),
            "orientation": orientation("image_files", _LINK, _PICTURE),
            "is_missing": missing(
                "images",
                "title code details photographer rating studio_id",
                **lacking(IMAGE),
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
            "galleries_filter": through(IMAGE, "galleries_images", GALLERY),
        },
        search=(
            *("images.title", "folders.path || '/' || files.basename"),
            "files_fingerprints.fingerprint",
        ),
        search_joins=visual_search(IMAGE),
        sorts=visual_sorts(IMAGE, "o_counter"),
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
