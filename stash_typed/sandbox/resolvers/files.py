"""Files and folders: finding and fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.registry import field, query
from stash_typed.sandbox.store.functions import phash_to_text
from stash_typed.sandbox.store.items import Item
from stash_typed.sandbox.store.kinds import FILE, FOLDER

from .finding import find_items
from .ids import number, numbers

__all__: list[str] = []

_Maybe = Mapping[str, Any] | None


@query("findFile")
def find_file(
    _parent: None, info: GraphQLResolveInfo, *, id: str | None = None, path: str | None = None
) -> Item:
    """One file by id or path."""
    files = context_of(info).store.files
    if id is not None:
        return files.require_file(number(id))
    if path is None:
        raise AnswerError("either id or path must be provided")
    key = files.find_id(path)
    item = None if key is None else files.get(key)
    if item is None:
        raise AnswerError("file not found")
    return item


@query("findFiles")
def find_files(
    _parent: None,
    info: GraphQLResolveInfo,
    *,
    filter: _Maybe = None,
    file_filter: _Maybe = None,
    ids: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Files that match, or those with some ids."""
    files = context_of(info).store.files
    if not ids:
        return find_items(info, files, "files", file_filter, filter, None)
    items = [files.require_file(key) for key in numbers(ids)]
    return {
        "count": len(items),
        "files": items,
        "size": sum(item["size"] for item in items),
        "duration": sum(item["duration"] or 0 for item in items),
        "megapixels": sum(
            item["width"] * item["height"] / 1_000_000
            for item in items
            if item["__typename"] == "ImageFile"
        ),
    }


@query("findFolder")
def find_folder(
    _parent: None, info: GraphQLResolveInfo, *, id: str | None = None, path: str | None = None
) -> Item:
    """One folder by id or path."""
    folders = context_of(info).store.folders
    if id is not None:
        return folders.require(number(id))
    if path is None:
        raise AnswerError("either id or path must be provided")
    item = folders.at(path)
    if item is None:
        raise AnswerError("folder not found")
    return item


@query("findFolders")
def find_folders(
    _parent: None,
    info: GraphQLResolveInfo,
    *,
    filter: _Maybe = None,
    folder_filter: _Maybe = None,
    ids: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Folders that match, or those with some ids."""
    folders = context_of(info).store.folders
    return find_items(info, folders, "folders", folder_filter, filter, ids)


@field("BaseFile", "parent_folder")
@field("Folder", "parent_folder")
def parent_folder(parent: Item, _info: GraphQLResolveInfo) -> Item | None:
    """The folder that something lies in."""
    key = parent["parent_folder_id"]
    return None if key is None else parent.page.referred("parent_folder_id", FOLDER).get(key)


@field("BaseFile", "zip_file")
@field("Folder", "zip_file")
def zip_file(parent: Item, _info: GraphQLResolveInfo) -> Item | None:
    """The zip file that something lies in."""
    key = parent["zip_file_id"]
    return None if key is None else parent.page.referred("zip_file_id", FILE).get(key)


@field("BaseFile", "fingerprints")
def fingerprints(parent: Item, _info: GraphQLResolveInfo) -> list[dict[str, str]]:
    """A file's fingerprints, by type."""
    rows = parent.page.rows(
        "fingerprints",
        "select file_id, type, fingerprint from files_fingerprints where file_id in {ids}"
        " order by type",
    )
    return [
        {"type": kind, "value": phash_to_text(value) if isinstance(value, int) else str(value)}
        for kind, value in rows.get(parent.key, [])
    ]


@field("BaseFile", "fingerprint")
def fingerprint(parent: Item, info: GraphQLResolveInfo, *, type: str) -> str | None:
    """One of a file's fingerprints."""
    found = fingerprints(parent, info)
    return next((each["value"] for each in found if each["type"] == type), None)
