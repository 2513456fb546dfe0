"""The finders of files and folders, and the joins of other kinds with their files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stash_typed.sandbox.store.kinds import FILE, FOLDER, KINDS

from .builder import Builder, Join, inner, left
from .common import plain_sorts, related_filters, video_filters
from .criteria import (
    Handler,
    count,
    group_count,
    ignored,
    moment,
    orientation,
    path,
    resolution,
    text,
    text_clause,
)
from .finder import Finder, Sort, nested, register
from .relations import marks, none_sql
from .special import duplicated, hashes
from .trees import Tree, belongs_to

_FOLDER_TREE = Tree("folders", parent="parent_folder_id")
_PARENT = left("folders", "files.parent_folder_id = folders.id")
_VIDEO = left("video_files", "video_files.file_id = files.id")
_IMAGE = left("image_files", "image_files.file_id = files.id")


def captions(excluded: str, *joins: Join) -> Handler:
    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        if criterion["modifier"] == "EXCLUDES":
            builder.require(excluded, criterion["value"])
            return
        builder.join(*joins)
        builder.where.append(
            text_clause("video_captions.language_code", criterion["modifier"], criterion["value"])
        )

    return handle


def _part(handlers: Mapping[str, Handler]) -> Handler:
    def handle(builder: Builder, criteria: Mapping[str, Any]) -> None:
        for name, each in handlers.items():
            if criteria.get(name) is not None:
                each(builder, criteria[name])

    return handle


def _zip_file(of: str) -> Handler:
    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        column = f"{of}.zip_file_id"
        modifier: str = criterion["modifier"]
        values: list[str] = criterion.get("value") or []
        if modifier in ("IS_NULL", "NOT_NULL"):
            builder.require(f"{column} {none_sql(modifier)}")
        elif values and modifier in ("INCLUDES", "EXCLUDES"):
            sign = "in" if modifier == "INCLUDES" else "not in"
            builder.require(f"{column} {sign} {marks(values)}", *values)

    return handle


register(
    Finder(
        kind=FILE,
        filters={
            "video_file_filter": _part(
                {
                    "format": text("video_files.format", _VIDEO),
                    **video_filters(_VIDEO),
                    "captions": captions(
                        "files.id not in"
                        " (select file_id from video_captions where language_code like ?)",
                        left("video_captions", "video_captions.file_id = files.id"),
                    ),
                }
            ),
            "image_file_filter": _part(
                {
                    "format": text("image_files.format", _IMAGE),
                    "resolution": resolution("min(image_files.width, image_files.height)", _IMAGE),
                    "orientation": orientation("image_files", _IMAGE),
                }
            ),
            "path": path("folders.path", "files.basename"),
            "basename": text("files.basename"),
            "dir": text("folders.path"),
            "mod_time": moment("files.mod_time"),
            "parent_folder": belongs_to("files", "parent_folder_id", _FOLDER_TREE),
            "zip_file": _zip_file("files"),
            "scene_count": count("scenes_files", "file_id", "files"),
            "image_count": count("images_files", "file_id", "files"),
            "gallery_count": count("galleries_files", "file_id", "files"),
            "hashes": hashes,
            "duplicated": duplicated("files.id"),
            "created_at": moment("files.created_at"),
            "updated_at": moment("files.updated_at"),
            **related_filters(
                FILE, ((kind, kind.files, kind.owner, "file_id") for kind in KINDS.values())
            ),
        },
        search=("folders.path || '/' || files.basename",),
        sorts={
            **plain_sorts(FILE),
            "path": Sort("folders.path {direction}, files.basename {direction}"),
        },
        sums={
            "duration": ("coalesce(video_files.duration, 0)", (_VIDEO,)),
            "megapixels": (
                "coalesce(image_files.width, 0) * coalesce(image_files.height, 0)",
                (_IMAGE,),
            ),
            "size": ("coalesce(files.size, 0)", ()),
        },
        joins=(_PARENT,),
        outside=("scenes_filter", "images_filter", "galleries_filter"),
    )
)


def folder_filters(table: str) -> Mapping[str, Handler]:
    """Return the criteria on folders that are joined under a name."""
    return {
        "path": text(f"{table}.path"),
        "mod_time": moment(f"{table}.mod_time"),
        "parent_folder": belongs_to(table, "parent_folder_id", _FOLDER_TREE),
        "zip_file": _zip_file(table),
        "gallery_count": group_count(
            "count(distinct galleries.id)", left("galleries", "galleries.folder_id = folders.id")
        ),
        "files_filter": ignored,
        "created_at": moment(f"{table}.created_at"),
        "updated_at": moment(f"{table}.updated_at"),
    }


register(
    Finder(
        kind=FOLDER,
        filters={
            **folder_filters("folders"),
            "galleries_filter": nested(
                "gallery", "folders.id", inner("galleries", "galleries.folder_id = folders.id")
            ),
        },
        search=("folders.path",),
        sorts=plain_sorts(FOLDER, "path"),
        outside=("galleries_filter",),
    )
)
