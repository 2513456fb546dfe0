"""Export and import of objects: zip files with one JSON file for each."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..content.archives import EXPORT, Archive, ArchiveError, shown_name
from ..copies.importing import Importer, Wishes
from ..copies.item_json import EXPORTED, Exported, file_name, references, to_json
from ..copies.shapes import read_object
from ..errors import AnswerError, refuse
from ..graphql.context import Info, Input, context_of
from ..graphql.registry import mutation
from ..jobs import JobHandle
from ..state import ServerState
from ..store import Store
from ..store.items import read_items


@mutation("exportObjects")
def export_objects(_parent: None, info: Info, *, input: Input) -> str:
    """Write the chosen objects to a zip file; gives its link."""
    context = context_of(info)
    store, downloads = context.store, context.state.downloads
    if input.get("movies"):
        raise refuse("ExportObjectsInput.movies")
    moment = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
    folder = downloads.new_folder(context.state.generated_path)
    path = context.state.folders.place_for(folder / f"export{moment}.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in _files(store, _chosen(store, input)):
            target.writestr(name, text)
    return f"{context.request_base_url}{downloads.add(path, 'application/zip')}"


@mutation("metadataExport")
def metadata_export(_parent: None, info: Info) -> str:
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
            state.folders.write(folder / name, text.encode())
            job.advance()

    return context.jobs.add("Exporting...", task)


@mutation("metadataImport")
def metadata_import(_parent: None, info: Info) -> str:
    """Refused: a full import replaces the library by files that an export here does not have."""
    _metadata_folder(context_of(info).state)
    raise refuse("metadataImport")


@mutation("importObjects")
def import_objects(_parent: None, info: Info, *, input: Input) -> str:
    """Start bringing in the objects of an uploaded zip file."""
    context = context_of(info)
    state, store = context.state, context.store
    upload: bytes = input["file"]
    wishes = Wishes(input["duplicateBehaviour"], input["missingRefBehaviour"])

    def task(job: JobHandle) -> None:
        _import(state, store, job, upload, wishes)

    return context.jobs.add("Importing...", task)


def _metadata_folder(state: ServerState) -> Path:
    path = str(state.config.general["metadataPath"])
    if not path:
        raise AnswerError("metadata path must be set in config")
    return state.folders.inside(path)


def _chosen(store: Store, wishes: Input) -> dict[str, set[int]]:
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
    with job.doing("Reading the archive"):
        source = Archive(io.BytesIO(data), EXPORT, lambda name: _exported(name) is not None)
        # All files are looked at before the first is brought in: a bad archive changes nothing.
        found = [(entry, _read(source, entry)) for entry in source.entries]
    job.set_total(len(found))
    for each in EXPORTED:
        inside = [one for one in found if _exported(one[0].filename) is each]
        # Parents come before their children, which name them.
        for entry, _ in sorted(inside, key=lambda one: one[1]):
            job.check()
            content = read_object(each, source.read(entry))
            try:
                importer.bring(each, content)
            except AnswerError as problem:
                title = content.get("name") or content.get("title")
                state.log.add("Error", f"[{each.folder}] <{title}> {problem}")
            job.advance()


def _exported(name: str) -> Exported | None:
    """Tell the kind of a file of an export; None for a file that an import passes over."""
    folder = name.partition("/")[0] if name.endswith(".json") else ""
    return next((each for each in EXPORTED if each.folder == folder), None)


def _read(source: Archive, entry: zipfile.ZipInfo) -> bool:
    """See to it that a file can be brought in; tell whether it names a parent."""
    exported = _exported(entry.filename)
    assert exported is not None
    data = source.read(entry)
    try:
        content = read_object(exported, data)
    except AnswerError as problem:
        raise ArchiveError(f"{shown_name(entry)}: {problem}") from None
    return bool(content.get("parents") or content.get("parent_studio"))
