"""Export and import of objects: zip files with one JSON file for each."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

from ..content.archives import EXPORT, Archive, ArchiveError, shown_name
from ..copies.importing import Importer, Wishes
from ..copies.item_json import EXPORTED, file_name, folder_of, references, to_json
from ..copies.shapes import read_object
from ..errors import AnswerError, refuse
from ..graphql.context import Info, Input, context_of
from ..graphql.registry import mutation
from ..jobs import JobHandle
from ..state import ServerState
from ..store import Store
from ..store.items import read_items
from ..store.kind import Kind


@mutation("exportObjects")
def export_objects(_parent: None, info: Info, *, input: Input) -> str:
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
    context = context_of(info)
    state = context.state
    store = context.store
    folder = _metadata_folder(state)

    def task(job: JobHandle) -> None:
        everything = {kind.table: _all(store, kind) for kind in EXPORTED}
        job.set_total(sum(len(keys) for keys in everything.values()))
        for name, text in _files(store, everything):
            job.check()
            state.folders.write(folder / name, text.encode())
            job.advance()

    return context.jobs.add("Exporting...", task)


@mutation("metadataImport")
def metadata_import(_parent: None, info: Info) -> str:
    """Refuse: a full import replaces the library by files that an export here does not have."""
    _metadata_folder(context_of(info).state)
    raise refuse("metadataImport")


@mutation("importObjects")
def import_objects(_parent: None, info: Info, *, input: Input) -> str:
    context = context_of(info)
    state, store = context.state, context.store
    upload: bytes = input["file"]
    wishes = Wishes(input["duplicateBehaviour"], input["missingRefBehaviour"])
    task = partial(_import, state, store, data=upload, wishes=wishes)
    return context.jobs.add("Importing...", task)


def _metadata_folder(state: ServerState) -> Path:
    path = str(state.config.general["metadataPath"])
    if not path:
        raise AnswerError("metadata path must be set in config")
    return state.folders.inside(path)


def _all(store: Store, kind: Kind) -> set[int]:
    return set(store.column(f"select id from {kind.table}"))


def _chosen(store: Store, wishes: Input) -> dict[str, set[int]]:
    chosen: dict[str, set[int]] = {}
    for kind in EXPORTED:
        wish: Input = wishes.get(kind.table) or {}
        try:
            keys = {int(text) for text in wish.get("ids") or ()}
        except ValueError as error:
            raise AnswerError(str(error)) from None
        chosen[kind.table] = _all(store, kind) if wish.get("all") else keys
    if wishes.get("includeDependencies"):
        pending = [(kind, key) for kind in EXPORTED for key in chosen[kind.table]]
        while pending:
            for kind, other in references(store, *pending.pop()):
                if other not in chosen[kind.table]:
                    chosen[kind.table].add(other)
                    pending.append((kind, other))
    return chosen


def _files(store: Store, chosen: Mapping[str, set[int]]) -> Iterator[tuple[str, str]]:
    for kind in EXPORTED:
        for item in read_items(store, kind, sorted(chosen[kind.table])):
            text = json.dumps(to_json(item), ensure_ascii=False, indent=2)
            yield f"{folder_of(kind)}/{file_name(item)}", text


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
                state.log.add("Error", f"[{folder_of(each)}] <{title}> {problem}")
            job.advance()


def _exported(name: str) -> Kind | None:
    """Tell the kind of a file of an export; None for a file that an import passes over."""
    folder = name.partition("/")[0] if name.endswith(".json") else ""
    return next((each for each in EXPORTED if folder_of(each) == folder), None)


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
