"""Export and import of objects: zip files with one JSON file for each."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.context import context_of
from stash_typed.sandbox.errors import AnswerError, refuse
from stash_typed.sandbox.jobs import JobHandle
from stash_typed.sandbox.object_import import Importer, Wishes
from stash_typed.sandbox.object_json import EXPORTED, file_name, references, to_json
from stash_typed.sandbox.registry import mutation
from stash_typed.sandbox.state import ServerState
from stash_typed.sandbox.store import Store
from stash_typed.sandbox.store.items import read_items
from stash_typed.sandbox.upload import UploadedFile

__all__: list[str] = []


@mutation("exportObjects")
def export_objects(_parent: None, info: GraphQLResolveInfo, *, input: Mapping[str, Any]) -> str:
    """Write the chosen objects to a zip file; gives its link."""
    context = context_of(info)
    store, downloads = context.store, context.state.downloads
    if input.get("movies"):
        raise refuse("ExportObjectsInput.movies")
    moment = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
    path = downloads.new_folder(context.state.generated_path) / f"export{moment}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in _files(store, _chosen(store, input)):
            target.writestr(name, text)
    return f"{context.request_base_url}{downloads.add(path, 'application/zip')}"


@mutation("metadataExport")
def metadata_export(_parent: None, info: GraphQLResolveInfo) -> str:
    """Start writing all objects below the metadata folder."""
    context = context_of(info)
    state = context.state
    store = context.store
    folder = _metadata_folder(state)

    def task(job: JobHandle) -> None:
        everything = {
            each.argument: set(store.column(f"select id from {each.kind.table}"))
            for each in EXPORTED
        }
        job.set_total(sum(len(keys) for keys in everything.values()))
        for name, text in _files(store, everything):
            job.check()
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            job.advance()

    return context.jobs.add("Exporting...", task)


@mutation("metadataImport")
def metadata_import(_parent: None, info: GraphQLResolveInfo) -> str:
    """Refused: a full import replaces the library by files that an export here does not have."""
    _metadata_folder(context_of(info).state)
    raise refuse("metadataImport")


@mutation("importObjects")
def import_objects(_parent: None, info: GraphQLResolveInfo, *, input: Mapping[str, Any]) -> str:
    """Start bringing in the objects of an uploaded zip file."""
    context = context_of(info)
    state, store = context.state, context.store
    upload: UploadedFile = input["file"]
    wishes = Wishes(input["duplicateBehaviour"], input["missingRefBehaviour"])

    def task(job: JobHandle) -> None:
        _import(state, store, job, upload.data, wishes)

    return context.jobs.add("Importing...", task)


def _metadata_folder(state: ServerState) -> Path:
    path = str(state.config.general["metadataPath"])
    if not path:
        raise AnswerError("metadata path must be set in config")
    return Path(path)


def _chosen(store: Store, wishes: Mapping[str, Any]) -> dict[str, set[int]]:
    chosen: dict[str, set[int]] = {}
    for each in EXPORTED:
        wish: Mapping[str, Any] = wishes.get(each.argument) or {}
        if wish.get("all"):
            keys = set(store.column(f"select id from {each.kind.table}"))
        else:
            try:
                keys = {int(text) for text in wish.get("ids") or ()}
            except ValueError as error:
                raise AnswerError(str(error)) from None
        chosen[each.argument] = keys
    if wishes.get("includeDependencies"):
        _add_references(store, chosen)
    return chosen


def _add_references(store: Store, chosen: dict[str, set[int]]) -> None:
    arguments = {each.kind.name: each.argument for each in EXPORTED}
    kinds = {each.argument: each.kind for each in EXPORTED}
    pending = [(argument, key) for argument, keys in chosen.items() for key in keys]
    while pending:
        argument, key = pending.pop()
        for kind, other in references(store, kinds[argument], key):
            if other not in chosen[arguments[kind.name]]:
                chosen[arguments[kind.name]].add(other)
                pending.append((arguments[kind.name], other))


def _files(store: Store, chosen: Mapping[str, set[int]]) -> Iterator[tuple[str, str]]:
    for each in EXPORTED:
        for item in read_items(store, each.kind, sorted(chosen[each.argument])):
            content = to_json(store, each.kind, item)
            text = json.dumps(content, ensure_ascii=False, indent=2)
            yield f"{each.folder}/{file_name(store, each.kind, item)}", text


def _import(state: ServerState, store: Store, job: JobHandle, data: bytes, wishes: Wishes) -> None:
    importer = Importer(store, wishes)
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        names = [name for name in source.namelist() if name.endswith(".json")]
        job.set_total(len(names))
        for each in EXPORTED:
            inside = [name for name in names if name.startswith(f"{each.folder}/")]
            contents = [json.loads(source.read(name)) for name in inside]
            # Parents come before their children, which name them.
            contents.sort(key=lambda one: bool(one.get("parents") or one.get("parent_studio")))
            for content in contents:
                job.check()
                try:
                    importer.bring(each, content)
                except AnswerError as problem:
                    title = content.get("name") or content.get("title")
                    state.log.add("Error", f"[{each.folder}] <{title}> {problem}")
                job.advance()
