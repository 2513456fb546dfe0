"""Objects out of an export's files: found by name or file, then added or brought up to date."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import AnswerError
from ..graphql.inputs import changes_from
from ..store import Changes, Store
from ..store.kind import Kind
from ..store.kinds import PERFORMER, STUDIO, TAG
from ..store.objects import Objects
from .item_json import PICTURES, SPELT


@dataclass(frozen=True)
class Wishes:
    """How to treat existing objects, and names that do not exist."""

    duplicates: Literal["IGNORE", "OVERWRITE", "FAIL"]
    missing: Literal["IGNORE", "FAIL", "CREATE"]


class Importer:
    def __init__(self, store: Store, wishes: Wishes) -> None:
        self._store = store
        self._wishes = wishes

    def bring(self, kind: Kind, content: Mapping[str, Any]) -> None:
        with self._store.transaction():
            objects: Objects = getattr(self._store, kind.table)
            key = self._existing(kind, content)
            title = str(content.get("name") or content.get("title") or "")
            if key is not None and not kind.files:
                if self._wishes.duplicates == "FAIL":
                    raise AnswerError(f"{kind.name} with name '{title}' already exists")
                if self._wishes.duplicates == "IGNORE":
                    return
            if key is None and kind.files:
                raise AnswerError(f"no {kind.name} has the files of '{title}': scan them first")
            changes = self._changes(kind, content, new=key is None)
            if key is None:
                key = objects.create(changes)
            else:
                objects.update(key, changes)
            for name, picture in PICTURES.items():
                if content.get(name) and picture in kind.blobs:
                    self._store.set_blob(kind.name, key, picture, base64.b64decode(content[name]))

    def _existing(self, kind: Kind, content: Mapping[str, Any]) -> int | None:
        if not kind.files:
            return self._named(kind, str(content["name"]))
        for path in content.get("files") or content.get("zip_files") or ():
            found: int | None = self._store.value(
                f"select {kind.owner} from {kind.files} where file_id = ?",
                (self._store.files.find_id(path),),
            )
            if found is not None:
                return found
        return None

    def _named(self, kind: Kind, name: str) -> int | None:
        found: int | None = self._store.value(
            f"select id from {kind.table} where name = ? order by id", (name,)
        )
        return found

    def _changes(self, kind: Kind, content: Mapping[str, Any], *, new: bool) -> Changes:
        # Nothing but what an export has: no ids, which mean other objects here.
        columns = [each.name for each in kind.columns if each.type != "ref"]
        fields = (*columns, *(each.name for each in kind.text_lists), "url", "stash_ids")
        labels = {SPELT.get(name, name): name for name in fields}
        given: dict[str, Any] = {
            name: content[label] for label, name in labels.items() if content.get(label) is not None
        }
        if given.get("height_cm") is not None:
            given["height_cm"] = int(given["height_cm"])
        if kind is PERFORMER:
            given.setdefault("alias_list", [])
        given["tag_ids"] = self._all(TAG, content.get("tags"))
        given["performer_ids"] = self._all(PERFORMER, content.get("performers"))
        if kind is TAG:
            given["parent_ids"] = self._all(TAG, content.get("parents"))
        for name, field in (("studio", "studio_id"), ("parent_studio", "parent_id")):
            if content.get(name):
                keys = self._all(STUDIO, [content[name]])
                given[field] = keys[0] if keys else None
        changes = changes_from(kind, given, new=new)
        changes.columns["created_at"] = content.get("created_at")
        changes.columns = {
            name: value for name, value in changes.columns.items() if value is not None
        }
        if kind.custom_fields and content.get("custom_fields"):
            changes.custom_fields = {"full": content["custom_fields"]}
        return changes

    def _all(self, kind: Kind, names: list[str] | None) -> list[str]:
        keys: list[str] = []
        for name in names or []:
            key = self._named(kind, name)
            if key is None and self._wishes.missing == "FAIL":
                raise AnswerError(f"{kind.name} '{name}' not found")
            if key is None and self._wishes.missing == "CREATE":
                objects: Objects = getattr(self._store, kind.table)
                key = objects.create(Changes(columns={"name": name}))
            if key is not None:
                keys.append(str(key))
        return keys
