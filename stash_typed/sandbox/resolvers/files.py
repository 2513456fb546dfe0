"""Files and folders: finding and fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import AnswerError
from ..graphql.context import Info, context_of
from ..graphql.inputs import number, numbers
from ..graphql.registry import field, query
from ..store import Item
from ..store.functions import phash_to_text
from ..store.kinds import FILE, FOLDER
from .declaring import Declaration


@query("findFile", "findFolder")
def find_file(_parent: None, info: Info, *, id: str | None = None, path: str | None = None) -> Item:
    store = context_of(info).store
    objects = store.files if info.field_name == "findFile" else store.folders
    if id is not None:
        return objects.require(number(id))
    if path is None:
        raise AnswerError("either id or path must be provided")
    key = objects.find_id(path)
    if key is None:
        raise AnswerError(f"{objects.kind.name} not found")
    return objects.require(key)


_files = Declaration(FILE, "Files")
query("findFolders")(Declaration(FOLDER, "Folders").find)


@query("findFiles")
def find_files(
    _parent: None, info: Info, *, ids: Sequence[str] | None = None, **given: Any
) -> dict[str, Any]:
    if not ids:
        return _files.find(_parent, info, **given)
    files = context_of(info).store.files
    items = [files.require(key) for key in numbers(ids)]
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


@field("BaseFile", "fingerprints")
def fingerprints(parent: Item, _info: Info) -> list[dict[str, str]]:
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
def fingerprint(parent: Item, info: Info, *, type: str) -> str | None:
    found = fingerprints(parent, info)
    return next((each["value"] for each in found if each["type"] == type), None)
